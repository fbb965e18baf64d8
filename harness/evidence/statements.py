"""What is signed: in-toto Statements whose subject is the manifest's digest; pure.

    manifest ◀─ test result of each suite ─┐
    manifest ◀─ pipeline reliability ──────┼─▶ verification summary, which names them all
    manifest ◀─ evidence manifest ─────────┘

Times are those of the ledger, so that equal ledgers give equal statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.canonical import canonical
from harness.errors import ConfigurationError
from harness.evidence import judgements
from harness.evidence.evidence import Evidence
from harness.evidence.manifest import NAME, binding, classes, digest
from harness.evidence.runs import EvidenceRun, FactEntry
from harness.facts import Reading
from harness.report.summary import where
from harness.result import Judged
from harness.verdict import GOOD

_NAME = re.compile(r"\w[\w.-]{0,127}")
STATEMENT = "https://in-toto.io/Statement/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
SUMMARY = "https://slsa.dev/verification_summary/v1"
MANIFEST = "urn:seatrial:evidence-manifest/v1"
RELIABILITY = "urn:seatrial:pipeline-reliability/v1"
REPORT = "urn:seatrial:evidence-report/v1"
READY = "SEATRIAL_READY"
"""Our own levels, with the evidence class behind: SEATRIAL_READY_STAGING."""


def of_manifest(evidence: Evidence, manifest: bytes) -> bytes:
    """The statement that signs the manifest, bound to what it is of."""
    return _statement(MANIFEST, {NAME: manifest}, binding(evidence))


def of_files(evidence: Evidence, manifest: bytes, files: Mapping[str, bytes]) -> bytes:
    """The statement on files beside the manifest, which name its digest."""
    return _statement(
        REPORT, files, {**binding(evidence), "manifest": {"sha256": digest(manifest)}}
    )


def attestations(
    evidence: Evidence, manifest: bytes, files: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """The file's name and the statement of each suite of the newest run, and of all readings."""
    newest = evidence.newest
    if newest is not None:
        for source in dict.fromkeys(one.planned.source for one in newest.judged):
            yield (
                f"test-result.{_file_name(source)}",
                _statement(
                    TEST_RESULT,
                    {NAME: manifest},
                    _test_result(evidence, newest, source, files),
                ),
            )
    yield (
        "pipeline-reliability",
        _statement(RELIABILITY, {NAME: manifest}, _reliability(evidence)),
    )


def summary(
    evidence: Evidence, manifest: bytes, files: Mapping[str, bytes], used: Mapping[str, bytes]
) -> bytes:
    """SLSA's verification summary of the newest run. `used` are all envelopes it rests on.

    PASSED only where every verdict that the pilot owes is good.
    """
    newest = evidence.newest
    passed = newest is not None and judgements.ready(newest)
    weakest = next(iter(classes(evidence)), None)
    level = f"{READY}_{weakest}".upper() if passed else "FAILED"
    at = newest and (newest.ended_at or newest.started_at)
    return _statement(
        SUMMARY,
        {NAME: manifest},
        {
            "verifier": {"id": "urn:seatrial:verifier"},
            "timeVerified": at,
            "resourceUri": f"urn:seatrial:pilot:{evidence.pilot}:{evidence.environment}",
            "policy": {
                "uri": "policy/pilot.json",
                "digest": {"sha256": digest(files["policy/pilot.json"])},
            },
            "inputAttestations": [
                {"uri": path, "digest": {"sha256": digest(data)}} for path, data in used.items()
            ],
            "verificationResult": "PASSED" if passed else "FAILED",
            "verifiedLevels": [level],
        },
    )


def _statement(kind: str, subjects: Mapping[str, bytes], predicate: Mapping[str, Any]) -> bytes:
    return canonical(
        {
            "_type": STATEMENT,
            "subject": [
                {"name": name, "digest": {"sha256": digest(data)}}
                for name, data in subjects.items()
            ],
            "predicateType": kind,
            "predicate": predicate,
        }
    )


def _test_result(
    evidence: Evidence, run: EvidenceRun, source: str, files: Mapping[str, bytes]
) -> dict[str, Any]:
    """Only PROVEN and WAIVED pass; there is no third kind that a reader may overlook."""
    own = [one for one in run.judged if one.planned.source == source]
    failed = [_name(one) for one in own if one.outcome not in GOOD]
    judged = f"judgements/{run.header.run}.json"
    return {
        "result": "FAILED" if failed else "PASSED",
        "configuration": [
            *(
                {"name": path, "digest": {"sha256": digest(files[path])}}
                for path in ("policy/pilot.json", judged)
            ),
            *(
                {"name": f"contract of {place}", "digest": {"sha256": one}}
                for place, digests in binding(evidence)["contracts"].items()
                if place.partition(".")[0] == source
                for one in digests
            ),
        ],
        "passedTests": [_name(one) for one in own if one.outcome in GOOD],
        "warnedTests": [],
        "failedTests": failed,
    }


def _name(judged: Judged) -> str:
    return f"{where(judged.planned)} {judged.planned.claim}"


def _reliability(evidence: Evidence) -> dict[str, Any]:
    """Every reading of the window, with what was asked, when, by which code, and how often."""
    return {
        **binding(evidence),
        "measurements": [
            _measurement(run, entry, entry.fact)
            for run in evidence.runs
            for entry in run.facts
            if isinstance(entry.fact, Reading)
        ],
    }


def _measurement(run: EvidenceRun, entry: FactEntry, reading: Reading) -> dict[str, Any]:
    return {
        "source": reading.source,
        "dataset": reading.dataset,
        "night": reading.night or run.night,
        "run": run.header.run,
        "seq": entry.seq,
        "query": entry.origin.locator,
        "endpoint": entry.origin.endpoint,
        "contract": entry.origin.contract,
        "evidence_class": entry.origin.evidence_class,
        "collector": run.header.code,
        "started_at": reading.started_at,
        "seconds": reading.seconds,
        "n": reading.attempts,
        "rows": reading.rows,
        "bytes": reading.bytes,
        "retries": reading.retries,
        "throttled": reading.throttled,
        "latency_ms": reading.latency
        and {
            "n": reading.latency.n,
            "p50": reading.latency.p50,
            "p95": reading.latency.p95,
            "maximum": reading.latency.maximum,
        },
        "failure": reading.failure and reading.failure.kind,
        "sha256": reading.sha256,
    }


def _file_name(source: str) -> str:
    if not _NAME.fullmatch(source):
        raise ConfigurationError(
            f"the ledger's source {source!a} cannot name a file, so another program wrote it: "
            "keep the ledger, and name another --out"
        )
    return source
