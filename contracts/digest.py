"""One number for one contract: a proof names the contract it rests on, and an edit voids it."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from contracts.canonical import canonical
from contracts.interface import Contract, ContractError
from contracts.rules import builtin, statistics

if TYPE_CHECKING:
    import pandera.polars as pa

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def digest(contract: Contract) -> str:
    """SHA-256 over the RFC 8785 bytes of the contract: any change of a promise, threshold, column,
    type, description or check changes it; a new process or order of a set does not.
    """
    return sha256(canonical(described(contract))).hexdigest()


def described(contract: Contract) -> Json:
    """The whole contract as plain JSON: its promises and the rules of its schema."""
    schema = contract.schema
    return {
        "name": contract.name,
        "promises": _json(asdict(contract.promises)),
        "columns": [_column(name, column) for name, column in schema.columns.items()],
        "checks": [_check(check) for check in schema.checks],
        "unique": _json(schema.unique),
        "strict": _json(schema.strict),
    }


def _column(name: str, column: pa.Column) -> Json:
    return {
        "name": name,
        "type": str(column.dtype),
        "description": column.description,
        "nullable": column.nullable,
        "required": column.required,
        "unique": column.unique,
        "checks": [_check(check) for check in column.checks],
    }


def _check(check: pa.Check) -> Json:
    function = check._check_fn  # noqa: SLF001 - Pandera keeps it nowhere else
    return {
        "name": check.name,
        "code": builtin(check) or _code(function),
        "statistics": _json(statistics(check)),
        "ignore_na": check.ignore_na,
        "element_wise": check.element_wise,
    }


def _code(function: Callable[..., object]) -> Json:
    """The text of a check of one's own, with what it closes over and the constants it names.

    Functions that it calls are not followed: the code version in the ledger stands for them.
    """
    if isinstance(function, functools.partial):
        return [_code(function.func), _json(function.args), _json(function.keywords)]
    plain = inspect.unwrap(getattr(function, "__func__", function))
    try:
        text = textwrap.dedent(inspect.getsource(plain))
        names = inspect.getclosurevars(plain)
    except (OSError, TypeError):
        raise ContractError(
            f"check {plain!r} has no source text to digest: define it in a module"
        ) from None
    constants = {name: value for name, value in names.globals.items() if isinstance(value, _DATA)}
    return [text, _json(plain.__defaults__), _json(names.nonlocals), _json(constants)]


def _json(value: Any) -> Json:
    """`value` as JSON that keeps kinds apart; what has no such form is refused."""
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    if callable(value):
        return _code(value)
    if hasattr(value, "__dict__"):
        return {"class": type(value).__qualname__, "state": _json(vars(value))}
    raise ContractError(f"a {type(value).__name__} cannot be digested: use plain data")


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
    ((list, tuple), lambda value: [_json(item) for item in value]),
    ((set, frozenset), lambda value: {"set": sorted((_json(item) for item in value), key=repr)}),
    (Mapping, lambda value: {str(key): _json(item) for key, item in value.items()}),
    (type, lambda value: {"class": f"{value.__module__}.{value.__qualname__}"}),
)
