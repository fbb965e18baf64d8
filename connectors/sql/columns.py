"""How each column leaves the database: as its driver passes it on, or as text.

Values that a driver cannot pass on exactly (infinite times, NaN, types without a Python
counterpart) are selected as text. `fit` then converts or rescues them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from connectors.errors import SourceChanged
from connectors.sql.catalog import Table

_EXACT_TYPES = (sa.Integer, sa.Boolean, sa.Float, sa.String, sa.LargeBinary)
"""Types whose values the driver passes on exactly."""
_NOT_TEXT = (sa.Numeric, sa.Date, sa.DateTime)
"""Types that are no text and that the driver does not pass on exactly: it has no infinite date."""
_WRITTEN_PLAINLY = (*_NOT_TEXT, postgresql.OID)
"""Types whose text is the plain notation of their value. The text of any other may look like a
number that it is not: the bits 101, an array of one.
"""
_TYPED = (
    (sa.Boolean, pa.bool_()),
    (sa.Integer, pa.int64()),
    (sa.Float, pa.float64()),
    (sa.LargeBinary, pa.binary()),
)
"""Types that a value has whatever is promised, also where it is rescued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The columns to read."""

    expressions: Mapping[str, sa.ColumnElement[Any]]
    """By name, in the contract's order."""
    only_text: frozenset[str]
    """Columns whose values fit text alone."""
    no_text: frozenset[str]
    """Columns whose values fit no text: PostgreSQL's notation alone made them so."""
    come_as: Mapping[str, pa.DataType]
    """The type in which PostgreSQL's values are taken from its notation."""


def select_columns(connection: Connection, table: Table, name: str, schema: pa.Schema) -> Selected:
    """The contract's columns that the table has; no other column leaves the source. Raises
    SourceChanged if it has none of them.
    """
    known = [field for field in schema if field.name in table.types]
    if not known:
        raise SourceChanged(f"table {name} has none of the contract's columns: correct either")
    if connection.dialect.name != "postgresql":
        return Selected(
            expressions={field.name: sa.column(field.name) for field in known},
            only_text=frozenset(),
            no_text=frozenset(),
            come_as={},
        )
    types = {field.name: base_type(table.types[field.name]) for field in known}
    return Selected(
        expressions={field.name: _select(field, types[field.name]) for field in known},
        only_text=frozenset(
            column
            for column, type_ in types.items()
            if not isinstance(type_, (*_EXACT_TYPES, *_WRITTEN_PLAINLY))
        ),
        no_text=frozenset(
            column for column, type_ in types.items() if isinstance(type_, _NOT_TEXT)
        ),
        come_as={column: _comes_as(type_) for column, type_ in types.items()},
    )


def base_type(type_: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    """The type below a domain."""
    return base_type(type_.data_type) if isinstance(type_, postgresql.DOMAIN) else type_


def _select(field: pa.Field[Any], type_: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    column: sa.ColumnClause[Any] = sa.column(field.name)
    if isinstance(type_, sa.REAL):  # its own notation, 0.1, is another number than its value
        return sa.cast(column, sa.Double).label(field.name)
    if isinstance(type_, (*_EXACT_TYPES, *_WRITTEN_PLAINLY)):
        return column
    return sa.cast(column, sa.Text).label(field.name)


def _comes_as(type_: sa.types.TypeEngine[Any]) -> pa.DataType:
    return next((arrow for kind, arrow in _TYPED if isinstance(type_, kind)), pa.string())
