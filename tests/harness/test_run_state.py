"""What a run has found stays in step with its ledger, whichever threads record."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from harness.claims.judge import not_run
from harness.clock import Clock
from harness.facts import EvidenceClass, Failure, Register
from harness.ledger.ledger import Header, Ledger, Origin, open_ledger, utc_now
from harness.result import Planned
from harness.run.circuit_breaker import OpenCircuit
from harness.run.state import RunState
from harness.run.system import System

HEADER = Header(pilot="acme", environment="dev", run="run-1", slot="2026-11-20", code="1.0+abc")
OWED = tuple(Planned(source="shop", dataset="orders", claim=c) for c in ("fresh", "complete"))


def register(owner: str) -> Register:
    return Register(
        source="shop",
        owner=owner,
        deputy=None,
        escalation=None,
        acknowledged_by=None,
        acknowledged_on=None,
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.begin(HEADER, {}, at=utc_now())
        yield ledger


@pytest.fixture
def state(ledger: Ledger) -> RunState:
    shop = System(
        connector=OpenCircuit(
            endpoint="none://shop", why=Failure(kind="AccessDenied", message="nothing is read")
        ),
        evidence_class=EvidenceClass.SIMULATED,
    )
    return RunState(ledger, HEADER, planned=OWED, systems={"shop": shop}, clock=Clock(now=utc_now))


def on_the_ledger(ledger: Ledger) -> list[str]:
    bodies = [json.loads(entry.body) for entry in ledger.entries(kind="register")]
    return [body["register"]["owner"] for body in bodies]


def in_the_result(state: RunState) -> list[str | None]:
    return [fact.owner for fact in state.facts() if isinstance(fact, Register)]


def together(*threads: threading.Thread) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_threads_that_record_at_once_leave_one_order(ledger: Ledger, state: RunState) -> None:
    def record(name: str) -> None:
        for number in range(20):
            state.record_fact(register(f"{name}-{number}"), Origin(source="shop"))

    together(*(threading.Thread(target=record, args=(name,)) for name in "abcd"))
    assert in_the_result(state) == on_the_ledger(ledger)
    assert len(state.facts_of("shop")) == 80


def overtake(
    ledger: Ledger, state: RunState, monkeypatch: pytest.MonkeyPatch, *, rest_seconds: float
) -> None:
    """The first thread rests between the ledger and the result until the second has recorded,
    or for as long as it may.
    """
    written, recorded = threading.Event(), threading.Event()
    append = ledger.append

    def rest(*arguments: Any, **named: Any) -> int:
        seq = append(*arguments, **named)
        if threading.current_thread().name == "first":
            written.set()
            recorded.wait(rest_seconds)
        return seq

    def first() -> None:
        state.record_fact(register("first"), Origin(source="shop"))

    def second() -> None:
        assert written.wait(60)
        state.record_fact(register("second"), Origin(source="shop"))
        recorded.set()

    monkeypatch.setattr(ledger, "append", rest)
    together(threading.Thread(target=first, name="first"), threading.Thread(target=second))


def test_no_thread_overtakes_another_between_ledger_and_result(
    ledger: Ledger, state: RunState, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtake(ledger, state, monkeypatch, rest_seconds=0.2)
    assert on_the_ledger(ledger) == in_the_result(state) == ["first", "second"]


def test_without_the_lock_it_would(
    ledger: Ledger, state: RunState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "_one_at_a_time", nullcontext())
    overtake(ledger, state, monkeypatch, rest_seconds=60)
    assert on_the_ledger(ledger) == ["first", "second"]
    assert in_the_result(state) == ["second", "first"]


def test_verdicts_are_recorded_all_or_none(ledger: Ledger, state: RunState) -> None:
    good, unwritable = not_run("fresh"), not_run(object())
    with pytest.raises(TypeError):
        state.record_verdicts(dict(zip(OWED, (good, unwritable), strict=True)))
    assert state.unjudged() == OWED
    assert not list(ledger.entries(kind="verdict"))
    state.record_verdicts({p: not_run(p.claim) for p in OWED})
    assert [one.planned for one in state.verdicts(OWED)] == list(OWED)


def test_a_claim_is_judged_once(ledger: Ledger, state: RunState) -> None:
    state.record_verdicts({OWED[0]: not_run("fresh")})
    with pytest.raises(RuntimeError, match="judged twice"):
        state.record_verdicts({OWED[0]: not_run("fresh")})
    assert state.unjudged() == OWED[1:]
    assert len(list(ledger.entries(kind="verdict"))) == 1


def test_what_the_ledger_refuses_is_no_fact_of_the_run(ledger: Ledger, state: RunState) -> None:
    ledger.close()
    with pytest.raises(RuntimeError, match="closed"):
        state.record_fact(register("late"), Origin(source="shop"))
    assert state.facts() == state.facts_of("shop") == ()
