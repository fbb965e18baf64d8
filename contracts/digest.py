"""One number for one contract: a proof names the contract it rests on, and an edit of its meaning
voids it. An edit of its prose does not.

Format 2, an RFC 8785 object:

    {"format": 2, "name": …, "promises": {…}, "columns": {…}, "checks": […], "unique": […]}

- Only what differs from its default stands in it. A promise that is added later, with a default,
  leaves the digest of every contract as it was.
- Prose is apart: descriptions, titles, the schema's name, a check's label. (A label on the line
  of a lambda is a part of that lambda's text.)
- No name of a module stands in it, and types are written in words of our own.
- Columns, and the checks of one column, have no order: no verdict rests on one. What a promise
  or a check lists keeps the order in which it was written.
- What `contracts.checks` refuses anyway is left out: lax schemas, optional columns.

A change of the form is a new format: the one before goes to a file of its own, as
`contracts/digest_v1.py` did, and still says which nights are this contract's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from contracts.arrow_schema import arrow_schema, type_text
from contracts.canonical import canonical
from contracts.defaults import chosen
from contracts.digest_v1 import digest_v1
from contracts.promises import Contract
from contracts.rules import builtin, statistics
from contracts.written import Json, code, written

if TYPE_CHECKING:
    import pandera.polars as pa

FORMAT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """What ledgers call one contract: `recorded in digests` says that an entry is of it."""

    current: str
    """What is recorded now."""
    former: str | None = None
    """What was recorded before format 2; None where that form could not say this contract."""

    def __contains__(self, recorded: str | None) -> bool:
        return recorded is not None and recorded in (self.current, self.former)


def digests(contract: Contract) -> Digests:
    """All digests under which an entry is of this very contract."""
    return Digests(current=digest(contract), former=digest_v1(contract))


def digest(contract: Contract) -> str:
    """SHA-256 over the RFC 8785 bytes of format 2."""
    return sha256(canonical(described(contract))).hexdigest()


def described(contract: Contract) -> Json:
    """Format 2 of a contract: all that its meaning is, as plain JSON."""
    schema = contract.schema
    types = {field.name: type_text(field.type) for field in arrow_schema(schema)}
    return {
        "format": FORMAT,
        "name": contract.name,
        "promises": _PROMISES(contract.promises),
        "columns": {name: _column(types[name], column) for name, column in schema.columns.items()},
        **_said(checks=_checks(schema.checks), unique=written(schema.unique)),
    }


def _column(kind: str, column: pa.Column) -> Json:
    return _said(
        type=kind,
        nullable=column.nullable,
        unique=column.unique,
        checks=_checks(column.checks),
    )


def _checks(checks: list[pa.Check]) -> list[Json]:
    return sorted((_check(check) for check in checks), key=canonical)


def _check(check: pa.Check) -> Json:
    name, given = builtin(check), statistics(check)
    if name is not None:  # Pandera may learn to be told more: what it is not told is no change
        given = {k: v for k, v in given.items() if v is not None and v is not _USUAL.get(k)}
    return _said(
        builtin=name,
        code=None if name else code(check._check_fn),  # noqa: SLF001 - Pandera keeps it nowhere else
        statistics=written(given),
        judges_nulls=not check.ignore_na,
        element_wise=check.element_wise,
    )


_USUAL = {"include_min": True, "include_max": True}


def _said(**parts: Json) -> dict[str, Json]:
    """The parts that are not at their default, which for all of them is nothing."""
    return {name: part for name, part in parts.items() if part}


Form: TypeAlias = Callable[[Any], Json]


def _record(**forms: Form) -> Form:
    """The form of a dataclass with these fields."""
    return lambda record: {name: forms[name](value) for name, value in chosen(record).items()}


def _each(form: Form) -> Form:
    return lambda values: [form(value) for value in values]


def _or_none(form: Form) -> Form:
    return lambda value: None if value is None else form(value)


# A promise that has no form here is a KeyError as soon as it is made: none is left unsaid.
_PROMISES = _record(
    key=written,
    event_time=written,
    event_zone=written,
    lag=written,
    cadence=written,
    zone=written,
    volume=_record(minimum=written, maximum=written),
    missing=written,
    missing_jointly=written,
    reconciles=_each(
        _record(
            dataset=written,
            ours=written,
            theirs=written,
            our_form=written,
            their_form=written,
            amount=_or_none(_record(ours=written, theirs=written, factor=written)),
        )
    ),
    thresholds=_record(confidence=written, on_time=written, arrivals=written, matched=written),
)
