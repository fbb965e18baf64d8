"""Results as the demo makes them, for the tests of everything that people see."""

from __future__ import annotations

from datetime import date, timedelta

from connectors.connector import Probe
from harness.facts import (
    EvidenceClass,
    Fact,
    Failure,
    Probed,
    Register,
)
from harness.result import Judged, Result
from harness.verdict import Outcome, Verdict
from tests.harness.report.sample_facts import (
    SLOT,
    STARTED,
    customers,
    evaluation,
    reading,
    rest,
    shipments,
)
from tests.harness.report.sample_verdicts import DATASETS, VERDICTS, plan, proven

UNREACHABLE = Failure(
    kind="SourceUnavailable",
    message="nobody answers at 127.0.0.1:5432: start the server or correct CRM_URL",
)


def as_found() -> Result:
    """The demo as found: a 48-hour lag, an empty Monday, missing values; NOT READY."""
    return result(
        judged=tuple(
            Judged(
                planned=planned,
                verdict=VERDICTS.get(
                    (planned.source, planned.dataset, planned.claim), proven(planned)
                ),
                evidence_class=EvidenceClass.SIMULATED,
            )
            for planned in plan()
        ),
        facts=(
            *_of_source("crm", "28P01"),
            customers(),
            evaluation("customers", 15_000, missing=1_052),
            *_of_source("logistics", "PERMISSION_DENIED"),
            shipments(),
            evaluation("shipments", 24_417),
            *_of_source("vendor", "401"),
            rest("parts", 20_000, renewals=0),
            evaluation("parts", 20_000),
            rest("prices", 80_000, renewals=1),
            evaluation("prices", 80_000),
        ),
    )


def empty() -> Result:
    """A run in which nothing was planned and nothing observed."""
    return result(judged=(), facts=())


def all_error() -> Result:
    """No source answered: every verdict is ERROR and every reading failed."""
    return result(
        judged=tuple(
            Judged(
                planned=planned,
                verdict=Verdict(
                    claim=planned.claim,
                    outcome=Outcome.ERROR,
                    because=f"could not be judged: {UNREACHABLE.message}",
                    expected="a reading",
                    observed="no reading",
                    n=0,
                    method="none",
                ),
                evidence_class=EvidenceClass.SIMULATED,
            )
            for planned in plan()
        ),
        facts=tuple(
            reading(source, dataset, failure=UNREACHABLE, attempts=0)
            for source, datasets in DATASETS.items()
            for dataset in datasets
        ),
    )


def result(*, judged: tuple[Judged, ...], facts: tuple[Fact, ...]) -> Result:
    return Result(
        pilot="late_deliveries",
        title="Predict late deliveries",
        environment="dev",
        run="20261124T030004Z-5f1c9a7e",
        slot=SLOT,
        zone="UTC",
        code="0.1.0+1f2e3d4c5b6a",
        started_at=STARTED,
        ended_at=STARTED + timedelta(seconds=41.7),
        judged=judged,
        facts=facts,
    )


def _of_source(source: str, refusal: str) -> tuple[Register, Probed]:
    return (
        Register(
            source=source,
            owner="Ada Lovelace",
            deputy="Grace Hopper",
            escalation="data-platform@example.org",
            acknowledged_by="Ada Lovelace",
            acknowledged_on=date(2026, 11, 2),
        ),
        Probed(
            source=source,
            probes=(
                Probe(
                    name="stranger_refused",
                    refused=True,
                    status=refusal,
                    detail="a random login that exists nowhere",
                ),
            ),
            failure=None,
        ),
    )
