"""Tells what is due by now, and records it.

    history in the ledger ─ due ─▶ messages ─ deliver ─▶ told or not, recorded

Nothing is remembered besides the ledger. A message is recorded as soon as its channel took it or
did not; only a kill in that very moment lets the next run send it again, with the same id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from connectors.errors import SourceError
from harness.alerts.channels import Channels
from harness.alerts.due import Contacts, Message, contacts_of, due, untried
from harness.alerts.history import History, history_in
from harness.alerts.incident import incidents
from harness.alerts.records import Told
from harness.alerts.text import Letterhead
from harness.clock import Clock
from harness.errors import defect, one_line
from harness.ledger.ledger import Ledger
from harness.pilot.model import LoadedPilot
from harness.pilot.signing import register_of
from harness.signals import held
from harness.signing.register import Register

_MOST_CHARACTERS = 300
_NOT_TRIED = "there was no time left to try"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is told in one run: to whom, from which ledger, and where that is recorded."""

    head: Letterhead
    channels: Channels
    contacts: Mapping[str, Contacts]
    ledger: Ledger
    record: Callable[[Told], None]
    clock: Clock
    register: Register | None
    """By which people excuse verdicts."""
    earlier: History
    """What the ledger held when the run began."""

    def history(self) -> History:
        """What it holds now."""
        head = self.head
        return self.earlier + history_in(
            self.ledger,
            pilot=head.pilot,
            environment=head.environment,
            register=self.register,
            run=head.run,
        )

    def due(self, history: History) -> tuple[Message, ...]:
        """All that is to be told by now."""
        return due(
            incidents(history),
            history.told,
            self.contacts,
            now=self.clock.now(),
            escalate_after=timedelta(hours=self.channels.settings.escalate_after_hours),
        )

    def tell(self, *, until: Callable[[], bool] = bool) -> bool:
        """Tell each channel once what it lacks, or stop before the next one where `until` says so;
        whether a channel may be tried again. What a failure makes due, as an escalation, is told
        as well.
        """
        tried: set[str] = set()
        while True:
            history = self.history()
            left = untried(self.due(history), history.told, self.head.run)
            now = [message for message in left if message.channel not in tried]
            if not now:
                return bool(left)
            for message in now:
                if until():
                    return False
                tried.add(message.channel)
                with held():
                    self.record(message.told(deliver(self.channels, self.head, message)))

    def untold(self) -> tuple[str, ...]:
        """One line for each channel that was not reached, and each source without any."""
        history = self.history()
        why = {one.told.channel: one.told.failure for one in history.told}
        lines = [
            f"{', '.join(one.people)} by {one.channel}: {why.get(one.channel) or _NOT_TRIED}"
            for one in self.due(history)
        ]
        alone = {
            source: None
            for incident in incidents(history)
            if incident.mended is None and (source := incident.planned.source) in self.contacts
            if not (self.contacts[source].first or self.contacts[source].last)
        }
        remedy = "name a channel of its owner under alerts.people"
        return (*lines, *(f"nobody for {source}: {remedy}" for source in alone))


def telling(  # noqa: PLR0913 - what the run has at hand
    loaded: LoadedPilot,
    channels: Channels,
    *,
    head: Letterhead,
    ledger: Ledger,
    record: Callable[[Told], None],
    clock: Clock,
) -> Telling:
    """For one run, whose ledger is open."""
    owners = loaded.settings.owners
    register = register_of(loaded, head.environment)
    of = {"pilot": head.pilot, "environment": head.environment}
    return Telling(
        head=head,
        channels=channels,
        contacts={
            source.name: contacts_of(owners.get(source.name), channels.settings)
            for source in loaded.pilot.sources
        },
        ledger=ledger,
        record=record,
        clock=clock,
        register=register,
        earlier=history_in(ledger, **of, register=register),
    )


def deliver(channels: Channels, head: Letterhead, message: Message) -> str | None:
    """Deliver one message; why not, in one bounded line without a secret, or None."""
    try:
        channels.deliver[message.channel](head, message)
    except SourceError as error:
        return one_line(error)[:_MOST_CHARACTERS]
    except Exception as error:  # noqa: BLE001 - a message that fails must not end the night
        return defect(error)
    return None
