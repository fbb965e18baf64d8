"""The tables of a ledger held against its entries; pure. Each difference is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from harness.ledger.derived import CursorOf, Derived, Run
from harness.ledger.heads import Mark, RunRow, leaves
from harness.ledger.nights import hashed
from harness.ledger.snapshot import CursorRow
from harness.signing.log import Log, objection
from harness.signing.note import Checkpoint
from harness.signing.tree import leaf_hash


def differences(
    said: Derived,
    *,
    runs: Sequence[RunRow],
    cursors: Sequence[CursorRow],
    nights: Mapping[int, bytes] | None,
) -> Iterator[str]:
    """Whatever the other tables say and the entries do not, and the reverse, as clauses. `nights`
    are the digests of those rows; None in a ledger of an earlier release, which has no such table.
    """
    yield from said.wrong
    yield from _of_runs(said.runs, runs)
    yield from _of_cursors(said.cursors, cursors)
    if nights is not None:
        yield from _of_nights(said.runs, {**hashed(said.nights), **nights})


def unlike(mark: Mark, runs: Sequence[RunRow]) -> Iterator[str]:
    """How the runs differ from those of a mark, which was signed."""
    signed = Checkpoint(origin="", size=mark.size, root=mark.root)
    here = Log(origin="", hashes=[leaf_hash(leaf) for leaf in leaves(runs)])
    if (said := objection(here, signed)) is not None:
        yield f"it is not what was signed: {said}"


def _of_runs(said: Mapping[str, Run], rows: Sequence[RunRow]) -> Iterator[str]:
    by_run = {row.run: row for row in rows}
    for run, says in said.items():
        row = by_run.get(run)
        if row is None:
            yield f"run {run} is missing: entry {says.first} began it"
            continue
        of = says.of
        pairs = {
            "number": (row.number, says.number),
            "state": (row.state, says.state),
            "head": (row.head, says.head),
            **({} if of is None else {
                "pilot": (row.pilot, of.pilot),
                "environment": (row.environment, of.environment),
                "slot": (row.slot, of.slot),
            }),
        }  # fmt: skip
        for column, (is_, was) in pairs.items():
            if is_ != was:
                yield f"run {run} was changed: its {column} is {is_}, by its entries {was}"
        if of is not None and of.run != run:
            yield f"run {run} was changed: its first entry says that it is {of.run}"
    for row in rows:
        if row.run not in said:
            yield f"run {row.run} (number {row.number}) has no entry"


def _of_cursors(
    said: Mapping[CursorOf, tuple[datetime, int]], rows: Sequence[CursorRow]
) -> Iterator[str]:
    by_key = {(row.pilot, row.environment, row.source, row.dataset): row for row in rows}
    for of, (newest, seq) in said.items():
        row = by_key.get(of)
        if row is None:
            yield f"{_cursor(of)} is missing: entry {seq} moved it"
        elif row.seq != seq or _instant(row.value) != newest:
            is_, was = f"{row.value} by entry {row.seq}", f"{newest.isoformat()} by entry {seq}"
            yield f"{_cursor(of)} was changed: it is {is_}, by the entries {was}"
    for of in by_key:
        if of not in said:
            yield f"{_cursor(of)} was moved by no entry"


def _of_nights(said: Mapping[str, Run], rows: Mapping[int, bytes]) -> Iterator[str]:
    expected = {run.number: run.night for run in said.values() if run.night is not None}
    names = {run.number: name for name, run in said.items()}
    for number, night in expected.items():
        if number not in rows:
            yield f"the night of run {names[number]} is missing in the table nights"
        elif rows[number] != night:
            yield f"the night of run {names[number]} was changed in the table nights"
    for number in rows.keys() - expected.keys():
        yield f"the table nights has a night {number} of no run that ended"


def _cursor(of: CursorOf) -> str:
    pilot, environment, source, dataset = of
    return f"the cursor of {source}.{dataset} ({pilot}, {environment})"


def _instant(text: str) -> datetime | None:
    """The moment in its one spelling; None for any other text."""
    try:
        found = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    return found if found.isoformat() == text else None
