"""What the gate asks for: by the policy that people agreed on, never by the bundle; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.facts import EvidenceClass
from harness.pilot.amendment_settings import Validity
from harness.pilot.gate_settings import Gate
from harness.policy.document import SETTINGS, Document
from harness.signoff.nights import Night


def gate_of(night: Night | None) -> Gate:
    """What the policy in force asks of the gate; the default where it does not say. Raises
    ValueError for a policy that asks for less than it may.
    """
    return Gate.model_validate(settings_of(_policy(night)).get("gate", {}))


def validity_of(night: Night | None) -> Validity:
    """How old evidence may be by the policy in force. Raises ValueError likewise."""
    return Validity.model_validate(settings_of(_policy(night)).get("validity", {}))


def settings_of(policy: Document | None) -> Mapping[str, Any]:
    """What was agreed of `pilot.yaml`, which is what is not default."""
    found: Mapping[str, Any] = (policy or {}).get(SETTINGS, {})
    return found


def reaches(classes: tuple[str, ...], minimum: EvidenceClass) -> bool:
    """Whether no class is weaker than the minimum, and there is one."""
    order = [str(one) for one in EvidenceClass]
    return bool(classes) and all(
        one in order and order.index(one) >= order.index(minimum) for one in classes
    )


def _policy(night: Night | None) -> Document | None:
    return night.agreed.document if night is not None and night.agreed is not None else None
