"""The digest of a contract. Each proof records it: if the contract's meaning changes, the digest
changes and the proof no longer counts. Prose can be edited freely.

Format 2, an RFC 8785 object:

    {"format": 2, "name": …, "promises": {…}, "columns": {…}, "checks": […], "unique": […]}

- Only values that differ from their default are included. A new promise with a default leaves the
  digest of every existing contract unchanged.
- Prose is excluded: descriptions, titles, the schema's name, a check's label. (A label on the line
  of a lambda is part of that lambda's source text.)
- What evidence may show of values is excluded, because no verdict depends on it.
- Module names are excluded, and types are written in our own words.
- The order of columns, and of one column's checks, is excluded, because no verdict depends on it.
  Lists inside a promise or a check keep their order.
- What `contracts.checks` refuses is excluded: lax schemas, optional columns.

To change the form, add a new format. Move the old one to its own file, as `contracts/digest_v1.py`
was moved: it still matches the nights that were recorded under it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from contracts.arrow_schema import arrow_schema, type_text
from contracts.canonical import canonical
from contracts.defaults import non_default_fields
from contracts.digest_v1 import digest_v1
from contracts.plain_json import Json, function_to_json, to_json
from contracts.promises import Contract, SourcePromises
from contracts.rules import builtin, statistics

if TYPE_CHECKING:
    import pandera.polars as pa

FORMAT = 2


@dataclass(frozen=True, kw_only=True)
class Digests:
    """All digests of one contract: `recorded in digests` is true if an entry belongs to it."""

    current: str
    """The digest recorded today."""
    compute_former: Callable[[], str | None] = field(
        default=lambda: None, repr=False, compare=False
    )

    @cached_property
    def former(self) -> str | None:
        """The digest recorded before format 2; None if that format cannot express this contract.
        Computed on first use: a run that reads no old entry does not need it.
        """
        return self.compute_former()

    def __contains__(self, recorded: str | None) -> bool:
        return recorded == self.current or (recorded is not None and recorded == self.former)


def digests(contract: Contract) -> Digests:
    """Today's digest and, on demand, the former one. Raises ContractError for a contract that
    cannot be digested; whatever has a digest today also has a former one, or None.
    """
    return Digests(current=digest(contract), compute_former=partial(digest_v1, contract))


def digest(contract: Contract) -> str:
    """SHA-256 over the RFC 8785 bytes of format 2, in hexadecimal."""
    return sha256(canonical(format_2(contract))).hexdigest()


def format_2(contract: Contract) -> Json:
    """The meaning of a contract as plain JSON."""
    schema = contract.schema
    types = {field.name: type_text(field.type) for field in arrow_schema(schema)}
    return {
        "format": FORMAT,
        "name": contract.name,
        "promises": _PROMISES(contract.promises),
        "columns": {name: _column(types[name], column) for name, column in schema.columns.items()},
        **_without_empty(checks=_checks(schema.checks), unique=to_json(schema.unique)),
    }


def source_format_1(name: str, promises: SourcePromises) -> Json:
    """What a source promised about itself, as plain JSON by the same rules."""
    return {"format": 1, "source": name, "promises": _SOURCE_PROMISES(promises)}


def _column(kind: str, column: pa.Column) -> Json:
    return _without_empty(
        type=kind,
        nullable=column.nullable,
        unique=column.unique,
        checks=_checks(column.checks),
    )


def _checks(checks: list[pa.Check]) -> list[Json]:
    found = [_check(check) for check in checks]
    return sorted(found, key=canonical) if len(found) > 1 else found


def _check(check: pa.Check) -> Json:
    name, given = builtin(check), statistics(check)
    if name is not None:  # a new argument of Pandera's, left at its default, is no change
        given = {k: v for k, v in given.items() if v is not None and v is not _USUAL.get(k)}
    return _without_empty(
        builtin=name,
        code=None if name else function_to_json(check._check_fn),  # noqa: SLF001 - Pandera keeps it nowhere else
        statistics=to_json(given),
        judges_nulls=not check.ignore_na,
        element_wise=check.element_wise,
    )


_USUAL = {"include_min": True, "include_max": True}


def _without_empty(**parts: Json) -> dict[str, Json]:
    """The parts that differ from their default; every part's default is empty."""
    return {name: part for name, part in parts.items() if part}


Form: TypeAlias = Callable[[Any], Json]


def _record(**forms: Form) -> Form:
    """The form of a dataclass with these fields."""
    return lambda record: {
        name: forms[name](value) for name, value in non_default_fields(record).items()
    }


def _each(form: Form) -> Form:
    return lambda values: [form(value) for value in values]


def _by_name(form: Form) -> Form:
    return lambda values: {name: form(value) for name, value in values.items()}


_THRESHOLDS = _record(confidence=to_json, on_time=to_json, arrivals=to_json, matched=to_json)
_SOURCE_PROMISES = _record(
    renews=to_json,
    quota=_record(requests=to_json, seconds=to_json),
    read_within=to_json,
    thresholds=_THRESHOLDS,
    attested=to_json,
    not_planned=to_json,
)
# A promise without a form here raises KeyError when it is first used: none is left out.
_PROMISES = _record(
    key=to_json,
    event_time=to_json,
    event_zone=to_json,
    lag=to_json,
    cadence=to_json,
    zone=to_json,
    excluded=to_json,
    named=to_json,
    volume=_record(minimum=to_json, maximum=to_json),
    groups=_record(by=to_json, volume=_record(minimum=to_json, maximum=to_json), ended=to_json),
    missing=to_json,
    missing_jointly=to_json,
    missing_as=to_json,
    control_characters=to_json,
    times=_by_name(_record(written=to_json, zone=to_json)),
    reconciles=_each(
        _record(
            dataset=to_json,
            ours=to_json,
            theirs=to_json,
            our_form=to_json,
            their_form=to_json,
            amount=_record(ours=to_json, theirs=to_json, factor=to_json),  # none is its default
        )
    ),
    thresholds=_THRESHOLDS,
)
