"""What is due is delivered and recorded, while a run goes on and when it ends; never twice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import SourceUnavailable
from harness.alerts import teller as tellers
from harness.alerts.channels import Channels
from harness.alerts.due import Message
from harness.alerts.history import History, history_in
from harness.alerts.teller import Teller, teller
from harness.alerts.telling import Telling
from harness.alerts.text import Letterhead
from harness.clock import Clock
from harness.facts import EvidenceClass, Failure
from harness.ledger.ledger import Header, Ledger, open_ledger
from harness.pilot.alert_settings import Alerts
from harness.result import Planned
from harness.run.circuit_breaker import OpenCircuit
from harness.run.state import RunState
from harness.run.system import System
from harness.verdict import Outcome, Verdict
from tests.harness.alerts.made import CONTACTS, B, P

OWED = tuple(Planned(source="crm", dataset="customers", claim=c) for c in ("fresh", "complete"))
CRM = System(
    connector=OpenCircuit(endpoint="none://crm", why=Failure(kind="AccessDenied", message="no")),
    evidence_class=EvidenceClass.SIMULATED,
)


@dataclass(slots=True)
class Room:
    """Channels that take what they are sent, unless a test says otherwise."""

    down: set[str] = field(default_factory=set)
    heard: list[tuple[str, str]] = field(default_factory=list)
    """Channel and message."""
    tried: list[str] = field(default_factory=list)
    defect: Exception | None = None

    def channels(self) -> Channels:
        names = ("room", "mail", "pager")
        settings = {"channels": {name: {"webhook": f"env:{name}"} for name in names}}
        return Channels(
            settings=Alerts.model_validate(settings),
            deliver=dict.fromkeys(names, self._take),
            heartbeat=None,
        )

    def _take(self, _head: Letterhead, message: Message) -> None:
        self.tried.append(message.channel)
        if self.defect is not None:
            raise self.defect
        if message.channel in self.down:
            raise SourceUnavailable(f"POST channel {message.channel}: no connection")
        self.heard.append((message.channel, message.id))


@dataclass(slots=True)
class Nights:
    """Runs of one pilot, one after the other, into one real ledger."""

    ledger: Ledger
    room: Room
    now: datetime = datetime(2026, 11, 20, 2, tzinfo=UTC)
    night: int = 0

    def begin(self) -> tuple[RunState, Telling]:
        self.night += 1
        self.now += timedelta(days=1)
        run = f"run-{self.night}"
        header = Header(pilot="acme", environment="dev", run=run, slot="2026-11-20", code="1")
        clock = Clock(now=lambda: self.now)
        self.ledger.begin(header, {}, at=self.now)
        state = RunState(self.ledger, header, planned=OWED, systems={"crm": CRM}, clock=clock)
        return state, Telling(
            head=Letterhead(pilot="acme", environment="dev", run=run),
            channels=self.room.channels(),
            contacts=CONTACTS,
            ledger=self.ledger,
            record=state.record_told,
            clock=clock,
            register=None,
            earlier=self.history(),
        )

    def history(self) -> History:
        return history_in(self.ledger, pilot="acme", environment="dev", register=None)

    def live(self, outcome: Outcome) -> Teller:
        """One whole night."""
        state, telling = self.begin()
        with teller(telling, sleep=lambda _: None) as one:
            state.record_verdicts({OWED[0]: judged(outcome)})
            one.finish()
            state.end("FINISHED", {}, at=self.now)
        return one


def judged(outcome: Outcome) -> Verdict:
    return Verdict(
        claim="fresh",
        outcome=outcome,
        because="so",
        expected="in time",
        observed="",
        n=1,
        method="",
    )


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        yield Nights(ledger=ledger, room=Room())


def test_nights_on_a_ledger_are_told_once_each_way(nights: Nights) -> None:
    for outcome in (P, B, B, P, P):
        nights.live(outcome)
    told = nights.room.heard
    # The second bad night is the next day: nobody acknowledged, so escalation is told as well.
    channels = ["mail", "room", "pager", "mail", "pager", "room"]
    assert [channel for channel, _ in told] == channels
    assert len(set(told)) == len(told)


def test_it_is_recorded_with_what_was_told_and_why_it_failed(nights: Nights) -> None:
    nights.room.down = {"mail"}
    nights.live(B)
    bodies = [json.loads(entry.body)["told"] for entry in nights.ledger.entries(kind="told")]
    assert [(one["channel"], one["failure"]) for one in bodies] == [
        ("mail", "POST channel mail: no connection"),
        ("room", None),
        ("mail", "POST channel mail: no connection"),
        ("mail", "POST channel mail: no connection"),
    ]
    assert {news["claim"] for one in bodies for news in one["news"]} == {"fresh"}


def test_a_channel_is_tried_three_times_a_run_and_named_at_its_end(nights: Nights) -> None:
    nights.room.down = {"mail"}
    assert nights.live(B).untold == ("Jonas by mail: POST channel mail: no connection",)
    assert nights.room.tried.count("mail") == 3
    nights.room.down = set()
    assert nights.live(B).untold == ()
    assert nights.room.tried.count("mail") == 4


def test_where_nobody_is_reached_escalation_is_told_in_the_same_run(nights: Nights) -> None:
    nights.room.down = {"mail", "room"}
    nights.live(B)
    assert [channel for channel, _ in nights.room.heard] == ["pager"]


def test_a_defect_of_ours_ends_no_night_and_shows_no_value(nights: Nights) -> None:
    nights.room.defect = ValueError("canary-7f3a")
    untold = nights.live(B).untold
    assert len(untold) == 3
    assert all("ValueError" in line and "canary" not in line for line in untold)


def test_a_verdict_is_told_before_its_run_ends(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tellers, "_EVERY_SECONDS", 0.01)
    state, telling = nights.begin()
    with teller(telling):
        state.record_verdicts({OWED[0]: judged(B)})
        until = time.monotonic() + 10
        while len(nights.room.heard) < 2 and time.monotonic() < until:
            time.sleep(0.01)
    assert [channel for channel, _ in nights.room.heard] == ["mail", "room"]


def test_once_a_run_is_left_nobody_is_told_any_more(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message under way is recorded before the run may end."""
    monkeypatch.setattr(tellers, "_EVERY_SECONDS", 0.01)
    state, telling = nights.begin()
    entered, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        entered.set()
        go_on.wait(10)
        nights.room.heard.append(("slow", ""))

    slowly = Channels(
        settings=telling.channels.settings,
        deliver=dict.fromkeys(telling.channels.deliver, slow),
        heartbeat=None,
    )
    telling = Telling(
        head=telling.head,
        channels=slowly,
        contacts=telling.contacts,
        ledger=telling.ledger,
        record=telling.record,
        clock=telling.clock,
        register=None,
        earlier=telling.earlier,
    )
    with teller(telling):
        state.record_verdicts({OWED[0]: judged(B)})
        assert entered.wait(10)
        threading.Timer(0.2, go_on.set).start()
    state.end("INTERRUPTED", {}, at=nights.now)
    assert len(nights.room.heard) == len(nights.history().told) == 1


def test_without_channels_nothing_is_done() -> None:
    with teller(None) as one:
        one.finish()
    assert one.untold == ()
