"""Which messages are due: a pure function of the ledger's history and of who is reached how.

- Of an incident each channel is told once that it opened, and once that it is mended. A channel is
  told of the end only if the beginning was sent there, or was tried.
- Owner and deputy come first. `escalation` is told when nobody acknowledged in time, when neither
  of the two has a channel, and when none of their channels took the message.
- A message that failed is due again, with the same id: in the same run at most `TRIES` times.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.alerts.history import RecordedTold
from harness.alerts.incident import Incident
from harness.alerts.records import Step, Told
from harness.pilot.alert_settings import Alerts
from harness.pilot.settings import Owner

TRIES = 3
"""How often one channel is tried in one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """The channels of one source, each with the person that it reaches."""

    first: tuple[tuple[str, str], ...]
    """Owner and deputy: person and channel."""
    last: tuple[tuple[str, str], ...]
    """Escalation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One incident in a message."""

    step: Step
    incident: Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one channel is told at once; without items, a test."""

    channel: str
    people: tuple[str, ...]
    items: tuple[Item, ...]
    test: str = ""
    """Of a test, the run that sent it: two tests are two messages."""

    @property
    def id(self) -> str:
        """The same for the same news to the same channel."""
        news = [self.channel, self.test, *(f"{one.step} {one.incident.id}" for one in self.items)]
        return hashlib.sha256("\n".join(news).encode()).hexdigest()[:32]

    def told(self, failure: str | None) -> Told:
        """The record of its sending."""
        return Told(
            message=self.id,
            channel=self.channel,
            people=self.people,
            news=tuple(one.incident.news(one.step) for one in self.items),
            failure=failure,
        )


def contacts_of(owner: Owner | None, alerts: Alerts) -> Contacts:
    """Who is reached for a source, and how."""

    def channels(*people: str | None) -> tuple[tuple[str, str], ...]:
        named = [person for person in people if person]
        return tuple((who, channel) for who in named for channel in alerts.people.get(who, ()))

    if owner is None:
        return Contacts(first=(), last=())
    return Contacts(first=channels(owner.owner, owner.deputy), last=channels(owner.escalation))


def due(
    incidents: Sequence[Incident],
    told: Sequence[RecordedTold],
    contacts: Mapping[str, Contacts],
    *,
    now: datetime,
    escalate_after: timedelta,
) -> tuple[Message, ...]:
    """One message for each channel that lacks some news, in the order of the channels' names."""
    done, tried = _sent(told)
    people: dict[str, dict[str, None]] = {}
    items: dict[str, list[Item]] = {}
    for incident in incidents:
        known = contacts.get(incident.planned.source)
        for person, channel in _reached(incident, known, done, tried, now - escalate_after):
            step = _lacking(incident, channel, done, tried)
            if step is None:
                continue
            people.setdefault(channel, {})[person] = None
            item = Item(step=step, incident=incident)
            if item not in items.setdefault(channel, []):
                items[channel].append(item)
    return tuple(
        Message(channel=name, people=tuple(people[name]), items=tuple(items[name]))
        for name in sorted(items)
    )


def untried(messages: Sequence[Message], told: Sequence[RecordedTold], run: str) -> list[Message]:
    """Those whose channel may still be tried in this run."""
    failed = Counter(one.told.channel for one in told if one.run == run and one.told.failure)
    return [message for message in messages if failed[message.channel] < TRIES]


_Sent = set[tuple[str, Step, str]]


def _sent(told: Sequence[RecordedTold]) -> tuple[_Sent, _Sent]:
    """(incident, step, channel) of what was sent, and of what was tried."""
    tried = {
        ((news.incident, news.step, one.told.channel), one.told.failure is None)
        for one in told
        for news in one.told.news
    }
    return {of for of, sent in tried if sent}, {of for of, _ in tried}


def _reached(
    incident: Incident, known: Contacts | None, done: _Sent, tried: _Sent, before: datetime
) -> Iterator[tuple[str, str]]:
    """Person and channel of everybody whose matter it is by now."""
    if known is None:
        return
    yield from known.first
    of = [(incident.id, Step.OPENED, channel) for _, channel in known.first]
    unheard = not done.intersection(of) and (not of or not tried.isdisjoint(of))
    unanswered = incident.acknowledged is None and incident.detected.at <= before
    for person, channel in known.last:
        began = (incident.id, Step.OPENED, channel) in tried
        if began or (incident.mended is None and (unheard or unanswered)):
            yield person, channel


def _lacking(incident: Incident, channel: str, done: _Sent, tried: _Sent) -> Step | None:
    """What this channel is still to be told."""
    began, ended = ((incident.id, step, channel) for step in (Step.OPENED, Step.MENDED))
    if incident.mended is None:
        return None if began in done else Step.OPENED
    return Step.MENDED if began in tried and ended not in done else None
