"""A ledger of 400 nights x 100 datasets: 320,000 entries and more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.opened import CONTRACT, DATASETS, ENDPOINT
from connectors.events import Witness, WitnessKind
from contracts.defaults import persisted_fields
from harness.facts import Delivery, EvidenceClass, Latency, Reading
from harness.ledger.chain import Entry, link
from harness.ledger.heads import Mark
from harness.ledger.ledger import Header, Launch, Origin, open_ledger
from harness.ledger.opening import take_up

CLAIMS = ("fresh", "arrives", "complete", "conforms", "stable_schema")
_FIRST = datetime(2025, 1, 1, 3, tzinfo=UTC)
_LAUNCH = Launch(user="prover (1000)", host="proof-1", launcher="schedule nightly")


@dataclass(slots=True)
class _Chain:
    last: tuple[int, str] | None = None

    def add(self, run: str, kind: str, body: object) -> Entry:
        entry = link(self.last, run=run, kind=kind, body=body)
        self.last = (entry.seq, entry.sha256)
        return entry


def grow(place: Path, nights: int) -> Mark:
    """Write the ledger, with a short run that ends now; what somebody could have signed of it."""
    with open_ledger(place):
        pass
    chain = _Chain()
    with closing(sqlite3.connect(place)) as connection, connection:
        for night in range(nights):
            header, entries = _header(night), list(_entries(chain, night))
            cursors = {e.seq: n for e, n in entries if n is not None}
            run = (header.run, "bench", "dev", header.slot, "FINISHED", entries[-1][0].sha256)
            connection.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", (night + 1, *run))
            connection.executemany(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(e.seq, e.run, e.kind, e.format, e.body, e.sha256, e.prev) for e, _ in entries],
            )
            newest = _newest(night).isoformat()
            connection.executemany(
                "INSERT OR REPLACE INTO cursors VALUES ('bench', 'dev', 'shop', ?, ?, ?)",
                [(name, newest, seq) for seq, name in cursors.items()],
            )
    now = datetime.now(UTC)
    with open_ledger(place) as ledger:
        header = replace(_header(nights), run="now")
        checked = take_up(ledger, "ledger", now=now)
        ledger.begin(header, {"planned": [], **checked.says}, at=now)
        ledger.end(header, "FINISHED", {}, at=now)
        return take_up(ledger, "ledger", now=now).mark


def _at(night: int) -> datetime:
    return _FIRST + night * timedelta(days=1)


def _newest(night: int) -> datetime:
    return _at(night) - timedelta(minutes=5)


def _header(night: int) -> Header:
    return Header(
        pilot="bench",
        environment="dev",
        run=f"{_at(night):%Y%m%dT%H%M%SZ}-{night:08x}",
        slot=_at(night).date().isoformat(),
        code="0.1.0+0123456789abcdef",
        launch=_LAUNCH,
        configuration="ab" * 32,
    )


def _entries(chain: _Chain, night: int) -> Iterator[tuple[Entry, str | None]]:
    """Each with the dataset whose cursor it moves."""
    header, at = _header(night), _at(night)
    common = {**persisted_fields(header), "at": at}
    names = [f"d{number}" for number in range(DATASETS)]
    planned = [{"source": "shop", "dataset": n, "claim": c} for n in names for c in CLAIMS]
    yield chain.add(header.run, "started", {**common, "planned": planned}), None
    for name in names:
        origin = Origin(
            source="shop",
            dataset=name,
            endpoint=ENDPOINT,
            contract=CONTRACT,
            evidence_class=EvidenceClass.PRODUCTION,
            locator=f"sales.{name}",
        )
        of = {**common, **persisted_fields(origin)}
        reading = {**of, "reading": persisted_fields(_reading(name, night))}
        yield chain.add(header.run, "reading", reading), name
        rules = [{"rule": f"r{n}", "failed": 0, "evaluated": 1000} for n in range(6)]
        yield chain.add(header.run, "evaluation", {**of, "evaluation": {"rules": rules}}), None
        yield chain.add(header.run, "baseline", {**of, "baseline": {"dataset": name}}), None
        for claim in CLAIMS:
            verdict = {"claim": claim, "outcome": "PROVEN", "because": "As promised.", "n": night}
            yield chain.add(header.run, "verdict", {**of, "verdict": verdict}), None
    yield chain.add(header.run, "finished", {**common, "planned": len(planned)}), None


def _reading(name: str, night: int) -> Reading:
    at = _at(night)
    day, newest = at.date(), _newest(night)
    return Reading(
        source="shop",
        dataset=name,
        slot=day,
        night=day,
        started_at=at,
        seconds=1.5,
        rows=1000,
        bytes=0,
        columns=("order_key", "customer", "amount", "currency", "ordered_at"),
        rescued=0,
        newest_event_at=newest,
        oldest_event_at=at - timedelta(days=1),
        sha256="ab" * 32,
        witness=Witness(kind=WitnessKind.SNAPSHOT_COUNT, unit="rows", declared=1000, detail="7"),
        deliveries=(
            Delivery(
                name=f"{name}@{day}",
                day=day,
                available_at=at,
                rows=1000,
                newest_event_at=newest,
                sha256="ab" * 32,
            ),
        ),
        attempts=3,
        retries=0,
        waited_seconds=0.0,
        authentications=1,
        renewals=0,
        renewals_between_pages=0,
        refusals=(),
        throttled=0,
        latency=Latency(n=3, p50=1.5, p95=2.5, maximum=3.25, samples=(1.5, 2.5, 3.25)),
        failure=None,
    )
