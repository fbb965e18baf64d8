"""What the statements say of verdicts, held against those that the ledger recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.evidence.verify import census
from harness.evidence.verify.amendments import Excusing
from harness.evidence.verify.chain import Chain, Planned, Run
from harness.evidence.verify.finding import Finding, refused
from harness.evidence.verify.judgements import GOOD, is_ready, outcomes
from harness.evidence.verify.manifest import Manifest
from harness.evidence.verify.signed import Statement
from harness.evidence.verify.statements import CHECK, SUMMARY

TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
_OTHER = "the verdict that is shown is not the one that was recorded"


def check(
    stated: Sequence[Statement], of: Manifest, chain: Chain, excuses: Excusing
) -> Iterator[Finding]:
    """The summary and the test results are those of the newest run that was to prove."""
    run = _newest(of, chain)
    passed = "PASSED" if run is not None and is_ready(run, excuses) else "FAILED"
    for one in stated:
        said = one.predicate.get("verificationResult")
        if one.predicate_type == SUMMARY and said != passed:
            yield refused(
                CHECK,
                f"it says {said!a}; the newest run's verdicts say {passed}",
                file=one.file,
                means=_OTHER,
            )
    recorded = {} if run is None else outcomes(run, excuses)
    yield from _results([one for one in stated if one.predicate_type == TEST_RESULT], recorded)


def _newest(of: Manifest, chain: Chain) -> Run | None:
    """The last run that was to prove; if none was, the last that was to judge anything."""
    judging = [chain.runs[run] for run in of.runs if run in chain.runs and chain.runs[run].planned]
    proving = [run for run in judging if census.job(run) == census.PROVE]
    return next(reversed(proving or judging), None)


def _results(stated: Sequence[Statement], recorded: Mapping[Planned, str]) -> Iterator[Finding]:
    """Together they have each verdict of the run once, on the side where it belongs."""
    good = sorted(_name(one) for one, outcome in recorded.items() if outcome in GOOD)
    bad = sorted(_name(one) for one, outcome in recorded.items() if outcome not in GOOD)
    for side, expected in (("passedTests", good), ("failedTests", bad)):
        told = sorted(str(name) for one in stated for name in _listed(one.predicate.get(side)))
        if told != expected:
            odd = sorted({*told} ^ {*expected}) or ["one of them twice"]
            yield refused(
                CHECK,
                f"the {side} of all test results are not the newest run's: {', '.join(odd[:3])}",
                means=_OTHER,
            )
    for one in stated:
        failed = bool(_listed(one.predicate.get("failedTests")))
        if one.predicate.get("result") != ("FAILED" if failed else "PASSED"):
            yield refused(
                CHECK, "its result is not that of its tests", file=one.file, means=_OTHER
            )


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _name(of: tuple[str | None, ...]) -> str:
    source, dataset, claim = of
    return f"{source} {claim}" if dataset is None else f"{source}.{dataset} {claim}"
