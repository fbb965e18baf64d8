"""The first pages: what must happen, by whom and until when; and what was not tested."""

from __future__ import annotations

from collections.abc import Iterator

from harness.evidence.evidence import Evidence
from harness.evidence.paper.cells import paragraph
from harness.report.document import Block, Link, Row, Section, Strong, Table
from harness.report.html import SIGNS
from harness.report.tasks import Desk, Work, desks, nights_left, registers, tasks


def sections(evidence: Evidence) -> Iterator[Section]:
    """What stands in the way of READY, by owner."""
    newest = evidence.newest
    if newest is None:
        return
    owners = registers(entry.fact for entry in newest.facts)
    found = tasks(newest.judged, owners, night=newest.night)
    left = nights_left(newest.judged, night=newest.night)
    opening = (
        paragraph(Strong(left or "No verdict waits for more nights.")),
        *(() if found else (paragraph("Nothing stands in the way."),)),
    )
    parts = tuple(_desk(one, place) for place, one in enumerate(desks(found, owners)))
    yield Section("What must happen, by whom and until when", "tasks", opening, parts)


def _desk(desk: Desk, place: int) -> Section:
    reach: tuple[Block, ...] = (paragraph(f"{'; '.join(desk.reach)}."),) if desk.reach else ()
    table = Table(
        caption=f"What {desk.owner} is to do, the worst first.",
        heads=("What must happen", "Until when", "Verdicts"),
        widths=(3, 1.6, 2.6),
        rows=tuple(map(_work, desk.works)),
    )
    return Section(desk.owner, f"desk-{place + 1}", (*reach, table))


def _work(work: Work) -> Row:
    links = [
        (Link(f"{one.claim} of {one.where}", one.anchor), f" {SIGNS[one.outcome]} {one.outcome}")
        for one in work.tasks
    ]
    said = [part for one in links for part in (*one, "; ")][:-1]
    return Row(((work.what,), (work.by_when,), tuple(said)))
