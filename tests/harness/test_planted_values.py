"""Fault E07: no value of a row is in anything that a run leaves, unless its column is public."""

from __future__ import annotations

import pytest

from tests.harness.planted import ALL_PUBLIC, PUBLIC, SECRETS, Left, forms

CLASSES = {
    "town": "public",
    "name": "internal",
    "password": "confidential",
    "salary": "confidential",
    "tax": "internal",
}
REPORTS = ("terminal", "report.html", "verdicts.json", "asked.json", "junit.xml", "ledger.sqlite")


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    made = Left(tmp_path_factory.mktemp("planted"), CLASSES)
    made.prove()
    return made


def test_no_planted_value_is_left_anywhere(left: Left) -> None:
    assert {*REPORTS} < {*left.parts}
    assert len([name for name in left.parts if name.endswith(".jsonl")]) == 1
    assert left.hits(SECRETS) == []


def test_what_is_public_is_shown_in_every_report(left: Left) -> None:
    """Positive control: rows are sampled, and the town of one is in each report."""
    assert {name for name, _ in left.hits([PUBLIC])} == {*REPORTS}


def test_planted_values_are_found_where_the_owner_made_all_public(tmp_path) -> None:
    """Positive control: what is looked for would be seen in each report."""
    made = Left(tmp_path, ALL_PUBLIC)
    made.prove()
    seen = {value for _, value in made.hits(SECRETS)}
    assert seen == {*SECRETS} - {"Zx-unpromised"}
    assert {name for name, _ in made.hits(["tr0ub4dor"])} == {*REPORTS}


def test_dagster_keeps_no_planted_value_and_what_is_public(tmp_path) -> None:
    made = Left(tmp_path, CLASSES)
    made.prove_in_dagster()
    assert made.hits(SECRETS) == []
    assert "dagster" in {name for name, _ in made.hits([PUBLIC])}


def test_a_value_is_known_in_each_of_its_forms() -> None:
    """Positive control of the search itself."""
    assert len({*forms('tr0ub4dor "&')}) == 7
