"""A source as one run reads it."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.connector import Connector
from harness.facts import EvidenceClass


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """How a source is read, and what evidence from it is worth."""

    connector: Connector
    """Connects to nothing until it is read."""
    evidence_class: EvidenceClass
