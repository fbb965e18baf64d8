"""Of the bundles that must not open the gate, those that it lets through; and the good one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.metric import Metric, Sample
from tests.signoff.matrix import CASES
from tests.signoff.scene import Scene, names


def metrics() -> list[Metric]:
    """Each bundle is shown to the gate once: tampered, stale, foreign, half signed and so on."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        open_, unnamed = 0, 0
        for case in CASES:
            scene = Scene(root=root)
            case.build(scene)
            decision = scene.decide()
            open_ += decision.open
            unnamed += case.name not in names(decision)
        good = Scene(root=root).sign_all().decide()
    unit = f"of {len(CASES)} bundles that must not open the gate, and of the good one"
    return [
        Metric(metric=name, unit=unit, samples=(Sample(value=found),), goal=0)
        for name, found in (
            ("it opened for", open_),
            ("refused, not by name", unnamed),
            ("good ones refused", int(not good.open)),
        )
    ]
