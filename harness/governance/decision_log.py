"""Sample decisions held against the format that the pilot declares; pure.

One JSON object on a line. The first fault ends it, by its line and field. No value is repeated:
a decision log is about people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.pilot.governance_settings import DecisionLog, Lineage

LONGEST_LINE = 1 << 20
"""Bytes of one decision."""
LONGEST_ID = 200
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)")
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision that keeps the format."""

    line: int
    """From 1 on."""
    record: Record
    """By meaning, as `LogFields` has it; not by the log's own names."""


class Malformed(Exception):
    """A line that does not keep the format."""

    def __init__(self, line: int, field: str | None, says: str) -> None:
        super().__init__(f"line {line}{f', field {field}' if field else ''}: {says}")
        self.line, self.field = line, field


class _Wrong(Exception):
    """Why a value is not what its field holds, as a clause without the value."""


def decisions(
    lines: Iterable[bytes], log: DecisionLog, lineage: Lineage | None
) -> Iterator[Decision]:
    """Every decision in order. Raises Malformed for the first line that does not keep the format.

    `log` must name a field for every meaning. With a lineage, a decision has each field of the
    model and the digests of each of its data sets, and nothing else.
    """
    names = log.fields.named
    hold = _holders(log, lineage)
    seen: dict[str, int] = {}
    before: int | None = None
    for number, line in enumerate(lines, start=1):
        given = _object(number, line)
        for name in given:
            if name not in names.values() and name not in log.more:
                shown = name if _NAME.fullmatch(name) else None
                raise Malformed(
                    number, shown, "no such field is declared: declare it, or leave it out"
                )
        record = {}
        for meaning, name in names.items():
            if name not in given:
                raise Malformed(number, name, f"is missing; it holds the {meaning}")
            try:
                hold[meaning](given[name])
            except _Wrong as wrong:
                raise Malformed(number, name, str(wrong)) from None
            record[meaning] = given[name]
        if (first := seen.setdefault(record["id"], number)) != number:
            raise Malformed(
                number, names["id"], f"is that of line {first}: no two decisions share one"
            )
        if before is not None and record["sequence"] != before + 1:
            raise Malformed(
                number, names["sequence"], "does not follow the line before: one is missing"
            )
        before = record["sequence"]
        yield Decision(line=number, record=record)


def _object(number: int, line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise Malformed(number, None, f"is longer than {LONGEST_LINE:,} bytes")
    try:
        found = json.loads(line.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except _Wrong as wrong:
        raise Malformed(number, None, str(wrong)) from None
    except (ValueError, RecursionError):
        raise Malformed(number, None, "is no JSON object on one line") from None
    if not isinstance(found, dict):
        raise Malformed(number, None, "is no JSON object on one line")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise _Wrong("has a key twice")
    return dict(pairs)


def _no_number(_: str) -> Any:
    raise _Wrong("has NaN or infinity, which are no JSON")


def _holders(log: DecisionLog, lineage: Lineage | None) -> Mapping[str, Callable[[Any], None]]:
    fields = list(lineage.given) if lineage else None
    datasets = None
    if lineage is not None:
        columns = [column for field in lineage.given.values() for column in field.columns]
        datasets = sorted({column.rpartition(".")[0] for column in columns})
    return {
        "id": _text(LONGEST_ID),
        "sequence": _whole,
        "time": _moment,
        "actor": _text(),
        "outcome": _one_of(log.outcomes),
        "inputs": _mapping(fields, _plain),
        "data": _mapping(datasets, _sha256),
        "contracts": _mapping(datasets, _sha256),
        "model": _text(),
        "parameters": _mapping(None, _plain),
        "explanation": _text(),
        "override": _override,
    }


def _text(longest: int = LONGEST_LINE) -> Callable[[Any], None]:
    def hold(value: Any) -> None:
        if not isinstance(value, str) or not value.strip():
            raise _Wrong("is no text, or an empty one")
        if len(value) > longest:
            raise _Wrong(f"is longer than {longest} characters")

    return hold


def _whole(value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong("is no whole number")


def _moment(value: Any) -> None:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise _Wrong("is no time with its zone, as 2026-11-02T09:30:00Z")
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise _Wrong("is a time that does not exist") from None


def _one_of(outcomes: tuple[str, ...]) -> Callable[[Any], None]:
    def hold(value: Any) -> None:
        if value not in outcomes:
            raise _Wrong(f"is none of the outcomes: {', '.join(outcomes)}")

    return hold


def _mapping(keys: list[str] | None, hold_each: Callable[[Any], None]) -> Callable[[Any], None]:
    def hold(value: Any) -> None:
        if not isinstance(value, dict):
            raise _Wrong("is no object")
        if keys is not None:
            if without := [key for key in keys if key not in value]:
                raise _Wrong(f"has no {without[0]}")
            if len(value) != len(keys):
                raise _Wrong("has something that the lineage does not name")
        for each in value.values():
            hold_each(each)

    return hold


def _plain(value: Any) -> None:
    if isinstance(value, (dict, list)):
        raise _Wrong("has an object or a list where one value belongs")


def _sha256(value: Any) -> None:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise _Wrong("has something else than a SHA-256 in 64 small hex digits")


def _override(value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or value.keys() != {"by", "why"}:
        raise _Wrong("is neither null nor an object of by and why")
    for each in value.values():
        _text()(each)
