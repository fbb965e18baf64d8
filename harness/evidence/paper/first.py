"""What must happen, by whom and until when: the tasks of the page, in print."""

from __future__ import annotations

from harness.evidence import page
from harness.evidence.evidence import Evidence
from harness.evidence.paper.cells import paragraph, rows
from harness.report.document import Block, Link, Section, Table, Words
from harness.report.frame import SIGNS
from harness.report.tasks import Desk, Work, desks, nights_left, tasks


def left(evidence: Evidence) -> str:
    """How long it takes at least, in one sentence; empty where nothing lacks nights."""
    newest = evidence.newest
    return nights_left(newest.judged, night=newest.night) if newest else ""


def section(evidence: Evidence, title: str) -> Section:
    """By owner, the worst first."""
    newest, owners = evidence.newest, page.owners(evidence)
    found = tasks(newest.judged, owners, night=newest.night) if newest else ()
    if found:
        says = "Who must do what until when, so that the pilot is READY and stays so."
        opening = paragraph(f"{says} Each line leads to its verdict.")
    elif newest:
        opening = paragraph("Nothing: every verdict is PROVEN.")
    else:
        opening = paragraph(
            "No verdict: nothing was planned. Plan what must be proven, then prove."
        )
    parts = tuple(_desk(one, place) for place, one in enumerate(desks(found, owners), 1))
    return Section(title, "tasks", (opening,), parts)


def _desk(desk: Desk, place: int) -> Section:
    reach: tuple[Block, ...] = (paragraph("; ".join(desk.reach)),) if desk.reach else ()
    table = Table(
        caption="What is to be done, the worst first.",
        heads=("What must happen", "Until when", "Verdicts"),
        widths=(3, 1.6, 2.6),
        rows=rows((one.what, one.by_when, _verdicts(one)) for one in desk.works),
    )
    return Section(desk.owner, f"desk-{place}", (*reach, table))


def _verdicts(work: Work) -> Words:
    parts = [
        (
            f"{SIGNS[one.outcome]}\u00a0{one.outcome} ",
            Link(f"{one.claim} of {one.where}", one.anchor),
        )
        for one in work.tasks
    ]
    return tuple(part for one in parts for part in (*one, "; "))[:-1]
