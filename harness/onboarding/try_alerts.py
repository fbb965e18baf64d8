"""`seatrial alerts test`: sends a test to every channel, and records what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness import tags
from harness.alerts.channels import connect_channels
from harness.alerts.due import Message
from harness.alerts.telling import deliver
from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.pilot.alert_settings import Alerts
from harness.pilot.place import Place
from harness.run.aside import aside
from harness.signals import held


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One channel, and why it did not take the test; None if it did."""

    channel: str
    kind: str
    people: tuple[str, ...]
    failure: str | None


def try_alerts(
    here: Place, *, ledger: str | None, environ: Mapping[str, str], clock: Clock
) -> list[Tried]:
    """Try every channel once. Raises ConfigurationError where there is none, or one cannot be
    used, and SourceError where a secret store does not answer.
    """
    references = here.loaded.references(here.environment, environ)
    channels = connect_channels(here.loaded, here.environment, references)
    if channels is None or not channels.deliver:
        raise ConfigurationError(
            f"environment {here.environment} names no channel: add alerts: to it in "
            f"{here.folder / 'pilot.yaml'}"
        )
    found = []
    with aside(here, ledger=ledger, environ=environ, clock=clock) as opened:
        for name in channels.deliver:
            message = Message(
                channel=name,
                people=reached_by(channels.settings, name),
                items=(),
                test=opened.header.run,
            )
            with held():
                failure = deliver(channels, opened.head, message)
                opened.record(tags.TOLD, message.told(failure))
            kind = channels.settings.channels[name].kind
            found.append(Tried(channel=name, kind=kind, people=message.people, failure=failure))
    return found


def reached_by(alerts: Alerts, channel: str) -> tuple[str, ...]:
    """The people whom a channel reaches."""
    return tuple(person for person, names in alerts.people.items() if channel in names)
