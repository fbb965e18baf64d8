"""Nothing is told by colour alone, and every colour can be read, light and dark."""

from __future__ import annotations

import re

import pytest

from harness.report.frame import SIGNS
from harness.report.html import render
from harness.verdict import Outcome
from tests.harness.report import sample


def test_no_outcome_is_told_by_colour_alone() -> None:
    assert set(SIGNS) == set(Outcome)
    assert len(set(SIGNS.values())) == len(Outcome)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_colour_can_be_read(scheme: int) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1. Each name has a value in both schemes."""
    css = render(sample.empty()).split("<style>")[1].split("</style>")[0]
    found = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", rule)) for rule in css.split(":root")
    ]
    light, dark = found[1:3]
    assert set(light) == set(dark)
    colours = (light, dark)[scheme]
    pairs = [(name, f"{name}-soft") for name in colours if f"{name}-soft" in colours]
    assert len(pairs) == 6
    pairs += [(name, "paper") for name in ("ink", "muted", "link", "alarm", *dict(pairs))]
    pairs += [("ink", soft) for soft in dict(pairs[:6]).values()]
    for text, ground in pairs:
        seen = sorted(_luminance(colours[name]) + 0.05 for name in (text, ground))
        assert seen[1] / seen[0] >= 4.5, (text, ground)
