"""`docs/compare.md` works as it is typed."""

from __future__ import annotations

import shutil
from pathlib import Path

from harness.evidence import judgements
from harness.ledger.ledger import open_ledger
from harness.verdict import Outcome
from tests.docs import REPOSITORY
from tests.harness.evidence.ledgers import evidence, night
from tests.typed import typed


def test_the_page_works_as_it_is_typed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "monday").mkdir(parents=True)
    with open_ledger(out / "monday" / "ledger.sqlite") as ledger:
        night(ledger, "run-0", 0)
        night(ledger, "run-1", 1, outcomes=(Outcome.BROKEN, Outcome.UNPROVEN))
    shutil.copytree(out / "monday", out / "tuesday")
    found = evidence(out / "tuesday" / "ledger.sqlite")
    for name, run in zip(("monday", "tuesday"), found.runs, strict=True):
        (out / name / "verdicts.json").write_bytes(judgements.render(run))
    typed(REPOSITORY / "docs" / "compare.md", tmp_path, {})
