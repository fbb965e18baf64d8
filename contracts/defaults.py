"""What somebody promised, apart from what everybody does."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any


def chosen(record: Any) -> dict[str, Any]:
    """The fields of a dataclass that are not at their default, by name; all that have none."""
    values = {
        field.name: (getattr(record, field.name), _default(field)) for field in fields(record)
    }
    return {name: value for name, (value, default) in values.items() if value != default}


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()
