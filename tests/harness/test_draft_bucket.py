"""A contract drafted from a bucket, answered, and kept by the very objects it came from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli import seatrial
from tests.connectors.bucket_fixture import MADE_AVAILABLE, Bucket, bucket

PILOT = """\
import importlib.util
from seatrial import Address, Pilot, Source
from seatrial.files import S3, ControlFile, Files, FileSet, Parquet

DRAFTED = importlib.util.find_spec("lake.contracts.lines")


def billing(at: Address) -> Files:
    store = S3(
        endpoint=at.text("endpoint"), region="us-east-1", bucket="billing",
        access_key=at.secret("access_key"), secret_key=at.secret("secret_key"),
    )
    whole = ControlFile("_SUCCESS")
    lines = FileSet("lines/day=*/*.parquet", Parquet(), sealed=whole)
    return Files(store=store, datasets={"lines": lines})


CONTRACTS = (importlib.import_module(DRAFTED.name).CONTRACT,) if DRAFTED else ()
PILOT = Pilot(
    name="lake", sources=(Source(name="billing", connect=billing, contracts=CONTRACTS),)
)
"""
SETTINGS = """\
title: Lake
environments:
  dev:
    evidence_class: sandbox
    sources:
      billing:
        endpoint: env:BILLING_ENDPOINT
        access_key: env:BILLING_ACCESS_KEY
        secret_key: env:BILLING_SECRET_KEY
"""


@pytest.fixture(scope="module")
def store() -> Iterator[Bucket]:
    with bucket() as running:
        for day in (1, 2):
            running.put_rows(day, 50 * (day - 1))
        running.path("_SUCCESS").touch()
        os.utime(running.path("_SUCCESS"), (MADE_AVAILABLE,) * 2)
        yield running


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    folder = tmp_path / "lake"
    (folder / "contracts").mkdir(parents=True)
    for name in ("__init__.py", "contracts/__init__.py"):
        (folder / name).touch()
    (folder / "pilot.py").write_text(PILOT)
    (folder / "pilot.yaml").write_text(SETTINGS)
    return folder


def test_objects_keep_the_contract_that_was_drafted_from_the_first_with_rows(
    lake: Path, store: Bucket
) -> None:
    environ = dict(store.environ)
    ended = seatrial(["draft", "billing", "--write"], cwd=lake.parent, environ=environ)
    assert ended.code == 0, ended.err
    drafted = lake / "contracts" / "lines.py"
    text = drafted.read_text()
    assert 'key=("order_ref",)' in text
    assert 'event_time="billed_at"' in text
    assert "Decimal(precision=12, scale=2), never missing" in text
    drafted.write_text(text.replace('description=""', 'description="As its owner says"'))
    claims = ("--claim", "complete", "--claim", "conforms")
    proven = seatrial(["prove", *claims], cwd=lake.parent, environ=environ)
    assert proven.code == 0, proven.out + proven.err
    document = json.loads((lake.parent / "out/lake/verdicts.json").read_text())
    assert {verdict["outcome"] for verdict in document["verdicts"]} == {"PROVEN"}


def test_the_doctor_tries_the_key_of_a_bucket(lake: Path, store: Bucket) -> None:
    good = seatrial(["doctor"], cwd=lake.parent, environ=store.environ)
    assert "billing log-in" in good.out
    assert "accepted" in good.out
    wrong = {**store.environ, "BILLING_SECRET_KEY": "canary-8e21"}
    bad = seatrial(["doctor"], cwd=lake.parent, environ=wrong)
    assert "refused: list billing/lines: refused" in " ".join(bad.out.split())
    assert "canary-8e21" not in bad.out
