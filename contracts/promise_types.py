"""Promises of a wrong type, as a type checker would report them: no other check comes after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from contracts.promises import Groups, Promises, Reconciliation, Thresholds, Volume
from contracts.time_formats import TimeFormat


class _Kind(NamedTuple):
    types: tuple[type, ...]
    example: str


_ABSENT = type(None)
_TIME = _Kind((timedelta, _ABSENT), "timedelta(hours=24)")
_COLUMNS = _Kind((tuple,), '("a", "b")')
_COLUMN = _Kind((str, _ABSENT), '"a"')
_KINDS = {
    "key": _COLUMNS,
    "event_time": _COLUMN,
    "event_zone": _Kind((str, _ABSENT), '"Europe/Berlin"'),
    "lag": _TIME,
    "cadence": _Kind((timedelta, str, _ABSENT), "timedelta(days=1)"),
    "zone": _Kind((str,), '"Europe/Berlin"'),
    "named": _Kind((str, _ABSENT), '"x_%Y%m%d.csv"'),
    "volume": _Kind((Volume,), "Volume(minimum=1)"),
    "groups": _Kind((Groups, _ABSENT), 'Groups(by="region")'),
    "missing": _Kind((Mapping,), '{"a": 0.01}'),
    "missing_jointly": _Kind((int, float, _ABSENT), "0.01"),
    "times": _Kind((Mapping,), '{"a": TimeFormat(written="epoch_ms")}'),
    "reconciles": _Kind((tuple,), "(Reconciliation(…),)"),
    "thresholds": _Kind((Thresholds,), "Thresholds()"),
}


def type_problems(promises: Promises) -> Iterator[str]:
    """Each promise of a wrong type, with how to write it."""
    for name, kind in _KINDS.items():
        value = getattr(promises, name)
        if not isinstance(value, kind.types):
            yield _say(name, value, kind)
        elif isinstance(value, tuple):
            wanted = str if name == "key" else Reconciliation
            if any(not isinstance(item, wanted) for item in value):
                yield f"{name} holds more than {wanted.__name__}: write {name}={kind.example}"
    yield from _number_problems(promises)
    if isinstance(promises.times, Mapping):
        for column, one in promises.times.items():
            if not isinstance(one, TimeFormat):
                yield f'times of {column} is no format: write TimeFormat(written="epoch_ms")'


def _say(name: str, value: object, kind: _Kind) -> str:
    is_one_column = isinstance(value, str) and kind is _COLUMNS
    example = f'("{value}",)' if is_one_column else kind.example
    return f"{name} is of type {type(value).__name__}: write {name}={example}"


def _number_problems(promises: Promises) -> Iterator[str]:
    missing = promises.missing
    if isinstance(promises.volume, Volume):
        yield from _volume_problems("volume", promises.volume)
    if isinstance(promises.groups, Groups):
        yield from _volume_problems("groups.volume", promises.groups.volume)
    if isinstance(missing, Mapping):
        for column, share in missing.items():
            if not isinstance(share, (int, float)):
                kind = type(share).__name__
                yield f"missing of {column} is of type {kind}: write a share, as 0.01"


def _volume_problems(of: str, volume: Volume) -> Iterator[str]:
    for name in ("minimum", "maximum"):
        if not isinstance(value := getattr(volume, name), (int, _ABSENT)):
            yield f"{name} of {of} is of type {type(value).__name__}: write {name}=1000"
    if volume.minimum is None:
        yield f"minimum of {of} is None: write minimum=1"
