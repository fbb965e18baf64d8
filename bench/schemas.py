"""How many changes of a schema are found, and called what they are, on four kinds of sources.

Tables, changes and nights are drawn with a seed of this run; what a source declares is read from
it by its connector. A change counts as found if `stable_schema` is BROKEN, and as right if the
classes and columns that are told are just those that were changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

from bench.metric import Metric, Sample
from bench.mutations import Table, draw_table, mutations
from bench.schema_sources import SourceKind, sources
from connectors.events import Declared
from harness.claims.schema_diff import changes
from harness.claims.stable_schema import prove
from harness.facts import Baseline
from harness.verdict import Outcome
from tests.harness.claims.made import NIGHTLY, reading

LIBRARIES = ("sqlalchemy", "psycopg", "pyarrow")
_CHANGES, _QUICK_CHANGES = 300, 40
_NIGHTS, _QUICK_NIGHTS = 200, 20
"""Unchanged nights, of all kinds of sources together."""
_MISSED, _WRONG = 0.01, 0.01


def floors() -> list[str]:
    """What the figures stand on."""
    return ["There is no floor. CSV and JSON lines declare names alone: types there are values."]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Missed and misnamed changes, and false alarms. Prints the seed that shows them again."""
    n, nights = (_QUICK_CHANGES, _QUICK_NIGHTS) if quick else (_CHANGES, _NIGHTS)
    seed = secrets.randbelow(10**9)
    say(f"{n} changes of each kind of source, {nights} unchanged nights, seed {seed}")
    chance, missed, wrong, false = Random(seed), list[Metric](), list[Metric](), list[bool]()
    with sources() as kinds:
        for name, kind in kinds.items():
            found = [_changed(kind, chance, name, say) for _ in range(n)]
            missed.append(_share(f"{name}, missed", n, [not hit for hit, _ in found], _MISSED))
            wrong.append(_share(f"{name}, wrong class", n, [not ok for _, ok in found], _WRONG))
            false += _unchanged(kind, chance, nights // len(kinds))
    return [*missed, *wrong, _count("false alarms", f"of {len(false)} unchanged nights", false)]


def _changed(
    kind: SourceKind, chance: Random, name: str, say: Callable[[str], None]
) -> tuple[bool, bool]:
    """Whether one change was found, and told as what it is."""
    mutate = chance.choice([*mutations(kind.types).values()])
    table = draw_table(kind.types, chance)
    while (drawn := mutate(table, kind.types, chance)) is None:
        table = draw_table(kind.types, chance)
    changed, right = drawn
    before, now = kind.declare(table), kind.declare(changed)
    told = [(change.kind, change.column) for change in changes(before, now)]
    if told != [right]:
        say(f"{name}: {right} is told as {told}: {before} became {now}")
    return _outcome(before, now) is Outcome.BROKEN, told == [right]


def _unchanged(kind: SourceKind, chance: Random, nights: int) -> list[bool]:
    """Whether nights of one table are accused on which it was written anew, every other one with
    its columns in another order.
    """
    table = draw_table(kind.types, chance)
    approved, accused = kind.declare(table), list[bool]()
    for night in range(nights):
        same = _shuffled(table, chance) if night % 2 else table
        accused.append(_outcome(approved, kind.declare(same)) is not Outcome.PROVEN)
    return accused


def _shuffled(table: Table, chance: Random) -> Table:
    return replace(table, columns=tuple(chance.sample(table.columns, len(table.columns))))


def _outcome(approved: Declared, now: Declared) -> Outcome:
    baseline = Baseline(
        source="logistics",
        dataset="shipments",
        approved_by="Ada Okafor",
        approved_on=date(2026, 11, 2),
        run="r1",
        declared=approved,
    )
    return prove(NIGHTLY, [baseline, reading(declared=now)]).outcome


def _share(name: str, n: int, wrong: list[bool], goal: float) -> Metric:
    samples = tuple(Sample(value=float(one)) for one in wrong)
    return Metric(
        metric=name,
        unit=f"share of {n} changes",
        samples=samples,
        goal=goal,
        summary=lambda values: sum(values) / len(values),
    )


def _count(name: str, unit: str, wrong: list[bool]) -> Metric:
    samples = tuple(Sample(value=float(one)) for one in wrong)
    return Metric(metric=name, unit=unit, samples=samples, goal=0, summary=sum)
