"""A pilot whose source does to its own process what the name of each dataset says.

before ─▶ a deed ─▶ after        the deed must not reach the other two
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.facts import Probed, Reading
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.result import Result
from harness.run.boxed import boxed
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import Workplace, in_process
from harness.verdict import Outcome
from tests.harness.engagement import write

CLAIMS = ("complete", "conforms")
PILOT_PY = """
import sys
import pandera.polars as pa
import polars as pl
from seatrial import Address, Contract, Pilot, Promises, Source
from tests.harness.box.deeds import Hostile, dies_when_judged

def contract(name):
    check = [pa.Check(dies_when_judged, element_wise=True)] if name == "dies_when_judged" else []
    column = pa.Column(pl.Int64, check, description="A number")
    return Contract(
        name=name,
        promises=Promises(key=("id",)),
        schema=pa.DataFrameSchema({"id": column}, strict=True),
    )

def it(at: Address) -> Hostile:
    return Hostile(password=at.secret("password"), seen=at.text("seen"))

PILOT = Pilot(
    name="hostile",
    sources=tuple(
        Source(name=name, connect=it, contracts=tuple(map(contract, datasets)))
        for name, datasets in SOURCES.items()
    ),
)
"""
PILOT_YAML = """\
title: Hostile
limits: {limits}
environments:
  dev:
    evidence_class: simulated
    sources:
      it: {{password: env:IT_PASSWORD, seen: {seen}}}
      other: {{password: env:OTHER_PASSWORD, seen: {seen}}}
  production:
    evidence_class: production
    vault: {{address: "https://vault.example", token: env:VAULT_TOKEN}}
    sources:
      it: {{password: env:IT_PASSWORD_IN_PRODUCTION, seen: {seen}}}
      other: {{password: env:OTHER_PASSWORD, seen: {seen}}}
"""
SECRETS = {"IT_PASSWORD": "canary-of-it-4711", "OTHER_PASSWORD": "canary-of-other-0815"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a run of the pilot came to, and what its deeds wrote down."""

    result: Result
    seen: Path

    def outcomes(self, dataset: str) -> set[Outcome]:
        judged = (j for j in self.result.judged if j.planned.dataset == dataset)
        return {j.verdict.outcome for j in judged}

    def reading(self, dataset: str) -> Reading:
        [found] = (f for f in self.result.facts if isinstance(f, Reading) and f.dataset == dataset)
        return found

    def why(self, dataset: str) -> str:
        failure = self.reading(dataset).failure
        assert failure is not None
        return f"{failure.kind}: {failure.message}"

    @property
    def probed(self) -> Probed:
        [found] = (f for f in self.result.facts if isinstance(f, Probed))
        return found


def hostile(root: Path, *deeds: str, limits: str = "{}") -> Path:
    """The pilot's folder; its source `it` has these datasets."""
    sources = {"it": deeds, "other": ("harmless",)}
    yaml = PILOT_YAML.format(limits=limits, seen=root / "seen")
    return write(root, py=PILOT_PY.replace("SOURCES", repr(sources)), yaml=yaml)


def proven(
    root: Path,
    *deeds: str,
    limits: str = "{}",
    claims: Sequence[str] = CLAIMS,
    workplace: Workplace = boxed,
    environ: Mapping[str, str] = SECRETS,
) -> Proven:
    """One run over `before`, the deeds and `after`."""
    folder = hostile(root, "before", *deeds, "after", limits=limits)
    loaded = loading.load(folder)
    owed = plan(loaded.pilot, claims=claims)
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=tuple(p for p in owed if p.source == "it"),
        out=root / "out",
        environ=environ,
    )
    result = prove(config, workplace=workplace)
    assert not (root / "out" / "landed").exists()
    return Proven(result=result, seen=root / "seen")


if __name__ == "__main__":
    os.environ.update(SECRETS)
    proven(Path(sys.argv[1]), *sys.argv[2:], workplace=in_process)
