"""What a change of columns means for a contract: breaking unless it is known to be compatible."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.events import Declared, DeclaredColumn, declare_names
from harness.claims.consumer import breaking, consumer
from harness.claims.schema_diff import Kind, changes
from harness.facts import ReadColumn

READS = (
    ReadColumn(name="key", type="int64", nullable=False, listed=None),
    ReadColumn(name="price", type="decimal(12, 2)", nullable=True, listed=None),
    ReadColumn(name="state", type="string", nullable=False, listed=("open", "shut")),
    ReadColumn(name="note", type="string", nullable=True, listed=None),
    ReadColumn(name="at", type="timestamp(us, UTC)", nullable=False, listed=None),
)


def column(
    name: str, type_: str, *, nullable: bool = False, labels: tuple[str, ...] | None = None
) -> DeclaredColumn:
    return DeclaredColumn(name=name, type=type_, nullable=nullable, labels=labels)


TABLE = Declared(
    by="catalogue",
    columns=(
        column("key", "integer"),
        column("price", "numeric(9, 2)"),
        column("state", "state (open, shut)", labels=("open", "shut")),
        column("note", "varchar(20)"),
        column("at", "timestamp with time zone"),
        column("unread", "integer"),
    ),
    key=("key",),
)


def judged(now: Declared, before: Declared = TABLE) -> dict[tuple[str, str], bool]:
    """By kind and column, whether each change is breaking."""
    found = changes(before, now)
    broken = breaking(found, consumer(READS, ("key",), before=before, now=now))
    return {(change.kind.name, change.column): change in broken for change in found}


def with_column(old: str, *new: DeclaredColumn) -> Declared:
    columns = [new if one.name == old else (one,) for one in TABLE.columns]
    return replace(TABLE, columns=tuple(one for some in columns for one in some))


@pytest.mark.parametrize(
    ("old", "new", "kind", "is_breaking"),
    [
        ("key", (), Kind.REMOVED, True),
        ("unread", (), Kind.REMOVED, False),
        ("note", (column("remark", "varchar(20)"),), Kind.RENAMED, True),
        ("unread", (column("unseen", "integer"),), Kind.RENAMED, False),
        ("key", (column("key", "bigint"),), Kind.WIDENED, False),
        ("key", (column("key", "numeric(20, 0)"),), Kind.WIDENED, True),
        ("unread", (column("unread", "numeric(20, 0)"),), Kind.WIDENED, False),
        ("price", (column("price", "numeric(12, 2)"),), Kind.WIDENED, False),
        ("price", (column("price", "numeric(14, 4)"),), Kind.WIDENED, True),
        ("price", (column("price", "numeric(7, 2)"),), Kind.NARROWED, False),
        ("price", (column("price", "double precision"),), Kind.RETYPED, True),
        ("note", (column("note", "varchar(8)"),), Kind.NARROWED, False),
        ("note", (column("note", "text"),), Kind.WIDENED, False),
        ("note", (column("note", "integer"),), Kind.RETYPED, True),
        ("at", (column("at", "timestamp without time zone"),), Kind.RETYPED, True),
        ("state", (column("state", "varchar(3)"),), Kind.RETYPED, True),
        ("key", (column("key", "integer", nullable=True),), Kind.MAY_BE_MISSING, True),
        ("price", (column("price", "numeric(9, 2)", nullable=True),), Kind.MAY_BE_MISSING, False),
        ("unread", (column("unread", "integer", nullable=True),), Kind.MAY_BE_MISSING, False),
    ],
)
def test_a_change_is_judged_by_what_the_contract_reads(
    old: str, new: tuple[DeclaredColumn, ...], kind: Kind, *, is_breaking: bool
) -> None:
    now = with_column(old, *new)
    key = tuple(name for name in TABLE.key if name in {one.name for one in now.columns})
    found = judged(replace(now, key=key))
    assert found[kind.name, old] is is_breaking


def state(*labels: str) -> Declared:
    return with_column("state", column("state", f"state ({', '.join(labels)})", labels=labels))


def test_a_label_that_the_contract_does_not_list_is_breaking_c03() -> None:
    """C03: an enum gets a new value."""
    assert judged(state("open", "shut", "lost")) == {("LABELS_ADDED", "state"): True}
    free = consumer((replace(READS[2], listed=None),), ("key",), before=TABLE, now=TABLE)
    assert breaking(changes(TABLE, state("open", "shut", "lost")), free) == []


def test_a_label_that_the_contract_lists_is_missed_and_another_order_is_not() -> None:
    assert judged(state("open")) == {("LABELS_REMOVED", "state"): True}
    assert judged(state("shut", "open")) == {("LABELS_REORDERED", "state"): False}


def test_a_listed_value_that_no_longer_fits_is_breaking_c03() -> None:
    """C03: the greatest length shrinks. What nobody lists is taken as it comes."""
    before = with_column("state", column("state", "varchar(15)"))
    fits, cuts = (with_column("state", column("state", f"varchar({n})")) for n in (4, 3))
    assert judged(fits, before) == {("NARROWED", "state"): False}
    assert judged(cuts, before) == {("NARROWED", "state"): True}


def test_may_be_missing_flips_both_ways_c03() -> None:
    """C03: nullable flips."""
    open_ = with_column("key", column("key", "integer", nullable=True))
    assert judged(open_) == {("MAY_BE_MISSING", "key"): True}
    assert judged(TABLE, open_) == {("NEVER_MISSING", "key"): False}


def test_a_new_column_is_refused_where_the_source_sends_all_it_has() -> None:
    """Contracts are strict: a file's new column comes with it, a table's is not asked for."""
    more = replace(TABLE, columns=(*TABLE.columns, column("more", "text")))
    assert judged(more) == {("ADDED", "more"): False}
    names = [one.name for one in TABLE.columns]
    header, longer = declare_names(names, by="header"), declare_names([*names, "x"], by="header")
    assert judged(longer, header) == {("ADDED", "x"): True}


def test_a_column_that_the_contract_waits_for_is_compatible() -> None:
    less = replace(TABLE, columns=TABLE.columns[:3])
    assert judged(TABLE, less)["ADDED", "note"] is False


def test_a_new_name_that_the_contract_reads_already_is_compatible() -> None:
    before = with_column("note", column("notes", "varchar(20)"))
    assert judged(TABLE, before) == {("RENAMED", "notes"): False}
    wider = with_column("note", column("note", "bytea"))
    before = with_column("note", column("notes", "bytea"))
    assert judged(wider, before) == {("RENAMED", "notes"): False}
    both = with_column("price", column("price", "numeric(14, 4)"))
    before = with_column("price", column("old_price", "numeric(9, 2)"))
    assert judged(both, before)["WIDENED", "old_price"] is True


@pytest.mark.parametrize(
    ("had", "has", "is_breaking"),
    [
        (("key",), (), True),
        (("key",), ("key", "note"), True),
        (("key",), ("note",), True),
        ((), ("key",), False),
        (("note",), ("key",), False),
        (("note",), (), False),
    ],
)
def test_a_key_is_missed_where_it_kept_the_contracts(
    had: tuple[str, ...], has: tuple[str, ...], *, is_breaking: bool
) -> None:
    found = judged(replace(TABLE, key=has), replace(TABLE, key=had))
    assert found == {("KEY", "the primary key"): is_breaking}
