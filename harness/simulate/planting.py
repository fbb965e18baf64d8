"""Plants one fault at one delivery or one night: what is to be seen from then on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TypeAlias

from harness.facts import Failure
from harness.simulate import schema
from harness.simulate.dues import DAY
from harness.simulate.faults import Fault
from harness.simulate.feed import Sent, reads_are_deliveries
from harness.simulate.night import Seen
from harness.simulate.subject import Subject

Change: TypeAlias = Callable[[Sequence[Sent], int, Subject, Random], list[Sent]]

UNREACHABLE = Failure(kind="SourceUnavailable", message="nobody answers")


def see(subject: Subject, sent: Sequence[Sent]) -> Seen:
    """What is to be seen of what was sent."""
    ordered = sorted(sent, key=lambda one: one.available)
    return Seen(
        subject=subject,
        sent=ordered,
        at=[one.available for one in ordered],
        declared=subject.declared,
    )


def plant(fault: Fault, clean: Seen, n: int, chance: Random) -> Seen:
    """The same with a fault from the delivery of that number on."""
    subject = clean.subject
    if fault in _SENT:
        return see(subject, _SENT[fault](clean.sent, n, subject, chance))
    match fault:
        case Fault.RENAMED | Fault.REMOVED:
            alter = schema.renamed if fault is Fault.RENAMED else schema.removed
            declared, name = alter(clean.declared, chance)
            return replace(clean, declared=declared, lacks=name)
        case Fault.ADDED:
            return replace(clean, declared=schema.added(clean.declared))
        case Fault.NARROWED:
            return replace(clean, declared=schema.narrowed(clean.declared, chance))
        case Fault.FAILED:
            return replace(clean, failure=UNREACHABLE)
        case _:  # of the values, or of us
            return clean


def _empty(sent: Sequence[Sent], n: int, _: Subject, __: Random) -> list[Sent]:
    return _with(sent, n, replace(sent[n], rows=0, content="nothing"))


def _repeated(sent: Sequence[Sent], n: int, _: Subject, __: Random) -> list[Sent]:
    last = sent[n - 1]
    again = replace(sent[n], rows=last.rows, newest=last.newest, content=last.content)
    return _with(sent, n, again)


def _missing(sent: Sequence[Sent], n: int, subject: Subject, __: Random) -> list[Sent]:
    if reads_are_deliveries(subject):  # the table stands, and nothing newer is in it
        return _with(sent, n, replace(sent[n], newest=sent[n - 1].newest))
    return [*sent[:n], *sent[n + 1 :]]


def _few(sent: Sequence[Sent], n: int, subject: Subject, chance: Random) -> list[Sent]:
    most = max(1, subject.promises.volume.minimum - 1)
    return _with(sent, n, replace(sent[n], rows=chance.randint(1, most)))


def _many(sent: Sequence[Sent], n: int, subject: Subject, chance: Random) -> list[Sent]:
    high = subject.promises.volume.maximum or 10 * sent[n].rows
    return _with(sent, n, replace(sent[n], rows=high + chance.randint(1, high)))


def _late(sent: Sequence[Sent], n: int, subject: Subject, chance: Random) -> list[Sent]:
    """Later than promised by a tenth to twice of the time between deliveries."""
    late = subject.promises.lag or timedelta()
    late += (0.1 + 1.9 * chance.random()) * subject.gaps.longest
    if reads_are_deliveries(subject):  # what is in the table already stays there
        newest, last = [one.available - late for one in sent[n:]], sent[n - 1].newest
        held = zip(sent[n:], newest, strict=True)
        return [*sent[:n], *(replace(one, newest=max(at, last)) for one, at in held)]
    if not subject.is_files:  # that rows came later is seen where a night did not find them
        late += DAY
    return [*sent[:n], *(replace(one, available=one.due + late) for one in sent[n:])]


def _still(sent: Sequence[Sent], n: int, _: Subject, __: Random) -> list[Sent]:
    newest = sent[n - 1].newest
    return [*sent[:n], *(replace(one, newest=newest) for one in sent[n:])]


def _ahead(sent: Sequence[Sent], n: int, subject: Subject, chance: Random) -> list[Sent]:
    """From an hour to two days ahead of the moment at which the first one is read."""
    ahead = timedelta(hours=1 + 47 * chance.random())
    until_read = timedelta() if reads_are_deliveries(subject) else DAY
    shift = sent[n].available + until_read + ahead - sent[n].newest
    return [*sent[:n], *(replace(one, newest=one.newest + shift) for one in sent[n:])]


def _with(sent: Sequence[Sent], n: int, one: Sent) -> list[Sent]:
    return [*sent[:n], one, *sent[n + 1 :]]


_SENT: Mapping[Fault, Change] = {
    Fault.EMPTY: _empty,
    Fault.REPEATED: _repeated,
    Fault.MISSING: _missing,
    Fault.LATE: _late,
    Fault.FEW: _few,
    Fault.MANY: _many,
    Fault.STILL: _still,
    Fault.AHEAD: _ahead,
}
