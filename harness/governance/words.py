"""The checklist and a trace, in lines for a terminal of 80 columns; pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap

from harness.claims.wording import count, moment, name, percent
from harness.governance.checklist import Answer, Checklist
from harness.governance.items import By
from harness.governance.trace import Followed, Trace

WIDTH = 80
_SIGNS = {
    By.FACTS: "✓ facts",
    By.PEOPLE: "✓ people",
    By.DEFAULT: "✓ default",
    By.MISSING: "✕ missing",
}
_COLUMN = 10
_SHORT = 12


def describe(found: Checklist) -> Iterator[str]:
    """Every item with its answer, then how many are filled by what, and what is missing."""
    for topic, answers in groupby(found.answers, key=lambda one: one.item.topic):
        yield topic.upper()
        for one in answers:
            yield from _of(one)
    filled = ", ".join(f"{len(found.filled(by))} {by}" for by in By)
    yield f"{count(len(found.answers), 'item')}: {filled}; {percent(found.by_facts)} by facts"
    if found.complete:
        yield "complete: nothing is missing"
    elif found.digest is None:
        yield "not complete: pilot.yaml has no governance (docs/governance.md)"
    else:
        yield f"not complete: {count(len(found.missing), 'item')} missing"


def _of(one: Answer) -> Iterator[str]:
    yield from _wrapped(one.item.asks, first=f"{_SIGNS[one.by]:<{_COLUMN}}")
    yield from _wrapped(one.says, first=" " * (_COLUMN + 2))
    if one.by is By.MISSING:
        yield from _wrapped(f"to fill it: {one.whose}", first=" " * (_COLUMN + 2))


def _wrapped(text: str, *, first: str) -> Iterator[str]:
    # A digest or an address is never broken: it would no longer be found.
    yield from wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


def follow(found: Trace) -> Iterator[str]:
    """The way of one decision, from its line in the log to the readings; no value of a person."""
    record = found.decision.record
    yield f"decision {name(record['id'])}: line {found.decision.line} of {found.of}"
    yield f"  decided {record['time']}: {record['outcome']}"
    yield f"  model {found.model}, version {name(record['model'])}"
    for field, columns in found.fields:
        yield from _wrapped(f"{field} ← {', '.join(columns)}", first="    ")
    for one in found.data:
        yield from _data(one, record["contracts"][one.dataset])
    for gap in found.gaps:
        yield from _wrapped(gap, first="  ✕ ")
    yield "followed from end to end" if not found.gaps else "not followed to its end"


def _data(one: Followed, contract: str) -> Iterator[str]:
    yield f"  {one.dataset}, contract {contract[:_SHORT]}…"
    yield f"    data {one.given}"
    if one.read is not None:
        yield f"      read by run {one.read.run}, night {one.read.slot}"
        yield f"      entry {one.read.seq}, {moment(one.read.at)}"
    if one.newest is not None and one.newest != one.read:
        yield f"    newest reading {one.newest.sha256}"
        yield f"      run {one.newest.run}, night {one.newest.slot}, entry {one.newest.seq}"
