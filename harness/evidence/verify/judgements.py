"""Judgements held against the verdicts in the ledger: none is other, none lacks, none is more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.evidence.verify import census
from harness.evidence.verify.amendments import Excusing
from harness.evidence.verify.chain import Planned, Run, planned, verdict_of

FORMAT = 1
GOOD = {"PROVEN", "WAIVED"}
_SAID = ("outcome", "because", "expected", "observed", "n", "method")
_SIGNED = ("kind", "number", "by", "role", "reason", "until")
_RULE = ("rule", "column", "failed", "rows", "next_step")
_MEASURED = "measured"
"""The basis of a verdict that says none."""


def deviations(judged: Any, run: Run, excuses: Excusing) -> Iterator[str]:
    """What the judgements of one run say other than its entries do."""
    match judged:
        case {"format": form, "run": named, "verdicts": [*verdicts]} if form == FORMAT:
            pass
        case _:
            yield "it holds no judgements of a run"
            return
    if named != run.id:
        yield f"it is of run {named}"
        return
    recorded = {planned(said, verdict_of(said)): (seq, said) for seq, said in run.verdicts}
    seen: set[Planned] = set()
    for one in verdicts:
        if not isinstance(one, dict):
            yield "it holds something that is no verdict"
            continue
        of = planned(one, one)
        if of in seen:
            yield f"{_told(of)} is judged twice"
        seen.add(of)
        yield from _against(one, recorded.get(of), _told(of))
        yield from _excused(one, recorded.get(of), run, excuses)
    for of in sorted({*recorded, *run.planned} - seen, key=repr):
        yield f"{_told(of)} is missing, which the ledger has"
    for key, value in _of_the_run(run, excuses).items():
        if judged.get(key) != value:
            yield f"its {key} is {judged.get(key)!a}; the entries say {value!a}"


def outcomes(run: Run, excuses: Excusing) -> dict[Planned, str]:
    """What counts of each planned verdict of a run; NOT_RUN where it recorded none."""
    recorded = {planned(said, verdict_of(said)): verdict_of(said) for _, said in run.verdicts}
    return {one: excuses.outcome(run, one, recorded.get(one, {})) for one in run.planned}


def is_ready(run: Run, excuses: Excusing) -> bool:
    """Whether it finished, and every verdict that the pilot owes is PROVEN or WAIVED."""
    found = outcomes(run, excuses)
    whole = run.end == "finished" and _owed(run) == len(run.planned)
    return whole and bool(found) and GOOD.issuperset(found.values())


def _owed(run: Run) -> Any:
    return (run.ended or {}).get("planned") or len(run.planned)


def _of_the_run(run: Run, excuses: Excusing) -> dict[str, Any]:
    started, ended = run.started or {}, run.ended or {}
    return {
        "pilot": started.get("pilot"),
        "environment": started.get("environment"),
        "number": run.number,
        "job": started.get("job", census.PROVE),
        "slot": started.get("slot"),
        "code": started.get("code"),
        "configuration": started.get("configuration"),
        "started_at": started.get("at"),
        "ended_at": ended.get("at"),
        "state": census.state(run),
        "planned": _owed(run),
        "executed": sum(outcome != "NOT_RUN" for outcome in outcomes(run, excuses).values()),
        "ready": is_ready(run, excuses),
    }


def _against(one: Any, recorded: tuple[int, Any] | None, told: str) -> Iterator[str]:
    if recorded is None:
        if one.get("outcome") != "NOT_RUN" or one.get("seq") is not None:
            yield f"{told} is {one.get('outcome')}; the ledger has no verdict on it"
        return
    seq, said = recorded
    verdict = verdict_of(said)
    if one.get("seq") != seq:
        yield f"{told} names entry {one.get('seq')}; its verdict is entry {seq}"
    for key in _SAID:
        if _said(one, key) != verdict.get(key):
            yield f"{told}: {key} is {one.get(key)!a}; entry {seq} has {verdict.get(key)!a}"
    if one.get("basis", _MEASURED) != verdict.get("basis", _MEASURED):
        yield f"{told}: its basis is another than that of entry {seq}"
    if one.get("evidence_class") != said.get("evidence_class"):
        yield f"{told}: its evidence class is another than that of entry {seq}"
    measures = {m.get("what"): m.get("value") for m in verdict.get("measures", ())}
    if one.get("measures", {}) != measures:
        yield f"{told}: its measures are others than those of entry {seq}"
    if _rules(one) != _rules(verdict):
        yield f"{told}: its failed rules are others than those of entry {seq}"


def _said(one: Mapping[str, Any], key: str) -> Any:
    """What it says that was recorded: of the outcome, the one that stands beside what counts."""
    return one.get("original", one.get(key)) if key == "outcome" else one.get(key)


def _excused(
    one: dict[str, Any], recorded: tuple[int, Any] | None, run: Run, excuses: Excusing
) -> Iterator[str]:
    """The outcome that counts, and who made it so, are those that the amendments give."""
    if recorded is None:
        return
    verdict, of = verdict_of(recorded[1]), planned(one, one)
    counts = excuses.outcome(run, of, verdict)
    if one.get("outcome") != counts:
        yield f"{_told(of)} is {one.get('outcome')!a}; by the amendments it is {counts}"
    by = excuses.by(run, of, verdict)
    signed = None if by is None else {key: by[1].get(key) for key in _SIGNED}
    if _dated(one.get("excuse")) != _dated(signed):
        yield f"{_told(of)}: its excuse is another than that of the amendment"
    if one.get("stale") is not None:
        yield f"{_told(of)}: no bundle says how old a verdict is"


def _dated(excuse: Any) -> Any:
    """An excuse whose end is a moment, however it is written."""
    match excuse:
        case {"until": str() as until, **rest}:
            return {**rest, "until": census.moment(until)}
    return excuse


def _rules(verdict: Mapping[str, Any]) -> list[Any]:
    rules = verdict.get("failed_rules", [])
    return [
        [one.get(key) for key in _RULE] if isinstance(one, dict) else one
        for one in (rules if isinstance(rules, list) else [rules])
    ]


def _told(of: Planned) -> str:
    source, dataset, claim = of
    return f"{claim} of {source}" + (f".{dataset}" if dataset else "")
