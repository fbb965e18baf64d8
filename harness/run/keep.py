"""Landed rows that a pilot keeps: what a model may be trained on once they are proven."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from harness import folders
from harness.run.config import RunConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The very file that was judged, where it is now."""

    file: str
    """Below the folder of results, wherever that is: `data/SOURCE.DATASET/RUN.parquet`."""
    sha256: str


def keep(config: RunConfig, dataset: str, landed: Path, sha256: str) -> Kept | None:
    """Put what landed of `source.dataset` below the results; None where the pilot does not keep
    it. The landed file itself is removed with the run's.
    """
    if dataset not in config.loaded.settings.keep:
        return None
    folder = config.out / "data"
    for part in (folder, folder / dataset):
        folders.take_folder(part)
    file = folder / dataset / f"{config.run_id}.parquet"
    try:
        os.link(landed, file)
    except FileExistsError:
        raise
    except OSError:  # a disk with more room is mounted on `data`, or knows no links
        with landed.open("rb") as rows, os.fdopen(folders.make_file(file), "wb") as kept:
            shutil.copyfileobj(rows, kept)
    return Kept(file=str(file.relative_to(config.out)), sha256=sha256)
