"""The letter and the closing report: plain words, nothing trusted, nothing left out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from harness.governance.checklist import checklist
from harness.governance.decision_log import decisions
from harness.governance.known import Known
from harness.governance.letters import MEANINGS, Closed, closing, letter
from harness.governance.lineage import graph
from harness.verdict import Outcome
from tests.harness.governance.made import TODAY, lines, otherwise, sample

EVIL = "</p><script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}{{ 7 * 7 }}"


def written(known: Known, record: dict[str, Any]) -> str:
    found, governance = graph(known), known.governance
    assert found is not None
    assert governance.decision_log is not None
    (decision,) = decisions(lines([record]), governance.decision_log, governance.lineage)
    return letter(known, found, decision, on=TODAY)


def closed(known: Known, *, by: str = "Ada Okafor", why: str = "The rule of thumb does.") -> str:
    found = checklist(known.loaded, known.evidence, environment="dev", today=TODAY)
    return closing(known, found, Closed(by=by, why=why, on=TODAY))


def test_a_person_is_told_why_of_what_and_what_they_can_do(known: Known) -> None:
    page = written(known, sample(known)[1])
    for told in (
        "it was decided in your case: <strong>not again</strong>",
        "A voucher was used.",
        ">25.0<",
        "To pay, in euros",
        "summed by customer",
        "within 60 minutes after they are asked",
        "web-shop: ada@acme.example",
        "kept for 400 days",
    ):
        assert told in page, told


def test_who_decided_otherwise_and_why_is_told(known: Known) -> None:
    record = sample(known)[0] | {"override": {"by": "Jonas Lind", "why": "She called."}}
    assert "Jonas Lind decided otherwise, for this reason: She called." in written(known, record)
    assert "decided otherwise" not in written(known, sample(known)[0]).partition("<h2>")[0]


@pytest.mark.parametrize("field", ["because", "decision", "decided_by", "model_version"])
def test_a_decision_cannot_write_into_the_letter(known: Known, field: str) -> None:
    page = written(known, sample(known)[0] | {field: EVIL})
    assert "<script" not in page
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page
    assert "{{ 7 * 7 }}" in page, "it is shown as it is"


@pytest.mark.parametrize("page", ["letter", "closing"])
def test_a_page_needs_no_network_no_script_and_no_other_file(known: Known, page: str) -> None:
    text = written(known, sample(known)[0]) if page == "letter" else closed(known)
    assert not re.search(r"<script|<link|<img|url\(|https?:", text)
    assert "default-src 'none'" in text


def test_the_closing_report_counts_every_run_and_says_what_is_open(known: Known) -> None:
    page = closed(known)
    assert known.evidence is not None
    assert "1 run began" in page
    assert "<li>1 finished</li>" in page
    assert "who stands in for them: no deputy under owners of outlet" in page
    assert "Is a person told that a model decided?" in page
    assert "evidence of the pilot for 3650 days" in page


def test_a_pilot_that_never_ran_is_closed_too(known: Known) -> None:
    page = closed(replace(known, evidence=None))
    assert "no run is in the record" in page
    assert "Nothing was judged" in page


def test_a_question_without_an_answer_is_closed_as_open(known: Known) -> None:
    (one,) = known.governance.questions or ()
    asked = one.model_copy(update={"answer": None, "asked_on": date(2026, 11, 1)})
    page = closed(otherwise(known, questions=(asked,)))
    assert "asked on 2026-11-01; Lea Brandt was to answer" in page


def test_words_of_people_cannot_write_into_the_report(known: Known) -> None:
    assert "<script" not in closed(known, by=EVIL, why=EVIL)


def test_every_outcome_is_explained() -> None:
    assert MEANINGS.keys() == set(Outcome)
