"""Proof of the prover: what is said of servers of which we know what is true.

`prover.json` holds verdicts of really run servers, good ones and bad ones. Whoever doubts a
verdict runs the same servers and compares. `python -m tests.prover` writes it, and tests keep it
current.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from harness.result import Planned
from harness.verdict import Outcome

FILE = Path(__file__).with_name("prover.json")
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One verdict that is right."""

    source: str
    dataset: str | None
    claim: str
    outcome: Outcome

    @property
    def planned(self) -> Planned:
        """What it is a verdict on."""
        return Planned(source=self.source, dataset=self.dataset, claim=self.claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All verdicts of one run of the practice servers."""

    name: str
    """The folder of `seatrial demo` that has it: `as-found` or `repaired`."""
    about: str
    verdicts: tuple[Known, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One thing that happens to a source, and the one outcome that is right."""

    name: str
    about: str
    """The kind of mistake that it tempts to."""
    source: str
    """The kind of server: `REST`, `PostgreSQL`, `CSV` …"""
    claim: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """All of `prover.json`."""

    format: int
    scale: float
    """The TPC-H scale factor of the trials' data."""
    trials: tuple[Trial, ...]
    situations: tuple[Situation, ...]


@cache
def expected() -> Expected:
    """What is right of each known server."""
    return msgspec.json.decode(FILE.read_bytes(), type=Expected)


def render() -> bytes:
    """The file as it ships in a bundle."""
    return FILE.read_bytes()
