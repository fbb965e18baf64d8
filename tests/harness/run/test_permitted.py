"""A whole run asks what our login may do: by a write that is permitted, and by no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.clock import Clock
from harness.evidence.recompute import How, recompute
from harness.ledger.ledger import entries
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.run import code_version
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.verdict import Basis, Outcome
from tests.connectors.drop_fixture import Drop, drop
from tests.harness.engagement import write

PY = """
from dataclasses import replace
from pathlib import Path

import pandera.polars as pa
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.files import Csv, Files, FileSet, Local, Sftp

NAMES = {"order_key": "int64", "ship_mode": str, "quantity": str, "shipped_at": str}
SHIPMENTS = Contract(
    name="shipments",
    promises=Promises(key=("order_key",)),
    schema=pa.DataFrameSchema(
        {name: pa.Column(kind, description=name) for name, kind in NAMES.items()}, strict=True
    ),
)
COPIES = replace(SHIPMENTS, name="copies")

def logistics(at: Address) -> Files:
    store = Sftp(
        host=at.text("host"), port=int(at.text("port")), user=at.text("user"),
        key_file=Path(at.text("key_file")), host_key=at.text("host_key"),
    )
    return Files(store=store, datasets={"shipments": FileSet("shipments/*.csv", Csv())})

def copy(at: Address) -> Files:
    store = Local(Path(at.text("folder")))
    return Files(store=store, datasets={"copies": FileSet("*.csv", Csv())})

PILOT = Pilot(
    name="mine",
    sources=(
        Source(name="logistics", connect=logistics, contracts=(SHIPMENTS,)),
        Source(name="copy", connect=copy, contracts=(COPIES,)),
    ),
)
"""
SOURCES = """
    sources:
      logistics:
        host: env:LOGISTICS_HOST
        port: env:LOGISTICS_PORT
        user: env:LOGISTICS_USER
        key_file: env:LOGISTICS_KEY_FILE
        host_key: env:LOGISTICS_HOST_KEY
      copy: {folder: env:COPY}
"""
YAML = f"""
title: Predict something
owners:
  logistics: {{owner: Mirela}}
sources:
  copy:
    attested: [authenticated]
environments:
  dev:
    evidence_class: sandbox
    scratch:
      logistics:
        at: [shipments/seatrial-scratch]
        permitted_by: Mirela
        on: 2000-01-01
        until: 2999-12-31
{SOURCES}
  staging:
    evidence_class: staging
{SOURCES}
"""


NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    folder: Path
    logistics: Drop
    out: Path

    def prove(self, environment: str = "dev", *, claim: str = "", **changes: Any) -> Any:
        """The verdicts on both sources, and what was sent of writes."""
        environ = {**self.logistics.environ, "COPY": str(self.logistics.folder), **changes}
        loaded = loading.load(self.folder)
        config = RunConfig(
            loaded=loaded,
            environment=environment,
            slot=NOON.date(),
            planned=plan(loaded.pilot, claims=[claim] if claim else []),
            out=self.out,
            environ=environ,
            clock=Clock(now=lambda: NOON),
        )
        result = prove(config, workplace=in_process)
        lines = [json.loads(line) for line in config.log.read_text().splitlines()]
        sent = [one["what"] for one in lines if _is_write(one)]
        of_sources = [one for one in result.judged if one.planned.dataset is None]
        return {(j.planned.source, j.planned.claim): j.verdict for j in of_sources}, sent


def _is_write(line: Any) -> bool:
    return line["event"] == "Answered" and "seatrial-scratch" in line["what"]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    root = tmp_path_factory.mktemp("permitted")
    with drop() as running:
        running.clear()
        running.put_rows(20, 3)
        (running.folder / "seatrial-scratch").mkdir()
        yield Asked(folder=write(root, py=PY, yaml=YAML), logistics=running, out=root / "out")


def test_it_is_tried_by_permission_alone_and_every_verdict_is_recomputed(asked: Asked) -> None:
    verdicts, sent = asked.prove()
    reader = verdicts["logistics", "least_privilege"]
    assert reader.outcome is Outcome.PROVEN, reader.because
    assert reader.because.startswith("User drop may read and nothing else: 3 other things")
    assert len(sent) == 4

    verdicts, sent = asked.prove(
        LOGISTICS_USER=asked.logistics.writer["user"],
        LOGISTICS_KEY_FILE=str(asked.logistics.writer["key_file"]),
    )
    writer = verdicts["logistics", "least_privilege"]
    assert writer.outcome is Outcome.BROKEN
    assert "may write files into shipments/seatrial-scratch" in writer.because

    verdicts, sent = asked.prove("staging")
    unasked = verdicts["logistics", "least_privilege"]
    assert unasked.outcome is Outcome.UNPROVEN
    assert "add environments.staging.scratch.logistics to pilot.yaml" in unasked.because
    assert sent == []

    word = verdicts["copy", "authenticated"]
    assert (word.outcome, word.basis) == (Outcome.UNPROVEN, Basis.ATTESTED)
    assert "seatrial attest" in word.because

    for environment in ("dev", "staging"):
        recorded = entries(asked.out / "ledger.sqlite")
        own = [e for e in recorded if json.loads(e.body).get("environment") == environment]
        again = recompute(own, code=code_version.text())
        assert {one.how for one in again} == {How.EQUAL}


def test_nothing_is_tried_for_another_claim(asked: Asked) -> None:
    _, sent = asked.prove(claim="authenticated")
    assert sent == []
