"""Landed rows that a pilot keeps: what a model may be trained on once they are proven."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass

from harness import tags
from harness.ledger.ledger import Origin
from harness.run.landing import Landing
from harness.run.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The very file that was judged, where it is now."""

    file: str
    """Below the folder of results, wherever that is: `data/SOURCE.DATASET/RUN.parquet`."""
    sha256: str


def keep(run: Run, landing: Landing, origin: Origin) -> None:
    """Where the pilot keeps the dataset, put what landed below the results and say so in the
    ledger; the landed file itself goes with the run.
    """
    dataset = f"{origin.source}.{origin.dataset}"
    if dataset not in run.loaded.settings.keep:
        return
    folder = run.out / "data"
    for part in (folder, folder / dataset):
        part.mkdir(mode=0o700, exist_ok=True)
    file = folder / dataset / f"{run.header.run}.parquet"
    try:
        os.link(landing.path, file)
    except OSError:  # `data` may lead to a disk with more room
        shutil.copy(landing.path, file)
    kept = Kept(file=str(file.relative_to(run.out)), sha256=landing.sha256)
    run.ledger.append(run.header, tags.KEPT, kept, at=run.clock.now(), origin=origin)
