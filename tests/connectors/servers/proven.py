"""Proves a pilot as a user writes it, in a few lines, against a real server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from harness.clock import Clock
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.verdict import Outcome, Verdict
from tests.harness.engagement import write

WIDEST = 99
LINES = 12

_CONTRACT = """
from datetime import timedelta
import pandera.polars as pa
import polars as pl
from seatrial import Contract, Promises, Volume

CONTRACT = Contract(
    name="rows",
    promises=Promises(key=({key!r},), {promises}),
    schema=pa.DataFrameSchema(
        {{name: pa.Column(kind, description=name) for name, kind in dict({columns}).items()}},
        strict=True,
    ),
)
"""
_YAML = """
title: Read it whole
owners: {system: {owner: Ada Okafor}}
environments:
  dev:
    evidence_class: sandbox
    sources:
      system: {url: env:URL}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a user writes for a source, beside the contract of its one dataset, `rows`."""

    pilot: str
    columns: str
    """Of the contract: `id="int64", name=str`."""
    key: str
    """Its column."""
    promises: str = ""
    """Further ones."""

    def __post_init__(self) -> None:
        assert self.lines <= LINES, f"{self.lines} lines"
        assert max(map(len, self.pilot.splitlines())) <= WIDEST
        assert "class " not in self.pilot

    @property
    def lines(self) -> int:
        """Those that are not empty."""
        return sum(1 for line in self.pilot.splitlines() if line.strip())

    def prove(
        self, folder: Path, url: str, key: str, *claims: str, at: datetime | None = None
    ) -> dict[str, Verdict]:
        """What is said of each claim, by a run at that moment, now by default."""
        now = at or datetime.now(UTC)
        contract = _CONTRACT.format(key=self.key, columns=self.columns, promises=self.promises)
        yaml = _YAML.replace("env:URL", "env:URL, key: env:KEY") if key else _YAML
        loaded = loading.load(write(folder, py=contract + self.pilot, yaml=yaml))
        result = prove(
            RunConfig(
                loaded=loaded,
                environment="dev",
                slot=now.date(),
                clock=Clock(now=lambda: now),
                planned=plan(loaded.pilot, claims=claims),
                out=folder / "out",
                environ={"URL": url, "KEY": key},
            ),
            workplace=in_process,
        )
        return {one.planned.claim: one.verdict for one in result.judged}


def whole(verdicts: Mapping[str, Verdict], rows: int) -> None:
    """Asserts that `complete` is proven of so many rows."""
    verdict = verdicts["complete"]
    assert verdict.outcome is Outcome.PROVEN, verdict.because
    assert f"{rows} rows" in verdict.because
