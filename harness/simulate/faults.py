"""The faults that are planted, and which promise makes each of them ring."""

from __future__ import annotations

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


_CADENCE = "promise a cadence"
_EVENT = "name the event_time column"
_BASELINE = "approve its columns: seatrial baseline approve"


def lacking(fault: Fault, subject: Subject) -> str | None:
    """What is to be promised before a fault can ring; None where nothing lacks."""
    wanted = [*_lacking(fault, subject)]
    return " and ".join(wanted) or None


def _lacking(fault: Fault, subject: Subject) -> list[str]:  # noqa: PLR0911 - one for each fault
    promises = subject.promises
    cadence = [] if promises.cadence else [_CADENCE]
    event = [] if promises.event_time else [_EVENT]
    volume = promises.volume
    match fault:
        case Fault.EMPTY:
            allowed = ["promise volume.minimum above 0"] if volume.minimum == 0 else []
            return allowed + (cadence if subject.is_files else [])
        case Fault.REPEATED:
            return cadence
        case Fault.MISSING:
            return cadence if subject.is_files else cadence + event
        case Fault.LATE | Fault.AHEAD:
            return ([] if promises.lag else ["promise a lag"]) + event
        case Fault.FEW:
            return (["promise volume.minimum above 1"] if volume.minimum <= 1 else []) + cadence
        case Fault.MANY:
            return (["promise volume.maximum"] if volume.maximum is None else []) + cadence
        case Fault.STILL:
            return event if promises.lag else event + cadence
        case Fault.ADDED:
            return [] if subject.baseline else [_BASELINE]
        case Fault.NARROWED:
            return _of_types(subject)
        case Fault.DRIFT:
            return _of_values(subject)
        case Fault.RENAMED | Fault.REMOVED | Fault.FAILED | Fault.UNREAD:
            return []


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
