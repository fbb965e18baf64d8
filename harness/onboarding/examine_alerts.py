"""The checks of `seatrial doctor` on alerts: who would be told of each source, and how. It sends
nothing: `seatrial alerts test` does.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.alerts.channels import connect_channels
from harness.alerts.due import Contacts, contacts_of
from harness.errors import ConfigurationError
from harness.onboarding.examine import Check, Standing, ok, settings, wrong
from harness.pilot.alert_settings import Alerts
from harness.pilot.model import LoadedPilot
from harness.pilot.references import References


def examine_alerts(
    loaded: LoadedPilot, environment: str, references: References
) -> Iterator[Check]:
    """Check that every address resolves and could be sent to, and tell whom it reaches."""
    alerts = loaded.environment(environment).alerts
    if alerts is None:
        says = f"nobody is told: add alerts: to {environment} in pilot.yaml"
        yield Check(what="alerts", standing=Standing.NOTE, says=says)
        return
    resolved = [*settings("alerts", _references(alerts), references)]
    yield from resolved
    if all(check.standing is Standing.OK for check in resolved):
        try:
            connect_channels(loaded, environment, references)
        except ConfigurationError as error:
            yield wrong("alerts", str(error))
    for source in loaded.pilot.sources:
        contacts = contacts_of(loaded.settings.owners.get(source.name), alerts)
        yield _of_source(source.name, contacts, alerts)
    yield _heartbeat(alerts)


def _references(alerts: Alerts) -> dict[str, str]:
    """Every reference in it, by its place."""
    given = {f"{name}.{one.kind}": one.url for name, one in alerts.channels.items()}
    given["smtp.password"] = alerts.smtp.password if alerts.smtp else None
    given["heartbeat"] = alerts.heartbeat.url if alerts.heartbeat else None
    return {place: reference for place, reference in given.items() if reference}


def _of_source(source: str, contacts: Contacts, alerts: Alerts) -> Check:
    what = f"{source} alerts"
    first, last = (
        ", ".join(f"{who} by {name} ({alerts.channels[name].kind})" for who, name in given)
        for given in (contacts.first, contacts.last)
    )
    if not contacts.first and not contacts.last:
        says = "nobody can be told: name a channel of its owner under alerts.people"
        return Check(what=what, standing=Standing.NOTE, says=says)
    if not contacts.last:
        says = f"{first}; nobody after that: name a channel of escalation under alerts.people"
        return Check(what=what, standing=Standing.NOTE, says=says)
    if not contacts.first:
        says = f"{last} at once, for neither owner nor deputy has a channel"
        return Check(what=what, standing=Standing.NOTE, says=says)
    return ok(what, f"{first}; after {alerts.escalate_after_hours:g} h {last}")


def _heartbeat(alerts: Alerts) -> Check:
    if alerts.heartbeat is None:
        says = "none: nobody notices a night that does not run; add heartbeat: to alerts"
        return Check(what="heartbeat", standing=Standing.NOTE, says=says)
    where = alerts.heartbeat.file or f"the address behind {alerts.heartbeat.url}"
    return ok("heartbeat", f"{where}, after each whole run")
