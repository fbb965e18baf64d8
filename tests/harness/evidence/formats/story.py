"""A ledger with every outcome, every way in which a run ends, a missed night and kept rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.events import Declared
from contracts.defaults import persisted_fields
from harness.evidence.evidence import Evidence
from harness.evidence.runs import EvidenceRun
from harness.facts import Baseline, ReadColumn
from harness.ledger.ledger import Ledger, open_ledger
from harness.result import Judged, Planned
from harness.verdict import Outcome
from tests.harness.evidence.ledgers import DAY, FIRST, ORIGIN, evidence, header, night
from tests.harness.report.results import HOSTILE

ENORMOUS = 2**53 + 1
"""No JSON number of every reader."""
ROWS = pa.table(
    {
        "id": [1, ENORMOUS],
        "price": pa.array([Decimal("1.10"), None], pa.decimal128(12, 2)),
        "seen_at": pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC")),
        "name": ["plain", "=1+1"],
    }
)
READS = tuple(
    ReadColumn(name=name, type=of, nullable=True, listed=None)
    for name, of in (
        ("id", "int64"),
        ("price", "decimal(12, 2)"),
        ("seen_at", "timestamp(us, UTC)"),
        ("name", "string"),
    )
)
BASELINE = Baseline(
    source="shop",
    dataset="orders",
    approved_by="Ada",
    approved_on=date(2026, 11, 1),
    run="run-0",
    declared=Declared(by="catalogue", columns=()),
    reads=READS,
)


def keep(ledger: Ledger, run: str, day: int, outcomes: Sequence[Outcome], sha256: str) -> None:
    """A run that keeps its rows."""
    of, at = header(run, day), FIRST + day * DAY
    night(ledger, run, day, outcomes=outcomes, end=None)
    ledger.append(of, "baseline", persisted_fields(BASELINE), at=at, origin=ORIGIN)
    kept = {"file": f"data/shop.orders/{run}.parquet", "sha256": sha256}
    ledger.append(of, "kept", kept, at=at, origin=ORIGIN)
    ledger.end(of, "FINISHED", {"planned": 2}, at=at + timedelta(minutes=1))


def rows(folder: Path, run: str) -> str:
    """Write the rows that a run kept below `folder`; their digest."""
    file = folder / "data" / "shop.orders" / f"{run}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(ROWS, file)
    return hashlib.sha256(file.read_bytes()).hexdigest()


def told(folder: Path) -> Evidence:
    """The whole story, its ledger and its rows below `folder`."""
    proven, waived = Outcome.PROVEN, Outcome.WAIVED
    with open_ledger(folder / "ledger.sqlite") as ledger:
        night(ledger, "killed", 0, outcomes=(proven,), end=None)
        keep(ledger, "good", 1, (proven, proven), rows(folder, "good"))
        keep(ledger, "doubtful", 3, (Outcome.UNPROVEN, proven), rows(folder, "doubtful"))
        night(ledger, "failed", 4, end="INTERRUPTED", by="LedgerLost")
        night(ledger, "stopped", 5, end="INTERRUPTED", by="KeyboardInterrupt")
        night(ledger, "waived", 6, outcomes=(waived, waived))
        night(ledger, "old", 7, outcomes=(Outcome.STALE, Outcome.NOT_RUN))
        night(ledger, "bad", 8, outcomes=(Outcome.ERROR, Outcome.BROKEN))
        night(ledger, "running", 9, outcomes=(proven, proven), end=None)
    return evidence(folder / "ledger.sqlite")


@cache
def story() -> Evidence:
    """The evidence alone; it is frozen."""
    with TemporaryDirectory() as folder:
        return told(Path(folder))


def judged(*given: Judged) -> Evidence:
    """The story's first run, which judged this instead, and no other."""
    run = replace(
        story().runs[1],
        planned=tuple(one.planned for one in given),
        owed=len(given),
        judged=given,
        verdict_seq=(None,) * len(given),
    )
    return only(run)


def hostile() -> Evidence:
    """A run whose names and reasons are what a source would write to deceive a reader."""
    bad = []
    for text in HOSTILE:
        of = one(Outcome.UNPROVEN)
        verdict = replace(of.verdict, because=text, expected=text, observed=text, method=text)
        planned = replace(of.planned, source=text, dataset=text)
        bad.append(replace(of, planned=planned, verdict=verdict))
    return replace(judged(*bad), pilot=HOSTILE[0], title=HOSTILE[1], environment=HOSTILE[5])


def only(run: EvidenceRun) -> Evidence:
    """The story with this run alone."""
    census = replace(story().census, nights=())
    return replace(story(), runs=(run,), census=census)


def one(outcome: Outcome, *, n: int = 1) -> Judged:
    """One verdict of a dataset."""
    of = story().runs[1].judged[0]
    planned = Planned(source="shop", dataset="orders", claim="fresh")
    verdict = replace(of.verdict, outcome=outcome, n=n, because=f"it is {outcome}")
    return replace(of, planned=planned, verdict=verdict)
