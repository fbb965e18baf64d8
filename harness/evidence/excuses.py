"""The runs of a bundle with what people signed of their verdicts, as of its newest run; pure.

No clock is asked: the moment is the last at which one of them began or ended. So equal entries
give equal bundles. Whose keys signed, a register says, and a bundle has none: whoever verifies it
holds one against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.amendments.effect import excused
from harness.amendments.statement import counting
from harness.evidence.runs import EvidenceRun
from harness.ledger.chain import Entry
from harness.ledger.promised import place, promises_in


def with_excuses(
    runs: Sequence[EvidenceRun], own: Sequence[Entry], *, pilot: str, environment: str
) -> tuple[EvidenceRun, ...]:
    """Each run, its verdicts with the excuses that they have at the end of all. `own` are the
    entries of this pilot and environment.
    """
    amendments = counting(own, pilot=pilot, environment=environment, register=None)
    if not amendments:
        return tuple(runs)
    at = max(at for run in runs for at in (run.started_at, run.ended_at) if at)
    contracts = {one.promises.digest: one.promises.contract for one in promises_in(own)}

    def excuse(run: EvidenceRun) -> EvidenceRun:
        held = {
            (one.source, one.dataset): contracts[digest]
            for one in run.planned
            if (digest := run.promises.get(place(one.source, one.dataset))) in contracts
        }
        return replace(run, judged=excused(run.judged, amendments, at, contracts=held))

    return tuple(map(excuse, runs))
