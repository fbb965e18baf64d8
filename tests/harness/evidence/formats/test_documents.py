"""What each document holds beside its verdicts: ids, references, times, text that stays text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evidence.formats import (
    FORMATS,
    croissant,
    cyclonedx,
    openlineage,
    oscal,
    verdicts_csv,
)
from harness.evidence.formats.markup import escape
from harness.facts import EvidenceClass
from harness.result import Judged
from harness.verdict import Outcome
from tests.harness.evidence.formats.readers import READERS, values
from tests.harness.evidence.formats.story import ENORMOUS, judged, one, only, story
from tests.harness.report import results

plans = st.lists(results.judged, max_size=4, unique_by=lambda of: of.planned)
Json = dict[str, Any]


def objects(document: Any) -> Iterator[Json]:
    return (value for value in values(document) if isinstance(value, dict))


def dangling_in_oscal(document: Json) -> list[str]:
    """References of assessment results that lead to nothing, or to several things."""
    every = Counter(of["uuid"] for of in objects(document) if "uuid" in of)
    refs = [
        of[name]
        for of in objects(document)
        for name in ("observation-uuid", "subject-uuid")
        if name in of
    ]
    refs.append(document["assessment-results"]["import-ap"]["href"].removeprefix("#"))
    return [ref for ref in refs if every[ref] != 1] + [u for u, n in every.items() if n > 1]


def dangling_in_cyclonedx(document: Json) -> list[str]:
    """The same of attestations, whose schema accepts both."""
    every = Counter(of["bom-ref"] for of in objects(document) if "bom-ref" in of)
    lists = ("claims", "counterClaims", "evidence", "counterEvidence")
    refs = [
        of[name]
        for of in objects(document)
        for name in ("assessor", "requirement", "target")
        if name in of
    ]
    refs += [
        ref
        for of in objects(document)
        for name in lists
        for ref in of.get(name, ())
        if isinstance(ref, str)
    ]
    return [ref for ref in refs if every[ref] != 1] + [r for r, n in every.items() if n > 1]


@given(plans)
def test_every_reference_leads_to_one_thing(given: list[Judged]) -> None:
    evidence = judged(*given)
    assert dangling_in_oscal(json.loads(oscal.render(evidence))) == []
    assert dangling_in_cyclonedx(json.loads(cyclonedx.render(evidence))) == []


def test_a_reference_that_leads_nowhere_is_noticed() -> None:
    """The positive control: what the formats' own validators accept."""
    results_ = json.loads(oscal.render(story()))
    result = results_["assessment-results"]["results"][0]
    gone = result["observations"].pop(0)["uuid"]
    assert dangling_in_oscal(results_) == [gone]
    bom = json.loads(cyclonedx.render(story()))
    bom["declarations"]["evidence"].append(bom["declarations"]["evidence"][0])
    assert dangling_in_cyclonedx(bom) == [bom["declarations"]["evidence"][0]["bom-ref"]] * 2


@given(plans)
def test_oscal_keeps_to_its_types(given: list[Judged]) -> None:
    """Titles of one line, values without space around them, tokens as ids, times with a zone."""
    for of in objects(json.loads(oscal.render(judged(*given)))):
        assert "\n" not in of.get("title", "")
        assert "value" not in of or re.fullmatch(r"\S(.*\S)?", of["value"])
        for name in ("control-id", "target-id", "name"):
            assert re.fullmatch(r"[A-Za-z_][-.\w]*", of.get(name, "none"), re.ASCII)
        for name in ("start", "end", "collected", "last-modified"):
            assert re.search(r"Z$", of.get(name, "Z"))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("market_segment missing", "market_segment missing"),
        ("_emphasis_ **bold** `code`", r"\_emphasis\_ \*\*bold\*\* \`code\`"),
        ("<img src=x> &amp;", r"\<img src=x\> \&amp;"),
        ("{{ insert: param, ac-1 }}", r"\{\{ insert: param, ac-1 \}\}"),
        ("[x](javascript:1)", r"\[x\](javascript:1)"),
        ("# heading", r"\# heading"),
        ("- item", r"\- item"),
        ("12. item", r"12\. item"),
        ("two\nlines", r"two\\nlines"),
        (" ", r"\-"),
    ],
)
def test_markup_of_a_source_stays_text(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@given(plans)
def test_openlineage_has_no_time_without_a_zone_and_no_success_but_true_and_false(
    given: list[Judged],
) -> None:
    for text in openlineage.render(judged(*given)).splitlines():
        event = json.loads(text)
        assert event["eventTime"].endswith("Z")
        for of in objects(event):
            assert of.get("success", True) in (True, False)
            assert of.get("status", "fail") in ("pass", "fail")
            assert "" not in of.values()


@given(plans)
def test_no_cell_is_calculated(given: list[Judged]) -> None:
    """In a table that `,` separates, and in one that is read with `;`."""
    content = verdicts_csv.render(judged(*given)).decode()
    for separator in (",", ";"):
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
            assert not [
                cell for cell in row if cell.lstrip(' "')[:1] in {*"=+-@|%", "\t", "\r"} - {""}
            ]
    assert len(list(csv.reader(io.StringIO(content, newline="")))) == 1 + max(1, len(given))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "  '@SUM(A1)"),
        ("a;=1+1", "a;'=1+1"),
        ('"@', "\"'@"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("a = 1; b", "a = 1; b"),
        ("\t=1", r"\t=1"),
        (ENORMOUS, f"'{ENORMOUS}"),
        ("0042", "'0042"),
        ("1e5", "'1e5"),
        (17, "17"),
        (None, ""),
    ],
)
def test_a_cell_is_text(value: object, cell: str) -> None:
    assert verdicts_csv.cell(value) == cell


def test_kept_rows_are_distributed_only_if_all_about_them_is_good() -> None:
    files = {file.run.header.run: file.lacks for file in croissant.kept_files(story())}
    assert files == {"good": "", "doubtful": "fresh is UNPROVEN"}


@pytest.mark.parametrize("outcome", Outcome)
def test_rows_of_a_dataset_in_doubt_are_not_distributed(outcome: Outcome) -> None:
    document = json.loads(croissant.render(judged(one(outcome))))
    good = outcome in (Outcome.PROVEN, Outcome.WAIVED)
    assert len(document["distribution"]) == len(document["recordSet"]) == good
    assert ("none is distributed" in document["description"]) is not good


def test_rows_of_which_nothing_was_judged_are_not_distributed() -> None:
    (file,) = croissant.kept_files(judged())
    assert file.lacks == "no claim about it was judged"


def test_a_window_that_kept_nothing_says_so() -> None:
    bad = next(run for run in story().runs if run.header.run == "bad")
    assert "No rows were kept." in json.loads(croissant.render(only(bad)))["description"]


def test_every_format_but_croissant_has_the_class_of_the_evidence() -> None:
    """A verdict on practice servers must not be taken for one on production."""
    evidence = judged(replace(one(Outcome.PROVEN), evidence_class=EvidenceClass.SIMULATED))
    named = {name for name in FORMATS if b"simulated" in FORMATS[name](evidence)}
    assert named >= {*READERS}


def test_an_exact_decimal_is_not_described_as_a_float() -> None:
    (records,) = json.loads(croissant.render(story()))["recordSet"]
    types = {field["name"]: field["dataType"] for field in records["field"]}
    assert types == {"id": "sc:Integer", "seen_at": "sc:DateTime", "name": "sc:Text"}
