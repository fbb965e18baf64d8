"""The last verdict on each claim, from the entries of several runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice

from harness import tags
from harness.ledger.body import decoded
from harness.ledger.ledger import Ledger
from harness.result import Planned, RecordedVerdict

_RUNS = 100
"""How far back a claim's last verdict is looked for: nights of three months. A run that judged
nothing, as an acknowledgement, is none.
"""


def last_verdicts(
    ledger: Ledger, *, pilot: str, environment: str, wanted: Collection[Planned]
) -> Mapping[Planned, RecordedVerdict]:
    """The newest verdict on each claim of `wanted`, whichever run judged it; of no claims, those
    of the newest run that judged any.
    """
    found: dict[Planned, RecordedVerdict] = {}
    runs = ledger.runs(pilot=pilot, environment=environment)
    for judged in islice(filter(None, (_verdicts(ledger, run) for run in runs)), _RUNS):
        for one in judged:
            if not wanted or one.planned in wanted:
                found.setdefault(one.planned, one)
        if found.keys() >= set(wanted) and found:
            break
    return found


def _verdicts(ledger: Ledger, run: str) -> list[RecordedVerdict]:
    return [
        decoded(entry, RecordedVerdict) for entry in ledger.entries(run=run, kind=tags.VERDICT)
    ]
