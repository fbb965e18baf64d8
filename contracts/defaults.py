"""Which fields of a dataclass somebody set."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any


def non_default_fields(record: Any) -> dict[str, Any]:
    """The fields that differ from their default, by name, and all fields without a default."""
    values = {
        field.name: (getattr(record, field.name), _default(field)) for field in fields(record)
    }
    return {name: value for name, (value, default) in values.items() if value != default}


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()
