"""How each source is asked what our log-in may do, and by whose permission; pure.

connector: looked up, tried, or not at all        pilot.yaml: permitted, attested, not planned
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from connectors.connector import Connector
from connectors.rights import Way, has_log_in, way
from harness.claims import authenticated, least_privilege
from harness.errors import ConfigurationError
from harness.pilot.model import LoadedPilot, Source

SOON = timedelta(days=14)
"""A permission that ends within this time is told of."""


class Permission(Struct, frozen=True, kw_only=True):
    """What may be tried at a source on one day."""

    at: tuple[str, ...] = ()
    """The names at which a write may be tried."""
    why_not: str | None = None
    """Why nothing may be tried: a clause that says what to do. None if it may."""


def permission(loaded: LoadedPilot, environment: str, source: str, *, on: date) -> Permission:
    """What the source's owner permits on a day, in this environment alone."""
    given = loaded.environment(environment).scratch.get(source)
    place = f"environments.{environment}.scratch.{source}"
    if given is None:
        why = f"no owner's permission to try a write is written down: add {place} to pilot.yaml"
        return Permission(why_not=why)
    if on > given.until:
        why = f"the permission by {given.permitted_by} ended on {given.until}: renew {place}"
        return Permission(why_not=why)
    if on < given.on:
        why = f"the permission by {given.permitted_by} begins on {given.on}: correct {place}"
        return Permission(why_not=why)
    return Permission(at=given.at)


def require_unaskable(loaded: LoadedPilot, connectors: Mapping[str, Connector]) -> None:
    """Raise ConfigurationError for a claim that is attested or not planned, and can be asked."""
    for name, connector in connectors.items():
        for claim in _needless(loaded.source(name), connector):
            where = loaded.document.at(("sources", name))
            raise ConfigurationError(
                f"{where}: {claim} can be asked of source {name} itself, so nobody's word and no "
                f"gap stands for it: remove it from sources.{name}"
            )


def _needless(source: Source, connector: Connector) -> Iterator[str]:
    planned_otherwise = (*source.promises.attested, *source.promises.not_planned)
    if way(connector) is not None and least_privilege.CLAIM.name in planned_otherwise:
        yield least_privilege.CLAIM.name
    if has_log_in(connector) and authenticated.CLAIM.name in planned_otherwise:
        yield authenticated.CLAIM.name


def described(
    loaded: LoadedPilot, environment: str, source: Source, connector: Connector, *, on: date
) -> tuple[str, bool]:
    """How least_privilege is asked of a source, and whether somebody should do something."""
    claim, asked = least_privilege.CLAIM.name, way(connector)
    if claim in source.promises.attested:
        return f"{claim}: on a person's word, signed by seatrial attest", False
    if claim in source.promises.not_planned:
        return f"{claim}: not planned because {source.promises.not_planned[claim]}", False
    if asked is Way.LOOKED_UP:
        return f"{claim}: looked up at the source, nothing is tried", False
    if asked is None:
        says = f"{claim}: cannot be asked of this source: name introspection in its auth if it is "
        says += f"an API with one, or add sources.{source.name}.attested to pilot.yaml"
        return says, True
    allowed = permission(loaded, environment, source.name, on=on)
    if allowed.why_not is not None:
        return f"{claim}: not asked, because {allowed.why_not}", True
    until = loaded.environment(environment).scratch[source.name].until
    says = f"{claim}: tried once a night at {', '.join(allowed.at)}, permitted until {until}"
    is_soon = until - on <= SOON
    return f"{says}, which is soon: have it renewed" if is_soon else says, is_soon
