"""What was agreed that a role may do at a source, and what the source says it may; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.connector import Probe, ProbeKind
from harness.claims.least_privilege import ALLOWED
from harness.governance.known import Known
from harness.pilot.governance_settings import Grant

READ = "read"
"""The word for reading the pilot's datasets, which every pilot needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """One thing that a role may do at a source, beyond reading the pilot's datasets."""

    source: str
    role: str
    may: str
    agreed: bool
    """Whether the access design names it."""


def observed(known: Known) -> tuple[Power, ...]:
    """Every power that a source has said it grants, to our log-in or to others."""
    return tuple(
        Power(
            source=source,
            role=role_of(probe),
            may=probe.name,
            agreed=_agreed(known.governance.access, source, probe),
        )
        for source, probed in known.probed.items()
        for probe in probed.probes
        if _granted(probe)
    )


def unasked(known: Known) -> tuple[str, ...]:
    """The sources of which nobody knows what our log-in may do: not asked, or no clear answer."""
    return tuple(source for source in known.sources if not _answered(known, source))


def undesigned(known: Known) -> tuple[str, ...]:
    """The sources of which the access design does not say who reads them."""
    designed = {one.source for one in known.governance.access if READ in one.may}
    return tuple(source for source in known.sources if source not in designed)


def unfounded(known: Known) -> Iterator[Grant]:
    """What was agreed beyond reading, and what no source has granted: it can be struck out."""
    there = {(one.source, one.role, one.may) for one in observed(known)}
    for grant in known.governance.access:
        beyond = [one for one in grant.may if one != READ]
        if beyond and not any((grant.source, grant.role, one) in there for one in beyond):
            yield grant


def role_of(probe: Probe) -> str:
    """Whose right a probe is about, as the source calls them."""
    return probe.detail.removeprefix("role ")


def _granted(probe: Probe) -> bool:
    of_a_role = probe.kind in (ProbeKind.GRANT, ProbeKind.OTHERS)
    return of_a_role and not probe.refused and probe.status in ALLOWED


def _answered(known: Known, source: str) -> bool:
    if source not in known.probed or known.probed[source].failure is not None:
        return False
    asked = [one for one in known.probed[source].probes if one.kind is ProbeKind.GRANT]
    return bool(asked) and all(one.refused or one.status in ALLOWED for one in asked)


def _agreed(design: Sequence[Grant], source: str, probe: Probe) -> bool:
    return any(
        grant.source == source and grant.role == role_of(probe) and probe.name in grant.may
        for grant in design
    )
