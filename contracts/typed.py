"""Types held when a thing is made: Python then names the line of whoever made it wrongly."""

from __future__ import annotations


def of_type(what: str, value: object, kind: type) -> None:
    """Raise TypeError unless `value` is a `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{what} is a {type(value).__name__}: give a {kind.__name__}")


def tuple_of(what: str, values: object, kind: type) -> None:
    """Raise TypeError unless `values` is a tuple of nothing but `kind`."""
    if not isinstance(values, tuple):
        raise TypeError(f"{what} is a {type(values).__name__}: write it as a tuple, (…,)")
    for value in values:
        of_type(f"one of {what}", value, kind)
