"""The script run by the owner of a real PostgreSQL: the role reads its columns and no more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cli import DEMO, REPOSITORY, seatrial
from tests.connectors.crm_fixture import CREATE_CUSTOMERS, ROWS, Database, database
from tests.shell import Ended

pytestmark = pytest.mark.long

CLAIMS = ("--claim", "least_privilege", "--claim", "complete")


@pytest.fixture(scope="module")
def crm() -> Iterator[Database]:
    with database() as running:
        running.execute(*CREATE_CUSTOMERS.split(";"))
        yield running


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return shutil.copytree(REPOSITORY / "tests" / "crm_pilot", tmp_path / "mine")


def script(mine: Path, url: str) -> str:
    """What the command prints, where no password is."""
    ended = seatrial(["grants", "crm"], cwd=mine.parent, environ={"CRM_URL": url})
    assert ended.code == 0, ended.err
    return ended.out


def judged(mine: Path, crm: Database) -> dict[str, dict[str, str]]:
    ended = seatrial(["prove", *CLAIMS], cwd=mine.parent, environ=crm.environ)
    assert ended.code in (0, 1), ended.err
    document = json.loads((mine.parent / "out/crm-pilot/verdicts.json").read_text())
    return {verdict["claim"]: verdict for verdict in document["verdicts"]}


def test_the_script_leaves_a_role_with_too_much_what_a_run_needs(
    mine: Path, crm: Database
) -> None:
    """BROKEN before it, PROVEN and read whole after it, and the same after a second time."""
    crm.execute(
        "grant all on customers to reader",
        "grant insert (name) on customers to reader",
        "grant create on schema public to reader",
        "grant create on database crm to reader",
    )
    before = judged(mine, crm)
    assert before["least_privilege"]["outcome"] == "BROKEN"
    told = script(mine, crm.environ["CRM_URL"])
    for _ in range(2):
        crm.execute(told)
        after = judged(mine, crm)
        assert {verdict["outcome"] for verdict in after.values()} == {"PROVEN"}, after
        assert f"{ROWS:,} rows" in after["complete"]["because"]


def test_a_column_that_no_contract_names_is_denied(mine: Path, crm: Database) -> None:
    crm.execute(script(mine, crm.environ["CRM_URL"]))
    url = crm.environ["CRM_URL"].replace("+psycopg", "")
    with psycopg.connect(url, password=crm.password, autocommit=True) as reader:
        row = reader.execute("select count(*), min(customer_key) from customers").fetchone()
        assert row == (ROWS, 1)
        for column in ("not_promised", "name", "*"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(f"select {column} from customers".encode())


def test_a_new_role_needs_the_script_and_a_password_alone(mine: Path, crm: Database) -> None:
    """Its name must be quoted, and stands in the URL as URLs write it."""
    crm.execute("""create role "Pilot's ""reader" login password 'given-by-it'""")
    url = crm.environ["CRM_URL"].replace("reader@", "Pilot%27s%20%22reader@")
    crm.execute(script(mine, url))
    environ = {"CRM_URL": url, "CRM_PASSWORD": "given-by-it"}
    ended = seatrial(["prove", *CLAIMS], cwd=mine.parent, environ=environ)
    assert ended.code == 0, ended.out + ended.err


def refused(mine: Path, *arguments: str | Path, environ: dict[str, str]) -> Ended:
    ended = seatrial(["grants", *arguments], cwd=mine.parent, environ=environ)
    assert not ended.out
    return ended


@pytest.mark.parametrize(
    ("source", "url", "said", "code"),
    [
        ("crn", "postgresql+psycopg://r@db/crm", "did you mean crm?", 2),
        ("crm", "", "CRM_URL is missing or empty", 2),
        ("crm", "sqlite:///nowhere", "a SQLite file has no log-in", 2),
        ("crm", "postgresql+psycopg://db.example/crm", "has no PostgreSQL role", 4),
        ("crm", "postgresql+psycopg://a%0Ab@db/crm", "grant it by hand", 2),
    ],
)
def test_where_there_is_nothing_to_print_one_line_says_why(
    mine: Path, source: str, url: str, said: str, code: int
) -> None:
    ended = refused(mine, source, environ={"CRM_URL": url})
    assert ended.code == code
    assert said in ended.complaint


def test_a_source_that_knows_no_grants_says_so(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    ended = seatrial(["grants", "vendor", DEMO], cwd=tmp_path, environ=pilot_environ)
    assert ended.code == 4
    assert "vendor has no grants that a script could give" in ended.complaint
