"""What the demo says of its owners is what their room received, held against both trials."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from harness.alerts.records import Step
from harness.facts import EvidenceClass
from harness.onboarding import demo_drift
from harness.onboarding.demo_told import News, lines, read, shortfalls
from harness.pilot.settings import Owner
from harness.result import Judged, Planned, Result
from harness.verdict import Outcome
from tests.harness.alerts.made import B, E, P, U, verdict

NOW = datetime(2026, 11, 29, 2, tzinfo=UTC)
CLAIMS = ("complete", "fresh", "conforms", "owned")
AS_FOUND = (B, E, B, P)
REPAIRED = (P, P, U, P)


def trial(*outcomes: Outcome) -> Result:
    judged = (
        Judged(
            planned=Planned(source="crm", dataset="customers", claim=claim),
            verdict=verdict(0, outcome, claim=claim).verdict,
            evidence_class=EvidenceClass.SIMULATED,
        )
        for claim, outcome in zip(CLAIMS, outcomes, strict=True)
    )
    return Result(
        pilot="acme",
        title="",
        environment="dev",
        run="r",
        slot=date(2026, 11, 29),
        zone="UTC",
        code="1",
        started_at=NOW,
        ended_at=NOW,
        judged=tuple(judged),
        facts=(),
    )


def news(step: str, claim: str) -> dict[str, str]:
    return {"step": step, "source": "crm", "dataset": "customers", "claim": claim}


def posted(*of: dict[str, str]) -> bytes:
    return json.dumps({"format": 1, "kind": "alert", "news": of}).encode()


OPENED = posted(*(news("opened", claim) for claim in CLAIMS[:3]))
MENDED = posted(news("mended", "complete"), news("mended", "fresh"))
TEST = posted()


def found(*bodies: bytes) -> list[str]:
    return shortfalls(read(bodies), trial(*AS_FOUND), trial(*REPAIRED))


def test_once_of_each_incident_and_once_of_each_end_is_all() -> None:
    """What is UNPROVEN when repaired is not mended; a test is no news."""
    assert found(OPENED, TEST, MENDED) == []


def test_a_double_is_a_shortfall() -> None:
    double = posted(news("opened", "fresh"))
    assert found(OPENED, double, MENDED) == [
        "crm.customers fresh: opened was told 2 times, not 1 times"
    ]


def test_what_was_never_told_is_a_shortfall() -> None:
    assert sorted(found(OPENED)) == [
        f"crm.customers {claim}: mended was told 0 times, not 1 times"
        for claim in ("complete", "fresh")
    ]


def test_what_nobody_judged_so_is_a_shortfall() -> None:
    assert found(OPENED, MENDED, posted(news("mended", "conforms"))) == [
        "crm.customers conforms: mended was told 1 times, not 0 times"
    ]


def test_the_lines_count_what_arrived() -> None:
    owners = {"crm": Owner(owner="Ada"), "erp": Owner(owner="Kim")}
    assert lines(read([OPENED, MENDED]), owners) == [
        "What the owners' room received, nothing of it twice:",
        "  crm        Ada: 3 broken, 2 mended",
    ]
    assert "some of it twice" in lines(read([OPENED, OPENED]), owners)[0]


def test_what_is_read_is_the_news_alone() -> None:
    one = News(step=Step.MENDED, source="crm", dataset="customers", claim="fresh")
    assert read([MENDED])[1] == one


SCHEMA = posted(news("opened", "stable_schema"))


def test_drift_is_to_tell_each_schema_that_the_trial_calls_bad() -> None:
    heard = read([SCHEMA])
    found = trial(*AS_FOUND)
    bad = Planned(source="crm", dataset="customers", claim="stable_schema")
    broken = Judged(
        planned=bad,
        verdict=verdict(0, B, claim="stable_schema").verdict,
        evidence_class=EvidenceClass.SIMULATED,
    )
    with_schema = replace(found, judged=(*found.judged, broken))
    assert demo_drift.shortfalls(Step.OPENED, heard, with_schema) == []
    missed = ["nightly drift did not tell the truth of crm.customers, opened"]
    assert demo_drift.shortfalls(Step.OPENED, (), with_schema) == missed
    assert demo_drift.shortfalls(Step.OPENED, heard, found) == missed
