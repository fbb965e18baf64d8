"""What `seatrial draft` says of datasets that it could not draft, or not hold against all rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from connectors.errors import SourceError
from harness.errors import ConfigurationError
from harness.onboarding.draft import Draft, Drafts, plan_drafts, write
from harness.pilot import loading
from seatrial.sql import Sql
from tests.harness import engagement as written


def drafts(root: Path, *tables: str) -> Drafts:
    """Of a database that holds only the table `here`."""
    with closing(sqlite3.connect(root / "db")) as connection, connection:
        connection.execute("create table here (id integer primary key)")
    named = {table: table for table in tables}
    return Drafts(
        source="shop",
        connector=Sql(url=f"sqlite:///{root}/db", password=None, tables=named),
        datasets=tables,
        covered=frozenset(),
        fresh={},
        hours=1,
    )


def test_each_finding_has_a_line_with_its_dataset(tmp_path: Path) -> None:
    told: list[str] = []
    found = drafts(tmp_path, "gone", "here", "away").texts(told.append)
    assert next(found).dataset == "here"
    with pytest.raises(SourceError, match=r"^2 datasets could not be drafted: see each above$"):
        next(found)
    assert [line.partition(": 42P01, the table does not exist")[0] for line in told] == [
        "shop.gone: table gone",
        "shop.away: table away",
    ]


def test_a_single_finding_is_the_error_itself(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(SourceError, match=r"^shop\.gone: table gone: 42P01"):
        list(drafts(tmp_path, "gone", "here").texts(told.append))
    assert told == []


def test_one_reason_of_all_datasets_is_told_once(tmp_path: Path) -> None:
    found = drafts(tmp_path, "a", "b")
    (tmp_path / "db").unlink()
    with pytest.raises(SourceError, match=r"^shop\.a, shop\.b: log-in to "):
        list(found.texts())


def test_a_draft_that_was_not_held_against_all_rows_says_so_where_it_is_written(
    tmp_path: Path,
) -> None:
    (tmp_path / "__init__.py").touch()
    grant = "our role may not read all of it: ask its owner for GRANT SELECT"
    found = [Draft(dataset="a", text="", doubt=grant), Draft(dataset="b", text="", doubt=None)]
    said = [(path.name, says) for path, says in write(iter(found), tmp_path)]
    answer = "answer what says CONFIRM, then list it in pilot.py"
    assert said == [
        ("a.py", answer),
        ("a.py", f"not all rows were looked at: {grant}, and draft anew"),
        ("b.py", answer),
    ]


@pytest.mark.parametrize("name", ["orders", "erp.orders"])
def test_a_dataset_may_be_named_with_its_source_as_for_prove(tmp_path: Path, name: str) -> None:
    assert planned(tmp_path, name).datasets == ["orders"]


@pytest.mark.parametrize("name", ["erp.order", "other.orders"])
def test_another_name_is_answered_with_the_nearest(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"unknown dataset .*: did you mean orders"):
        planned(tmp_path, name)


def planned(root: Path, name: str) -> Drafts:
    url = "postgresql+psycopg://reader@127.0.0.1/erp"
    return plan_drafts(
        loading.load(written.write(root)),
        environment="dev",
        source="erp",
        datasets=[name],
        schema=None,
        environ={"ERP_URL": url, "ERP_PASSWORD": "x"},
    )
