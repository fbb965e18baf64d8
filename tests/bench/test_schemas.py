"""Changes drawn at random are what the bench says they are, and told so by the product."""

from __future__ import annotations

from random import Random

import pytest

from bench.mutations import Table, Types, draw_table, mutations
from bench.schema_sources import FOOTER, NAMES, SQL
from connectors.events import Declared, DeclaredColumn
from harness.claims.schema_diff import changes

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
    types, by = KINDS[kind]
    chance, wrong = Random(7), []
    for _ in range(500):
        table = draw_table(types, chance)
        drawn = chance.choice([*mutations(types).values()])(table, types, chance)
        if drawn is None:
            continue
        now, right = drawn
        told = [(one.kind, one.column) for one in changes(declared(table, by), declared(now, by))]
        if told != [right]:
            wrong.append((right, told))
    assert wrong == []


@pytest.mark.parametrize("types", [SQL, FOOTER, NAMES])
def test_every_change_can_be_drawn(types: Types) -> None:
    chance = Random(3)
    for name, mutate in mutations(types).items():
        drawn = [mutate(draw_table(types, chance), types, chance) for _ in range(50)]
        assert any(drawn), name
