"""Facts as a run would observe them, whole and good unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from connectors.connector import Probe, ProbeKind
from connectors.events import Witness, WitnessKind
from contracts.evaluation import (
    AmountsFound,
    ColumnProfile,
    Evaluation,
    KeysFound,
    Missing,
    Numbers,
    Profile,
    Reference,
    RuleCount,
)
from contracts.promises import Promises, Reconciliation
from harness.facts import Delivery, Failure, Overlap, Probed, Reading, Register

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

NIGHTLY = Promises(
    key=("order_key",), event_time="shipped_at", lag=timedelta(hours=24), cadence=DAY
)


def reading(**given: Any) -> Reading:
    usual: dict[str, Any] = {
        "source": "logistics",
        "dataset": "shipments",
        "slot": TODAY,
        "night": given.get("slot", TODAY),
        "started_at": NOW,
        "seconds": 2.0,
        "rows": 1_500,
        "bytes": 90_000,
        "columns": ("order_key", "shipped_at"),
        "rescued": 0,
        "newest_event_at": NOW - 8 * HOUR,
        "oldest_event_at": NOW - 40 * DAY,
        "sha256": "0" * 64,
        "witness": Witness(
            kind=WitnessKind.SNAPSHOT_COUNT, declared=1_500, unit="rows", detail="snapshot 7"
        ),
        "deliveries": (),
        "attempts": 3,
        "retries": 0,
        "waited_seconds": 0.0,
        "authentications": 1,
        "renewals": 0,
        "renewals_between_pages": 0,
        "refusals": (),
        "throttled": 0,
        "latency": None,
        "failure": None,
    }
    return Reading(**{**usual, **given})


def failed(kind: str, message: str, **given: Any) -> Reading:
    return reading(failure=Failure(kind=kind, message=message), witness=None, rows=0, **given)


def files(
    last: date,
    nights: int,
    *,
    lag: timedelta = timedelta(minutes=30),
    but: Mapping[date, Mapping[str, Any]] | None = None,
) -> tuple[Delivery, ...]:
    """One file a day up to `last`, each with events until 22:00 and there `lag` later."""
    days = [last - n * DAY for n in reversed(range(nights))]
    return tuple(file(day, lag=lag, **(but or {}).get(day, {})) for day in days)


def file(day: date, *, lag: timedelta = timedelta(minutes=30), **given: Any) -> Delivery:
    newest = datetime.combine(day, time(22), tzinfo=UTC)
    usual: dict[str, Any] = {
        "name": f"shipments/shipments_{day:%Y%m%d}.csv",
        "day": day,
        "available_at": newest + lag,
        "rows": 54,
        "newest_event_at": newest,
        "sha256": f"content of {day}",
    }
    return Delivery(**{**usual, **given})


EMPTY = {"rows": 0, "newest_event_at": None, "sha256": "header only"}


def drop(deliveries: Sequence[Delivery], **given: Any) -> Reading:
    """A reading of a file drop."""
    newest = max((d.newest_event_at for d in deliveries if d.newest_event_at), default=None)
    usual = {"rows": sum(d.rows for d in deliveries), "newest_event_at": newest}
    return reading(deliveries=tuple(deliveries), **{**usual, **given})


def night(slot: date, *, dataset: str = "customers", **given: Any) -> Reading:
    """A reading of a source without files: it is its own delivery."""
    at = datetime.combine(slot, time(6), tzinfo=UTC)
    delivery = Delivery(
        name=f"{dataset}@{slot}",
        day=slot,
        available_at=at,
        rows=1_500,
        newest_event_at=at - 8 * HOUR,
        sha256=f"table of {slot}",
    )
    usual = {"deliveries": (delivery,), "newest_event_at": at - 8 * HOUR}
    return reading(dataset=dataset, slot=slot, started_at=at, **{**usual, **given})


def rule(name: str = "not_null", column: str | None = "name", **given: Any) -> RuleCount:
    return RuleCount(**{"rule": name, "column": column, "checked": 1_500, "failed": 0, **given})


def evaluation(*rules: RuleCount, missing: int | None = None, **given: Any) -> Evaluation:
    usual: dict[str, Any] = {
        "dataset": "shipments",
        "rows": 1_500,
        "rules": rules or (rule(), rule("unique", "order_key")),
        "missing": (),
        "missing_jointly": None,
        "engine": "pandera",
        "seconds": 0.1,
    }
    if missing is not None:
        rows = given.get("rows", 1_500)
        usual["missing"] = (Missing(column="market_segment", rows=rows, missing=missing),)
        usual["missing_jointly"] = missing
    return Evaluation(**{**usual, **given})


TO_CUSTOMERS = Reconciliation(dataset="crm.customers", ours="kundennr", theirs="customer_key")


def overlap(
    keys: int = 527, found: int = 527, *, amounts: AmountsFound | None = None, **given: Any
) -> Overlap:
    """`found` of `keys` keys found again; every text has its form unless a test says otherwise."""
    usual = {
        "source": "erp",
        "dataset": "orders",
        "promised": TO_CUSTOMERS,
        "failure": None,
        "found": KeysFound(
            keys=keys,
            formless=given.pop("formless", 0),
            found=found,
            their_keys=1_500,
            amounts=amounts,
        ),
    }
    return Overlap(**{**usual, **given})


def not_counted(message: str, **given: Any) -> Overlap:
    failure = Failure(kind="SourceUnavailable", message=message)
    return replace(overlap(**given), found=None, failure=failure)


def amounts(compared: int = 527, agreeing: int = 527, **given: Any) -> AmountsFound:
    usual = {"ratio": None, "largest_difference": None}
    return AmountsFound(compared=compared, agreeing=agreeing, **{**usual, **given})


def probed(
    *, refused: bool = True, status: str = "401", nobody: str | None = "401", **given: Any
) -> Probed:
    """A stranger's answer, beside that to nobody: refused with `nobody`, None if not asked."""
    probes = (Probe(name="stranger_refused", refused=refused, status=status, detail=""),)
    if nobody is not None:
        probes = (refusal(ProbeKind.NOBODY, nobody), *probes)
    return Probed(**{"source": "vendor", "probes": probes, "failure": None, **given})


def refusal(kind: ProbeKind, status: str) -> Probe:
    """What is refused with 401 alone."""
    name = f"{kind}_refused"
    return Probe(name=name, refused=status == "401", status=status, detail="", kind=kind)


def register(**given: Any) -> Register:
    usual = {
        "source": "crm",
        "owner": "Ada",
        "deputy": "Grace",
        "escalation": "Head of Sales Operations",
        "acknowledged_by": "Ada",
        "acknowledged_on": date(2026, 11, 2),
    }
    return Register(**{**usual, **given})


def numbers(*counts: int, mean: float = 0.0, edges: Sequence[str] = ("-1", "0", "1")) -> Numbers:
    """Counts up to -1, 0 and 1 and above."""
    return Numbers(edges=tuple(edges), counts=counts, mean=mean, sd=1.0)


def column(name: str = "price", *, missing: int | None = 0, **sketch: Any) -> ColumnProfile:
    return ColumnProfile(column=name, type="int64", missing=missing, **sketch)


def profile(*columns: ColumnProfile, rows: int = 1_500) -> Profile:
    return Profile(dataset="logistics.shipments", rows=rows, columns=columns)


def pinned(*columns: ColumnProfile, rows: int = 1_500) -> Reference:
    made = profile(*columns, rows=rows)
    return Reference(profile=made, sha256="0" * 64, made_on=date(2026, 11, 1))
