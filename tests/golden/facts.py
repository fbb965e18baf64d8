"""One fact of each type with every field set: what the golden files were written from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from connectors.connector import Probe, ProbeKind
from connectors.events import Declared, DeclaredColumn, Limited, Witness, WitnessKind
from contracts.evaluation import (
    AmountsFound,
    Categories,
    ColumnProfile,
    Evaluation,
    KeysFound,
    Missing,
    Numbers,
    Profile,
    Reference,
    RuleCount,
)
from contracts.promises import Amount, Reconciliation
from harness.facts import (
    Baseline,
    ContractProblem,
    Declaration,
    Delivery,
    Fact,
    Failure,
    Latency,
    Overlap,
    Probed,
    Reading,
    Register,
    StatusCount,
)

NOON = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
DAY = date(2026, 11, 20)
AT = {"source": "shop", "dataset": "orders"}
FAILURE = Failure(kind="SourceUnavailable", message="no answer: try later")
DECLARED = Declared(
    by="catalogue",
    columns=(
        DeclaredColumn(name="key", type="bigint", nullable=False),
        DeclaredColumn(name="größe", type=None, nullable=None),
    ),
    key=("key",),
)
READING = Reading(
    **AT,
    slot=DAY,
    started_at=NOON,
    seconds=1.25,
    rows=2**53,
    bytes=4096,
    columns=("key", "größe"),
    rescued=3,
    newest_event_at=NOON,
    oldest_event_at=NOON.replace(microsecond=0),
    sha256="ab" * 32,
    witness=Witness(
        kind=WitnessKind.SNAPSHOT_COUNT, declared=2**53, unit="rows", detail="snapshot 7"
    ),
    deliveries=(
        Delivery(
            name="a.csv",
            day=DAY,
            available_at=NOON,
            rows=7,
            newest_event_at=NOON,
            sha256="cd" * 32,
        ),
    ),
    attempts=9,
    retries=2,
    waited_seconds=0.5,
    authentications=2,
    renewals=1,
    renewals_between_pages=1,
    refusals=("401", "429"),
    throttled=1,
    latency=Latency(n=2, p50=1.5, p95=2.0, maximum=2.0, samples=(1.5, 2.0)),
    failure=FAILURE,
    limits=(Limited(requests=60, seconds=60),),
    unwitnessed="the role may not see all rows",
    declared=DECLARED,
)
PROFILE = Profile(
    dataset="shop.orders",
    rows=10,
    columns=(
        ColumnProfile(
            column="price",
            type="decimal128(12, 2)",
            missing=1,
            numbers=Numbers(edges=("1.50", "2.50"), counts=(1, 2, 6), mean=2.25, sd=1e-7),
        ),
        ColumnProfile(
            column="mode",
            type="string",
            missing=0,
            categories=Categories(names=("AIR", "RAIL"), counts=(4, 5, 1)),
        ),
        ColumnProfile(column="key", type="int64", missing=None, skipped="part of the key"),
    ),
)
OVERLAP = Overlap(
    **AT,
    promised=Reconciliation(
        dataset="erp.invoices",
        ours="key",
        theirs="order",
        our_form="L([0-9]+)",
        their_form="0*([0-9]+)",
        amount=Amount(ours="price", theirs="cents", factor=Decimal("0.01")),
    ),
    found=KeysFound(
        keys=10,
        formless=1,
        found=8,
        their_keys=9,
        amounts=AmountsFound(compared=8, agreeing=7, ratio=100.0, largest_difference=0.99),
    ),
    failure=replace(FAILURE, kind="ContractError"),
)
EVALUATION = Evaluation(
    dataset="orders",
    rows=10,
    rules=(
        RuleCount(rule="greater_than(0)", column="key", checked=10, failed=1),
        RuleCount(rule="above", column=None, checked=0, failed=0, error="the rule raised"),
    ),
    missing=(Missing(column="segment", rows=10, missing=1),),
    missing_jointly=2,
    engine="polars 1.0",
    seconds=0.001,
)
BASELINE = Baseline(**AT, approved_by="Ada", approved_on=DAY, run="run-0", declared=DECLARED)
DECLARATION = Declaration(
    **AT,
    slot=DAY,
    night=DAY,
    started_at=NOON,
    seconds=0.25,
    attempts=2,
    bytes=512,
    authentications=1,
    refusals=("429",),
    resent=(StatusCount(status="429", n=1),),
    declared=DECLARED,
    needs_rows=None,
    failure=None,
)
FACTS: tuple[Fact, ...] = (
    READING,
    EVALUATION,
    PROFILE,
    Reference(profile=PROFILE, sha256="ef" * 32, made_on=DAY),
    Probed(
        source="shop",
        probes=(
            Probe(
                name="DELETE from orders",
                refused=False,
                status="granted",
                detail="role reader",
                kind=ProbeKind.GRANT,
            ),
        ),
        failure=replace(FAILURE, kind="Unexpected"),
    ),
    Register(
        source="shop",
        owner="Ada",
        deputy="Bo",
        escalation="+49 30 1",
        acknowledged_by="Cy",
        acknowledged_on=DAY,
        recorded_on=DAY,
    ),
    BASELINE,
    DECLARATION,
    OVERLAP,
    ContractProblem(**AT, text="contract orders: it needs a key"),
)
