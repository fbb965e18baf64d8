"""How often what is said of a source is so: real situations, proven by whole runs.

The situations, with the outcome that is right for each, are those of `tests/truth`.
"""

from __future__ import annotations

from collections.abc import Callable

from bench.metric import Metric, Sample
from tests.truth.rooms import SITUATIONS
from tests.truth.situation import KINDS, Ground

LIBRARIES = ("pandera", "polars", "sqlalchemy", "psycopg", "httpx", "asyncssh", "pyarrow")
_UNIT = "wrong outcomes of as many situations as the name says"


def floors() -> list[str]:
    """What the figures stand on."""
    return ["There is no floor: any wrong outcome is a defect."]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:  # noqa: ARG001 - it is quick
    """Wrong outcomes by kind; a judgement that fails to come is wrong, too."""
    wrong: dict[int, list[Sample]] = {}
    with Ground() as ground:
        for situation in SITUATIONS:
            try:
                verdict = situation.judge(ground)
                is_right, found = verdict.outcome is situation.right, str(verdict.outcome)
            except Exception as error:  # noqa: BLE001 - counted
                is_right, found = False, repr(error)
            if not is_right:
                say(f"{situation.kind} {situation.name}: {found}, and {situation.right} is right")
            wrong.setdefault(situation.kind, []).append(Sample(value=0 if is_right else 1))
    right = sum(not sample.value for samples in wrong.values() for sample in samples)
    say(f"{right} of {len(SITUATIONS)} situations were judged as is right")
    return [
        Metric(
            metric=f"{KINDS[kind]} ({len(samples)})",
            unit=_UNIT,
            samples=tuple(samples),
            goal=0,
            summary=sum,
        )
        for kind, samples in sorted(wrong.items())
    ]
