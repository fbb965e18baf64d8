"""All tables of a schema drafted by one command, answered, listed and proven."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from harness.onboarding import draft as drafting
from tests.cli import seatrial
from tests.connectors.crm_fixture import Database, database
from tests.shell import Ended

PILOT = """\
from __future__ import annotations

import importlib
from pathlib import Path

from seatrial import Address, Pilot, Source
from seatrial.sql import Sql

NAMES = sorted(path.stem for path in (Path(__file__).parent / "contracts").glob("[a-z]*.py"))


def crm(at: Address) -> Sql:
    return Sql(
        url=at.text("url"), password=at.secret("password"),
        tables={name: f"sales.{name}" for name in NAMES},
    )


CONTRACTS = tuple(importlib.import_module(f"mine.contracts.{name}").CONTRACT for name in NAMES)
PILOT = Pilot(name="mine", sources=(Source(name="crm", connect=crm, contracts=CONTRACTS),))
"""
SETTINGS = """\
title: Mine
environments:
  dev:
    evidence_class: sandbox
    sources:
      crm: {url: env:CRM_URL, password: env:CRM_PASSWORD}
"""
TABLES = (
    "create schema sales; grant usage on schema sales to reader",
    "create type sales.mode as enum ('AIR', 'RAIL')",
    "create table sales.customers (id int8 primary key, code varchar(9) unique not null)",
    """create table sales.orders (
        id int primary key, customer int8 not null references sales.customers,
        code varchar(9) references sales.customers (code), mode sales.mode, ratio real,
        price numeric, paid numeric(12,2) check (paid >= 0), check (id < customer * 9)
    )""",
    "create table sales.nothing (id int primary key, n numeric)",
    "create table sales.odd (id int primary key, x float8)",
    "insert into sales.customers select n, 'c' || n from generate_series(1, 999) n",
    """insert into sales.orders
        select n, n, null, 'AIR', random(), random() * 1e9, n from generate_series(1, 999) n""",
    "insert into sales.odd values (1, 'NaN')",
    "comment on column sales.orders.paid is 'In euros'",
    "grant select on all tables in schema sales to reader",
    "create table sales.hidden (id int primary key, n numeric)",
)


@pytest.fixture(scope="module")
def crm() -> Iterator[Database]:
    with database() as running:
        running.execute(*TABLES)
        yield running


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    (folder / "contracts").mkdir(parents=True)
    for name in ("__init__.py", "contracts/__init__.py"):
        (folder / name).touch()
    (folder / "pilot.py").write_text(PILOT)
    (folder / "pilot.yaml").write_text(SETTINGS)
    return folder


def draft(mine: Path, crm: Database, *arguments: str) -> Ended:
    return seatrial(["draft", "crm", *arguments], cwd=mine.parent, environ=crm.environ)


def verdicts(mine: Path) -> dict[tuple[str, str], str]:
    document = json.loads((mine.parent / "out/mine/verdicts.json").read_text())
    return {(one["dataset"], one["claim"]): one["outcome"] for one in document["verdicts"]}


def test_no_verdict_on_an_unchanged_schema_is_broken_by_its_draft(
    mine: Path, crm: Database
) -> None:
    ended = draft(mine, crm, "--schema", "sales", "--write")
    assert ended.code == 0, ended.err
    assert '#     "orders": "sales.orders",' in ended.out
    assert "mine/contracts/orders.py: answer what says CONFIRM" in ended.out
    contracts = mine / "contracts"
    hidden = (contracts / "hidden.py").read_text()
    assert 'ask its owner for GRANT SELECT ON "sales"."hidden" TO "reader"' in hidden
    (contracts / "hidden.py").unlink()
    for path in contracts.glob("[a-z]*.py"):
        path.write_text(path.read_text().replace('description=""', 'description="As said"'))
    orders = (contracts / "orders.py").read_text()
    assert 'pa.Check.isin(["AIR", "RAIL"])' in orders
    assert 'pa.Check.ge(0), nullable=True, description="In euros"' in orders
    assert '    Reconciliation(dataset="crm.customers", ours="customer", theirs="id"),' in orders
    assert (
        "# TODO no rule of a contract says exactly this: CHECK ((id < (customer * 9)))" in orders
    )
    assert "# TODO no reconciles says that code refers to customers.code: a missing key" in orders
    ended = seatrial(["prove"], cwd=mine.parent, environ=crm.environ)
    outcomes = verdicts(mine)
    assert "BROKEN" not in {outcome for (dataset, _), outcome in outcomes.items() if dataset}, (
        ended.out
    )
    proven = [("orders", "conforms"), ("orders", "reconciles"), ("customers", "conforms")]
    assert {outcomes[one] for one in proven} == {"PROVEN"}
    assert outcomes["nothing", "conforms"] == "UNPROVEN"
    assert outcomes["nothing", "complete"] == "PROVEN"  # as its draft allows: to be confirmed
    assert outcomes["odd", "conforms"] == "ERROR"  # no type holds a NaN


def test_a_second_time_only_what_is_new_is_written(mine: Path, crm: Database) -> None:
    (mine / "contracts" / "orders.py").write_text("CONTRACT = None\n")
    (mine / "pilot.py").write_text(PILOT.split("CONTRACTS =", maxsplit=1)[0] + EMPTY)
    ended = draft(mine, crm, "--schema", "sales", "--write")
    assert ended.code == 0, ended.err
    assert "mine/contracts/orders.py: is there already, and left as it is" in ended.out
    assert (mine / "contracts" / "orders.py").read_text() == "CONTRACT = None\n"
    assert (mine / "contracts" / "customers.py").exists()


EMPTY = 'PILOT = Pilot(name="mine", sources=(Source(name="crm", connect=crm, contracts=()),))\n'


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("--schema", "sale"), "there is no schema sale: did you mean sales?", 4),
        (("--schema", "sales", "--dataset", "orders"), "--dataset or --schema, not both", 2),
        (("--schema", "empty"), "schema empty is closed to role reader", 4),
    ],
)
def test_a_schema_that_cannot_be_drafted_is_told_in_one_line(
    mine: Path, crm: Database, arguments: tuple[str, ...], said: str, code: int
) -> None:
    crm.execute("create schema if not exists empty")
    ended = draft(mine, crm, *arguments)
    assert ended.code == code
    assert said in ended.complaint


def drafts(crm: Database, *names: str) -> drafting.Drafts:
    return drafting.Drafts(
        source="crm",
        connector=replace(crm.sql(), tables={name: f"sales.{name}" for name in names}),
        datasets=names,
        covered=frozenset(),
        fresh={},
        hours=1,
    )


def test_many_tables_are_described_in_one_log_in(crm: Database) -> None:
    crm.execute("alter system set log_connections = on", "select pg_reload_conf()")
    while "connection authorized" not in crm.log.read_text():  # until it has heard of it
        crm.scalar("select 1")
    names = ("customers", "orders", "hidden", "nothing")
    assert [draft.dataset for draft in drafts(crm, *names).texts()] == list(names)
    assert crm.log.read_text().count("connection authorized: user=reader") == 1


def test_a_look_ends_with_the_hours_that_a_reading_may_take(crm: Database) -> None:
    """At the next answer, so the catalogue, which was asked before, is drafted."""
    seconds = iter([0.0, *[1.0] * 8])
    slow = replace(drafts(crm, "orders"), clock=lambda: next(seconds, 3601.0))
    (text,) = (draft.text for draft in slow.texts())
    assert "# CONFIRM not all its rows were looked at: it reached limits: {hours: 1}" in text
    assert '"price": pa.Column(None, nullable=True' in text


def test_a_table_that_cannot_be_drafted_keeps_no_other_from_it(mine: Path, crm: Database) -> None:
    (mine / "contracts" / "aaa.py").write_text("CONTRACT = None\n")  # no such table
    (mine / "contracts" / "customers.py").write_text("CONTRACT = None\n")
    (mine / "pilot.py").write_text(PILOT.split("CONTRACTS =", maxsplit=1)[0] + EMPTY)
    ended = draft(mine, crm)
    assert ended.code == 4
    assert ended.complaint == (
        "seatrial: crm.aaa: table sales.aaa: 42P01, the table does not exist: "
        "correct its name or the contract"
    )
    assert 'name="customers"' in ended.out


def test_no_verdict_on_an_unchanged_file_is_broken_by_its_draft(mine: Path) -> None:
    path = mine.parent / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("""
            create table customers (id integer primary key, name varchar(9) not null);
            create table orders (
                id integer primary key, customer integer not null references customers,
                ratio real, price decimal(9,2) check (price >= 0), is_paid boolean, day date
            );
            insert into customers with recursive n (n) as (
                select 1 union all select n + 1 from n where n < 500) select n, 'c' || n from n;
            insert into orders
                select id, id, id / 7.0, id * 0.5, id % 2, '2026-11-20' from customers;
        """)
    pilot = PILOT.replace("sales.", "main.").replace('at.secret("password")', "None")
    (mine / "pilot.py").write_text(pilot)
    address = "{url: env:CRM_URL, password: env:CRM_PASSWORD}"
    (mine / "pilot.yaml").write_text(SETTINGS.replace(address, "{url: env:SHOP_URL}"))
    environ = {"SHOP_URL": f"sqlite:///{path}"}
    drafted = ["draft", "crm", "--schema", "main", "--write"]
    ended = seatrial(drafted, cwd=mine.parent, environ=environ)
    assert ended.code == 0, ended.err
    for path in (mine / "contracts").glob("[a-z]*.py"):
        path.write_text(path.read_text().replace('description=""', 'description="As said"'))
    seatrial(["prove"], cwd=mine.parent, environ=environ)
    outcomes = {key: outcome for key, outcome in verdicts(mine).items() if key[0]}
    assert "BROKEN" not in outcomes.values()
    assert outcomes["orders", "conforms"] == outcomes["customers", "conforms"] == "PROVEN"
    assert outcomes["orders", "reconciles"] == "PROVEN"
