"""Type checks in constructors: the traceback then names the line that passed the wrong type."""

from __future__ import annotations


def require_type(what: str, value: object, kind: type) -> None:
    """Raise TypeError unless `value` is a `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{what} is a {type(value).__name__}: give a {kind.__name__}")


def require_tuple(what: str, values: object, kind: type) -> None:
    """Raise TypeError unless `values` is a tuple and every item is a `kind`."""
    if not isinstance(values, tuple):
        raise TypeError(f"{what} is a {type(values).__name__}: write it as a tuple, (…,)")
    for value in values:
        require_type(f"one of {what}", value, kind)
