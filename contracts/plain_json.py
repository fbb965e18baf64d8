"""Values and functions of a contract as JSON, which its digest is computed from."""

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


def to_json(value: Any) -> Json:
    """`value` as JSON that keeps types apart (1 and "1" differ). Raises ContractError for a type
    without such a form.

    A class is written by its name without its module, so that it may move.
    """
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    if callable(value):
        return function_to_json(value)
    if hasattr(value, "__dict__"):
        return {"class": type(value).__qualname__, "state": to_json(vars(value))}
    raise ContractError(f"a {type(value).__name__} cannot be digested: use plain data")


def function_to_json(function: Callable[..., object]) -> Json:
    """The source text of a custom check, with its closure and the constants it uses.

    Functions that it calls are not followed: the ledger records the code version for those.
    Raises ContractError where Python has no source text, as for a lambda typed at a prompt.
    """
    if isinstance(function, functools.partial):
        bound = {"args": to_json(function.args), "keywords": to_json(function.keywords)}
        return {"partial": function_to_json(function.func), **bound}
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
        "defaults": to_json(plain.__defaults__),
        "keyword_defaults": to_json(plain.__kwdefaults__),
        "closure": to_json(names.nonlocals),
        "constants": to_json(constants),
    }


_DATA = (bool, int, float, str, Decimal, timedelta, date, list, tuple, set, frozenset, dict)
# bool before int and datetime before date: the first is a subclass of the second.
_FORMS: tuple[tuple[Any, Callable[[Any], Json]], ...] = (
    ((bool, str, type(None)), lambda value: value),
    (int, lambda value: {"int": str(value)}),  # RFC 8785 has no integers from 2^53 on
    (float, lambda value: {"float": repr(value)}),
    (Decimal, lambda value: {"decimal": str(value)}),
    (timedelta, lambda value: {"microseconds": str(value // timedelta(microseconds=1))}),
    (datetime, lambda value: {"datetime": value.isoformat()}),
    (date, lambda value: {"date": value.isoformat()}),
    ((list, tuple), lambda value: [to_json(item) for item in value]),
    ((set, frozenset), lambda value: {"set": sorted(map(to_json, value), key=canonical)}),
    (Mapping, lambda value: {str(key): to_json(item) for key, item in value.items()}),
    (type, lambda value: {"class": value.__qualname__}),
)
