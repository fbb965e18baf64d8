"""Each technical word on a page is linked to its explanation, and no other is explained."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from harness.claims import CLAIMS
from harness.report.glossary import anchor, explained, terms
from harness.report.html import render
from harness.say import visible
from harness.verdict import Outcome
from tests.harness.report import sample
from tests.harness.report.page import parse
from tests.harness.report.results import texts


def words(text: str) -> list[str]:
    return [link.text for link in parse(str(explained(text))).every("a")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a stranger was refused (28P01)", ["stranger", "28P01"]),
        ("discount: D 0.282, W1 0.779 sd (2,078 against 2,078).", ["D", "W1", "sd"]),
        ("D, W1/sd, V under 0.1; no 1 % more missing", ["D", "W1", "sd", "V"]),
        ("the source answered 429, then 503", ["429"]),
        ("the median lag is 48 h 00 m", ["median", "lag"]),
        ("Ledger head, the digest of entry 9", ["Ledger head", "digest"]),
        ("Checkpoints of the ledger in this slot", ["Checkpoints", "ledger", "slot"]),
        ("Signed by key", ["key"]),
    ],
)
def test_words_are_found_where_they_mean_it(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    "text", ["401 of 1,500 rows", "Vitamin D for 12 rows", "slots", "in 503 s", "model V2"]
)
def test_what_only_looks_alike_is_left(text: str) -> None:
    assert words(text) == []


def test_a_word_is_linked_once_in_a_text() -> None:
    assert words("a lag, another lag and BROKEN, BROKEN") == ["lag", "BROKEN"]


@given(texts)
def test_no_character_of_a_text_is_lost_or_becomes_markup(text: str) -> None:
    shown = parse(str(explained(text)))
    assert shown.text == visible(text)
    assert {one.tag for one in shown.every()} <= {"a"}


def test_each_word_has_its_own_place_and_a_plain_explanation() -> None:
    assert len({one.anchor for one in terms()}) == len(terms())
    known = {one.word for one in terms()}
    assert {claim.name for claim in CLAIMS} | {*Outcome} <= known
    for one in terms():
        assert one.says.endswith("."), one.word
        re.compile(one.pattern)


def test_a_page_explains_what_occurs_on_it_and_nothing_else() -> None:
    page = parse(render(sample.as_found()))
    linked = {one.attributes["href"] for one in page.every("a", "word")}
    shown = {f"#{one.attributes['id']}" for one in page.one("dl", "words").every("div")}
    assert linked == shown
    assert f"#{anchor('28P01')}" in shown
    assert f"#{anchor('57014')}" not in shown
