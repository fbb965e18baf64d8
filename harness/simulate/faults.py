"""The faults that are planted, and which promise makes each of them ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from harness.simulate.schema import narrowable
from harness.simulate.subject import Subject


class Fault(StrEnum):
    """What goes wrong; from that night on where it says so."""

    EMPTY = "came empty"
    REPEATED = "came again, same content"
    MISSING = "did not come"
    LATE = "late from then on"
    FEW = "too few rows"
    MANY = "too many rows"
    STILL = "newest event stands still"
    AHEAD = "clock ahead from then on"
    RENAMED = "column renamed"
    REMOVED = "column removed"
    ADDED = "column added"
    NARROWED = "column narrowed"
    DRIFT = "values drift"
    FAILED = "reading failed"
    UNREAD = "night missed by us"
    """No fault of the source: it must not be accused."""


_BASELINE = "approve its columns: seatrial baseline approve"


def lacking(fault: Fault, subject: Subject) -> str | None:
    """What is to be promised before a fault can ring; None where nothing lacks."""
    wanted = [remedy for remedy in _wanted(subject).get(fault, ()) if remedy]
    return " and ".join(wanted) or None


def _wanted(subject: Subject) -> Mapping[Fault, Sequence[str | None]]:
    """What each fault needs, or None in its place where it is promised."""
    promises, volume = subject.promises, subject.promises.volume
    cadence = None if promises.cadence else "promise a cadence"
    lag = None if promises.lag else "promise a lag"
    event = None if promises.event_time else "name the event_time column"
    some = None if volume.minimum else "promise volume.minimum above 0"
    several = None if volume.minimum > 1 else "promise volume.minimum above 1"
    most = "promise volume.maximum" if volume.maximum is None else None
    return {
        Fault.EMPTY: (some, cadence if subject.is_files else None),
        Fault.REPEATED: (cadence,),
        Fault.MISSING: (cadence, None if subject.is_files else event),
        Fault.LATE: (lag, event),
        Fault.FEW: (several, cadence),
        Fault.MANY: (most, cadence),
        Fault.STILL: (event, cadence if lag else None),
        Fault.AHEAD: (lag, event),
        Fault.ADDED: (None if subject.baseline else _BASELINE,),
        Fault.NARROWED: _of_types(subject),
        Fault.DRIFT: _of_values(subject),
    }


def _of_types(subject: Subject) -> list[str]:
    if subject.baseline is None:
        return [_BASELINE]
    if not any(map(narrowable, subject.declared.columns)):
        return [f"its {subject.declared.by} tells no type that could be narrowed"]
    return []


def _of_values(subject: Subject) -> list[str]:
    if subject.reference is None:
        return ["pin a reference: seatrial profile FILE"]
    if not any(one.numbers or one.categories for one in subject.reference.profile.columns):
        return ["pin a reference with a column whose values can be compared"]
    return []
