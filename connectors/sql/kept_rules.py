"""Whether the rows of a SQLite file keep a rule that its CHECK constraints say.

SQLite can be told to ignore them, and reads none of them from a file that is opened to be read
alone (3.40), so that its own quick_check says nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.capabilities import ColumnRule
from connectors.events import Emit
from connectors.sql.catalog import table_clause
from connectors.sql.statement import tracked_statement

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
    "isin": lambda column, values: column.in_(values),
    "notin": lambda column, values: column.not_in(values),
}


def is_kept(connection: Connection, name: str, column: str, rule: ColumnRule, emit: Emit) -> bool:
    """Whether no row breaks the rule. Its values are bound, never written into the statement."""
    broken = sa.not_(sa.and_(*_conditions(sa.column(column), rule)))
    found = sa.select(sa.literal(1)).select_from(table_clause(name)).where(broken).limit(1)
    with tracked_statement(f"rows of {name} that a rule of {column} does not hold", emit):
        return connection.execute(found).first() is None


def _conditions(column: sa.ColumnClause[Any], rule: ColumnRule) -> list[sa.ColumnElement[bool]]:
    if rule.check != "str_length":
        (value,) = rule.values
        return [_OPERATORS[rule.check](column, _bound(value))]
    fewest, most = rule.values
    length = sa.func.length(column)
    return [
        *([] if fewest is None else [length >= fewest]),
        *([] if most is None else [length <= most]),
    ]


def _bound(value: object) -> object:
    """A value as SQLite has it: a number with a fraction is a double there."""
    if isinstance(value, list):
        return [_bound(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value
