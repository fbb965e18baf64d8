"""Over a thousand virtual nights no channel is told anything twice, and nothing stays untold."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from harness.alerts.due import due, untried
from harness.alerts.history import History
from harness.alerts.incident import incidents
from harness.alerts.records import Step
from harness.verdict import Outcome
from tests.harness.alerts.made import (
    CONTACTS,
    ESCALATE,
    FIRST,
    B,
    E,
    N,
    P,
    U,
    acknowledged,
    sent,
    verdict,
)

CLAIMS = ("complete", "fresh", "stable_schema")
CHANNELS = ("mail", "pager", "room")
Takes = Callable[[int, str], bool]
"""Whether a channel takes a message on a night."""


@dataclass(slots=True)
class Years:
    """What a ledger would hold, and what each channel heard."""

    history: History = field(default_factory=History)
    heard: Counter[tuple[str, str, Step]] = field(default_factory=Counter)

    def live(self, night: int, outcomes: dict[str, Outcome], takes: Takes) -> None:
        judged = tuple(verdict(night, one, claim=claim) for claim, one in outcomes.items())
        self.history += History(verdicts=judged)
        tried: set[str] = set()
        while left := [one for one in self._due(night) if one.channel not in tried]:
            for message in left:
                tried.add(message.channel)
                taken = takes(night, message.channel)
                said = sent(message, night, failure=None if taken else "no connection")
                self.history += History(told=(said,))
                for item in message.items if taken else ():
                    self.heard[item.incident.id, message.channel, item.step] += 1

    def acknowledge(self, night: int) -> None:
        known = [one.id for one in incidents(self.history) if one.mended is None]
        self.history += History(acknowledged=(acknowledged(*known, night=night),))

    def _due(self, night: int):
        told = self.history.told
        now = FIRST + timedelta(days=night, minutes=1)
        every = incidents(self.history)
        found = due(every, told, CONTACTS, now=now, escalate_after=ESCALATE)
        return untried(found, told, f"run-{night}")


def check(years: Years) -> None:
    """Once every channel took all there was on the last night."""
    assert set(years.heard.values()) <= {1}
    for one in incidents(years.history):
        for channel in CHANNELS:
            began, ended = (years.heard[one.id, channel, step] for step in Step)
            tried = any(
                news.incident == one.id and said.told.channel == channel
                for said in years.history.told
                for news in said.told.news
            )
            assert ended == (tried and one.mended is not None), (one, channel)
            assert began or one.mended is not None or channel == "pager", (one, channel)
            assert tried or channel == "pager"


def weather(chance: random.Random) -> Iterator[dict[str, Outcome]]:
    """Claims that stay good or bad for a while, and are not judged now and then."""
    state = dict.fromkeys(CLAIMS, P)
    while True:
        for claim in CLAIMS:
            if chance.random() < 0.1:
                state[claim] = chance.choice((P, B, E))
        yield {
            claim: chance.choice((U, N)) if chance.random() < 0.1 else state[claim]
            for claim in CLAIMS
        }


def test_a_thousand_nights_with_channels_that_fail() -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance, years = random.Random(seed), Years()
    nights = weather(chance)
    for night in range(1_000):
        years.live(night, next(nights), lambda *_: chance.random() < 0.8)
        if chance.random() < 0.2:
            years.acknowledge(night)
    years.live(1_000, {}, lambda *_: True)
    check(years)
    assert len(incidents(years.history)) > 50
    assert sum(years.heard.values()) > 200


OUTCOMES = st.dictionaries(st.sampled_from(CLAIMS), st.sampled_from((P, B, E, U, N)))
NIGHT = st.tuples(OUTCOMES, st.sets(st.sampled_from(CHANNELS)), st.booleans())


@given(st.lists(NIGHT, max_size=8))
def test_any_nights(nights) -> None:
    """Each night: verdicts, the channels that are down, and whether somebody acknowledges."""
    years = Years()
    for night, (outcomes, down, says) in enumerate(nights):
        years.live(night, outcomes, lambda _, channel, down=down: channel not in down)
        if says:
            years.acknowledge(night)
    years.live(len(nights), {}, lambda *_: True)
    check(years)


def test_what_is_not_recorded_would_be_told_twice() -> None:
    """The count sees a double, if there is one: the positive control."""
    years = Years()
    years.live(0, {"fresh": B}, lambda *_: True)
    years.history = replace(years.history, told=())
    years.live(1, {"fresh": B}, lambda *_: True)
    assert max(years.heard.values()) == 2
