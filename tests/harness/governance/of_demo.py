"""The checklist of the demo's pilot, as the ledger of one of its trials shows it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from harness.evidence.evidence import Scope, read
from harness.governance.checklist import Checklist, checklist
from harness.ledger.ledger import read_ledger
from harness.pilot import loading
from tests.cli import DEMO


def of_demo(trial: Path) -> Checklist:
    """The repair named deputies, which stand in no file."""
    loaded = loading.load(DEMO)
    owners = {
        name: one if one.deputy else one.model_copy(update={"deputy": "as the repair named one"})
        for name, one in loaded.settings.owners.items()
    }
    settings = loaded.settings.model_copy(update={"owners": owners})
    scope = Scope(pilot="late-deliveries", title="Demo", environment="dev", zone="UTC")
    copy = shutil.copy(trial / "ledger.sqlite", trial.parent / f"{trial.name}.governed.sqlite")
    with read_ledger(Path(copy)) as opened, opened.snapshot() as seen:
        notes = [note for _, note in seen.checkpoints()]
        evidence = read(list(seen.entries()), scope, checkpoints=notes)
    return checklist(
        replace(loaded, settings=settings),
        evidence,
        environment="dev",
        today=evidence.window.last,
    )
