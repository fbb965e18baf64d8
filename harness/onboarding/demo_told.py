"""What the demo's owners were told: counted from what their room received, and nothing else.

posted to the room ─ read ─▶ news ─┬─ lines ─▶ the terminal
                                   └─ shortfalls, against the verdicts of both trials
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from harness.alerts.incident import BAD
from harness.alerts.records import Step
from harness.pilot.settings import Owner
from harness.report.summary import where
from harness.result import Planned, Result
from harness.verdict import GOOD

_COLUMN = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One line of a message, as it arrived."""

    step: Step
    source: str
    dataset: str | None
    claim: str

    @property
    def planned(self) -> Planned:
        """What it is about."""
        return Planned(source=self.source, dataset=self.dataset, claim=self.claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    news: tuple[News, ...]


def read(posted: Iterable[bytes]) -> tuple[News, ...]:
    """All news of all messages, oldest first."""
    messages = [msgspec.json.decode(body, type=_Message) for body in posted]
    return tuple(news for message in messages for news in message.news)


def lines(heard: Sequence[News], owners: Mapping[str, Owner]) -> list[str]:
    """Who was told how often, one line for each source with an incident."""
    once = len(set(heard)) == len(heard)
    counts = Counter((one.source, one.step) for one in heard)
    return [
        f"What the owners' room received, {'nothing' if once else 'some'} of it twice:",
        *(
            f"  {source:<{_COLUMN}}{owner.owner}: {counts[source, Step.OPENED]} broken, "
            f"{counts[source, Step.MENDED] or 'none'} mended"
            for source, owner in owners.items()
            if counts[source, Step.OPENED] or counts[source, Step.MENDED]
        ),
    ]


def shortfalls(heard: Sequence[News], as_found: Result, repaired: Result) -> list[str]:
    """Where they were told anything but once of each bad verdict as found, and once of each that
    was good when repaired.
    """
    bad = {j.planned for j in as_found.judged if j.outcome in BAD}
    good = {j.planned for j in repaired.judged if j.outcome in GOOD}
    wanted = Counter({(one, Step.OPENED): 1 for one in bad})
    wanted.update((one, Step.MENDED) for one in bad & good)
    told = Counter((one.planned, one.step) for one in heard)
    return [
        f"{where(one)} {one.claim}: {step} was told {told[one, step]} times, not {times} times"
        for (one, step), times in _all(wanted, told).items()
        if told[one, step] != times
    ]


def _all(
    wanted: Counter[tuple[Planned, Step]], told: Counter[tuple[Planned, Step]]
) -> dict[tuple[Planned, Step], int]:
    return {one: wanted[one] for one in (*wanted, *told)}
