"""What a contract states, rule by rule, planned before any row is seen.

An engine owes one count for each rule of the plan: a rule that is not counted is not a pass.
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
"""Columns that connectors add, as `connectors.connector` names them: never part of a contract."""


class Kind(StrEnum):
    """What a rule asks of a row, or of a table."""

    REQUIRED = "required"
    """The column was sent."""
    TYPE = "type"
    """The value came as its type says; a misfit stands in `_rescued`."""
    NOT_NULL = "not_null"
    CHECK = "check"
    """One of Pandera's checks, or one of the contract's own."""
    UNIQUE = "unique"
    """No two rows share the columns' values; rows with a null among them are `not_null`'s."""
    NO_OTHER_COLUMNS = "no_other_columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a contract."""

    kind: Kind
    columns: tuple[str, ...]
    """Columns it looks at; none for a rule on the whole table."""
    text: str
    """What `RuleCount.rule` shows."""
    check: pa.Check | None = None

    @property
    def column(self) -> str | None:
        """What `RuleCount.column` shows."""
        return ", ".join(self.columns) or None


def planned(contract: Contract) -> tuple[Rule, ...]:
    """Every rule that `contract` states, each once, column by column."""
    # Pandera calls two checks equal whose functions differ in a constant alone.
    each = {(rule.kind, rule.columns, id(rule.check)): rule for rule in _rules(contract)}
    return tuple(each.values())


def _rules(contract: Contract) -> Iterator[Rule]:
    schema = contract.schema
    for name, column in schema.columns.items():
        yield _plain(Kind.REQUIRED, name)
        yield _plain(Kind.TYPE, name)
        if not column.nullable:
            yield _plain(Kind.NOT_NULL, name)
        for check in column.checks:
            yield Rule(kind=Kind.CHECK, columns=(name,), text=described(check), check=check)
        if column.unique:
            yield _plain(Kind.UNIQUE, name)
    for check in schema.checks:
        yield Rule(kind=Kind.CHECK, columns=(), text=described(check), check=check)
    for columns in (contract.promises.key, tuple(schema.unique or ())):
        if columns:
            yield _plain(Kind.UNIQUE, *columns)
    yield _plain(Kind.NO_OTHER_COLUMNS)


def _plain(kind: Kind, *columns: str) -> Rule:
    return Rule(kind=kind, columns=columns, text=kind.value)


def described(check: pa.Check) -> str:
    """The check's name with its statistics: `in_range(1, 50)`, `isin(AIR, RAIL)`."""
    given = statistics(check)
    shown = [_shown(v) for k, v in given.items() if k not in _ENDS and v is not None]
    shown += [f"{end}=False" for end in _ENDS if given.get(end) is False]
    return f"{check.name}({', '.join(shown)})"


_ENDS = ("include_min", "include_max")


def builtin(check: pa.Check) -> str | None:
    """Pandera's name of one of its own checks, whatever it was renamed to; None for others."""
    from pandera.api.function_dispatch import Dispatcher

    function = check._check_fn  # noqa: SLF001 - Pandera keeps it nowhere else
    return function.__name__ if isinstance(function, Dispatcher) else None


def statistics(check: pa.Check) -> dict[str, Any]:
    """The numbers and lists that a check was built with, by name."""
    return dict(check.statistics or {})


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(sorted(map(str, value)))  # a set has no order of its own
    return str(value)
