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

from contracts.interface import Contract, ContractError
from contracts.rules import statistics

if TYPE_CHECKING:
    import pandera.polars as pa

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def digest(contract: Contract) -> str:
    """SHA-256 over the RFC 8785 bytes of the contract: any change of a promise, threshold, column,
    type, description or check changes it; a new process or order of a set does not.
    """
    import rfc8785

    return sha256(rfc8785.dumps(described(contract))).hexdigest()


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
    builtin = check.is_builtin_check(check.name or "")
    return {
        "name": check.name,
        "statistics": _json(statistics(check)),
        "ignore_na": check.ignore_na,
        "element_wise": check.element_wise,
        "code": None if builtin else _code(check._check_fn),  # noqa: SLF001 - the only place
    }


def _code(function: Callable[..., object]) -> Json:
    """The text of a check of one's own, with all that it closes over."""
    if isinstance(function, functools.partial):
        return [_code(function.func), _json(function.args), _json(function.keywords)]
    plain = inspect.unwrap(getattr(function, "__func__", function))
    try:
        text = textwrap.dedent(inspect.getsource(plain))
    except (OSError, TypeError):
        raise ContractError(
            f"check {plain!r} has no source text to digest: define it in a module"
        ) from None
    return [text, _json(inspect.getclosurevars(plain).nonlocals), _json(plain.__defaults__)]


def _json(value: Any) -> Json:
    """`value` as JSON that keeps kinds apart; what has no such form is refused."""
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return {"set": sorted((_json(item) for item in value), key=repr)}
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    if callable(value):
        return _code(value)
    raise ContractError(f"a {type(value).__name__} cannot be digested: use plain data")


# bool before int and datetime before date, as each is one of the other.
_FORMS: tuple[tuple[Any, Callable[[Any], Json]], ...] = (
    ((bool, str, type(None)), lambda value: value),
    (int, lambda value: {"int": str(value)}),  # RFC 8785 knows none from 2^53 on
    (float, lambda value: {"float": repr(value)}),
    (Decimal, lambda value: {"decimal": str(value)}),
    (timedelta, lambda value: {"microseconds": str(value // timedelta(microseconds=1))}),
    (datetime, lambda value: {"datetime": value.isoformat()}),
    (date, lambda value: {"date": value.isoformat()}),
)
