"""A pilot whose one secret is kept in a store, and the commands that need it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli import seatrial
from tests.shell import Ended

CONTRACT = """\
import pandera.polars as pa

CUSTOMERS = Contract(
    name="customers",
    promises=Promises(key=("customer_key",)),
    schema=pa.DataFrameSchema(
        {"customer_key": pa.Column("int64", description="The customer's number")}, strict=True
    ),
)
"""

PILOT = f"""\
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.sql import Sql
{CONTRACT}

def crm(at: Address) -> Sql:
    return Sql(
        url=at.text("url"), password=at.secret("password"), tables={{"customers": "customers"}}
    )

PILOT = Pilot(name="kept", sources=(Source(name="crm", connect=crm, contracts=(CUSTOMERS,)),))
"""

SETTINGS = """\
title: Kept in a store
environments:
  dev:
    evidence_class: sandbox
    vault: {address: env:VAULT_ADDR, token: env:VAULT_TOKEN}
    sources:
      crm: {url: env:CRM_URL, password: "vault:secret/crm#password"}
"""

TOKEN = "token: env:VAULT_TOKEN"


def prove(kept: Path, environ: dict[str, str], *arguments: str) -> Ended:
    claims = ("--claim", "complete", "--claim", "conforms")
    return seatrial(["prove", "kept", *claims, *arguments], cwd=kept.parent, environ=environ)


def doctor(kept: Path, environ: dict[str, str]) -> Ended:
    return seatrial(["doctor", "kept"], cwd=kept.parent, environ=environ)


def outcomes(kept: Path) -> set[str]:
    document = json.loads((kept.parent / "out/kept/verdicts.json").read_text())
    return {verdict["outcome"] for verdict in document["verdicts"]}


def written(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "".join(path.read_bytes().decode(errors="replace") for path in files)
