"""Promises read back from the form that a contract's digest is of (`contracts/digest.py`).

    Contract ─ format_2 ─▶ JSON, kept in the ledger ─ promises_of ─▶ Promises, without Pandera

Every reading names the digest of that JSON, so whoever holds both knows what was promised then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from contracts.promises import (
    Amount,
    Groups,
    Promises,
    Quota,
    Reconciliation,
    SourcePromises,
    Thresholds,
    Volume,
)
from contracts.time_formats import TimeFormat

Read: TypeAlias = Callable[[Any], Any]


def promises_of(meaning: Mapping[str, Any], *, order: Sequence[str] = ()) -> Promises:
    """The promises in the meaning of a contract. The digest knows no order of the critical fields,
    and sentences do: `order` names them as the contract has them.

    Raises ValueError for what no contract says.
    """
    promises: Promises = _read(_PROMISES, meaning.get("promises"))
    if order and sorted(order) != sorted(promises.missing):
        raise ValueError("the order names other fields than the promises")
    return _ordered(promises, order)


def source_promises_of(meaning: Mapping[str, Any]) -> SourcePromises:
    """The promises in the meaning of a source. Raises ValueError for what no source says."""
    promises: SourcePromises = _read(_SOURCE, meaning.get("promises"))
    return promises


def _read(form: Read, value: object) -> Any:
    try:
        return form(value)
    except (TypeError, KeyError, ArithmeticError, AttributeError) as error:
        raise ValueError("these are no promises") from error


def _ordered(promises: Promises, order: Sequence[str]) -> Promises:
    if not order:
        return promises
    return replace(promises, missing={name: promises.missing[name] for name in order})


def _as_it_is(value: Any) -> Any:
    """A value of one of the types that `contracts/plain_json.py` keeps apart."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, list):
        return tuple(map(_as_it_is, value))
    [(kind, text)] = value.items()
    return _KINDS[kind](text)


_KINDS: Mapping[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "decimal": Decimal,
    "microseconds": lambda text: timedelta(microseconds=int(text)),
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def _record(of: Callable[..., Any], **forms: Read) -> Read:
    """A dataclass with these fields; one that is left out has its default."""
    return lambda value: of(**{name: forms[name](one) for name, one in value.items()})


def _plain(of: Callable[..., Any], names: str) -> Read:
    return _record(of, **dict.fromkeys(names.split(), _as_it_is))


def _each(form: Read) -> Read:
    return lambda values: tuple(map(form, values))


def _by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _as_it_is(value) for name, value in values.items()}


_TIME_FORMAT = _plain(TimeFormat, "written zone")
_VOLUME = _plain(Volume, "minimum maximum")
_THRESHOLDS = _plain(Thresholds, "confidence on_time arrivals matched")
_SIMPLE = (
    "key event_time event_zone lag cadence zone excluded named missing_jointly missing_as "
    "control_characters"
)
_PROMISES = _record(
    Promises,
    **dict.fromkeys(_SIMPLE.split(), _as_it_is),
    volume=_VOLUME,
    groups=_record(Groups, by=_as_it_is, volume=_VOLUME, ended=_as_it_is),
    missing=_by_name,
    times=lambda values: {name: _TIME_FORMAT(value) for name, value in values.items()},
    reconciles=_each(
        _record(
            Reconciliation,
            **dict.fromkeys(["dataset", "ours", "theirs", "our_form", "their_form"], _as_it_is),
            amount=_plain(Amount, "ours theirs factor"),
        )
    ),
    thresholds=_THRESHOLDS,
)
_SOURCE = _record(
    SourcePromises,
    attested=_as_it_is,
    not_planned=_by_name,
    renews=_as_it_is,
    read_within=_as_it_is,
    quota=_plain(Quota, "requests seconds"),
    thresholds=_THRESHOLDS,
)
