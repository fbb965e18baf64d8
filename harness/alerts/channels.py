"""The channels of one environment: each is a function that delivers a message or says why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeAlias

from connectors.http.origin import origin
from connectors.secrets import MissingReference, Secret
from harness.alerts import text
from harness.alerts.due import Message
from harness.alerts.hook import ask
from harness.alerts.mail import Server, send
from harness.alerts.text import Letterhead
from harness.errors import ConfigurationError
from harness.pilot.alert_settings import Alerts, Channel, Smtp
from harness.pilot.model import LoadedPilot
from harness.pilot.references import References

Deliver: TypeAlias = Callable[[Letterhead, Message], None]
"""Raises SourceError where the channel did not take the message."""

_BODIES: Mapping[str, Callable[[Letterhead, Message], bytes]] = {
    "slack": text.slack,
    "teams": text.teams,
    "webhook": text.webhook,
}
"""A new kind of hook is one line here, its key in `pilot.yaml`, and its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Who can be reached, with every reference resolved."""

    settings: Alerts
    deliver: Mapping[str, Deliver]
    """By the channel's name."""
    heartbeat: Secret | None
    """The address to ask when a night ran."""


def connect_channels(
    loaded: LoadedPilot, environment: str, references: References
) -> Channels | None:
    """The channels of an environment; None where it names none. Nothing is sent.

    Raises ConfigurationError for a reference that does not resolve or leads to no address that we
    would send to, and SourceError where a secret store does not answer.
    """
    alerts = loaded.environment(environment).alerts
    if alerts is None:
        return None
    where = loaded.document.at(("environments", environment, "alerts"))
    if missing := references.missing(alerts.references):
        told = "; ".join(sorted({str(error) for error in missing}))
        raise ConfigurationError(f"{where}: {told}: set it, or take the channel out")
    try:
        smtp = None if alerts.smtp is None else _server(alerts.smtp, references)
        return Channels(
            settings=alerts,
            deliver={
                name: _channel(name, one, alerts.smtp, smtp, references)
                for name, one in alerts.channels.items()
            },
            heartbeat=_heartbeat(alerts, references),
        )
    except (MissingReference, ConfigurationError) as error:
        raise ConfigurationError(f"{where}: {error}") from error


def _channel(
    name: str, one: Channel, smtp: Smtp | None, server: Server | None, references: References
) -> Deliver:
    if one.url is None:
        assert smtp is not None and server is not None and one.email is not None  # noqa: PT018
        return partial(_mail, server, smtp.sender, one.email)
    address = _address(one.url, f"channel {name}", references)
    ca_file = None if one.ca_file is None else Path(one.ca_file)
    body = _BODIES[one.kind]

    def post(head: Letterhead, message: Message) -> None:
        ask(address, name=f"channel {name}", body=body(head, message), ca_file=ca_file)

    return post


def _mail(server: Server, sender: str, to: str, head: Letterhead, message: Message) -> None:
    mail = text.mail(head, message, sender=sender, to=to, now=datetime.now(UTC))
    send(server, mail, sender=sender, to=to)


def _server(smtp: Smtp, references: References) -> Server:
    password = smtp.password and references.secret(smtp.password, what="smtp.password")
    return Server(
        host=smtp.host,
        port=smtp.port,
        tls=smtp.tls,
        user=smtp.user,
        password=password or None,
        ca_file=None if smtp.ca_file is None else Path(smtp.ca_file),
    )


def _heartbeat(alerts: Alerts, references: References) -> Secret | None:
    if alerts.heartbeat is None or alerts.heartbeat.url is None:
        return None
    return _address(alerts.heartbeat.url, "heartbeat", references)


def _address(reference: str, of: str, references: References) -> Secret:
    address = references.secret(reference, what=of)
    try:
        origin(address.reveal())
    except ValueError as error:
        raise ConfigurationError(f"{of}: behind {reference}: {error}") from error
    return address
