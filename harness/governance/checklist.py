"""The checklist of governance: each item filled by facts, by people, or missing; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from harness.evidence.evidence import Evidence
from harness.governance import data, decided, record
from harness.governance.document import digest
from harness.governance.items import By, Item, items
from harness.governance.known import Answered, Known
from harness.pilot.model import LoadedPilot
from harness.signing.register import Register

_ANSWERS = {**data.ANSWERS, **record.ANSWERS, **decided.ANSWERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One item of the checklist."""

    item: Item
    by: By
    says: str
    whose: str
    """Who is to fill it, by name where the pilot names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Every item once, in the order of `items.json`."""

    pilot: str
    environment: str
    digest: str | None
    """Of what is signed (`document.py`); None where the pilot has no `governance`."""
    answers: tuple[Answer, ...]

    @property
    def missing(self) -> tuple[Answer, ...]:
        """What nobody filled."""
        return self.filled(By.MISSING)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing; without any governance nothing is complete."""
        return self.digest is not None and not self.missing

    @property
    def by_facts(self) -> float:
        """The share of all items that facts fill; a default is no fact."""
        return len(self.filled(By.FACTS)) / len(self.answers)

    def filled(self, by: By) -> tuple[Answer, ...]:
        """The items that are filled in one way."""
        return tuple(one for one in self.answers if one.by is by)


def checklist(
    loaded: LoadedPilot,
    evidence: Evidence | None,
    *,
    environment: str,
    today: date,
    register: Register | None = None,
) -> Checklist:
    """What is known of a pilot in one environment. `evidence` is of its whole ledger, or None
    where nothing was recorded; `today` decides which questions wait for too long, and which
    amendments hold; the register, whose signatures on these count.
    """
    return of(
        Known(
            loaded=loaded,
            environment=environment,
            evidence=evidence,
            today=today,
            register=register,
        )
    )


def of(known: Known) -> Checklist:
    """The same, of what is known already."""
    return Checklist(
        pilot=known.loaded.pilot.name,
        environment=known.environment,
        digest=digest(known.loaded.settings),
        answers=tuple(_answer(known, item, _ANSWERS[item.id](known)) for item in items()),
    )


def _answer(known: Known, item: Item, answered: Answered) -> Answer:
    owners = [known.owner(one).owner or f"the owner of {one}" for one in answered.sources]
    return Answer(
        item=item,
        by=answered.by,
        says=answered.says,
        whose="; ".join(dict.fromkeys(owners)) or item.whose,
    )
