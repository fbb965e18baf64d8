"""A run that was asked for a part of the plan never speaks for the whole pilot."""

from __future__ import annotations

import json
from pathlib import Path

from harness.ledger.ledger import utc_now
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.verdict import Outcome
from tests.harness.acme_layout import Acme
from tests.harness.report.page import parse


def test_one_proven_claim_of_many_is_not_ready(
    loaded: LoadedPilot, acme: Acme, tmp_path: Path
) -> None:
    result = prove(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=utc_now().date(),
            planned=plan(loaded.pilot, datasets=["web-shop.orders"], claims=["owned"]),
            out=tmp_path,
            environ=acme.sources,
        )
    )
    assert [j.verdict.outcome for j in result.judged] == [Outcome.PROVEN]
    said = json.loads((tmp_path / "verdicts.json").read_text())
    owed = len(plan(loaded.pilot))
    assert (said["ready"], said["planned"], said["executed"]) == (False, owed, 1)
    page = parse((tmp_path / "report.html").read_text()).text
    assert "NOT READY" in page
    assert f"asked for 1 of {owed} verdicts" in page
