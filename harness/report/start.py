"""The start page of `seatrial ui`: what the ledger says last, and where Dagster says otherwise.

Dagster keeps a record of its own, which people can write into by hand. The ledger decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from harness.claims import stable_schema
from harness.report import summary, words
from harness.report.frame import SIGNS, environment
from harness.result import Planned, RecordedVerdict
from harness.verdict import GOOD, Outcome

_SHORT = 8
"""Characters of a run's id, as Dagster shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What Dagster shows at a check."""

    status: str
    """SUCCEEDED, FAILED, or a word of a run that has not got so far."""
    run: str
    """Empty if it was reported by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where Dagster's record is not the ledger's."""

    text: str
    misleads: bool
    """Whether it may be taken for a verdict that nobody gave; else it is older, or missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One claim."""

    planned: Planned
    outcome: Outcome
    recorded: RecordedVerdict | None
    link: str | None
    difference: Difference | None

    @property
    def where(self) -> str:
        """As `crm.customers`."""
        return summary.where(self.planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """One claim that turned bad and is not good again, in words."""

    id: str
    planned: Planned
    outcome: Outcome
    """Of its last verdict."""
    since: datetime
    """When it was detected."""
    told: tuple[tuple[str, str], ...]
    """`told` or `not told`, and whom, when and how."""
    acknowledged: str | None
    """When and by whom."""

    @property
    def where(self) -> str:
        """As `crm.customers`."""
        return summary.where(self.planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the page is about."""

    pilot: str
    title: str
    environment: str
    user: str
    role: str
    rows: tuple[Row, ...]
    problem: str | None
    """Why there is no verdict at all, if there is none."""
    report: bool
    """Whether a run has written its report."""
    operates: bool
    bundles: tuple[str, ...] = ()
    """The folders of evidence in the results, the newest first."""
    schedules: tuple[tuple[str, str], ...] = ()
    """Each schedule of Dagster, and in words whether it starts anything and when."""
    incidents: tuple[OpenIncident, ...] = ()
    """Oldest first."""
    tested: tuple[str, ...] = ()
    """What came of the last test of the alerts, a line for each channel."""

    @property
    def ready(self) -> bool:
        """Whether one run proved all of it."""
        return len(self._runs) == 1 and all(row.outcome in GOOD for row in self.rows)

    @property
    def reason(self) -> str:
        """Why, in numbers."""
        if self.problem is not None:
            return self.problem
        good = sum(row.outcome in GOOD for row in self.rows)
        runs = len(self._runs)
        several = f" The verdicts are of {runs} runs; ready is what one run proves." * (runs > 1)
        return f"{good} of {len(self.rows)} claims are proven or waived.{several}"

    @property
    def _runs(self) -> set[str]:
        """The runs whose verdicts these are, but for a later one that judged the columns alone, as
        a look for drift does: it says more of them, and takes nothing from the rest.
        """
        recorded = [row.recorded for row in self.rows if row.recorded]
        rest = [one for one in recorded if one.verdict.claim != stable_schema.CLAIM.name]
        last = max((one.at for one in rest), default=None)
        columns = [one for one in recorded if one not in rest and (not last or one.at < last)]
        return {one.run for one in rest + columns}

    @property
    def counts(self) -> list[tuple[Outcome, int]]:
        """Each outcome that occurs, with its number, worst first."""
        seen = Counter(row.outcome for row in self.rows)
        return [(outcome, seen[outcome]) for outcome in summary.WORST_FIRST if seen[outcome]]

    @property
    def differing(self) -> list[Row]:
        """The rows where Dagster may mislead."""
        return [row for row in self.rows if row.difference and row.difference.misleads]

    @property
    def newest(self) -> RecordedVerdict | None:
        """The newest verdict."""
        recorded = [row.recorded for row in self.rows if row.recorded]
        return max(recorded, key=lambda one: one.at, default=None)


def difference(recorded: RecordedVerdict | None, shown: Shown | None) -> Difference | None:
    """Where Dagster's record of one check is not the ledger's; None where they agree."""
    if shown is None:
        text = "Dagster has no record of it"
        return Difference(text=text, misleads=False) if recorded else None
    if not shown.run:
        text = f"{shown.status} was reported by hand; no run judged it"
        return Difference(text=text, misleads=True)
    if shown.status not in ("SUCCEEDED", "FAILED"):
        return Difference(text=f"run {shown.run[:_SHORT]} has not judged it", misleads=False)
    return _of_runs(recorded, shown)


def _of_runs(recorded: RecordedVerdict | None, shown: Shown) -> Difference | None:
    told = f"{shown.status} by run {shown.run[:_SHORT]}"
    if recorded is None:
        return Difference(text=f"{told}, which the ledger does not know", misleads=True)
    misleads = (shown.status == "SUCCEEDED") != (recorded.verdict.outcome in GOOD)
    if shown.run == recorded.run and not misleads:
        return None
    return Difference(text=f"{told}, the ledger's is {recorded.run[:_SHORT]}", misleads=misleads)


def rows(
    wanted: Collection[Planned],
    recorded: Mapping[Planned, RecordedVerdict],
    shown: Mapping[Planned, Shown],
    links: Mapping[Planned, str],
) -> tuple[Row, ...]:
    """A row for each claim that is planned or was judged, worst first. Absence is NOT_RUN."""
    names = {*wanted, *recorded}
    found = [
        Row(
            planned=one,
            outcome=recorded[one].verdict.outcome if one in recorded else Outcome.NOT_RUN,
            recorded=recorded.get(one),
            link=links.get(one),
            difference=difference(recorded.get(one), shown.get(one)),
        )
        for one in sorted(names, key=lambda p: (p.source, p.dataset or "", p.claim))
    ]
    return tuple(
        sorted(
            found,
            key=lambda row: (
                not (row.difference and row.difference.misleads),
                summary.WORST_FIRST.index(row.outcome),
            ),
        )
    )


def render(start: Start) -> str:
    """The page."""
    template = environment().get_template("start.html.j2")
    return template.render(start=start, signs=SIGNS, words=words)
