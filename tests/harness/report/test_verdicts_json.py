from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, ValidationError

from harness.facts import EvidenceClass
from harness.report.verdicts_json import SCHEMA, document, write
from harness.result import Result
from harness.verdict import Basis, Outcome
from tests.harness.report import sample
from tests.harness.report.results import results
from tests.harness.report.sample_verdicts import plan

VALIDATOR = Draft202012Validator(
    json.loads(SCHEMA.read_text()), format_checker=Draft202012Validator.FORMAT_CHECKER
)


def test_the_published_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)


@given(results)
def test_any_result_keeps_the_published_schema(result: Result) -> None:
    VALIDATOR.validate(document(result))


def test_the_document_is_the_one_of_the_design() -> None:
    found = document(sample.as_found())
    assert " ".join(found) == ("format pilot environment run slot ready planned executed verdicts")
    assert " ".join(found["verdicts"][0]) == (
        "source dataset claim outcome because expected observed n method basis evidence_class"
    )
    assert (found["format"], found["slot"], found["ready"]) == (1, "2026-11-24", False)
    assert found["planned"] == found["executed"] == len(found["verdicts"]) == 22


def test_failed_rules_stand_where_there_are_any() -> None:
    having = [e for e in document(sample.as_found())["verdicts"] if "failed_rules" in e]
    assert [(e["dataset"], e["claim"]) for e in having] == [("customers", "conforms")]
    [rule] = having[0]["failed_rules"]
    assert " ".join(rule) == "rule column failed rows samples next_step"
    assert rule["samples"][0] == {
        "rows": [14],
        "delivery": None,
        "key": {"customer_key": "14"},
        "values": {},
    }


def test_verdicts_stand_in_the_order_of_the_plan() -> None:
    entries = document(sample.as_found())["verdicts"]
    assert [(e["source"], e["dataset"], e["claim"]) for e in entries] == [
        (p.source, p.dataset, p.claim) for p in plan()
    ]


def test_the_schema_knows_every_outcome_basis_and_class() -> None:
    known = VALIDATOR.schema["$defs"]["verdict"]["properties"]
    assert set(known["outcome"]["enum"]) == set(Outcome)
    assert set(known["basis"]["enum"]) == set(Basis)
    assert set(known["evidence_class"]["enum"]) == set(EvidenceClass)


@pytest.mark.parametrize(
    "change",
    [
        {"ready": True},
        {"surprise": 1},
        {"format": 2},
        {"slot": "24 November"},
        {"slot": "2026-02-30"},
        {"planned": -1},
        {"verdicts": [{}]},
        {"pilot": ""},
    ],
)
def test_the_schema_refuses(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate(document(sample.as_found()) | change)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "PASSED"},
        {"claim": "Fresh Data"},
        {"n": 1.5},
        {"n": -1},
        {"because": ""},
        {"basis": "guessed"},
        {"evidence_class": "sample"},
        {"surprise": 1},
        {"failed_rules": []},
        {"failed_rules": [{"rule": "unique"}]},
    ],
)
def test_the_schema_refuses_a_verdict_with(change: dict[str, object]) -> None:
    found = document(sample.as_found())
    found["verdicts"][0] |= change
    with pytest.raises(ValidationError):
        VALIDATOR.validate(found)


def test_nothing_planned_is_never_ready_in_the_schema_either() -> None:
    empty = document(sample.empty())
    VALIDATOR.validate(empty)
    with pytest.raises(ValidationError):
        VALIDATOR.validate(empty | {"ready": True})


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    """Also a lone surrogate, which has no UTF-8."""
    found = sample.as_found()
    odd = replace(
        found.judged[0], verdict=replace(found.judged[0].verdict, because="\ud800 ü \x1b")
    )
    result = replace(found, judged=(odd,))
    write(result, tmp_path / "verdicts.json")
    assert json.loads((tmp_path / "verdicts.json").read_bytes()) == document(result)


def test_who_is_reading_keeps_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.json"
    write(sample.empty(), path)
    before = path.read_text()
    with path.open() as reader:
        write(sample.as_found(), path)
        assert reader.read() == before
    assert [p.name for p in tmp_path.iterdir()] == ["verdicts.json"]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "verdicts.json").mkdir()
    with pytest.raises(OSError, match=r"verdicts\.json"):
        write(sample.empty(), tmp_path / "verdicts.json")
    assert [p.name for p in tmp_path.iterdir()] == ["verdicts.json"]
