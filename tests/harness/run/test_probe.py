"""A probe that fails is a fact: it proves nothing, and it is not silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pytest

from connectors.connector import Probe, ProbeKind
from connectors.errors import SourceUnavailable
from connectors.events import Answered, Emit, Event
from connectors.rights import Way
from contracts.promises import SourcePromises
from harness.claims import SOURCE_CLAIMS
from harness.claims.claim import Need
from harness.claims.judge import judge_source
from harness.facts import Failure, Probed
from harness.pilot.privileges import Permission
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
    asked = Asked(ends_with=ends_with)
    return probe(asked, source="shop", permission=None, log=log.append), log


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


PUT = Probe(
    kind=ProbeKind.GRANT, name="PUT x", refused=True, status="AccessDenied", detail="our key"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(Asked):
    """A source that tells what may be written only when it is tried."""

    ends_with: Exception | None = None
    rights: Way | None = Way.TRIED
    has_log_in: bool = True
    tried: list[Sequence[str]] = field(default_factory=list)

    def try_writes(self, at: Sequence[str], *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002
        self.tried.append(at)
        return [PUT]


def test_a_write_is_tried_where_it_is_permitted_and_nowhere_else() -> None:
    source = Tried()
    found = probe(source, source="shop", permission=Permission(at=("x",)), log=print)
    assert (found.probes, source.tried) == ((REFUSED, PUT), [("x",)])


def test_without_a_permission_nothing_is_tried_and_that_is_a_fact() -> None:
    source = Tried()
    denied = Permission(why_not="the permission by Ada ended on 2026-11-01: renew it")
    found = probe(source, source="shop", permission=denied, log=print)
    assert source.tried == []
    assert [one.status for one in found.probes] == ["401", "not asked"]
    assert found.probes[-1].detail == denied.why_not


@pytest.mark.parametrize("way", [Way.LOOKED_UP, None])
def test_a_source_that_is_looked_up_is_never_tried(way: Way | None) -> None:
    source = Tried(rights=way)
    probe(source, source="shop", permission=Permission(at=("x",)), log=print)
    assert source.tried == []


def test_nothing_is_tried_where_nobody_wants_to_know() -> None:
    source = Tried()
    assert probe(source, source="shop", permission=None, log=print).probes == (REFUSED,)
    assert source.tried == []
