"""A probe that fails is a fact: it proves nothing, and it is not silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pytest

from connectors.connector import Probe
from connectors.errors import SourceUnavailable
from connectors.events import Answered, Emit, Event
from contracts.promises import SourcePromises
from harness.claims import SOURCE_CLAIMS
from harness.claims.claim import Need
from harness.claims.judge import judge_source
from harness.facts import Failure, Probed
from harness.run.probe import probe
from harness.verdict import Outcome

ASKED = Answered(what="GET /orders", status="401", seconds=0.1, bytes=0, attempt=1)
REFUSED = Probe(name="stranger_refused", refused=True, status="401", detail="nobody")
ON_PROBES = [claim.name for claim in SOURCE_CLAIMS.values() if Need.PROBE in claim.needs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A source that answers a probe, or breaks off after its first answer."""

    ends_with: Exception | None
    endpoint: str = "none://here"

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        raise NotImplementedError

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        emit(ASKED)
        if self.ends_with is not None:
            raise self.ends_with
        return [REFUSED]


def probed(ends_with: Exception | None) -> tuple[Probed, list[Event]]:
    log: list[Event] = []
    return probe(Asked(ends_with=ends_with), source="shop", log=log.append), log


def test_the_answers_are_the_fact_and_each_request_is_in_the_log() -> None:
    fact = Probed(source="shop", probes=(REFUSED,), failure=None, attempts=1)
    assert probed(None) == (fact, [ASKED])


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (SourceUnavailable("it is down"), "SourceUnavailable", "it is down"),
        (ValueError("Ada Lovelace"), "Unexpected", "ValueError in "),
    ],
)
def test_a_probe_that_raises_is_a_failure_and_what_was_asked_is_in_the_log(
    error: Exception, kind: str, message: str
) -> None:
    found, log = probed(error)
    assert found.probes == ()
    assert isinstance(found.failure, Failure)
    assert found.failure.kind == kind
    assert found.failure.message.startswith(message)
    assert "Ada" not in found.failure.message
    assert log == [ASKED]


@pytest.mark.parametrize("claim", ON_PROBES)
def test_a_probe_that_raised_proves_no_claim(claim: str) -> None:
    found, _ = probed(SourceUnavailable("it is down"))
    verdict = judge_source(claim, SourcePromises(), [found])
    assert verdict.outcome is Outcome.ERROR
    assert "it is down" in verdict.because
