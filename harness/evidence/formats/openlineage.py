"""`openlineage.jsonl`: run events (OpenLineage 2-0-2), two for each run that judged, each a line.

- Every time has its zone, and every `success` is a boolean: only PROVEN succeeds.
- A run is COMPLETE only if it finished and all that the pilot owes is PROVEN or WAIVED, as the
  command's exit code has it; ABORT if a signal ended it, FAIL for all else.
- Claims about a dataset are its assertions. Claims about a source and gaps are the run's tests, of
  which none is ever `skip`.
- A missed night is a run that failed when it was due, and never began.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from harness.evidence.evidence import Evidence
from harness.evidence.formats.cases import Case, gaps_between, gaps_of, judging, verdicts
from harness.evidence.formats.plain import line, moment, uuid_of, written
from harness.evidence.runs import EvidenceRun, FactEntry, State
from harness.facts import Reading
from harness.verdict import GOOD, Outcome

Json: TypeAlias = dict[str, Any]
_SPEC = "https://openlineage.io/spec"
_EVENT = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_EXACT = 2**53


def render(evidence: Evidence) -> bytes:
    """The events in the order of the ledger's runs, then those of missed nights."""
    return b"".join(written(event) for event in _events(evidence))


def _events(evidence: Evidence) -> Iterator[Json]:
    for run in judging(evidence):
        run_id = uuid_of("openlineage run", run.header.run)
        yield _event(evidence, run, "START", run.started_at, {"runId": run_id})
        if run.ended_at is not None:
            yield _end(evidence, run, run_id, run.ended_at)
    for case in gaps_between(evidence):
        facets = {"test": _tests([case]), "errorMessage": _error(case.said)}
        run_id = uuid_of("openlineage gap", *case.key, case.verdict.because)
        yield _event(evidence, None, "FAIL", case.at, {"runId": run_id, "facets": facets})


def _end(evidence: Evidence, run: EvidenceRun, run_id: str, at: datetime) -> Json:
    found, missing = [*verdicts(evidence, run)], [*gaps_of(run)]
    bad = [case for case in (*found, *missing) if case.outcome not in GOOD]
    kind = _kind(run.state, bad)
    facets = {}
    if others := [case for case in found if case.dataset is None] + missing:
        facets["test"] = _tests(others)
    if kind != "COMPLETE":
        first = f"{bad[0].of} {bad[0].claim} is {bad[0].said}" if bad else run.because
        facets["errorMessage"] = _error(f"{len(bad)} of {len(found)} are not proven: {first}")
    event = _event(evidence, run, kind, at, {"runId": run_id, "facets": facets})
    return {**event, "inputs": [*_inputs(evidence, run, found)], "outputs": [*_outputs(run)]}


def _kind(state: State, bad: Sequence[Case]) -> str:
    if state is State.INTERRUPTED:
        return "ABORT"
    return "COMPLETE" if state is State.FINISHED and not bad else "FAIL"


def _event(
    evidence: Evidence, run: EvidenceRun | None, kind: str, at: datetime, named: Json
) -> Json:
    job = run.job if run else "prove"
    return {
        "eventType": kind,
        "eventTime": moment(at),
        "producer": producer(),
        "schemaURL": _EVENT,
        "run": named,
        "job": {
            "namespace": line(f"seatrial:{evidence.pilot}:{evidence.environment}"),
            "name": line(job),
        },
        "inputs": [],
        "outputs": [],
    }


def _inputs(evidence: Evidence, run: EvidenceRun, found: Iterable[Case]) -> Iterator[Json]:
    by_dataset: defaultdict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in found:
        if case.dataset is not None:
            by_dataset[str(case.source), case.dataset].append(case)
    readings = _readings(run)
    for (source, dataset), of in by_dataset.items():
        read = readings.get((source, dataset))
        job = f"seatrial:{evidence.pilot}:{evidence.environment}"
        yield {
            **named(job, source, dataset, read),
            "facets": described(read, f"{source}.{dataset}"),
            "inputFacets": {
                "dataQualityAssertions": facet(
                    "1-1-0/DataQualityAssertionsDatasetFacet",
                    assertions=[_assertion(case) for case in of],
                ),
                **_measured(read),
            },
        }


def _readings(run: EvidenceRun) -> Mapping[tuple[str, str], FactEntry]:
    return {
        (one.fact.source, one.fact.dataset): one
        for one in run.facts
        if isinstance(one.fact, Reading)
    }


def named(job: str, source: str, dataset: str, read: FactEntry | None) -> Json:
    """What identifies a data set: where it was read, else our own name for it below `job`."""
    where = read.origin.endpoint if read else None
    name = (read.origin.locator if read else None) or dataset
    return {"namespace": line(where or f"{job}:{source}"), "name": line(name)}


def described(read: FactEntry | None, name: str) -> Json:
    """Facets of a data set: our name, and the digest of what was read of it."""
    facets = {"documentation": facet("1-1-0/DocumentationDatasetFacet", description=line(name))}
    reading = read.fact if read else None
    if isinstance(reading, Reading) and reading.sha256:
        facets["version"] = facet(
            "1-0-1/DatasetVersionDatasetFacet", datasetVersion=f"sha256:{reading.sha256}"
        )
    return facets


def _measured(read: FactEntry | None) -> Json:
    """What was read, unless it is too much for a JSON number, or the reading failed."""
    reading = read.fact if read else None
    if not isinstance(reading, Reading) or reading.failure:
        return {}
    counts = {"rowCount": reading.rows, "size": reading.bytes}
    exact = {name: value for name, value in counts.items() if value < _EXACT}
    return {"inputStatistics": facet("1-0-0/InputStatisticsInputDatasetFacet", **exact)}


def _outputs(run: EvidenceRun) -> Iterator[Json]:
    for one in run.kept:
        version = facet(
            "1-0-1/DatasetVersionDatasetFacet", datasetVersion=f"sha256:{one.kept.sha256}"
        )
        yield {"namespace": "file", "name": line(one.kept.file), "facets": {"version": version}}


def _assertion(case: Case) -> Json:
    return {
        "assertion": line(case.claim),
        "success": case.proven,
        **_words(case),
    }


def _tests(of: Iterable[Case]) -> Json:
    tests = [
        {
            "name": line(" ".join(filter(None, (case.of, case.claim)))),
            "type": line(case.claim),
            "status": "pass" if case.proven else "fail",
            **_words(case),
        }
        for case in of
    ]
    return facet("1-0-1/TestRunFacet", tests=tests)


def _words(case: Case) -> Json:
    """What was waived fails, and stops nothing. Counts are text, as no reader rounds text."""
    verdict = case.verdict
    return {
        "severity": "warn" if case.outcome is Outcome.WAIVED else "error",
        "description": line(case.said),
        "expected": line(verdict.expected),
        "actual": line(verdict.observed),
        "params": {
            "outcome": case.outcome,
            "original": verdict.outcome,
            "n": str(verdict.n),
            "method": line(verdict.method),
            "basis": verdict.basis,
            "evidence_class": case.evidence_class or "none",
        },
    }


def _error(message: str) -> Json:
    return facet("1-0-1/ErrorMessageRunFacet", message=line(message), programmingLanguage="Python")


def facet(schema: str, **content: object) -> Json:
    """One facet of a version and name, as `1-0-1/TestRunFacet`."""
    version, name = schema.split("/")
    url = f"{_SPEC}/facets/{version}/{name}.json#/$defs/{name}"
    return {"_producer": producer(), "_schemaURL": url, **content}


def producer() -> str:
    """Who says so, as a URI."""
    return "urn:seatrial"
