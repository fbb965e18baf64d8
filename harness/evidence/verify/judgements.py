"""Judgements held against the verdicts in the ledger: none is other, none lacks, none is more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from harness.evidence.verify.chain import Run

FORMAT = 1
_SAID = ("outcome", "because", "expected", "observed", "n", "method")
_MEASURED = "measured"
"""The basis of a verdict that says none."""
Planned: TypeAlias = tuple[Any, Any, Any]


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
    recorded = {_planned(said, _verdict(said)): (seq, said) for seq, said in run.verdicts}
    seen: set[Planned] = set()
    for one in verdicts:
        planned = _planned(one, one)
        if planned in seen:
            yield f"{_told(planned)} is judged twice"
        seen.add(planned)
        yield from _against(one, recorded.get(planned), _told(planned))
    for planned in sorted({*recorded, *_owed(run)} - seen, key=repr):
        yield f"{_told(planned)} is missing, which the ledger has"


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


def _owed(run: Run) -> Iterator[Planned]:
    for one in (run.started or {}).get("planned", ()):
        yield _planned(one, one)


def _planned(where: Any, what: Any) -> Planned:
    return where.get("source"), where.get("dataset"), what.get("claim")


def _rules(verdict: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    keys = ("rule", "column", "failed", "rows", "next_step")
    return [tuple(one.get(key) for key in keys) for one in verdict.get("failed_rules", ())]


def _told(planned: Planned) -> str:
    source, dataset, claim = planned
    return f"{claim} of {source}" + (f".{dataset}" if dataset else "")
