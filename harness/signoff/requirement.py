"""What the gate asks for: by the policy that people agreed on, never by the bundle; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from harness.facts import EvidenceClass
from harness.pilot.gate_settings import NEEDED, Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What must hold. The default asks for most."""

    roles: tuple[str, ...] = NEEDED
    minimum_class: EvidenceClass = EvidenceClass.PRODUCTION
    practice: bool = False
    """Only then may the minimum be `simulated`."""
    evidence_days: int = 30
    """How many days after its newest night a bundle can still open the gate."""


DEFAULT = Requirement()


def of_settings(gate: Gate) -> Requirement:
    """What `pilot.yaml` asks for."""
    return Requirement(**gate.model_dump())


def said(requirement: Requirement) -> Mapping[str, Any] | None:
    """As a policy's document has it; None for the default, which no document repeats."""
    return None if requirement == DEFAULT else asdict(requirement)


def of_policy(document: Mapping[str, Any] | None) -> Requirement:
    """What the policy asks for; the default where there is none, or it does not say. Roles are
    never fewer than those that sign always, and `simulated` is for practice alone.

    Raises ValueError for a policy that asks for less.
    """
    gate = (document or {}).get("gate")
    found = DEFAULT if gate is None else msgspec.convert(gate, type=Requirement, strict=False)
    if not set(NEEDED) <= set(found.roles):
        raise ValueError("its gate asks for fewer roles than sign always")
    if (found.minimum_class is EvidenceClass.SIMULATED) != found.practice:
        raise ValueError("its gate is for practice and for simulated evidence, or for neither")
    return found


def reaches(classes: tuple[str, ...], minimum: EvidenceClass) -> bool:
    """Whether no class is weaker than the minimum, and there is one."""
    order = [str(one) for one in EvidenceClass]
    return bool(classes) and all(
        one in order and order.index(one) >= order.index(minimum) for one in classes
    )
