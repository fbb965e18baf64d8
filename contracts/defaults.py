"""Which fields of a dataclass somebody set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Final

LATER: Final[Mapping[str, bool]] = {"later": True}
"""Metadata of a field that was added to a record after records of its type were persisted."""


def non_default_fields(record: Any) -> dict[str, Any]:
    """The fields that differ from their default, by name, and all fields without a default."""
    values = {
        field.name: (getattr(record, field.name), _default(field)) for field in fields(record)
    }
    return {name: value for name, (value, default) in values.items() if value != default}


def persisted_fields(record: Any) -> dict[str, Any]:
    """The fields of a record as they are persisted, by name, and so those of records within it.
    One marked LATER is left out while it has its default: what was persisted before keeps its
    bytes.
    """
    return {
        field.name: _persisted(value)
        for field in fields(record)
        if (value := getattr(record, field.name)) != _default(field)
        or "later" not in field.metadata
    }


def _persisted(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_persisted, value))
    return persisted_fields(value) if is_dataclass(value) else value


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()
