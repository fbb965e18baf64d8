"""What holds for every proof: absence never passes, nothing raises, nothing of the data shows."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.evaluation import Categories, ColumnProfile, Evaluation, Numbers, Profile, Reference
from contracts.promises import Amount, Promises, Reconciliation, SourcePromises
from harness.claims import DATASET_CLAIMS, SOURCE_CLAIMS
from harness.facts import Baseline, Fact, Failure, Overlap, Probed, Reading, Register
from harness.verdict import GOOD, Outcome, Verdict
from tests.harness.claims.made import NIGHTLY, failed
from tests.harness.claims.made import reading as made_reading

NOON_WITHOUT_ZONE = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - a fact that forgot it
times = st.datetimes(timezones=st.just(UTC)) | st.sampled_from(
    [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), NOON_WITHOUT_ZONE]
)
st.register_type_strategy(datetime, times)
# Counts that add up come from sources that behave; these need not, and may be negative.
any_fact = st.one_of(
    *map(
        st.from_type,
        (Reading, Evaluation, Profile, Reference, Probed, Register, Baseline, Overlap),
    )
)
reconciliations = st.builds(
    Reconciliation,
    dataset=st.just("crm.customers"),
    ours=st.sampled_from(["kundennr", "\x1b[31m"]),
    theirs=st.just("customer_key"),
    amount=st.none() | st.just(Amount(ours="summe", theirs="total")),
)
overlaps = st.builds(Overlap, promised=reconciliations)
whole = st.builds(Reading, failure=st.none())


@st.composite
def compared(draw: st.DrawFn) -> list[Fact]:
    """A reading with a reference and a profile on its grid, whose counts may or may not add up."""
    rows = [draw(st.integers(-1, 3) | st.integers(0, 10**10)) for _ in range(2)]
    edges = draw(st.lists(st.text(max_size=3) | st.integers().map(str), max_size=3))
    names = draw(st.lists(st.text(max_size=3), max_size=3))
    floats = st.none() | st.floats()
    columns: list[tuple[ColumnProfile, ...]] = []
    for n in rows:
        numbers = Numbers(
            edges=tuple(edges), counts=draw(split(n, edges)), mean=draw(floats), sd=draw(floats)
        )
        categories = Categories(names=tuple(names), counts=draw(split(n, names)))
        found = [
            ColumnProfile(column="n", type="double", missing=0, numbers=numbers),
            ColumnProfile(column="c", type="string", missing=0, categories=categories),
            draw(st.from_type(ColumnProfile)),
        ]
        columns.append(tuple(found[: draw(st.integers(0, 3))]))
    before, now = (
        Profile(dataset="a.b", rows=n, columns=of) for n, of in zip(rows, columns, strict=True)
    )
    reference = Reference(profile=before, sha256="", made_on=date.min)
    latest = made_reading(source="a", dataset="b", rows=draw(st.sampled_from(rows)))
    return [latest, reference, now]


def split(whole: int, names: list[str]) -> st.SearchStrategy[tuple[int, ...]]:
    """Counts of one more than `names`, most of them with the right sum."""
    parts = st.lists(st.integers(0, max(0, whole) // 4), min_size=len(names), max_size=len(names))
    return parts.map(lambda some: (*some, whole - sum(some)))


facts = st.lists(any_fact | whole | overlaps, max_size=8) | compared()
spans = st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=400))
promised = st.builds(
    Promises,
    key=st.just(("key",)),
    event_time=st.sampled_from([None, "at"]),
    lag=spans,
    cadence=spans,
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia"]),
    missing=st.dictionaries(st.text(max_size=3), st.floats(0, 0.99), max_size=2),
    missing_jointly=st.none() | st.floats(0, 0.99),
    reconciles=st.lists(reconciliations, max_size=3).map(tuple),
    thresholds=st.from_type(type(NIGHTLY.thresholds)).map(lambda _: NIGHTLY.thresholds),
)


def says_all(verdict: Verdict, claim: str) -> None:
    assert verdict.claim == claim
    for text in (verdict.because, verdict.expected, verdict.observed, verdict.method):
        assert text
        assert text.isprintable(), ascii(text)
    assert verdict.because.endswith((".", "…"))
    assert len(verdict.because) < 700
    assert len(verdict.expected) <= 60


@pytest.mark.parametrize("claim", DATASET_CLAIMS)
@given(promises=promised, found=facts)
def test_a_dataset_claim_is_judged_whatever_the_facts_are(claim, promises, found):
    verdict = DATASET_CLAIMS[claim].prove(promises, found)
    says_all(verdict, claim)
    if not any(isinstance(fact, Reading) for fact in found):
        assert verdict.outcome is Outcome.UNPROVEN


@pytest.mark.parametrize("claim", SOURCE_CLAIMS)
@given(renews=st.booleans(), found=facts)
def test_a_source_claim_is_judged_whatever_the_facts_are(claim, renews, found):
    says_all(SOURCE_CLAIMS[claim].prove(SourcePromises(renews=renews), found), claim)


@pytest.mark.parametrize("claim", DATASET_CLAIMS)
def test_no_facts_prove_no_dataset_claim(claim):
    assert DATASET_CLAIMS[claim].prove(NIGHTLY, []).outcome is Outcome.UNPROVEN


@pytest.mark.parametrize("claim", SOURCE_CLAIMS)
def test_no_facts_prove_no_source_claim(claim):
    assert SOURCE_CLAIMS[claim].prove(SourcePromises(), []).outcome is Outcome.UNPROVEN


@pytest.mark.parametrize("claim", DATASET_CLAIMS)
@given(promises=promised, earlier=facts, failure=st.from_type(Failure))
def test_a_failed_reading_is_never_good(claim, promises, earlier, failure):
    last = failed(failure.kind, failure.message, slot=date.max)
    verdict = DATASET_CLAIMS[claim].prove(promises, [*earlier, last])
    assert verdict.outcome not in GOOD


def test_proofs_import_no_library_that_reads_or_writes():
    heavy = (
        "{'pyarrow', 'polars', 'pandera', 'sqlalchemy', 'httpx', 'asyncssh', 'pandas', 'scipy'}"
    )
    code = f"import sys, harness.claims; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
