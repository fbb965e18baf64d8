"""Values and functions of a contract as the JSON that its digest is made of."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from contracts.canonical import canonical
from contracts.promises import ContractError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def written(value: Any) -> Json:
    """`value` as JSON that keeps kinds apart; ContractError for what has no such form.

    A class that a check holds goes by its name, whatever module it is in.
    """
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    if callable(value):
        return code(value)
    if hasattr(value, "__dict__"):
        return {"class": type(value).__qualname__, "state": written(vars(value))}
    raise ContractError(f"a {type(value).__name__} cannot be digested: use plain data")


def code(function: Callable[..., object]) -> Json:
    """The text of a check of one's own, with what it closes over and the constants it names.

    Functions that it calls are not followed: the code version in the ledger stands for them.
    """
    if isinstance(function, functools.partial):
        bound = {"args": written(function.args), "keywords": written(function.keywords)}
        return {"partial": code(function.func), **bound}
    plain = inspect.unwrap(getattr(function, "__func__", function))
    try:
        text = textwrap.dedent(inspect.getsource(plain))
        names = inspect.getclosurevars(plain)
    except (OSError, TypeError):
        raise ContractError(
            f"check {plain!r} has no source text to digest: define it in a module"
        ) from None
    constants = {name: value for name, value in names.globals.items() if isinstance(value, _DATA)}
    return {
        "text": text,
        "defaults": written(plain.__defaults__),
        "keyword_defaults": written(plain.__kwdefaults__),
        "closure": written(names.nonlocals),
        "constants": written(constants),
    }


_DATA = (bool, int, float, str, Decimal, timedelta, date, list, tuple, set, frozenset, dict)
# bool before int and datetime before date, as each is one of the other.
_FORMS: tuple[tuple[Any, Callable[[Any], Json]], ...] = (
    ((bool, str, type(None)), lambda value: value),
    (int, lambda value: {"int": str(value)}),  # RFC 8785 knows none from 2^53 on
    (float, lambda value: {"float": repr(value)}),
    (Decimal, lambda value: {"decimal": str(value)}),
    (timedelta, lambda value: {"microseconds": str(value // timedelta(microseconds=1))}),
    (datetime, lambda value: {"datetime": value.isoformat()}),
    (date, lambda value: {"date": value.isoformat()}),
    ((list, tuple), lambda value: [written(item) for item in value]),
    ((set, frozenset), lambda value: {"set": sorted(map(written, value), key=canonical)}),
    (Mapping, lambda value: {str(key): written(item) for key, item in value.items()}),
    (type, lambda value: {"class": value.__qualname__}),
)
