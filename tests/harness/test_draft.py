"""Contracts drafted from the estate, answered, and held against the very data they came from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli import seatrial
from tests.shell import Ended

PILOT = '''\
from __future__ import annotations

import importlib.util
from pathlib import Path

from seatrial import Address, Pilot, Source
from seatrial.files import ControlFile, Csv, Files, FileSet, Sftp
from seatrial.sql import Sql


def contracts(*names: str):
    """Those that were drafted."""
    found = [name for name in names if (Path(__file__).parent / f"contracts/{name}.py").exists()]
    modules = [importlib.import_module(f"mine.contracts.{name}") for name in found]
    return tuple(module.CONTRACT for module in modules)


def crm(at: Address) -> Sql:
    return Sql(
        url=at.text("url"), password=at.secret("password"),
        tables={"customers": "customers", "gone": "no_such_table"},
    )


def logistics(at: Address) -> Files:
    store = Sftp(
        host=at.text("host"), port=int(at.text("port")), user=at.text("user"),
        key_file=Path(at.text("key_file")), host_key=at.text("host_key"),
    )
    shipments = FileSet("shipments/shipments_*.csv", Csv(), sealed=ControlFile("{name}.ok"))
    return Files(store=store, datasets={"shipments": shipments})


PILOT = Pilot(
    name="mine",
    sources=(
        Source(name="crm", connect=crm, contracts=contracts("customers")),
        Source(name="logistics", connect=logistics, contracts=contracts("shipments")),
    ),
)
'''
SETTINGS = """\
title: Mine
environments:
  dev:
    evidence_class: sandbox
    sources:
      crm: {url: env:CRM_URL, password: env:CRM_PASSWORD}
      logistics:
        host: env:LOGISTICS_HOST
        port: env:LOGISTICS_PORT
        user: env:LOGISTICS_USER
        key_file: env:LOGISTICS_KEY_FILE
        host_key: env:LOGISTICS_HOST_KEY
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A pilot of the estate's CRM and drop that has no contract yet."""
    folder = tmp_path / "mine"
    (folder / "contracts").mkdir(parents=True)
    for name in ("__init__.py", "contracts/__init__.py"):
        (folder / name).touch()
    (folder / "pilot.py").write_text(PILOT)
    (folder / "pilot.yaml").write_text(SETTINGS)
    return folder


def answer(mine: Path, dataset: str, **changes: str) -> None:
    """Do what the draft asks of the owner."""
    path = mine / "contracts" / f"{dataset}.py"
    text = path.read_text().replace('description=""', 'description="As its owner says"')
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def judged(mine: Path, environ: dict[str, str], dataset: str) -> dict[str, dict[str, str]]:
    claims = ("--claim", "complete", "--claim", "conforms")
    ended = seatrial(["prove", "--dataset", dataset, *claims], cwd=mine.parent, environ=environ)
    assert ended.code in (0, 1), ended.err
    document = json.loads((mine.parent / "out/mine/verdicts.json").read_text())
    return {verdict["claim"]: verdict for verdict in document["verdicts"]}


def draft(mine: Path, environ: dict[str, str], *arguments: str) -> Ended:
    return seatrial(["draft", *arguments], cwd=mine.parent, environ=environ)


def test_a_table_keeps_the_contract_that_was_drafted_from_it(
    mine: Path, pilot_environ: dict[str, str]
) -> None:
    ended = draft(mine, pilot_environ, "crm", "--dataset", "customers", "--write")
    assert ended.code == 0, ended.err
    only = ["--dataset", "customers", "--claim", "conforms"]
    refused = seatrial(["prove", *only], cwd=mine.parent, environ=pilot_environ)
    assert refused.code == 4
    assert "customer_key has no description" in " ".join(refused.out.split())
    answer(mine, "customers")
    verdicts = judged(mine, pilot_environ, "customers")
    assert {verdict["outcome"] for verdict in verdicts.values()} == {"PROVEN"}


def test_files_keep_the_contract_that_was_drafted_from_one_of_them(
    mine: Path, pilot_environ: dict[str, str]
) -> None:
    """All but the guessed key: one file cannot tell it, and the rest of them refute it."""
    assert draft(mine, pilot_environ, "logistics", "--write").code == 0
    answer(mine, "shipments")
    guessed = judged(mine, pilot_environ, "shipments")
    assert guessed["conforms"]["outcome"] == "BROKEN"
    assert "unique" in guessed["conforms"]["because"]
    path = mine / "contracts" / "shipments.py"
    path.write_text(
        path.read_text().replace('key=("order_key",)', 'key=("order_key", "line_number")')
    )
    verdicts = judged(mine, pilot_environ, "shipments")
    assert {verdict["outcome"] for verdict in verdicts.values()} == {"PROVEN"}


def test_a_draft_is_printed_unless_it_is_to_be_written(
    mine: Path, pilot_environ: dict[str, str]
) -> None:
    ended = draft(mine, pilot_environ, "crm", "--dataset", "customers")
    assert ended.code == 0
    assert '"account_balance": pa.Column(pl.Decimal(12, 2), description="")' in ended.out
    assert not list((mine / "contracts").glob("c*.py"))


def test_a_contract_is_never_overwritten_and_the_others_are_written(
    mine: Path, pilot_environ: dict[str, str]
) -> None:
    mine_own = mine / "contracts" / "parcels.py"
    mine_own.write_text("raise SystemExit\n")
    two = 'datasets={"parcels": shipments, "shipments": shipments}'
    pilot = PILOT.replace('datasets={"shipments": shipments}', two)
    (mine / "pilot.py").write_text(pilot.replace('contracts("shipments")', "()"))
    ended = draft(mine, pilot_environ, "logistics", "--write")
    assert ended.code == 0
    left, written = ended.out.splitlines()
    assert left == "mine/contracts/parcels.py: is there already, and left as it is"
    assert written.startswith("mine/contracts/shipments.py: answer what says CONFIRM")
    assert mine_own.read_text() == "raise SystemExit\n"
    assert (mine / "contracts" / "shipments.py").exists()


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["crn"], "unknown source 'crn': did you mean crm?", 2),
        (["crm", "--dataset", "customer"], "did you mean customers?", 2),
        (["crm", "--env", "prod"], "unknown environment 'prod'", 2),
        (["crm", "--dataset", "gone"], "table no_such_table: 42P01", 4),
    ],
)
def test_a_name_that_leads_nowhere_is_told_in_one_line(
    mine: Path, pilot_environ: dict[str, str], arguments: list[str], said: str, code: int
) -> None:
    ended = draft(mine, pilot_environ, *arguments)
    assert ended.code == code
    assert said in ended.complaint


def test_every_missing_variable_is_named_before_a_source_is_asked(mine: Path) -> None:
    ended = draft(mine, {}, "crm")
    assert ended.code == 2
    assert "CRM_URL" in ended.complaint
    assert "CRM_PASSWORD" in ended.complaint


def test_a_wrong_password_is_refused_and_shown_nowhere(
    mine: Path, pilot_environ: dict[str, str]
) -> None:
    canary = "canary-1d3b"
    ended = draft(mine, {**pilot_environ, "CRM_PASSWORD": canary}, "crm")
    assert ended.code == 4
    assert "28P01" in ended.complaint
    assert canary not in ended.out + ended.err


def test_what_is_proven_of_some_sources_is_not_ready_while_another_has_no_contract(
    mine: Path, pilot_environ: dict[str, str]
) -> None:
    assert draft(mine, pilot_environ, "crm", "--dataset", "customers", "--write").code == 0
    answer(mine, "customers")
    part = seatrial(["prove", "--dataset", "customers"], cwd=mine.parent, environ=pilot_environ)
    assert "NOT READY" in part.out
    whole = seatrial(["prove"], cwd=mine.parent, environ=pilot_environ)
    assert whole.code == 2
    assert "source logistics has no contract" in whole.complaint
