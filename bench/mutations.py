"""Tables drawn at random, and one change of one column of them, with the class that is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeAlias

from harness.claims.schema_diff import Kind

Right: TypeAlias = tuple[Kind, str]
"""The class of a change, and the column."""
_WORDS = """
amount account balance branch buyer category city clerk colour comment country currency delivered
discount due email invoice language mode origin phone place priority product quantity rank region
remark route segment sender shipped size state street supplier tax token unit vendor volume weight
"""
_NAMES = tuple(_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as its source is told to make it."""

    name: str
    type: str
    is_nullable: bool = True
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as its source is told to make it."""

    columns: tuple[Column, ...]
    key: str = "id"

    def with_column(self, old: Column, *new: Column) -> Table:
        """One column replaced."""
        parts = [new if one == old else (one,) for one in self.columns]
        return replace(self, columns=tuple(one for part in parts for one in part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Types:
    """What a source declares. Each ladder goes from fewer values to more, all of them exactly; a
    type may stand on several.
    """

    ladders: Sequence[Sequence[str]]
    others: Sequence[str]
    numbers: Sequence[Sequence[str]] = ()
    """Further ladders, of numbers of several kinds."""
    has_key: bool = False
    has_labels: bool = False
    has_types: bool = True
    appends: bool = False
    """Whether a new column comes last, as in a database; elsewhere it comes anywhere."""


def draw_table(types: Types, chance: Random) -> Table:
    """A key and four to eleven columns of any types."""
    names = chance.sample(_NAMES, chance.randint(4, 11))
    columns = [Column(name="id", type=types.ladders[0][-1], is_nullable=False)]
    columns += [
        Column(name=name, type=_any_type(types, chance), is_nullable=chance.random() < 1 / 2)
        for name in names
    ]
    if types.has_labels:
        columns.append(Column(name="mood", type="mood", labels=("glad", "so so", "sad")))
    return Table(columns=tuple(columns))


def _any_type(types: Types, chance: Random) -> str:
    return chance.choice([one for ladder in types.ladders for one in ladder] + [*types.others])


Mutation: TypeAlias = Callable[[Table, Types, Random], "tuple[Table, Right] | None"]
"""None where the table has no column for it."""


def _plain(table: Table, chance: Random) -> Column:
    return chance.choice([one for one in table.columns if one.name not in (table.key, "mood")])


def _add(table: Table, types: Types, chance: Random) -> tuple[Table, Right]:
    name = chance.choice([one for one in _NAMES if one not in {c.name for c in table.columns}])
    at = len(table.columns) if types.appends else chance.randint(1, len(table.columns))
    new = Column(name=name, type=_any_type(types, chance))
    columns = (*table.columns[:at], new, *table.columns[at:])
    return replace(table, columns=columns), (Kind.ADDED, name)


def _remove(table: Table, _: Types, chance: Random) -> tuple[Table, Right]:
    old = _plain(table, chance)
    return table.with_column(old), (Kind.REMOVED, old.name)


def _rename(table: Table, _: Types, chance: Random) -> tuple[Table, Right]:
    old = _plain(table, chance)
    other = chance.choice([one for one in _NAMES if one not in {c.name for c in table.columns}])
    name = chance.choice([other, f"{old.name}_{chance.choice(('no', 'eur', 'of_order'))}"])
    return table.with_column(old, replace(old, name=name)), (Kind.RENAMED, old.name)


def _resize(table: Table, types: Types, chance: Random) -> tuple[Table, Right] | None:
    """One type of a ladder in place of another."""
    choices = [
        (column, ladder, at)
        for column in table.columns
        for ladder in (*types.ladders, *types.numbers)
        if column.type in ladder and column.name != table.key
        for at, type_ in enumerate(ladder)
        if type_ != column.type
    ]
    if not choices:
        return None
    column, ladder, at = chance.choice(choices)
    kind = Kind.WIDENED if at > ladder.index(column.type) else Kind.NARROWED
    return table.with_column(column, replace(column, type=ladder[at])), (kind, column.name)


def _retype(table: Table, types: Types, chance: Random) -> tuple[Table, Right]:
    """A type of another kind. Numbers of any kind may hold each other's values."""
    old = _plain(table, chance)
    numbers = {one for ladder in types.numbers for one in ladder}
    alike = {one for ladder in types.ladders if old.type in ladder for one in ladder}
    alike |= {old.type, *(numbers if old.type in numbers else ())}
    known = [*types.others, *(one for ladder in types.ladders for one in ladder)]
    type_ = chance.choice([one for one in known if one not in alike])
    return table.with_column(old, replace(old, type=type_)), (Kind.RETYPED, old.name)


def _flip(table: Table, _: Types, chance: Random) -> tuple[Table, Right]:
    old = _plain(table, chance)
    kind = Kind.NEVER_MISSING if old.is_nullable else Kind.MAY_BE_MISSING
    return table.with_column(old, replace(old, is_nullable=not old.is_nullable)), (kind, old.name)


def _key(table: Table, _: Types, chance: Random) -> tuple[Table, Right] | None:
    others = [one.name for one in table.columns if not one.is_nullable and one.name != table.key]
    if not others:
        return None
    return replace(table, key=chance.choice(others)), (Kind.KEY, "the primary key")


def _labels(table: Table, _: Types, chance: Random) -> tuple[Table, Right]:
    (mood,) = [one for one in table.columns if one.labels]
    kind = chance.choice((Kind.LABELS_ADDED, Kind.LABELS_REMOVED, Kind.LABELS_REORDERED))
    labels = list(mood.labels)
    match kind:
        case Kind.LABELS_ADDED:
            labels.insert(chance.randint(0, len(labels)), "odd, or so")
        case Kind.LABELS_REMOVED:
            labels.remove(chance.choice(labels))
        case _:
            labels.insert(0, labels.pop())
    return table.with_column(mood, replace(mood, labels=tuple(labels))), (kind, mood.name)


def mutations(types: Types) -> Mapping[str, Mutation]:
    """What can happen to a source of these types."""
    found: dict[str, Mutation] = {"added": _add, "removed": _remove, "renamed": _rename}
    if types.has_types:
        found |= {"resized": _resize, "retyped": _retype, "may be missing": _flip}
    if types.has_key:
        found["key"] = _key
    if types.has_labels:
        found["labels"] = _labels
    return found
