"""The seam where landed rows meet their contract. It chooses the engine that runs the rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from contracts.evaluation import Evaluation, Profile
from contracts.promises import Contract


def evaluate(contract: Contract, path: Path, *, sha256: str | None = None) -> Evaluation:
    """Evaluate one landed Parquet file against `contract`; see `contracts.evaluation.Evaluate`. A
    few rows of each rule that failed are sampled.

    Its rules are counted in one pass if `sha256`, of the file as it was landed, shows that every
    byte is still there. Without it the reference engine reads the file with its page checksums.
    """
    from contracts.engines import samples

    counts = _count(contract, path, sha256)
    return replace(counts, samples=samples.take_samples(contract, path, counts))


def _count(contract: Contract, path: Path, sha256: str | None) -> Evaluation:
    # pandera costs 0.6 s to import
    if sha256 is None:
        from contracts.engines import reference

        return reference.evaluate(contract, path)
    from contracts.engines import one_pass

    return one_pass.evaluate(contract, path, sha256=sha256)


def profile(contract: Contract, grid: Profile, path: Path) -> Profile:
    """Count one landed Parquet file's values on `grid`; see `contracts.profile`."""
    from contracts import profile as counting  # polars costs a tenth of a second to import

    return counting.profile(contract, grid, path)
