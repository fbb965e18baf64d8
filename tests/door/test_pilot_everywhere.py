"""A pilot whose imports ruff has sorted works wherever it is used from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli import SEATRIAL, seatrial
from tests.shell import run

PILOT = """\
import pandera.polars as pa
from acme.contracts import orders
from seatrial import Address, Pilot, Source
from seatrial.sql import Sql
from dataclasses import dataclass


def shop(at: Address) -> Sql:
    return Sql(url=at.text("url"), password=None, tables={"orders": "orders"})


SHOP = Source(name="shop", connect=shop, contracts=(orders.CONTRACT,))
PILOT = Pilot(name="acme", sources=(SHOP,))
"""
ORDERS = """\
import pandera.polars as pa
from seatrial import Contract, Promises

KEY = pa.Column("int64", description="The order's number")
CONTRACT = Contract(
    name="orders",
    promises=Promises(key=("order_key",)),
    schema=pa.DataFrameSchema({"order_key": KEY}, strict=True),
)
"""
YAML = """\
title: Predict something
environments:
  dev: {evidence_class: sandbox, sources: {shop: {url: "sqlite:///shop.sqlite"}}}
"""
NAMES = "['orders']"
ASKED = "[c.name for s in PILOT.sources for c in s.contracts]"


@pytest.fixture
def engagement(tmp_path: Path) -> Path:
    """Its folder, with imports sorted by ruff as a user's own settings would."""
    package = tmp_path / "acme"
    (package / "contracts").mkdir(parents=True)
    for path in (package, package / "contracts"):
        (path / "__init__.py").touch()
    (package / "pilot.py").write_text(PILOT)
    (package / "contracts" / "orders.py").write_text(ORDERS)
    (package / "pilot.yaml").write_text(YAML)
    (tmp_path / "workspace.yaml").write_text("load_from:\n  - python_module: seatrial.dagster\n")
    ruff = (SEATRIAL.parent / "ruff", "check", "--isolated", "--select=I", "--fix", "acme")
    assert run(ruff, cwd=tmp_path, environ={}).code == 0
    assert (package / "pilot.py").read_text() != PILOT
    return tmp_path


def test_from_the_command_line(engagement: Path) -> None:
    """It gets as far as the source, which is not there."""
    ended = seatrial(["prove", "acme", "--claim", "complete"], cwd=engagement)
    assert ended.code == 4
    assert "ERROR" in ended.out


def test_from_pytest(engagement: Path) -> None:
    (engagement / "tests").mkdir()
    test = f"from acme.pilot import PILOT\n\ndef test_it():\n    assert {ASKED} == {NAMES}\n"
    (engagement / "tests" / "test_acme.py").write_text(test)
    quiet = ("-p", "no:cacheprovider", "-p", "no:randomly", "-o", "addopts=")
    ended = run([sys.executable, "-m", "pytest", *quiet, "tests"], cwd=engagement, environ={})
    assert ended.code == 0, ended.out
    assert "1 passed" in ended.out


def test_from_a_notebook(engagement: Path) -> None:
    """As a kernel does it: one interpreter, its folder first on the path, a cell after a cell."""
    cells = ("import polars as pl", "from acme.pilot import PILOT", f"assert {ASKED} == {NAMES}")
    kernel = f"scope = {{}}\nfor cell in {cells!r}:\n    exec(cell, scope)\n"
    assert run([sys.executable, "-c", kernel], cwd=engagement, environ={}).code == 0


def test_from_dagster(engagement: Path) -> None:
    words = ("-m", "dagster", "definitions", "validate", "--workspace", "workspace.yaml")
    ended = run([sys.executable, *words], cwd=engagement, environ={})
    assert ended.code == 0, ended.out + ended.err


def test_from_a_module_of_ones_own_in_dagster(engagement: Path) -> None:
    text = (
        "from pathlib import Path\n"
        "from seatrial.dagster import build\n\n"
        "defs = build(Path(__file__).parent)\n"
    )
    (engagement / "acme" / "definitions.py").write_text(text)
    words = ("-m", "dagster", "definitions", "validate", "--module-name", "acme.definitions")
    ended = run([sys.executable, *words], cwd=engagement, environ={})
    assert ended.code == 0, ended.out + ended.err
