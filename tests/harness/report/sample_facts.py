"""Facts as the demo's sources give them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from connectors.events import Witness, WitnessKind
from contracts.evaluation import Evaluation, Missing, RuleCount
from harness.facts import (
    Delivery,
    Latency,
    Reading,
)

SLOT = date(2026, 11, 24)

STARTED = datetime(2026, 11, 24, 3, 0, 4, tzinfo=UTC)

FIRST_DAY = date(2026, 10, 25)

EMPTY_MONDAY = date(2026, 11, 16)

COLUMNS = {
    "customers": (
        "customer_key name address nation_key phone account_balance market_segment updated_at"
    ),
    "shipments": (
        "order_key line_number ship_mode quantity shipped_at committed_on received_on _delivery"
    ),
    "parts": "part_key name manufacturer brand type size container retail_price updated_at",
    "prices": "part_key supplier_key available_quantity supply_cost priced_at",
}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def reading(source: str, dataset: str, **given: object) -> Reading:
    """A whole reading, or a failed one where `failure` is given; any field may be given."""
    failure = given.get("failure")
    newest = None if failure else STARTED - timedelta(minutes=24)
    rows = int(str(given.get("rows", 0)))
    whole = Delivery(
        name=f"{dataset}@{SLOT}",
        day=SLOT,
        available_at=STARTED,
        rows=rows,
        newest_event_at=newest,
        sha256=digest(dataset),
    )
    fields: dict[str, object] = {
        "source": source,
        "dataset": dataset,
        "slot": SLOT,
        "started_at": STARTED,
        "seconds": 1.84,
        "rows": rows,
        "bytes": rows * 142,
        "columns": tuple(COLUMNS[dataset].split()),
        "rescued": 0,
        "newest_event_at": newest,
        "oldest_event_at": None if newest is None else newest - timedelta(days=90),
        "sha256": None if failure else digest(dataset),
        "witness": None,
        "deliveries": () if failure else (whole,),
        "attempts": 3,
        "retries": 0,
        "waited_seconds": 0.0,
        "authentications": 0 if failure else 1,
        "renewals": 0,
        "renewals_between_pages": 0,
        "refusals": (),
        "throttled": 0,
        "latency": None,
        "failure": failure,
    }
    return Reading(**(fields | given))  # type: ignore[arg-type]  # one table of defaults


def customers() -> Reading:
    return reading(
        "crm",
        "customers",
        rows=15_000,
        witness=Witness(
            kind=WitnessKind.SNAPSHOT_COUNT,
            declared=15_000,
            unit="rows",
            detail="snapshot 00000004-0000002A-1",
        ),
        latency=latency([2.1, 4.8, 9.6]),
    )


def shipments() -> Reading:
    days = [FIRST_DAY + timedelta(days=i) for i in range(28)]
    return reading(
        "logistics",
        "shipments",
        rows=24_417,
        witness=Witness(
            kind=WitnessKind.LISTING, declared=1_904_526, unit="bytes", detail="28 files"
        ),
        bytes=1_904_526,
        newest_event_at=_at(days[-1], 22, 51),
        oldest_event_at=_at(days[0], 0, 7),
        deliveries=tuple(_delivery(day) for day in days),
        attempts=30,
        latency=latency([11 + (i * 37 % 17) for i in range(30)]),
    )


def _delivery(day: date) -> Delivery:
    empty = day == EMPTY_MONDAY
    newest = _at(day, 22, 40 + day.day % 19)
    return Delivery(
        name=f"shipments_{day:%Y%m%d}.csv",
        day=day,
        available_at=newest + timedelta(hours=48),
        rows=0 if empty else 840 + day.day * 13 % 140 - 380 * (day.weekday() > 4),
        newest_event_at=None if empty else newest,
        sha256=digest(day.isoformat()),
    )


def rest(dataset: str, rows: int, *, renewals: int) -> Reading:
    pages = rows // 400
    return reading(
        "vendor",
        dataset,
        rows=rows,
        witness=Witness(
            kind=WitnessKind.DECLARED_TOTAL, declared=rows, unit="rows", detail="last page reached"
        ),
        seconds=18.42,
        attempts=pages + renewals,
        waited_seconds=14.2,
        authentications=1 + renewals,
        renewals=renewals,
        renewals_between_pages=renewals,
        refusals=("401",) * renewals,
        latency=latency([14 + (i * 29 % 23) + (60 if i % 41 == 40 else 0) for i in range(pages)]),
    )


def latency(samples: list[float]) -> Latency:
    ordered = sorted(samples)
    return Latency(
        n=len(samples),
        p50=ordered[len(ordered) // 2],
        p95=ordered[int(len(ordered) * 0.95)],
        maximum=ordered[-1],
        samples=tuple(float(sample) for sample in samples[:200]),
    )


def evaluation(dataset: str, rows: int, *, missing: int | None = None) -> Evaluation:
    names = [name for name in COLUMNS[dataset].split() if name != "_delivery"]
    rules = [
        RuleCount(rule=rule, column=column, checked=rows, failed=0)
        for column in names
        for rule in ("required", "type", "not_null")
    ]
    rules.append(RuleCount(rule=f"unique({names[0]})", column=None, checked=rows, failed=0))
    rules.append(
        RuleCount(
            rule="isin(['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'])",
            column=names[-2],
            checked=rows,
            failed=missing or 0,
        )
    )
    return Evaluation(
        dataset=dataset,
        rows=rows,
        rules=tuple(rules),
        missing=()
        if missing is None
        else (Missing(column="market_segment", rows=rows, missing=missing),),
        missing_jointly=missing,
        engine="pandera.polars 0.35.0",
        seconds=0.21,
    )


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
