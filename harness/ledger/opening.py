"""What is checked before anything in a ledger counts.

All of it once a day: each entry follows the one before it, and runs, cursors and nights are what
the entries say. In between what is new since the last mark, which somebody signed or this process
made. The mark knows the heads of all runs before it, and the run that came last before it says in
its first entry which nights it found; so what a run rests on is checked every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from connectors.secrets import Secret
from harness.claims.wording import count
from harness.errors import ConfigurationError
from harness.ledger import kept
from harness.ledger.body import UNREADABLE
from harness.ledger.chain import GENESIS, Entry, breaks
from harness.ledger.cursor import high_water
from harness.ledger.derived import CursorOf, Derived
from harness.ledger.found import Found, found_by
from harness.ledger.heads import Mark, RunRow, is_beginning, log_of, mark_of
from harness.ledger.held import differences, unlike
from harness.ledger.ledger import Ledger, read_ledger, utc_now
from harness.ledger.nights import Night, digest, hashed, night, read, unreadable
from harness.ledger.snapshot import Snapshot, Span
from harness.ledger.tables import CHECKED
from harness.say import complain
from harness.signing.log import Log

A_DAY = timedelta(hours=24)
"""How old the last look at all entries may be."""
_MOST = 20
"""Differences of one kind that are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A ledger in which everything counts."""

    found: Found
    mark: Mark
    """This process knows it so far."""
    history: tuple[Night, ...]
    """What its runs left, the first one first; of one that was killed as well."""
    lacking: Mapping[int, bytes]
    """Nights of runs of earlier releases that are not in their table."""
    remark: str | None
    """What may be a kill or somebody's change, in a clause: that nobody can tell."""

    @property
    def says(self) -> dict[str, Any]:
        """What the first entry of a run that begins now says of it."""
        return {CHECKED: self.found}


def require_whole(
    ledger: Ledger, name: str, *, now: datetime, mark: Mark | None = None
) -> Checked:
    """Check the ledger as far as it is not known. Raises ConfigurationError for whatever somebody
    changed in it, by name.
    """
    with ledger.snapshot() as seen:
        return _required(known(seen, now=now, mark=mark) or whole(seen, now=now, mark=mark), name)


def verified(ledger: Ledger, name: str, *, now: datetime, mark: Mark | None = None) -> Checked:
    """Check all of the ledger. Raises ConfigurationError likewise."""
    with ledger.snapshot() as seen:
        return _required(whole(seen, now=now, mark=mark), name)


def changes_in(ledger: Ledger, *, now: datetime, mark: Mark | None = None) -> list[str]:
    """What somebody changed in the ledger, as `require_whole` tells it; nothing if it is whole."""
    with ledger.snapshot() as seen:
        found = known(seen, now=now, mark=mark) or whole(seen, now=now, mark=mark)
    return found if isinstance(found, list) else []


def take_up(ledger: Ledger, name: str, *, now: datetime, mark: Mark | None = None) -> Checked:
    """Check the ledger as `require_whole` does, and add what one of an earlier release lacks."""
    checked = require_whole(ledger, name, now=now, mark=mark)
    ledger.add_nights(checked.lacking)
    return checked


def verified_entries(
    seen: Snapshot, name: str, *, now: datetime, mark: Mark | None = None
) -> tuple[Entry, ...]:
    """All entries of a ledger, of which all was checked. Raises ConfigurationError likewise."""
    entries = tuple(seen.entries())
    _required(whole(seen, now=now, mark=mark, entries=entries), name)
    return entries


def entries_at(
    place: Path | Secret, *, now: Callable[[], datetime] = utc_now
) -> tuple[Entry, ...]:
    """All entries of an existing ledger, of which all was checked. Raises ConfigurationError
    likewise, and if there is none.
    """
    name = str(place) if isinstance(place, Path) else place.reference
    with read_ledger(place) as ledger, ledger.snapshot() as seen:
        return verified_entries(seen, name, now=now())


def whole(
    seen: Snapshot, *, now: datetime, mark: Mark | None, entries: Iterable[Entry] | None = None
) -> Checked | list[str]:
    """All of it, or what is wrong with it; `entries` if they are at hand."""
    rows, runs = seen.nights(), seen.runs()
    said = Derived(last=(0, GENESIS), known=rows or ())
    hashes = None if rows is None else hashed(rows)
    broken = list(islice(breaks(_told(entries or seen.entries(), said)), _MOST))
    if broken:
        return broken
    log, notes = _log(seen, runs), seen.checkpoints()
    unlikely = chain(
        differences(said, runs=runs, cursors=seen.cursors(), nights=hashes),
        () if mark is None else unlike(mark, runs),
        kept.differences(notes, log, said.claims),
    )
    if found := list(islice(unlikely, _MOST)):
        return found
    try:
        history = _history(said, runs, {**said.nights, **(rows or {})})
    except UNREADABLE:
        return list(islice(unreadable(entries or seen.entries()), _MOST))
    return _checked(said, runs, history, now, hashes, notes)


def known(seen: Snapshot, *, now: datetime, mark: Mark | None) -> Checked | None:
    """What follows from the mark and from the entries since; None where all is to be checked, as
    the last look at all is too old, or as something is not as it was.
    """
    if mark is None or mark.size == 0:
        return None
    try:
        return _known(seen, now, mark)
    except (_Otherwise, *UNREADABLE):
        return None  # the look at all says what it is


class _Otherwise(Exception):
    """Something is not as the mark knows it, or too much time has passed."""


def _known(seen: Snapshot, now: datetime, mark: Mark) -> Checked:
    runs, rows = seen.runs(), seen.nights() or {}
    found, whole_at = _last_look(seen, runs, mark)
    if not timedelta() <= now - whole_at <= A_DAY:
        raise _Otherwise
    old, new = runs[: found.runs], runs[found.runs :]
    hashes = hashed(rows)
    if digest(hashes[run.number] for run in old) != found.nights:
        raise _Otherwise
    after = (_span(seen, old[-1]).last, old[-1].head) if old else (0, GENESIS)
    said = Derived(last=after, before=len(old), known=rows)
    if any(breaks(_told(seen.entries(after=after[0]), said), after=after)):
        raise _Otherwise
    if seen.extent() != (said.last[0], said.last[0]):
        raise _Otherwise
    history = _history(said, runs, rows)
    if not all(_is_of(row, left) for row, left in zip(old, history, strict=False)):
        raise _Otherwise
    said.cursors = {**_moved(history[: len(old)]), **said.cursors}
    of_new = {number: one for number, one in hashes.items() if number > len(old)}
    if any(differences(said, runs=new, cursors=seen.cursors(), nights=of_new)):
        raise _Otherwise
    log, notes = _log(seen, runs), seen.checkpoints()
    if any(kept.differences(notes, log, said.claims)):
        raise _Otherwise
    return _checked(said, runs, history, whole_at, hashes, notes)


def _span(seen: Snapshot, run: RunRow) -> Span:
    span = seen.span(run.run)
    if span is None:
        raise _Otherwise
    return span


def _last_look(seen: Snapshot, runs: Sequence[RunRow], mark: Mark) -> tuple[Found, datetime]:
    """What the last run that the mark knows has found, and when all was checked last. Its first
    entry is part of what its head stands for, which the chain from there on shows.
    """
    if not is_beginning(mark, runs):
        raise _Otherwise
    last = [run for run in runs if run.ended][mark.size - 1]
    first = seen.entry(_span(seen, last).first)
    found = None if first is None else found_by(first.body)
    if found is None or not 0 <= found.runs < last.number:
        raise _Otherwise
    return found, max(filter(None, (found.whole_at, mark.whole_at)))


def _told(entries: Iterable[Entry], said: Derived) -> Iterator[Entry]:
    for entry in entries:
        said.add(entry)
        yield entry


def _history(
    said: Derived, runs: Sequence[RunRow], rows: Mapping[int, bytes]
) -> tuple[Night, ...]:
    killed = [night(of, run.taken_up) for run in said.running() if (of := run.of) is not None]
    return tuple(read([*(rows[run.number] for run in runs if run.ended), *killed]))


def _log(seen: Snapshot, runs: Sequence[RunRow]) -> Log:
    first = seen.entry(1)
    return log_of(GENESIS if first is None else first.sha256, runs)


def _checked(  # noqa: PLR0913, PLR0917 - all that was read
    said: Derived,
    runs: Sequence[RunRow],
    history: tuple[Night, ...],
    whole_at: datetime,
    hashes: Mapping[int, bytes] | None,
    notes: Sequence[kept.Kept],
) -> Checked:
    hashes = {**hashed(said.nights), **(hashes or {})}
    ended = [run.number for run in runs if run.ended]
    return Checked(
        found=Found(
            checkpoints=kept.digest(notes),
            entries=said.last[0],
            nights=digest(hashes[number] for number in ended),
            runs=len(ended),
            whole_at=whole_at,
        ),
        mark=mark_of(runs, whole_at=whole_at),
        history=history,
        lacking=said.nights,
        remark=_remark(runs, notes),
    )


def _remark(runs: Sequence[RunRow], notes: Sequence[kept.Kept]) -> str | None:
    """A checkpoint is kept after its run has ended. Later runs know whether it was."""
    if not runs or not all(run.ended for run in runs) or kept.is_of(len(runs), notes):
        return None
    return (
        f"run {runs[-1].run} has no checkpoint: it has just ended, was killed as it did, or "
        "somebody deleted that; the next run's checkpoint covers it"
    )


def _moved(history: Sequence[Night]) -> dict[CursorOf, tuple[datetime, int]]:
    """Where the readings of these nights moved the cursors."""
    found: dict[tuple[str, str], dict[tuple[str, str], tuple[datetime, int]]] = {}
    for of_run in reversed(history):
        known = found.setdefault((of_run.pilot, of_run.environment), {})
        for seq, recorded in reversed(of_run.reading):
            of = (recorded.source, recorded.dataset)
            if of not in known and (newest := high_water(recorded.reading)) is not None:
                known[of] = (newest, seq)
    return {(*of, *at): moved for of, known in found.items() for at, moved in known.items()}


def _is_of(row: RunRow, left: Night) -> bool:
    of = (left.run, left.pilot, left.environment, left.slot)
    return (row.run, row.pilot, row.environment, row.slot) == of


def _required(found: Checked | list[str], name: str) -> Checked:
    if isinstance(found, Checked):
        if found.remark is not None:
            complain(f"  ledger {name}: {found.remark}")
        return found
    first, *others = found
    more = f" (and {count(len(others), 'more difference')})" if others else ""
    raise ConfigurationError(
        f"ledger {name}: {first}{more}: keep it, and name another --out or --ledger"
    )
