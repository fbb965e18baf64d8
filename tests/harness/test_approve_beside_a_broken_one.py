"""One broken contract of five keeps nobody from approving the other four."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli import seatrial
from tests.harness.engagement import PILOT_YAML, write
from tests.shell import Ended

PY = """
import pandera.polars as pa
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.sql import Sql

NAMES = ("one", "two", "three", "four", "five")

def contract(name):
    told = None if name == "three" else "What it says"
    columns = {column: pa.Column("int64", description=told) for column in ("key", "value", "more")}
    schema = pa.DataFrameSchema(columns, strict=True)
    return Contract(name=name, promises=Promises(key=("key",)), schema=schema)

def erp(at: Address) -> Sql:
    return Sql(url=at.text("url"), password=None, tables={name: name for name in NAMES})

PILOT = Pilot(
    name="acme",
    sources=(Source(name="erp", connect=erp, contracts=tuple(map(contract, NAMES))),),
)
"""
YAML = PILOT_YAML.replace(", password: env:ERP_PASSWORD", "")
GOOD = {"erp.one", "erp.two", "erp.four", "erp.five"}
PROBLEM = (
    "contract three: columns key, value and more have no description: "
    "say what each means and in which unit"
)


class Five:
    """A pilot of five tables, proven once."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, write(root, py=PY, yaml=YAML)
        with sqlite3.connect(root / "erp.sqlite") as erp:
            for name in ("one", "two", "three", "four", "five"):
                erp.execute(f"create table {name} (key bigint, value bigint, more bigint)")
                erp.execute(f"insert into {name} values (1, 2, 3)")
        erp.close()
        self.ended = self.run("prove")

    def run(self, *words: str) -> Ended:
        environ = {"ERP_URL": f"sqlite:///{self.root / 'erp.sqlite'}"}
        return seatrial(words, cwd=self.root, environ=environ)

    def approve(self) -> Ended:
        return self.run("baseline", "approve", "--by", "Ada Okafor")

    @property
    def baseline(self) -> set[str]:
        return set(json.loads((self.folder / "baseline.json").read_text())["datasets"])


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Five:
    return Five(tmp_path_factory.mktemp("five"))


def test_the_four_are_approved_and_the_fifth_is_named_with_what_is_wrong(five: Five) -> None:
    ended = five.approve()
    assert ended.code == 2
    assert five.baseline == GOOD
    for name in GOOD:
        assert f"{name}: 3 columns a" in ended.out
    assert f"erp.three: not approved: {PROBLEM}; then run seatrial prove" in ended.out
    assert ended.complaint.startswith("seatrial: 1 of 5 datasets not approved (erp.three): ")


def test_once_it_is_mended_it_joins_them_and_stays(tmp_path: Path) -> None:
    five = Five(tmp_path)
    five.approve()
    text = (five.folder / "pilot.py").read_text()
    (five.folder / "pilot.py").write_text(text.replace('None if name == "three" else ', ""))
    assert five.approve().code == 2  # nothing has read it yet
    five.run("prove")
    ended = five.approve()
    assert ended.code == 0, ended.err
    assert five.baseline == {*GOOD, "erp.three"}
    (five.folder / "pilot.py").write_text(text)
    ended = five.approve()
    assert ended.code == 2
    assert five.baseline == {*GOOD, "erp.three"}


def test_a_broken_contract_is_told_once_with_all_its_undescribed_columns(five: Five) -> None:
    told = " ".join(five.ended.out.split())
    assert five.ended.code == 4
    assert told.count(PROBLEM) == 1
    assert told.count("has no description") == 0
