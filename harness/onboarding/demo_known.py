"""The demo's verdicts beside those known of its servers: the prover is proven here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.coverage.prover import expected
from harness.report.summary import where
from harness.result import Result


def lines(trials: Mapping[str, Result], *, scale: float) -> Iterator[str]:
    """How many verdicts are as known, and each that is not. No line at another scale factor than
    that of the known ones: more rows prove more.
    """
    if scale != expected().scale:
        return
    others = list(_others(trials))
    count = sum(len(one.verdicts) for one in expected().trials)
    yield f"{count - len(others)} of {count} verdicts are as known of these servers (prover.json)"
    yield from others


def _others(trials: Mapping[str, Result]) -> Iterator[str]:
    for trial in expected().trials:
        found = {one.planned: one.original for one in trials[trial.name].judged}
        for known in trial.verdicts:
            if (outcome := found.get(known.planned)) is not known.outcome:
                of = f"{trial.name}, {where(known.planned)} {known.claim}"
                yield f"  {of}: {outcome or 'not judged'}, known as {known.outcome}"
