"""What the ledger keeps of alerts: what was told, and who acknowledged.

Persisted by the rules of `harness/facts.py`: fields keep their meaning, new ones are LATER.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What is told of an incident, each once."""

    OPENED = "opened"
    MENDED = "mended"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One line of a message."""

    step: Step
    incident: str
    """Its id, as `seatrial incident` shows it."""
    source: str
    dataset: str | None
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message that was sent, or could not be. A test has no news."""

    message: str
    """Its id. A message that is sent again has the same one."""
    channel: str
    people: tuple[str, ...]
    news: tuple[News, ...]
    failure: str | None
    """Why it did not reach the channel, in one line; None if the channel took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """A person's word that they answer for a source and know its incidents."""

    by: str
    source: str
    incidents: tuple[str, ...]
    """Those that were open."""
