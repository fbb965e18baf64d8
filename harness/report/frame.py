"""What every page has in common: one file without network, scripts or other files.

    head · state · contents · what must happen · the page's own sections · a place to sign · words

Every value from data passes `finalize`, which escapes hidden characters, and then autoescape. No
template marks anything safe. Charts and linked words are Markup whose parts were escaped in the
same way.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.facts import EvidenceClass, Register
from harness.report import excused, failed_rules, figures, glossary, rests, summary, tasks, words
from harness.report.rests import Known, Place
from harness.result import Judged
from harness.say import visible
from harness.verdict import Outcome

SIGNS = {
    Outcome.PROVEN: "✓",
    Outcome.BROKEN: "✕",
    Outcome.UNPROVEN: "?",
    Outcome.ERROR: "!",
    Outcome.NOT_RUN: "○",
    Outcome.STALE: "~",
    Outcome.WAIVED: "§",
}
"""A sign beside each word, for readers who cannot distinguish the colours."""
ROLES = ("Engineering", "Security", "Legal")
"""Who signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a page, listed in its contents. `template` is looked for in `sections/`."""

    id: str
    title: str
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A verdict as a page shows it."""

    judged: Judged
    anchor: str
    rests: Sequence[str]
    """The facts that it is judged by, in lines."""
    place: str | None
    """The id of what the page says of its dataset or source; None if it says no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All verdicts of one outcome."""

    outcome: Outcome
    shown: Sequence[Shown]

    @property
    def folded(self) -> bool:
        """Whether the reader has to unfold it: there is nothing to mend, or nothing but to wait
        and to bring what the tasks name.
        """
        return self.outcome in (Outcome.PROVEN, Outcome.UNPROVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the frame shows."""

    kicker: str
    """What kind of page it is."""
    pilot: str
    title: str
    ready: bool
    reason: str
    classes: Sequence[EvidenceClass]
    practice: str
    """What every page of practice says first; empty where all systems are real."""
    judged: Sequence[Judged]
    """In the plan's order."""
    owners: Mapping[str, Register]
    night: date
    """The newest one that was judged."""
    bound: tuple[str, str]
    """What a signature on the page is bound to: its name, and its digest."""
    sections: Sequence[Section]
    head: str
    """The template of what stands below its state."""
    foot: str
    """The template of its last lines."""


def render(page: Page, *, loader: Environment | None = None, **own: Any) -> str:
    """The page. `own` is what its own sections show. Equal values give equal bytes."""
    found = tasks.tasks(page.judged, page.owners, night=page.night)
    sections = (
        Section(id="tasks", title="What must happen", template="tasks.html.j2"),
        *page.sections,
        Section(id="sign", title="A place to sign", template="sign.html.j2"),
    )
    template = (loader or environment()).get_template("frame.html.j2")
    return template.render(
        own,
        page=page,
        desks=tasks.desks(found, page.owners),
        left=tasks.nights_left(page.judged, night=page.night),
        sections=sections,
        roles=ROLES,
        signs=SIGNS,
        words=words,
        figures=figures,
        failed_rules=failed_rules,
        linked=glossary.linked,
    )


def groups(
    judged: Sequence[Judged],
    known: Iterable[Known],
    places: Mapping[Place, str],
    *,
    earlier: Iterable[Known] = (),
) -> list[Group]:
    """The verdicts by outcome, worst first, in the plan's order within one. `places` are the ids
    of what the page says of each source and dataset, `earlier` the readings of nights before.
    """
    facts, before = rests.by_place(known), rests.by_place(earlier)
    shown = [
        Shown(
            judged=one,
            anchor=tasks.anchor(place),
            rests=rests.lines(one.planned, facts, before),
            place=places.get((one.planned.source, one.planned.dataset)),
        )
        for place, one in enumerate(judged)
    ]
    found = [
        Group(outcome=one, shown=[s for s in shown if s.judged.outcome is one])
        for one in summary.WORST_FIRST
    ]
    return [one for one in found if one.shown]


@cache
def environment() -> Environment:
    """Where every page of ours is rendered: whatever is from data is escaped."""
    made = Environment(
        loader=PackageLoader("harness.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["csp_hash"] = _csp_hash
    made.globals["excused"] = excused
    made.filters["explained"] = glossary.explained
    made.filters["coded"] = glossary.coded
    made.filters["terms"] = lambda page: list(glossary.used(page))
    return made


def _finalize(value: Any) -> Any:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible(value)


def _csp_hash(style: str) -> str:
    # CSP 3, 2.3.1: the digest of the exact text between <style> and </style>.
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"
