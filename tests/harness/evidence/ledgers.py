"""Ledgers with a few nights in them, to export: made by the ledger's own writer, without a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from connectors.secrets import Secret
from contracts.defaults import persisted_fields
from harness import tags
from harness.evidence.evidence import Evidence, Scope, read
from harness.ledger.cursor import high_water
from harness.ledger.ledger import Header, Ledger, Origin, entries, open_ledger
from harness.result import Planned
from harness.verdict import Outcome, Verdict
from tests.golden.facts import READING

Place = TypeVar("Place", Path, Secret)
FIRST = datetime(2026, 11, 20, 2, tzinfo=UTC)
DAY = timedelta(days=1)
FRESH = Planned(source="shop", dataset="orders", claim="fresh")
OWNED = Planned(source="shop", dataset=None, claim="owned")
SCOPE = Scope(pilot="acme", title="Acme", environment="dev", zone="UTC")
GOOD = (Outcome.PROVEN, Outcome.UNPROVEN)
ORIGIN = Origin(
    source="shop",
    dataset="orders",
    endpoint="https://shop.example/api",
    contract="12" * 32,
    evidence_class="sandbox",
)


def header(run: str, day: int = 0, *, pilot: str = "acme") -> Header:
    return Header(
        pilot=pilot,
        environment="dev",
        run=run,
        slot=f"{FIRST + day * DAY:%Y-%m-%d}",
        code="0.1.0+abc",
        configuration="34" * 32,
    )


def night(  # noqa: PLR0913 - what may differ between nights
    ledger: Ledger,
    run: str,
    day: int,
    *,
    outcomes: Sequence[Outcome] = GOOD,
    end: str | None = "FINISHED",
    by: str | None = None,
    armed: Sequence[str] = ("nightly",),
    pilot: str = "acme",
    job: str = "prove",
) -> None:
    """One run of one night, with a reading and a verdict for each outcome given."""
    of, at = header(run, day, pilot=pilot), FIRST + day * DAY
    planned = [FRESH, OWNED]
    begun = {"planned": planned, "due_at": at, "armed": list(armed), "job": job}
    ledger.begin(of, begun, at=at)
    fact = replace(READING, slot=at.date(), night=at.date(), started_at=at)
    newest = high_water(fact)
    cursor = None if newest is None else newest.isoformat()
    ledger.append(of, "reading", persisted_fields(fact), at=at, origin=ORIGIN, cursor=cursor)
    for one, outcome in zip(planned, outcomes, strict=False):
        origin = replace(ORIGIN, source=one.source, dataset=one.dataset)
        ledger.append(
            of, tags.VERDICT, persisted_fields(verdict(one, outcome)), at=at, origin=origin
        )
    if end is not None:
        said = {"by": by} if by else {"planned": 2, "executed": 2, "ready": False}
        ledger.end(of, end, said, at=at + timedelta(minutes=1))


def verdict(of: Planned, outcome: Outcome) -> Verdict:
    return Verdict(
        claim=of.claim,
        outcome=outcome,
        because=f"{of.claim} is {outcome}",
        expected="at most 24 h",
        observed="3 h",
        n=1,
        method="newest event",
    )


def nights(place: Place, count: int = 3) -> Place:
    with open_ledger(place) as ledger:
        for day in range(count):
            night(ledger, f"run-{day}", day)
    return place


def evidence(place: Path, **asked: object) -> Evidence:
    return read(entries(place), replace(SCOPE, **asked))  # type: ignore[arg-type]
