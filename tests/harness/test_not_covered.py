"""A dataset that the pilot names without a contract is in the plan, and never ready."""

from __future__ import annotations

import json
import sqlite3
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from harness.claims.judge import not_covered
from harness.dagster import keys
from harness.ledger.ledger import open_ledger
from harness.pilot import loading
from harness.result import Planned
from harness.verdict import exit_code
from tests.cli import seatrial
from tests.harness.dagster_proven import run
from tests.harness.engagement import write
from tests.harness.report import sample
from tests.harness.report.sample_verdicts import proven as proven_verdict
from tests.shell import Ended

PY = """
import pandera.polars as pa
from pathlib import Path
from seatrial import Address, Contract, Pilot, Promises, Quota, Source, SourcePromises
from seatrial.files import Csv, Files, FileSet, Local
from seatrial.sql import Sql

KEY = pa.Column("int64", description="The order's number")
ORDERS = Contract(
    name="orders",
    promises=Promises(key=("key",)),
    schema=pa.DataFrameSchema({"key": KEY}, strict=True),
)

def shop(at: Address) -> Sql:
    tables = {"orders": "orders", "refunds": "refunds"}
    return Sql(url=at.text("url"), password=None, tables=tables)

def drop(at: Address) -> Files:
    files = {name: FileSet(f"{name}_*.csv", Csv()) for name in ("orders", "returns")}
    return Files(store=Local(Path(at.text("folder"))), datasets=files)

QUOTA = SourcePromises(quota=Quota(requests=1_000, seconds=60))
SOURCES = tuple(
    Source(name=connect.__name__, connect=connect, contracts=(ORDERS,), promises=QUOTA)
    for connect in (shop, drop)
)
PILOT = Pilot(name="mine", sources=SOURCES)
"""
OWNER = "{owner: A, deputy: B, escalation: C, acknowledged: {by: A, on: 2026-11-01}}"
YAML = f"""\
title: Predict something
owners:
  shop: {OWNER}
  drop: {OWNER}
environments:
  dev:
    evidence_class: sandbox
    sources:
      shop: {{url: env:SHOP_URL}}
      drop: {{folder: env:DROP_FOLDER}}
"""
UNCOVERED = [("shop", "refunds"), ("drop", "returns")]
COVERED = PY.replace(', "refunds": "refunds"', "").replace('("orders", "returns")', '("orders",)')


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A database and a folder with two datasets each."""
    connection = sqlite3.connect(tmp_path / "shop.sqlite")
    for table in ("orders", "refunds"):
        connection.execute(f"create table {table} (key bigint primary key)")
        connection.execute(f"insert into {table} values (1), (2)")
    connection.commit()
    connection.close()
    folder = tmp_path / "drop"
    folder.mkdir()
    for name in ("orders", "returns"):
        (folder / f"{name}_20261120.csv").write_text("key\n1\n2\n")
    return {"SHOP_URL": f"sqlite:///{tmp_path}/shop.sqlite", "DROP_FOLDER": str(folder)}


def proven(tmp_path: Path, environ: dict[str, str], py: str, *more: str) -> tuple[Ended, Any]:
    folder = write(tmp_path, py=py, yaml=YAML)
    words = ["prove", folder, "--out", tmp_path / "out", *more]
    ended = seatrial(words, cwd=tmp_path, environ=environ)
    return ended, json.loads((tmp_path / "out" / "verdicts.json").read_text())


def unjudged(document: Any) -> list[tuple[str, str | None]]:
    found = [v for v in document["verdicts"] if v["outcome"] == "NOT_RUN"]
    assert {v["claim"] for v in found} <= {"conforms"}
    return [(v["source"], v["dataset"]) for v in found]


def test_it_is_a_verdict_that_did_not_run(tmp_path: Path, environ: dict[str, str]) -> None:
    """In the order of the plan, and in the form of `verdicts.json` that everybody reads."""
    ended, document = proven(tmp_path, environ, PY)
    assert unjudged(document) == UNCOVERED
    assert document["ready"] is False
    assert document["executed"] == document["planned"] - 2 == len(document["verdicts"]) - 2
    sources = [v["source"] for v in document["verdicts"]]
    assert sources == sorted(sources, reverse=True)
    [because] = [v["because"] for v in document["verdicts"] if v["dataset"] == "refunds"]
    assert because == (
        "Not covered: shop names refunds, and no contract is held against it. "
        "Draft one with seatrial draft shop, or take it out of pilot.py."
    )
    assert "2 not covered by a contract" in ended.out
    assert "NOT READY" in ended.out


def test_one_without_them_owes_nothing_more(tmp_path: Path, environ: dict[str, str]) -> None:
    ended, document = proven(tmp_path, environ, COVERED)
    assert unjudged(document) == []
    assert document["planned"] == document["executed"]
    assert "not covered" not in ended.out


def test_all_the_rest_proven_is_not_ready_and_exit_code_3() -> None:
    """The sample's plan proven whole, then with one dataset more that no contract covers."""
    judged = [replace(j, verdict=proven_verdict(j.planned)) for j in sample.as_found().judged]
    more = Planned(source="vendor", dataset="suppliers", claim="conforms")
    unread = replace(judged[-1], planned=more, verdict=not_covered("conforms", "vendor", "x"))
    for all_of_it, ready, code in ((judged, True, 0), ([*judged, unread], False, 3)):
        assert sample.result(judged=tuple(all_of_it), facts=()).ready is ready
        assert exit_code([j.verdict.outcome for j in all_of_it]) == code


def test_people_and_build_servers_see_it(tmp_path: Path, environ: dict[str, str]) -> None:
    junit = tmp_path / "junit.xml"
    proven(tmp_path, environ, PY, "--junit", str(junit))
    suites = ET.parse(junit).getroot().findall("testsuite")
    assert [suite.get("name") for suite in suites] == ["shop", "drop"]
    [case] = [c for c in suites[0] if c.get("classname") == "shop.refunds"]
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("type") == "NOT_RUN"
    page = (tmp_path / "out" / "report.html").read_text()
    _, _, coverage = page.partition('id="coverage-heading"')
    for name in ("shop.refunds", "drop.returns"):
        row = coverage.split(f"<code>{name}</code>")[1].split("</tr>")[0]
        assert "0 of 1: <strong>not covered</strong>" in row


def test_a_part_of_the_plan_says_only_what_it_was_asked(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    """A part is never ready anyway, and other sources are not even connected."""
    _, document = proven(tmp_path, environ, PY, "--dataset", "shop.orders")
    assert (unjudged(document), document["ready"]) == ([], False)


def test_the_ledger_has_it_from_the_start(tmp_path: Path, environ: dict[str, str]) -> None:
    proven(tmp_path, environ, PY)
    with open_ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        entries = list(ledger.entries())
    first = json.loads(entries[0].body)
    named = [(p["source"], p["dataset"]) for p in first["planned"] if p["dataset"] != "orders"]
    assert [place for place in named if place[1]] == UNCOVERED
    assert json.loads(entries[-1].body)["ready"] is False


def test_the_doctor_tells_it_before_the_run(tmp_path: Path, environ: dict[str, str]) -> None:
    for py, told in ((PY, True), (COVERED, False)):
        folder = write(tmp_path, py=py, yaml=YAML)
        ended = seatrial(["doctor", folder], cwd=tmp_path, environ=environ)
        assert ended.code == 0
        assert ("shop not covered" in ended.out) is told
        assert ("seatrial draft shop" in " ".join(ended.out.split())) is told


def test_dagster_shows_it_too(tmp_path: Path, environ: dict[str, str]) -> None:
    loaded = loading.load(write(tmp_path, py=PY, yaml=YAML))
    with dg.DagsterInstance.ephemeral() as instance:
        made = run(loaded, instance, tmp_path / "dagster", environ)
        evidence, verdict = keys.evidence(loaded.pilot), keys.verdict(loaded.pilot)
        assert made.result.success
        assert unjudged(made.document) == UNCOVERED
        told = made.metadata(evidence)
        assert (told["ready"], told["not_covered"]) == (False, "shop.refunds, drop.returns")
        assert made.metadata(verdict)["not_covered"] == "shop.refunds, drop.returns"
