"""`verdicts.json`: the verdicts for machines, in the form of `verdicts.schema.json`."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from contracts.evaluation import Sample
from harness import atomic_write
from harness.result import Judged, Result
from harness.verdict import FailedRule

FORMAT = 1
SCHEMA = Path(__file__).with_name("verdicts.schema.json")


def document(result: Result) -> dict[str, Any]:
    """The result as JSON values; verdicts are in the plan's order."""
    return {
        "format": FORMAT,
        "pilot": result.pilot,
        "environment": result.environment,
        "run": result.run,
        "slot": result.slot.isoformat(),
        "ready": result.ready,
        "planned": result.planned,
        "executed": result.executed,
        **_provenance(result),
        "verdicts": [entry(judged) for judged in result.judged],
    }


def write(result: Result, path: Path, *, mode: int = atomic_write.OURS) -> None:
    """Write the document to `path`, as a whole. Raises OSError."""
    text = json.dumps(document(result), ensure_ascii=False, allow_nan=False, indent=2)
    atomic_write.replace(path, text + "\n", mode=mode)


def _provenance(result: Result) -> dict[str, Any]:
    found = result.provenance
    if found is None:
        return {}
    return {
        "code": result.code,
        "commit": found.commit,
        "configuration": found.configuration,
        "contracts": [dataclasses.asdict(one) for one in found.contracts],
        "ledger": {
            "head": found.head,
            "entries": found.entries,
            "runs": found.runs,
            "root": found.root,
            "signed_by": found.signed_by,
            "unsigned": found.unsigned,
        },
    }


def entry(judged: Judged) -> dict[str, Any]:
    """One verdict as JSON values."""
    verdict = judged.verdict
    failed = [_failed_rule(rule) for rule in verdict.failed_rules]
    return {
        "source": judged.planned.source,
        "dataset": judged.planned.dataset,
        "claim": judged.planned.claim,
        "outcome": str(judged.outcome),
        "because": verdict.because,
        "expected": verdict.expected,
        "observed": verdict.observed,
        "n": verdict.n,
        "method": verdict.method,
        "basis": str(verdict.basis),
        "evidence_class": str(judged.evidence_class),
        **({"failed_rules": failed} if failed else {}),
        **_measured(judged),
        **_beside(judged),
    }


def _measured(judged: Judged) -> dict[str, Any]:
    found = {one.what: one.value for one in judged.verdict.measures}
    return {"measures": found} if found else {}


def _beside(judged: Judged) -> dict[str, Any]:
    """What the facts gave, where the outcome is another, and why it is."""
    if judged.outcome is judged.original:
        return {}
    given, stale = judged.excuse, judged.stale
    return {
        "original": str(judged.original),
        "excuse": given
        and {
            "kind": str(given.kind),
            "number": given.number,
            "by": given.by,
            "role": given.role,
            "reason": given.reason,
            "until": given.until.isoformat(),
        },
        "stale": stale and {"since": stale.since.isoformat()},
    }


def _failed_rule(rule: FailedRule) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "column": rule.column,
        "failed": rule.failed,
        "rows": rule.rows,
        "samples": [_sample(sample) for sample in rule.samples],
        "next_step": rule.next_step,
    }


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "rows": list(sample.rows),
        "delivery": sample.delivery,
        "key": {shown.column: shown.text for shown in sample.key},
        "values": {shown.column: shown.text for shown in sample.values},
    }
