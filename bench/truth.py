"""How often what is said of a source is so: real situations, proven by whole runs.

The situations, with the outcome that is right for each, are those of `tests/truth`; so are the
mistakes in a contract, and the changes to good data, none of which may pass in silence.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.metric import Metric, Sample
from tests.truth.mutations import MUTATIONS
from tests.truth.orders.proving import PILOT, approved, told
from tests.truth.rooms import SITUATIONS
from tests.truth.situation import KINDS, Ground
from tests.truth.typos import TYPOS

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
    of_situations = [
        Metric(
            metric=f"{KINDS[kind]} ({len(samples)})",
            unit=_UNIT,
            samples=tuple(samples),
            goal=0,
            summary=sum,
        )
        for kind, samples in sorted(wrong.items())
    ]
    return [*of_situations, *_silent(say)]


def _silent(say: Callable[[str], None]) -> list[Metric]:
    """Mistakes and changes with another outcome than the right one; PROVEN would be silence."""
    with TemporaryDirectory(prefix="st-") as folder:
        places = (Path(tempfile.mkdtemp(dir=folder)) for _ in TYPOS)
        typos = [
            (typo.bad, told(place, typo.write(PILOT))[0], typo.outcome)
            for typo, place in zip(TYPOS, places, strict=True)
        ]
        orders = approved(Path(folder))
        mutations = []
        for mutation in MUTATIONS:
            mutation.deliver(orders)
            verdict = orders.prove()[mutation.source, mutation.claim]
            mutations.append((mutation.name, verdict.outcome, mutation.right))
    for name, found, right in (*typos, *mutations):
        if found is not right:
            say(f"{name}: {found or 'refused'}, and {right or 'refused'} is right")
    return [
        Metric(
            metric=f"{what} ({len(judged)})",
            unit=_UNIT,
            samples=tuple(Sample(value=int(found is not right)) for _, found, right in judged),
            goal=0,
            summary=sum,
        )
        for what, judged in (("mistakes in a contract", typos), ("changes to data", mutations))
    ]
