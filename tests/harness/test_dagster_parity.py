"""Dagster proves a pilot as the command line does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg

from estate.lifecycle import Running
from harness.dagster import keys
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.slot import slot
from tests.cli import DEMO, seatrial
from tests.harness.acme_layout import Acme
from tests.harness.dagster_proven import run


def comparable(document: Any) -> list[dict[str, Any]]:
    """All of a verdict but the sentence and the observation, which may tell the time of day."""
    timeless = ("source", "dataset", "claim", "outcome", "expected", "n", "method", "basis")
    return [{name: v[name] for name in timeless} for v in document["verdicts"]]


def dagster(acme: Acme, *words: str, out: Path, code: int = 0) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "dagster", *words],  # -m puts the folder first on the path
        cwd=acme.elsewhere,
        env={**acme.environ, "SEATRIAL_OUT": str(out)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code, ended.stderr


def test_command_line_and_dagster_give_the_same_verdicts_from_a_foreign_folder(
    acme: Acme, tmp_path: Path
) -> None:
    """That folder has its own contracts/ and tests/, and Dagster puts it first on the path."""

    by_hand, by_dagster = tmp_path / "by-hand", tmp_path / "by-dagster"
    ended = seatrial(["prove", "--out", by_hand], cwd=acme.elsewhere, environ=acme.sources)
    assert ended.code == 1
    dagster(acme, "definitions", "validate", "--workspace", "workspace.yaml", out=tmp_path)
    job = ("job", "execute", "--module-name", "seatrial.dagster", "--job", "prove")
    dagster(acme, *job, out=by_dagster, code=1)
    first, second = (json.loads((o / "verdicts.json").read_text()) for o in (by_hand, by_dagster))
    assert comparable(first) == comparable(second)
    owed = len(first["verdicts"])
    assert first["planned"] == first["executed"] == second["planned"] == second["executed"] == owed


def test_command_line_and_dagster_give_the_same_verdicts_on_real_servers(
    estate: Running, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    """All but the vendor, whose quota would make it a minute."""
    loaded = loading.load(DEMO)
    served = [s.name for s in loaded.pilot.sources if s.name != "vendor"]
    owed = [p for p in plan(loaded.pilot) if p.source in served]
    by_hand = prove(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=slot(None, zone=loaded.zone, now=utc_now()),
            planned=tuple(owed),
            out=tmp_path / "by-hand",
            environ=estate.environ,
        )
    )
    by_dagster = run(
        loaded,
        instance,
        tmp_path / "by-dagster",
        estate.environ,
        asset_selection=[
            *{keys.check(loaded.pilot, p).asset_key for p in owed},
            keys.evidence(loaded.pilot),
            keys.verdict(loaded.pilot),
        ],
    )
    document = json.loads((tmp_path / "by-hand" / "verdicts.json").read_text())
    assert [j.planned for j in by_hand.judged] == owed
    assert comparable(by_dagster.document) == comparable(document)
    assert not by_dagster.result.success
