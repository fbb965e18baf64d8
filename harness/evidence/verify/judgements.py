"""Judgements held against the verdicts in the ledger: none is other, none lacks, none is more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.evidence.verify import census
from harness.evidence.verify.chain import Planned, Run, planned

FORMAT = 1
GOOD = {"PROVEN", "WAIVED"}
_SAID = ("outcome", "because", "expected", "observed", "n", "method")
_RULE = ("rule", "column", "failed", "rows", "next_step")
_MEASURED = "measured"
"""The basis of a verdict that says none."""


def deviations(judged: Any, run: Run) -> Iterator[str]:
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
    recorded = {planned(said, _verdict(said)): (seq, said) for seq, said in run.verdicts}
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
    for of in sorted({*recorded, *run.planned} - seen, key=repr):
        yield f"{_told(of)} is missing, which the ledger has"
    for key, value in _of_the_run(run).items():
        if judged.get(key) != value:
            yield f"its {key} is {judged.get(key)!a}; the entries say {value!a}"


def outcomes(run: Run) -> dict[Planned, str]:
    """The outcome of each planned verdict of a run; NOT_RUN where it recorded none."""
    recorded = {planned(said, _verdict(said)): _verdict(said) for _, said in run.verdicts}
    return {one: str(recorded.get(one, {}).get("outcome", "NOT_RUN")) for one in run.planned}


def is_ready(run: Run) -> bool:
    """Whether it finished, and every verdict that the pilot owes is PROVEN or WAIVED."""
    found = outcomes(run)
    whole = run.end == "finished" and _owed(run) == len(run.planned)
    return whole and bool(found) and GOOD.issuperset(found.values())


def _owed(run: Run) -> Any:
    return (run.ended or {}).get("planned") or len(run.planned)


def _of_the_run(run: Run) -> dict[str, Any]:
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
        "executed": sum(outcome != "NOT_RUN" for outcome in outcomes(run).values()),
        "ready": is_ready(run),
    }


def _against(one: Any, recorded: tuple[int, Any] | None, told: str) -> Iterator[str]:
    if recorded is None:
        if one.get("outcome") != "NOT_RUN" or one.get("seq") is not None:
            yield f"{told} is {one.get('outcome')}; the ledger has no verdict on it"
        return
    seq, said = recorded
    verdict = _verdict(said)
    if one.get("seq") != seq:
        yield f"{told} names entry {one.get('seq')}; its verdict is entry {seq}"
    for key in _SAID:
        if one.get(key) != verdict.get(key):
            yield f"{told}: {key} is {one.get(key)!a}; entry {seq} has {verdict.get(key)!a}"
    if one.get("basis", _MEASURED) != verdict.get("basis", _MEASURED):
        yield f"{told}: its basis is another than that of entry {seq}"
    if one.get("evidence_class") != said.get("evidence_class"):
        yield f"{told}: its evidence class is another than that of entry {seq}"
    if _rules(one) != _rules(verdict):
        yield f"{told}: its failed rules are others than those of entry {seq}"


def _verdict(said: Mapping[str, Any]) -> Any:
    verdict = said.get("verdict")
    return verdict if isinstance(verdict, dict) else {}


def _rules(verdict: Mapping[str, Any]) -> list[Any]:
    rules = verdict.get("failed_rules", [])
    return [
        [one.get(key) for key in _RULE] if isinstance(one, dict) else one
        for one in (rules if isinstance(rules, list) else [rules])
    ]


def _told(of: Planned) -> str:
    source, dataset, claim = of
    return f"{claim} of {source}" + (f".{dataset}" if dataset else "")
