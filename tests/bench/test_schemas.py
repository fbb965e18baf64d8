"""Changes drawn at random are what the bench says they are, and told so by the product."""

from __future__ import annotations

from random import Random

import pytest

from bench.mutations import Right, Table, Types, draw_table, mutations
from bench.schema_sources import FOOTER, NAMES, SQL
from connectors.events import Declared, DeclaredColumn
from harness.claims.renames import Renames
from harness.claims.schema_diff import Kind, changes

KINDS = {"PostgreSQL": (SQL, "catalogue"), "Parquet": (FOOTER, "footer")}


def declared(table: Table, by: str) -> Declared:
    """As the source would say it, without one."""
    columns = tuple(
        DeclaredColumn(
            name=one.name,
            type=_WORDS.get(one.type, one.type),
            nullable=one.is_nullable,
            labels=one.labels or None,
        )
        for one in table.columns
    )
    return Declared(by=by, columns=columns, key=(table.key,) if by == "catalogue" else ())


_WORDS = {
    "ms": "timestamp(UTC, milliseconds)",
    "us": "timestamp(UTC, microseconds)",
    "ns": "timestamp(UTC, nanoseconds)",
    "local": "timestamp(local, microseconds)",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_drawn_change_is_told_as_what_it_is(kind: str) -> None:
    assert wrong_classes(kind) == []


def test_a_change_that_is_told_as_another_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard off: no column has a new name."""
    nobody = Renames(sure={}, perhaps={})
    monkeypatch.setattr("harness.claims.schema_diff.renames", lambda *_: nobody)
    assert {right[0] for right, _ in wrong_classes("Parquet")} == {Kind.RENAMED}


def wrong_classes(kind: str) -> list[tuple[Right, list[Right]]]:
    """What was changed, and what was told instead."""
    types, by = KINDS[kind]
    chance, wrong = Random(7), list[tuple[Right, list[Right]]]()
    for _ in range(500):
        table = draw_table(types, chance)
        drawn = chance.choice([*mutations(types).values()])(table, types, chance)
        if drawn is None:
            continue
        now, right = drawn
        told = [(one.kind, one.column) for one in changes(declared(table, by), declared(now, by))]
        if told != [right]:
            wrong.append((right, told))
    return wrong


@pytest.mark.parametrize("types", [SQL, FOOTER, NAMES])
def test_every_change_can_be_drawn(types: Types) -> None:
    chance = Random(3)
    for name, mutate in mutations(types).items():
        drawn = [mutate(draw_table(types, chance), types, chance) for _ in range(50)]
        assert any(drawn), name
