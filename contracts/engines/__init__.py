"""The seam where landed rows meet their contract. It chooses the engine that runs the rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from contracts.evaluation import Evaluation, Profile
from contracts.promises import Contract


def evaluate(contract: Contract, path: Path) -> Evaluation:
    """Evaluate one landed Parquet file against `contract`; see `contracts.evaluation.Evaluate`.
    A few rows of each rule that failed are sampled.
    """
    from contracts.engines import reference, samples  # pandera costs 0.6 s to import

    counts = reference.evaluate(contract, path)
    return replace(counts, samples=samples.take_samples(contract, path, counts))


def profile(contract: Contract, grid: Profile, path: Path) -> Profile:
    """Count one landed Parquet file's values on `grid`; see `contracts.profile`."""
    from contracts import profile as counting  # polars costs a tenth of a second to import

    return counting.profile(contract, grid, path)
