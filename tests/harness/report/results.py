"""Any result at all, for Hypothesis: hostile names, absent facts, numbers that are none."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC

from hypothesis import strategies as st

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
    Sample,
    Shown,
)
from contracts.promises import Amount, Reconciliation
from harness.facts import (
    Delivery,
    EvidenceClass,
    Failure,
    Latency,
    Overlap,
    Probed,
    Reading,
    Register,
)
from harness.result import Contracted, Judged, Planned, Provenance, Result
from harness.verdict import Basis, FailedRule, Outcome, Verdict

HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{7*7}}{% raw %}{{ self }}",
    "[red]not markup[/red] :smile:",
    "\x00\x07\x1b[31mred\r\nnext line\x85",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "\u2028\u2029\ufffe\ufdd0\U000e0041",
    "]]>&amp;&#x202e;",
    "a_very_long_name_" * 12,
    "\u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0633\u0644\u0627\u0645",
)

texts = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=40)
names = st.sampled_from(("crm", "erp", *HOSTILE)) | st.text(min_size=1, max_size=12)
claims = st.sampled_from(("authenticated", "complete", "conforms", "fresh", "arrives", "owned"))
counts = st.integers(0, 10**12)
numbers = st.floats(0, 10**9) | st.sampled_from((float("nan"), float("inf"), float("-inf")))
moments = st.datetimes(timezones=st.just(UTC))
planned = st.builds(Planned, source=names, dataset=st.none() | names, claim=claims)
shown = st.lists(st.builds(Shown, column=names, text=texts), max_size=2).map(tuple)
samples = st.builds(
    Sample,
    rule=texts,
    column=st.none() | texts,
    rows=st.lists(st.integers(1, 10**9), min_size=1, max_size=2).map(tuple),
    delivery=st.none() | texts,
    key=shown,
    values=shown,
)
failed_rules = st.builds(
    FailedRule,
    rule=texts,
    column=st.none() | texts,
    failed=st.integers(1, 10**9),
    rows=counts,
    samples=st.lists(samples, max_size=2).map(tuple),
    next_step=texts,
)
verdicts = st.builds(
    Verdict,
    claim=claims,
    outcome=st.sampled_from(Outcome),
    because=texts,
    expected=texts,
    observed=texts,
    n=counts,
    method=texts,
    basis=st.sampled_from(Basis),
    failed_rules=st.lists(failed_rules, max_size=2).map(tuple),
)
failures = st.builds(Failure, kind=texts, message=texts)
deliveries = st.builds(
    Delivery,
    name=texts,
    day=st.none() | st.dates(),
    available_at=moments,
    rows=st.integers(0, 5000),
    newest_event_at=st.none() | moments,
    sha256=texts,
)
latencies = st.builds(
    Latency,
    n=counts,
    p50=numbers,
    p95=numbers,
    maximum=numbers,
    samples=st.lists(numbers, max_size=4).map(tuple),
)
witnesses = st.builds(
    Witness,
    kind=st.sampled_from(WitnessKind),
    declared=counts,
    unit=st.sampled_from(("rows", "bytes")),
    detail=texts,
)
readings = st.builds(
    Reading,
    source=names,
    dataset=names,
    slot=st.dates(),
    started_at=moments,
    seconds=numbers,
    rows=counts,
    bytes=counts,
    columns=st.just(()),
    rescued=counts,
    newest_event_at=st.none() | moments,
    oldest_event_at=st.none() | moments,
    sha256=st.none() | texts,
    witness=st.none() | witnesses,
    deliveries=st.lists(deliveries, max_size=3).map(tuple),
    attempts=counts,
    retries=counts,
    waited_seconds=numbers,
    authentications=counts,
    renewals=counts,
    renewals_between_pages=counts,
    refusals=st.lists(texts, max_size=2).map(tuple),
    throttled=counts,
    latency=st.none() | latencies,
    failure=st.none() | failures,
)
rules = st.builds(
    RuleCount,
    rule=texts,
    column=st.none() | texts,
    checked=counts,
    failed=counts,
    error=st.none() | texts,
)
evaluations = st.builds(
    Evaluation,
    dataset=names,
    rows=counts,
    rules=st.lists(rules, max_size=3).map(tuple),
    missing=st.lists(
        st.builds(Missing, column=texts, rows=counts, missing=counts), max_size=2
    ).map(tuple),
    missing_jointly=st.none() | counts,
    engine=texts,
    seconds=numbers,
)
probed = st.builds(
    Probed,
    source=names,
    probes=st.lists(
        st.builds(
            Probe,
            name=texts,
            refused=st.booleans(),
            status=texts,
            detail=texts,
            kind=st.sampled_from(ProbeKind),
        ),
        max_size=2,
    ).map(tuple),
    failure=st.none() | failures,
)
registers = st.builds(
    Register,
    source=names,
    owner=st.none() | texts,
    deputy=st.none() | texts,
    escalation=st.none() | texts,
    acknowledged_by=st.none() | texts,
    acknowledged_on=st.none() | st.dates(),
)
overlaps = st.builds(
    Overlap,
    source=names,
    dataset=names,
    promised=st.builds(
        Reconciliation,
        dataset=texts,
        ours=texts,
        theirs=texts,
        amount=st.none() | st.builds(Amount, ours=texts, theirs=texts),
    ),
    found=st.none()
    | st.builds(
        KeysFound,
        keys=counts,
        formless=counts,
        found=counts,
        their_keys=counts,
        amounts=st.none()
        | st.builds(
            AmountsFound,
            compared=counts,
            agreeing=counts,
            ratio=st.none() | numbers,
            largest_difference=st.none() | numbers,
        ),
    ),
    failure=st.none() | failures,
)
judged = st.builds(
    Judged, planned=planned, verdict=verdicts, evidence_class=st.sampled_from(EvidenceClass)
)
columns = st.builds(
    ColumnProfile,
    column=names,
    type=texts,
    missing=st.none() | st.integers(0, 3),
    numbers=st.none()
    | st.just(Numbers(edges=("1", "2"), counts=(300, 300, 400), mean=1.5, sd=1.0))
    | st.just(Numbers(edges=("1", "2"), counts=(600, 300, 100), mean=1.0, sd=1.0)),
    skipped=st.none() | texts,
)
profiles = st.builds(
    Profile,
    dataset=st.sampled_from(("crm.customers", "erp.orders")) | names,
    rows=st.just(1_000) | counts,
    columns=st.lists(columns, max_size=3).map(tuple),
)
references = st.builds(Reference, profile=profiles, sha256=texts, made_on=st.dates())
facts = readings | evaluations | profiles | references | probed | registers | overlaps
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
provenances = st.builds(
    Provenance,
    head=digests,
    entries=st.integers(1, 10**9),
    runs=st.integers(1, 10**6),
    root=st.binary(min_size=32, max_size=32).map(lambda root: b64encode(root).decode()),
    signed_by=st.none() | digests,
    unsigned=st.none() | texts,
    commit=st.none() | st.binary(min_size=20, max_size=20).map(bytes.hex),
    configuration=st.none() | digests,
    contracts=st.lists(
        st.builds(Contracted, source=names, dataset=names, digest=texts), max_size=2
    ).map(tuple),
)
results = st.builds(
    Result,
    pilot=names,
    title=texts,
    environment=names,
    run=names,
    slot=st.dates(),
    zone=texts,
    code=texts,
    started_at=moments,
    ended_at=moments,
    judged=st.lists(judged, max_size=4).map(tuple),
    facts=st.lists(facts, max_size=4).map(tuple),
    omitted=st.integers(0, 2),
    untold=st.lists(texts, max_size=2).map(tuple),
    provenance=st.none() | provenances,
)
