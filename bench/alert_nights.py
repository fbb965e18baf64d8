"""Virtual nights, each in a process of its own, many of them killed on the way.

a process a night ─▶ ledger ─▶ hook, mail ─▶ counted here, beside what the ledger says was told
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from bench.alert_heard import MAIL, News, listening
from bench.alert_line import ENVIRONMENT, PILOT, Line, verdict
from harness.alerts.history import History, history_in
from harness.alerts.incident import BAD, Incident, incidents
from harness.alerts.records import Step
from harness.ledger.chain import breaks
from harness.ledger.ledger import read_ledger
from harness.verdict import Outcome

CLAIMS = ("complete", "fresh", "stable_schema")
_FIRST = datetime(2026, 1, 1, 2, tzinfo=UTC)
_TURNS, _UNJUDGED, _KILLED, _KILLED_UNANSWERED = 0.2, 0.1, 0.3, 0.03
_LONGEST_SECONDS = 0.15
"""Within it a killed night is killed: as long as one takes."""
_SETTLING = 3
"""Whole nights at the end, in which everything that is due arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """What came of them."""

    nights: int
    killed: int
    opened: int
    """Incidents."""
    arrived: int
    """News that arrived."""
    doubles: int
    """News that a channel got although the ledger says that it had it."""
    again: int
    """News that a channel got again, after a kill between its answer and the record of it."""
    lost: int
    """News that the ledger holds for told and that never arrived."""
    untold: int
    """Incidents that a night which was not killed found bad, and of which a channel of the owner
    never heard. What is good again before a night could tell it is no news.
    """


def lived(folder: Path, *, nights: int, chance: random.Random) -> Nights:
    """Live them, one after the other, and settle."""
    own = multiprocessing.get_context("forkserver")
    own.set_forkserver_preload(["bench.alert_nights"])
    killed = 0
    weather = _weather(chance)
    with listening() as (heard, hooks, port):
        line = Line(
            folder=folder,
            hooks={name: f"{hooks}/{name}" for name in ("room", "pager")},
            mail_port=port,
            claims=CLAIMS,
            escalated=("pager",),
        )
        for number in range(nights + _SETTLING):
            settling = number >= nights
            after = None
            if not settling and chance.random() < _KILLED:
                after = chance.random() * _LONGEST_SECONDS
            outcomes = {} if settling else next(weather)
            process = own.Process(target=_live, args=(line, number, outcomes, after))
            if not settling:
                heard.interrupt = _killing(process, chance)
            process.start()
            process.join()
            heard.interrupt = lambda: None
            killed += process.exitcode == -signal.SIGKILL
            if process.exitcode not in (0, -signal.SIGKILL):
                raise RuntimeError(f"night {number} ended with {process.exitcode}")
    with read_ledger(folder / "ledger.sqlite") as ledger:
        if broken := next(breaks(ledger.entries()), None):
            raise RuntimeError(f"the ledger is broken: {broken}")
        history = history_in(ledger, pilot=PILOT, environment=ENVIRONMENT, register=None)
        whole = frozenset(entry.run for entry in ledger.entries(kind="finished"))
    return counted(heard.news, history, whole, nights=nights, killed=killed)


def _killing(night: BaseProcess, chance: random.Random) -> Callable[[], None]:
    """Kill the night whose message has just arrived and is not answered, now and then."""

    def interrupt() -> None:
        if chance.random() < _KILLED_UNANSWERED and night.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(night.pid, signal.SIGKILL)
            time.sleep(0.01)

    return interrupt


def _live(line: Line, number: int, outcomes: Mapping[str, Outcome], after: float | None) -> None:
    began = time.monotonic()
    if after is not None:
        killer = threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL))
        killer.daemon = True
        killer.start()

    def now() -> datetime:
        return _FIRST + timedelta(days=number, seconds=time.monotonic() - began)

    with line.run(f"night-{number}", now) as (state, _):
        by_claim = {planned.claim: planned for planned in line.planned}
        for claim, outcome in outcomes.items():
            state.record_verdicts({by_claim[claim]: verdict(claim, outcome)})


def _weather(chance: random.Random) -> Iterator[dict[str, Outcome]]:
    """Claims that stay good or bad for a while, and are not judged now and then."""
    state = dict.fromkeys(CLAIMS, Outcome.PROVEN)
    while True:
        for claim in CLAIMS:
            if chance.random() < _TURNS:
                state[claim] = chance.choice((Outcome.PROVEN, Outcome.BROKEN, Outcome.ERROR))
        yield {
            claim: Outcome.UNPROVEN if chance.random() < _UNJUDGED else state[claim]
            for claim in CLAIMS
        }


def counted(
    news: Sequence[News], history: History, whole: AbstractSet[str], *, nights: int, killed: int
) -> Nights:
    """Hold what arrived against what the ledger says was told; `whole` are the runs that ended."""
    told = Counter(
        (one.told.channel, str(item.step), item.incident)
        for one in history.told
        if one.told.failure is None
        for item in one.told.news
    )
    arrived = Counter(one.of for one in news)
    # It is recorded once, so every further arrival was killed before its record, or is a double.
    doubles = sum(times - 1 for times in told.values() if times > 1)
    every = incidents(history)
    return Nights(
        nights=nights,
        killed=killed,
        opened=len(every),
        arrived=len(news),
        doubles=doubles,
        again=sum(arrived.values()) - len(arrived) - doubles,
        lost=len(told.keys() - arrived.keys()),
        untold=sum(
            (channel, str(Step.OPENED), one.id) not in arrived
            for one in every
            for channel in ("room", MAIL)
            if _was_bad_in(whole, one, history)
        ),
    )


def _was_bad_in(whole: AbstractSet[str], incident: Incident, history: History) -> bool:
    return any(
        one.planned == incident.planned
        and incident.detected.at <= one.at <= incident.latest.at
        and one.verdict.outcome in BAD
        and one.run in whole
        for one in history.verdicts
    )
