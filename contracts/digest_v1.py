"""The first form of a contract's digest, frozen: old ledgers hold nights recorded under it.

It includes descriptions, labels of checks and defaults. Never change what it computes. New
promises belong in `contracts/digest.py`.
"""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from contracts.canonical import canonical
from contracts.defaults import non_default_fields
from contracts.promises import Contract, ContractError, Promises, Reconciliation
from contracts.rules import builtin, statistics

if TYPE_CHECKING:
    import pandera.polars as pa

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class _TooNew(Exception):
    """The contract makes a promise that this form cannot express."""


def digest_v1(contract: Contract) -> str | None:
    """SHA-256 over the RFC 8785 bytes of the first form. None for a contract with a newer promise:
    no night was recorded under it in this form.
    """
    try:
        return sha256(canonical(_described(contract))).hexdigest()
    except _TooNew:
        return None


def _described(contract: Contract) -> Json:
    schema = contract.schema
    return {
        "name": contract.name,
        "promises": _promises(contract.promises),
        "columns": [_column(name, column) for name, column in schema.columns.items()],
        "checks": [_check(check) for check in schema.checks],
        "unique": _json(schema.unique),
        "strict": _json(schema.strict),
    }


def _promises(promises: Promises) -> Json:
    plain = "key event_time event_zone lag cadence zone missing missing_jointly"
    known = {
        **_fields(promises, f"{plain} volume reconciles thresholds"),
        "volume": _fields(promises.volume, "minimum maximum"),
        "reconciles": [_reconciliation(one) for one in promises.reconciles],
        "thresholds": _fields(promises.thresholds, "confidence on_time arrivals matched"),
    }
    return _json(known)


def _reconciliation(promised: Reconciliation) -> dict[str, Any]:
    amount = promised.amount
    return {
        **_fields(promised, "dataset ours theirs our_form their_form amount"),
        "amount": None if amount is None else _fields(amount, "ours theirs factor"),
    }


def _fields(record: Any, names: str) -> dict[str, Any]:
    known = names.split()
    if not non_default_fields(record).keys() <= {*known}:
        raise _TooNew
    return {name: getattr(record, name) for name in known}


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
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    if callable(value):
        return _code(value)
    if hasattr(value, "__dict__"):
        return {"class": type(value).__qualname__, "state": _json(vars(value))}
    raise ContractError(f"a {type(value).__name__} cannot be digested: use plain data")


_DATA = (bool, int, float, str, Decimal, timedelta, date, list, tuple, set, frozenset, dict)
_FORMS: tuple[tuple[Any, Callable[[Any], Json]], ...] = (
    ((bool, str, type(None)), lambda value: value),
    (int, lambda value: {"int": str(value)}),
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
