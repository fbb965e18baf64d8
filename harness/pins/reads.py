"""What a contract reads of its source, as a change of the source's columns is judged by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.arrow_schema import arrow_schema, type_text
from contracts.promises import Contract
from contracts.rules import builtin, is_text, statistics
from harness.facts import ReadColumn

if TYPE_CHECKING:
    import pandera.polars as pa


def read_columns(contract: Contract) -> tuple[ReadColumn, ...]:
    """Each column of a contract that can be judged."""
    return tuple(
        ReadColumn(
            name=field.name,
            type=type_text(field.type),
            nullable=column.nullable and field.name not in contract.promises.key,
            listed=_listed(column),
        )
        for field in arrow_schema(contract.schema)
        for column in (contract.schema.columns[field.name],)
    )


def _listed(column: pa.Column) -> tuple[str, ...] | None:
    """The values that every `isin` of it allows, in the first one's order."""
    lists = [
        [str(value) for value in statistics(check)["allowed_values"]]
        for check in column.checks
        if is_text(column) and builtin(check) == "isin"
    ]
    if not lists:
        return None
    return tuple(value for value in lists[0] if all(value in other for other in lists))
