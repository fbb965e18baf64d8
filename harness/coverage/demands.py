"""The demands that a pilot's evidence is held against: 51 of them, as data.

Their words are quoted from two documents. What shows each of them is named by claim, by kind of
ledger entry, or as a command to run; what nothing shows is said in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from harness.claims import look_up
from harness.claims.claim import Need

FILE = Path(__file__).with_name("demands.json")
FACTS: Mapping[Need, tuple[str, ...]] = {
    Need.READING: ("reading",),
    Need.ROWS: ("reading",),
    Need.TIMES: ("reading",),
    Need.EVALUATION: ("evaluation",),
    Need.PROFILE: ("profile", "reference"),
    Need.BASELINE: ("baseline",),
    Need.OVERLAP: ("overlap",),
    Need.PROBE: ("probed",),
}
"""The kinds of ledger entries that answer a claim's need."""
_WITHOUT_NEEDS = ("register",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One thing that must be provable before a model is built."""

    id: int
    source: tuple[str, ...]
    """The documents it comes from, by their letters in `demands.json`."""
    words: tuple[str, ...]
    """As they are written there."""
    asks: str
    """What must be shown."""
    threshold: str
    """How much is enough, unless the pilot says otherwise."""
    claims: tuple[str, ...] = ()
    """Whose verdicts test it, in part."""
    records: tuple[str, ...] = ()
    """Kinds of ledger entries that record it; they are counted, and judged by nobody."""
    command: str | None = None
    """The command of `seatrial` that answers it, as no file can say of itself that it is whole."""
    not_tested: str
    """What none of these shows, as a clause."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The kinds of ledger entries that its claims are judged by, each once."""
        return tuple(dict.fromkeys(kind for claim in self.claims for kind in facts_of(claim)))


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    documents: dict[str, str]
    demands: tuple[Demand, ...]


@cache
def demands() -> tuple[Demand, ...]:
    """All of them, by number."""
    return msgspec.json.decode(FILE.read_bytes(), type=_Document).demands


def facts_of(claim: str) -> tuple[str, ...]:
    """The kinds of ledger entries that a claim's proof reads, each once."""
    needs = look_up(claim).needs
    kinds = [kind for need in needs for kind in FACTS[need]] if needs else _WITHOUT_NEEDS
    return tuple(dict.fromkeys(kinds))
