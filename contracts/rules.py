"""The rules of a contract, planned before any row is read.

An engine returns one count for each planned rule. A rule without a count never passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from contracts.promises import Contract

if TYPE_CHECKING:
    import pandera.polars as pa

RESERVED = (DELIVERY, RESCUED) = ("_delivery", "_rescued")
"""Columns that connectors add (`connectors.connector`); a contract must not name them."""


class Kind(StrEnum):
    """What a rule checks, of each row or of the whole table."""

    REQUIRED = "required"
    """The column arrived."""
    TYPE = "type"
    """The value converts to its type exactly; one that does not is in `_rescued`."""
    NOT_NULL = "not_null"
    NO_CONTROL_CHARACTERS = "no_control_characters"
    """No text has a control character (Unicode's Cc: C0, DEL, C1) but tab, line feed and carriage
    return. They hide text, end it early, or tell that it was decoded wrongly."""
    CHECK = "check"
    """One of Pandera's checks, or one of the contract's own."""
    UNIQUE = "unique"
    """No two rows share the columns' values. Rows with a null in them are left to `not_null`."""
    NO_OTHER_COLUMNS = "no_other_columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a contract."""

    kind: Kind
    columns: tuple[str, ...]
    """Columns that the rule reads; empty for a rule on the whole table."""
    text: str
    """Shown as `RuleCount.rule`."""
    check: pa.Check | None = None

    @property
    def column(self) -> str | None:
        """Shown as `RuleCount.column`."""
        return ", ".join(self.columns) or None


def plan_rules(contract: Contract) -> tuple[Rule, ...]:
    """Every rule of `contract`, each once, column by column."""
    # By identity: Pandera calls two checks equal if their functions differ only in a constant.
    rules = {(rule.kind, rule.columns, id(rule.check)): rule for rule in _rules(contract)}
    return tuple(rules.values())


def _rules(contract: Contract) -> Iterator[Rule]:
    schema = contract.schema
    for name, column in schema.columns.items():
        yield _plain(Kind.REQUIRED, name)
        yield _plain(Kind.TYPE, name)
        if not column.nullable:
            yield _plain(Kind.NOT_NULL, name)
        if is_text(column) and name not in contract.promises.control_characters:
            yield _plain(Kind.NO_CONTROL_CHARACTERS, name)
        for check in column.checks:
            yield Rule(kind=Kind.CHECK, columns=(name,), text=rule_text(check), check=check)
        if column.unique:
            yield _plain(Kind.UNIQUE, name)
    for check in schema.checks:
        yield Rule(kind=Kind.CHECK, columns=(), text=rule_text(check), check=check)
    for columns in (contract.promises.key, tuple(schema.unique or ())):
        if columns:
            yield _plain(Kind.UNIQUE, *columns)
    yield _plain(Kind.NO_OTHER_COLUMNS)


def _plain(kind: Kind, *columns: str) -> Rule:
    return Rule(kind=kind, columns=columns, text=kind.value)


def is_text(column: pa.Column) -> bool:
    """Whether the values of a column are text."""
    import polars as pl

    return column.dtype is not None and column.dtype.type == pl.String


def rule_text(check: pa.Check) -> str:
    """The check's name with its statistics: `in_range(1, 50)`, `isin(AIR, RAIL)`."""
    given = statistics(check)
    shown = [_show(v) for k, v in given.items() if k not in _ENDS and v is not None]
    shown += [f"{end}=False" for end in _ENDS if given.get(end) is False]
    return f"{check.name}({', '.join(shown)})"


_ENDS = ("include_min", "include_max")


def builtin(check: pa.Check) -> str | None:
    """Pandera's name of a built-in check, even if `name=` renamed it; None for a custom check."""
    from pandera.api.function_dispatch import Dispatcher

    function = check._check_fn  # noqa: SLF001 - Pandera keeps it nowhere else
    return function.__name__ if isinstance(function, Dispatcher) else None


def statistics(check: pa.Check) -> dict[str, Any]:
    """The arguments that a check was built with, by name."""
    return dict(check.statistics or {})


def _show(value: Any) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(sorted(map(str, value)))  # a set has no order of its own
    return str(value)
