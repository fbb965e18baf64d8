"""What holds for every proof: absence never passes, nothing raises, nothing of the data shows."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.promises import SourcePromises
from harness.claims import DATASET_CLAIMS, SOURCE_CLAIMS
from harness.facts import Failure, Reading
from harness.verdict import GOOD, Outcome, Verdict
from tests.harness.claims.any_facts import facts, promised
from tests.harness.claims.made import NIGHTLY, failed


def says_all(verdict: Verdict, claim: str) -> None:
    assert verdict.claim == claim
    for text in (verdict.because, verdict.expected, verdict.observed, verdict.method):
        assert text
        assert text.isprintable(), ascii(text)
    assert verdict.because.endswith((".", "…"))
    assert len(verdict.because) < 700
    assert len(verdict.expected) <= 60
    says_how_bad(verdict)


def says_how_bad(verdict: Verdict) -> None:
    """A number is there to be signed wherever a person may excuse it, and nowhere else."""
    names = [one.what for one in verdict.measures]
    assert bool(names) is (verdict.outcome in (Outcome.BROKEN, Outcome.UNPROVEN)), verdict.because
    assert len(set(names)) == len(names)
    assert all(one.what.isprintable() and 0 <= one.value <= 1e12 for one in verdict.measures)


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
