"""A pilot's models as Dagster's assets, below the evidence and behind the gate."""

# No `from __future__ import annotations`: Dagster compares the class of `context`, not its name.
import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import dagster as dg

from harness.dagster import gate, keys, plain
from harness.dagster.assets import GROUP
from harness.dagster.sentence import Sentence, in_one_sentence
from harness.folders import take_folder, take_results
from harness.pilot.model import Model, Pilot

if TYPE_CHECKING:
    from harness.run.data import Answer

FOLDER = "models"
"""Below the results; a folder for each model."""
Proven: TypeAlias = "Callable[[str], Answer]"
"""The path and digest of a dataset that was proven, or why there is none."""


def assets(pilot: Pilot, proven: Proven, *, out: Path) -> list[dg.AssetsDefinition]:
    """One for each model."""
    return [_asset(pilot, model, proven, out / FOLDER / model.name) for model in pilot.models]


def _asset(pilot: Pilot, model: Model, proven: Proven, to: Path) -> dg.AssetsDefinition:
    spec = dg.AssetSpec(
        key=keys.model(pilot, model.name),
        description=plain.markdown(
            f"{model.name}, trained on {', '.join(model.reads)} once the gate is open."
        ),
        deps=[keys.evidence(pilot), keys.gate(pilot).asset_key],
        group_name=GROUP,
    )

    @dg.multi_asset(name=f"train_{keys.name(model.name)}", specs=[spec])
    def train(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        gate.require_open(context, pilot)
        with in_one_sentence():
            read = {name: _file(proven(name)) for name in model.reads}
            take_results(to.parent.parent)
            take_folder(to.parent)
            shutil.rmtree(to, ignore_errors=True)
            take_folder(to)
        model.train({name: file for name, (_, file) in read.items()}, to)
        made = {one.name: _digest(one) for one in sorted(to.iterdir()) if one.is_file()}
        yield dg.MaterializeResult(
            spec.key,
            metadata={
                **{f"read {name}": digest for name, (digest, _) in read.items()},
                **{f"made {plain.text(name)}": digest for name, digest in made.items()},
                "folder": dg.MetadataValue.path(to),
            },
        )

    return train


def _file(answer: "Answer") -> tuple[str, Path]:
    if answer.code:
        raise Sentence(answer.says)
    digest, _, file = answer.says.partition("  ")
    return digest, Path(file)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
