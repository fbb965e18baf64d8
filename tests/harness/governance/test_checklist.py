"""The checklist: what facts fill, what people fill, what is missing, and whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from harness.governance.checklist import Checklist, checklist
from harness.governance.document import digest, document
from harness.governance.items import By, items, law
from harness.governance.known import Known
from tests.harness.governance.made import TODAY, otherwise


def of(known: Known) -> Checklist:
    return checklist(known.loaded, known.evidence, environment="dev", today=known.today)


def says(known: Known, item: str) -> tuple[By, str, str]:
    (one,) = [one for one in of(known).answers if one.item.id == item]
    return one.by, one.says, one.whose


def test_every_item_is_answered_once_and_names_a_demand_and_whose_it_is(known: Known) -> None:
    assert [one.item.id for one in of(known).answers] == [one.id for one in items()]
    assert len({one.id for one in items()}) == len(items())
    assert all(one.demands and one.asks and one.whose for one in items())


def test_what_an_item_supports_is_a_provision_with_its_date() -> None:
    assert {name for one in items() for name in one.supports} == law().keys()


def test_before_anything_is_read_no_fact_of_the_ledger_fills_anything(known: Known) -> None:
    before = replace(known, evidence=None)
    filled = {one.item.id for one in of(before).filled(By.FACTS)}
    assert filled == {"secrets", "lineage-in-contracts"}
    assert not of(before).complete


def test_a_night_fills_what_people_need_not_be_asked(known: Known) -> None:
    filled = {one.item.id for one in of(known).filled(By.FACTS)}
    assert {"systems", "contracts", "columns", "extent", "quality", "lineage-read"} <= filled
    assert {"residency-observed", "residency-within", "rollback-state", "census"} <= filled


def test_what_people_decided_is_theirs_and_no_fact(known: Known) -> None:
    people = {one.item.id for one in of(known).filled(By.PEOPLE)}
    assert {"explanation", "override", "rollback", "residency", "questions"} <= people


def test_a_default_is_no_fact(known: Known) -> None:
    assert says(known, "kept-rows")[0] is By.DEFAULT
    share = of(known).by_facts
    assert share == len(of(known).filled(By.FACTS)) / len(items())


def test_what_is_missing_is_named_with_whose_it_is(known: Known) -> None:
    assert says(known, "deputy") == (
        By.MISSING,
        "no deputy under owners of outlet",
        "the owner of outlet",
    )
    assert says(known, "policy") == (
        By.MISSING,
        "the policy is not signed by anybody: seatrial policy sign",
        "legal",
    )


def test_a_question_that_waits_for_more_than_ten_days_is_named(known: Known) -> None:
    assert known.governance.questions is not None
    (one,) = known.governance.questions
    asked = one.model_copy(update={"answer": None, "asked_on": date(2026, 11, 9)})
    late = otherwise(known, questions=(asked,))
    assert says(late, "questions")[:2] == (
        By.MISSING,
        "q1: open for 11 days, Lea Brandt is to answer",
    )
    waiting = replace(late, today=date(2026, 11, 19))
    assert says(waiting, "questions")[:2] == (By.MISSING, "q1: Lea Brandt is to answer")


def test_legal_that_was_never_asked_is_not_legal_without_questions(known: Known) -> None:
    assert says(otherwise(known, questions=None), "questions")[0] is By.MISSING
    assert says(otherwise(known, questions=()), "questions")[:2] == (By.PEOPLE, "Legal has none")


def test_a_pilot_without_governance_is_not_complete_and_has_no_digest(known: Known) -> None:
    settings = known.loaded.settings.model_copy(update={"governance": None})
    without = replace(known.loaded, settings=settings)
    found = checklist(without, known.evidence, environment="dev", today=TODAY)
    assert not found.complete
    assert found.digest is None
    assert document(settings) is None


def test_the_digest_is_of_what_was_decided(known: Known) -> None:
    same = otherwise(known)
    assert digest(same.loaded.settings) == digest(known.loaded.settings) == of(known).digest
    other = otherwise(known, questions=())
    assert digest(other.loaded.settings) != digest(known.loaded.settings)
