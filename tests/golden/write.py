"""What is persisted of the golden instances, written as a run writes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from connectors.events import DeclaredColumn, declare_names
from connectors.peer import Peer, Reached
from contracts.defaults import persisted_fields
from contracts.evaluation import Misfit, Sample, Shown
from harness.alerts.records import Acknowledged, News, Step, Told
from harness.amendments.records import Amendment, Excused, SignedAmendment
from harness.clock import Clock
from harness.facts import EvidenceClass, Failure, GroupFound, GroupsFound, ReadColumn
from harness.ledger.ledger import Header, Launch, Origin, open_ledger
from harness.ledger.promised import Promised
from harness.policy.records import Signature
from harness.result import Kind, MissedNight, Planned
from harness.run.circuit_breaker import OpenCircuit
from harness.run.keep import Kept
from harness.run.run_log import RunLog
from harness.run.state import RunState
from harness.run.system import System
from harness.signoff.records import Given
from harness.verdict import Basis, FailedRule, Measure, Outcome, Verdict
from tests.golden.events import EVENTS
from tests.golden.facts import AT, BASELINE, DAY, DECLARED, EVALUATION, FACTS, NOON, READING

HEADER = Header(pilot="acme", environment="dev", run="run-1", slot="2026-11-20", code="1.0+abc")
LAUNCHED = replace(
    HEADER,
    launch=Launch(user="alice (1000)", host="proof-1", launcher="schedule nightly"),
    configuration="34" * 32,
)
ENDPOINT = "https://shop.example/api"
ORIGIN = Origin(
    **AT, endpoint=ENDPOINT, contract="12" * 32, evidence_class=EvidenceClass.SIMULATED
)
LOCATED = replace(ORIGIN, locator="sales.orders")
LATER_READING = replace(READING, night=DAY)
LATER_BASELINE = replace(
    BASELINE,
    declared=replace(
        DECLARED,
        columns=(
            *DECLARED.columns,
            DeclaredColumn(name="mood", type="mood (ok)", nullable=True, labels=("ok",)),
        ),
    ),
    reads=(ReadColumn(name="mood", type="string", nullable=True, listed=("ok",)),),
)
GROUPED_READING = replace(
    LATER_READING,
    deliveries=tuple(replace(one, group_rows=(7, 0)) for one in READING.deliveries),
    groups=GroupsFound(
        by="region",
        found=(
            GroupFound(name='"north"', rows=2**53, newest_event_at=NOON),
            GroupFound(name="missing", rows=3, newest_event_at=None),
        ),
    ),
)
UNGROUPED_READING = replace(
    LATER_READING, groups=GroupsFound(by="region", found=(), why_not="region did not come")
)
FILES_READING = replace(
    READING,
    deliveries=(*READING.deliveries, replace(READING.deliveries[0], name="b.csv", declares=1)),
    declarations=(DECLARED, declare_names(["key", "größe"], by="header")),
)
REACHED_READING = replace(
    READING,
    reached=(
        Reached(
            peer=Peer(host="shop.example", address="198.51.100.7", proxy="p.example:3128"),
            connections=2,
            bytes=2**53,
        ),
        Reached(peer=Peer(host="größe.example", address="::1"), connections=1, bytes=0),
    ),
)
SHARED_READING = replace(READING, spent_by_others=12)
UNREADABLE_READING = replace(
    READING,
    deliveries=tuple(replace(one, unreadable="a.csv: it is cut") for one in READING.deliveries),
)
PLANNED = Planned(**AT, claim="fresh")
VERDICT = Verdict(
    claim="fresh",
    outcome=Outcome.BROKEN,
    because="3 of 9 deliveries were late",
    expected="95 % within 24 h",
    observed="6 of 9 in time",
    n=9,
    method="exact binomial bound",
    basis=Basis.ATTESTED,
)
SAMPLE = Sample(
    rule="greater_than(0)",
    column="key",
    rows=(3, 2**53),
    delivery="a.csv",
    key=(Shown(column="key", text="-1"),),
    values=(Shown(column="größe", text='like "Aa9"'),),
)
LATER_EVALUATION = replace(
    EVALUATION, misfits=(Misfit(column="key", promised="int64"),), samples=(SAMPLE,)
)
FAILED_RULE = FailedRule(
    rule="greater_than(0)",
    column="key",
    failed=1,
    rows=2**53,
    samples=(SAMPLE,),
    next_step="Ask the owner of shop.",
)
LATER_VERDICT = replace(VERDICT, failed_rules=(FAILED_RULE,))
MEASURED_VERDICT = replace(VERDICT, measures=(Measure(what="hours of lag", value=48.25),))
SHOP = System(
    connector=OpenCircuit(
        endpoint=ENDPOINT, why=Failure(kind="AccessDenied", message="nothing is read")
    ),
    evidence_class=EvidenceClass.SIMULATED,
)
TOLD = Told(
    message="ef" * 16,
    channel="crm-room",
    people=("Ada", "Grace"),
    news=(News(step=Step.OPENED, incident="0a1b2c3d", **AT, claim="fresh"),),
    failure="POST channel crm-room answered 503: try later",
)
ACKNOWLEDGED = Acknowledged(by="Ada", source="shop", incidents=("0a1b2c3d",))
MISSED = MissedNight(schedule="nightly", night=DAY, due_at=NOON, because="no run began")
PROMISED = Promised(
    meaning={"format": 2, "name": "orders", "promises": {"key": ["key"], "missing": {}}},
    order=("segment", "weight"),
    former="56" * 32,
)
PROMISED_BY_SOURCE = Promised(
    meaning={"format": 1, "source": "shop", "promises": {"renews": True}}
)
POLICY = {"format": 1, "pilot": "acme", "number": 1, "amends": None, "why": "größe", "n": 2**53}
SIGNATURE = Signature(
    policy="78" * 32, role="legal", by="Lea", public="AAAA", envelope='{"payload":""}'
)
AMENDMENT = SignedAmendment(
    amendment=Amendment(
        kind=Kind.WAIVER,
        number=2,
        before="9a" * 32,
        pilot="acme",
        environment="dev",
        **AT,
        claim="fresh",
        reason="größe",
        by="Ada",
        role="owner",
        at=NOON,
        until=NOON,
        excuses=Excused(
            outcome=Outcome.BROKEN,
            observed="6 of 9 in time",
            measures={"hours of lag": 48.25},
            contract="12" * 32,
        ),
    ),
    public="AAAA",
    envelope='{"payload":""}',
)
SIGNOFF = Given(
    manifest="9a" * 32, role="legal", by="Lea", public="AAAA", envelope='{"payload":""}'
)
KEPT = Kept(file="data/shop.orders/run-1.parquet", sha256="ab" * 32)


def bodies(folder: Path) -> dict[str, bytes]:
    """The body of each kind of entry, from a ledger in `folder`."""
    with open_ledger(folder / "ledger.sqlite") as ledger:
        ledger.begin(HEADER, {"planned": [PLANNED]}, at=NOON)
        clock, systems = Clock(now=_now), {"shop": SHOP}
        state = RunState(ledger, HEADER, planned=[PLANNED], systems=systems, clock=clock)
        for fact in FACTS:
            state.record_fact(fact, ORIGIN)
        state.record_verdicts({PLANNED: VERDICT})
        state.record_kept(KEPT, ORIGIN)
        state.record_told(TOLD)
        ledger.append(HEADER, "acknowledged", ACKNOWLEDGED, at=NOON)
        state.end("FINISHED", {"planned": 2, "executed": 1, "ready": False}, at=NOON)
        found = {entry.kind: entry.body for entry in ledger.entries()}
    return found | later_bodies(folder) | grouped_bodies(folder) | promised_bodies(folder)


def later_bodies(folder: Path) -> dict[str, bytes]:
    """Bodies with the fields that were added since."""
    with open_ledger(folder / "later.sqlite") as ledger:
        ledger.begin(HEADER, {"planned": [PLANNED], "due_at": NOON}, at=NOON)
        body = persisted_fields(LATER_READING)
        ledger.append(HEADER, "reading", body, at=NOON, origin=LOCATED)
        others = ("evaluation", LATER_EVALUATION), ("verdict", LATER_VERDICT)
        for kind, record in (*others, ("baseline", LATER_BASELINE)):
            ledger.append(HEADER, kind, persisted_fields(record), at=NOON, origin=ORIGIN)
        ledger.end(LAUNCHED, "FINISHED", {}, at=NOON)
        later = {f"{entry.kind}_later": entry.body for entry in ledger.entries()}
    with open_ledger(folder / "files.sqlite") as ledger:
        ledger.begin(HEADER, {"planned": [PLANNED]}, at=NOON)
        body = persisted_fields(FILES_READING)
        ledger.append(HEADER, "reading", body, at=NOON, origin=LOCATED)
        body = persisted_fields(UNREADABLE_READING)
        ledger.append(HEADER, "reading", body, at=NOON, origin=LOCATED)
        body = persisted_fields(REACHED_READING)
        ledger.append(HEADER, "reading", body, at=NOON, origin=LOCATED)
        body = persisted_fields(SHARED_READING)
        ledger.append(HEADER, "reading", body, at=NOON, origin=LOCATED)
        names = ("reading_files", "reading_unreadable", "reading_reached", "reading_shared")
        entries = ledger.entries(kind="reading")
        files = {name: one.body for name, one in zip(names, entries, strict=True)}
    return {**later, **files, **armed_bodies(folder)}


def grouped_bodies(folder: Path) -> dict[str, bytes]:
    """Bodies of readings whose groups were promised."""
    with open_ledger(folder / "grouped.sqlite") as ledger:
        ledger.begin(HEADER, {"planned": [PLANNED]}, at=NOON)
        for record in (GROUPED_READING, UNGROUPED_READING):
            ledger.append(HEADER, "reading", persisted_fields(record), at=NOON, origin=LOCATED)
        names = ("reading_grouped", "reading_ungrouped")
        entries = list(ledger.entries(kind="reading"))
    return {name: one.body for name, one in zip(names, entries, strict=True)}


def promised_bodies(folder: Path) -> dict[str, bytes]:
    """Bodies of what a run holds its verdicts against, and of a run that names it."""
    source = Origin(source="shop")
    rests_on = {
        "promises": {"shop": PROMISED_BY_SOURCE.digest, "shop.orders": PROMISED.digest},
        "zone": "Europe/Berlin",
        "evidence_class": {"shop": EvidenceClass.STAGING},
    }
    with open_ledger(folder / "promised.sqlite") as ledger:
        ledger.begin(HEADER, {"planned": [PLANNED], **rests_on}, at=NOON)
        for record, origin in ((PROMISED, ORIGIN), (PROMISED_BY_SOURCE, source)):
            ledger.append(HEADER, "promises", persisted_fields(record), at=NOON, origin=origin)
        ledger.append(HEADER, "policy", POLICY, at=NOON)
        ledger.append(HEADER, "signature", persisted_fields(SIGNATURE), at=NOON)
        ledger.append(HEADER, "amendment", persisted_fields(AMENDMENT), at=NOON)
        body = persisted_fields(MEASURED_VERDICT)
        ledger.append(HEADER, "verdict", body, at=NOON, origin=ORIGIN)
        ledger.append(HEADER, "signoff", persisted_fields(SIGNOFF), at=NOON)
        names = ("started_promised", "promises", "promises_source", "policy", "signature")
        more = ("amendment", "verdict_measured", "signoff")
        return {name: e.body for name, e in zip((*names, *more), ledger.entries(), strict=True)}


def armed_bodies(folder: Path) -> dict[str, bytes]:
    """Bodies of a run whose nights are armed."""
    with open_ledger(folder / "armed.sqlite") as ledger:
        ledger.begin(HEADER, {"planned": [PLANNED], "due_at": NOON, "armed": ["nightly"]}, at=NOON)
        ledger.append(HEADER, "missed", persisted_fields(MISSED), at=NOON)
        return {f"{entry.kind}_armed": entry.body for entry in ledger.entries()}


def log_lines(folder: Path) -> bytes:
    """The run log of one event of each type."""
    path = folder / "log.jsonl"
    with RunLog(path, now=_now) as log:
        for event in EVENTS:
            log.write("shop", "orders", event)
    return path.read_bytes()


def _now() -> Any:
    return NOON
