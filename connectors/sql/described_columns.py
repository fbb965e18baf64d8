"""The columns of a description: what the catalogue says of each, and what its rows leave of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa
from sqlalchemy.engine import Connection

from connectors.capabilities import ColumnRule, DescribedColumn
from connectors.events import DeclaredColumn, Emit
from connectors.sql.catalog import Table
from connectors.sql.check_rules import rules
from connectors.sql.constraints import Check, Constraints
from connectors.sql.described_types import compared_as, lands_as, type_rule
from connectors.sql.kept_rules import is_kept
from connectors.sql.look import Seen

_Said: TypeAlias = "Sequence[tuple[str, ColumnRule | None]] | None"
"""Rules by column; one that is None says that the column is never missing. None where no rules
say the same.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One table by its catalogue and by its rows."""

    name: str
    table: Table
    words: Mapping[str, str]
    """The type of each column in the source's own words."""
    enforced: Constraints
    seen: Mapping[str, Seen]
    """Of the columns whose declared type does not tell all."""
    unseen: frozenset[str]
    """Those of them that could not be looked at."""
    is_postgresql: bool

    def columns(
        self, connection: Connection, emit: Emit
    ) -> tuple[tuple[DescribedColumn, ...], tuple[str, ...]]:
        """Each column, and the CHECK constraints that no rule of theirs says."""
        landed = {name: self._landed(name) for name in self.table.types}
        said = [(check, self._said(check, landed)) for check in self.enforced.checks]
        if not self.is_postgresql:
            said = [(check, self._kept(connection, found, emit)) for check, found in said]
        columns = []
        for column in self.table.declared.columns:
            of_it = [
                rule for _, found in said for name, rule in found or () if name == column.name
            ]
            columns.append(self._column(column, landed[column.name], of_it))
        return tuple(columns), tuple(check.text for check, found in said if found is None)

    def _column(
        self, column: DeclaredColumn, lands: pa.DataType | None, said: Sequence[ColumnRule | None]
    ) -> DescribedColumn:
        seen = self.seen.get(column.name)
        by_type = type_rule(self.table.types[column.name], seen)
        given = [rule for rule in (by_type, *said) if rule is not None]
        return DescribedColumn(
            name=column.name,
            type=self.words[column.name],
            lands_as=lands,
            nullable=(seen is not None and seen.has_nulls)
            or not (None in said or self._is_never_null(column)),
            comment=self.table.comments.get(column.name),
            rules=tuple({repr(rule): rule for rule in given}.values()),
            has_control_characters=seen is not None and seen.has_control_characters,
            untyped=self._untyped(column.name) if lands is None else None,
        )

    def _untyped(self, column: str) -> str:
        seen = self.seen.get(column)
        if seen is None or column in self.unseen:
            return "its values were not looked at"
        return seen.untyped

    def _is_never_null(self, column: DeclaredColumn) -> bool:
        if not self.is_postgresql and column.name in self.table.declared.key:
            return True  # unless a row has shown otherwise
        return column.nullable is False and column.name not in self.enforced.perhaps_null

    def _landed(self, column: str) -> pa.DataType | None:
        seen = self.seen.get(column)
        if seen is None:
            return lands_as(self.table.types[column])
        return None if column in self.unseen and seen.is_unbounded else seen.lands_as

    def _said(self, check: Check, landed: Mapping[str, pa.DataType | None]) -> _Said:
        """The rules that say a constraint which the database answers for."""
        if not check.is_kept:
            return None
        kinds = {
            name: compared_as(
                type_,
                landed[name],
                is_postgresql=self.is_postgresql,
                is_folded=name in self.enforced.folded,
            )
            for name, type_ in self.table.types.items()
        }
        if check.column is None:
            return rules(check.expression, kinds)
        found = rules(check.expression, {"value": kinds[check.column]})
        return None if found is None else [(check.column, rule) for _, rule in found]

    def _kept(self, connection: Connection, said: _Said, emit: Emit) -> _Said:
        """The rules, if every row keeps them. SQLite counts characters up to the first NUL."""
        for column, rule in said or ():
            if rule is None:
                continue
            is_cut = rule.check == "str_length" and self.seen[column].has_control_characters
            if is_cut or not is_kept(connection, self.name, column, rule, emit):
                return None
        return said
