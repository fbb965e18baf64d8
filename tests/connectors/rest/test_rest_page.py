"""docs/rest.md: its twelve lines prove an API that answers a list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli import REPOSITORY, seatrial
from tests.connectors.scripted import Asked, Said, scripted
from tests.docs import snippets

PAGE = REPOSITORY / "docs" / "rest.md"
CONTRACT = """
import pandera.polars as pa
from seatrial import Contract, Promises

PARTS = Contract(
    name="parts",
    promises=Promises(key=("part_key",)),
    schema=pa.DataFrameSchema({"part_key": pa.Column("int64", description="Number")}, strict=True),
)
"""
SETTINGS = """
title: Parts
owners: {}
environments:
  dev: {evidence_class: sandbox, sources: {vendor: {url: env:VENDOR_URL, key: env:VENDOR_KEY}}}
"""
ROWS = [{"part_key": key} for key in range(3)]


def api(asked: Asked, total: str | None) -> Said:
    """A plain list, for whoever has the key; `open`, for all."""
    if asked.path != "/v1/parts":
        return Said(status=404)
    if total != "open" and asked.headers.get("x-api-key") != "k3y":
        return Said(status=401)
    declared = {} if total is None else {"X-Total-Count": total.replace("open", "3")}
    return Said(ROWS, headers={"content-type": "application/json", **declared})


def laid_out(folder: Path, pilot: str) -> None:
    """A pilot with the page's lines and a contract."""
    acme = folder / "acme"
    (acme / "contracts").mkdir(parents=True)
    (acme / "pilot.py").write_text(pilot)
    (acme / "pilot.yaml").write_text(SETTINGS)
    (acme / "__init__.py").touch()
    (acme / "contracts" / "__init__.py").touch()
    (acme / "contracts" / "parts.py").write_text(CONTRACT)


def proven(folder: Path, pilot: str, total: str | None) -> dict[str, str]:
    """The outcome of each claim on the API."""
    laid_out(folder, pilot)
    with scripted(lambda asked: api(asked, total)) as source:
        environ = {"VENDOR_URL": source.url, "VENDOR_KEY": "k3y"}
        seatrial(["prove", "acme", "--out", "out"], cwd=folder, environ=environ)
    found = json.loads(next(folder.rglob("verdicts.json")).read_text())["verdicts"]
    return {verdict["claim"]: verdict["outcome"] for verdict in found}


@pytest.mark.parametrize(("total", "outcome"), [("3", "PROVEN"), ("4", "BROKEN"), (None, "ERROR")])
def test_its_twelve_lines_prove_a_list(tmp_path: Path, total: str | None, outcome: str) -> None:
    (pilot,) = snippets(PAGE, "python")
    assert len([line for line in pilot.splitlines() if line]) <= 12
    assert proven(tmp_path, pilot, total)["complete"] == outcome


def test_without_a_total_or_a_stranger_nothing_vouches_for_them(tmp_path: Path) -> None:
    (pilot,) = snippets(PAGE, "python")
    untold = pilot.replace(', total=Header("X-Total-Count")', "")
    assert untold != pilot
    outcomes = proven(tmp_path, untold, "3")
    assert (outcomes["complete"], outcomes["authenticated"]) == ("UNPROVEN", "UNPROVEN")


def test_the_line_more_proves_the_log_in_too(tmp_path: Path) -> None:
    (pilot,) = snippets(PAGE, "python")
    allowed = pilot.replace("    )\n", "        stranger_allowed=True,\n    )\n", 1)
    assert proven(tmp_path, allowed, "3")["authenticated"] == "PROVEN"


def test_without_a_log_in_authenticated_is_unproven(tmp_path: Path) -> None:
    (pilot,) = snippets(PAGE, "python")
    key = 'ApiKey(key=at.secret("key"), header="X-Api-Key")'
    open_to_all = pilot.replace(key, "NoAuth()").replace("ApiKey,", "NoAuth,")
    allowed = open_to_all.replace("    )\n", "        stranger_allowed=True,\n    )\n", 1)
    outcomes = proven(tmp_path, allowed, "open")
    assert (outcomes["complete"], outcomes["authenticated"]) == ("PROVEN", "UNPROVEN")


def test_the_doctor_calls_no_key_accepted_that_nobody_looked_at(tmp_path: Path) -> None:
    """It knocks at the root, which this API does not have."""
    laid_out(tmp_path, *snippets(PAGE, "python"))
    with scripted(lambda asked: api(asked, "3")) as source:
        environ = {"VENDOR_URL": source.url, "VENDOR_KEY": "k3y"}
        ended = seatrial(["doctor", "acme"], cwd=tmp_path, environ=environ)
    told = " ".join(ended.out.split())
    assert "not refused, and not said to be accepted" in told
    assert "log-in accepted" not in told
