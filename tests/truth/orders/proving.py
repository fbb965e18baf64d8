"""Proves the pilot of this folder, or one that was changed, as `seatrial prove` would."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.pilot.loading import load
from harness.pilot.plan import plan
from harness.pins.baseline import approve
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.verdict import Outcome, Verdict
from tests.truth.orders import data

HERE = Path(__file__).parent
PILOT = (HERE / "pilot.py").read_text()
_NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
_SENT = datetime(2026, 11, 20, 5, tzinfo=UTC)
_NUMBER = count(1)


class Orders:
    """A place of its own for one pilot: its folder, its files, its ledger."""

    def __init__(self, root: Path, *, pilot: str = PILOT) -> None:
        self.folder = root / f"orders{next(_NUMBER)}"  # a package name is used once
        self._files = root / "files"
        self._out = root / "out"
        self.folder.mkdir()
        (self.folder / "pilot.py").write_text(pilot)
        shutil.copy(HERE / "pilot.yaml", self.folder)

    def deliver(self, *, csv: str | None = None, jsonl: str | None = None) -> None:
        """The files of one night, in place of those of the night before."""
        shutil.rmtree(self._files, ignore_errors=True)
        self._files.mkdir()
        texts = {"csv": csv or data.csv(), "jsonl": jsonl or data.jsonl()}
        for ending, text in texts.items():
            path = self._files / f"orders_20261120.{ending}"
            path.write_bytes(text.encode())
            os.utime(path, (_SENT.timestamp(),) * 2)

    def approve(self) -> None:
        """Approve the columns of the newest run."""
        approve(
            load(self.folder),
            environment="dev",
            by="Ada",
            today=_NOW.date(),
            datasets=(),
            ledger=None,
            out=self._out,
            environ=self._environ,
        )

    def prove(self) -> Mapping[tuple[str, str], Verdict]:
        """The verdicts of one run, by source and claim. Raises ConfigurationError where the pilot
        is refused.
        """
        loaded = load(self.folder)
        config = RunConfig(
            loaded=loaded,
            environment="dev",
            slot=_NOW.date(),
            planned=plan(loaded.pilot),
            out=self._out,
            environ=self._environ,
            clock=Clock(now=lambda: _NOW),
        )
        judged = prove(config, workplace=in_process).judged
        return {(one.planned.source, one.planned.claim): one.verdict for one in judged}

    @property
    def _environ(self) -> dict[str, str]:
        return {"DROP": str(self._files)}


def told(root: Path, pilot: str) -> tuple[Outcome | None, str]:
    """What is said of `conforms` with a changed pilot and good data; without an outcome where its
    contract is refused before anything is read.
    """
    orders = Orders(root, pilot=pilot)
    orders.deliver()
    try:
        verdict = orders.prove()["drop", "conforms"]
    except ConfigurationError as refusal:
        return None, str(refusal)
    is_refused = verdict.because.endswith("; nothing was read")
    assert verdict.outcome is not Outcome.PROVEN or not is_refused
    return (None if is_refused else verdict.outcome), verdict.because


def approved(root: Path) -> Orders:
    """The good pilot, with the columns of its good data approved."""
    orders = Orders(root)
    orders.deliver()
    orders.prove()
    orders.approve()
    return orders
