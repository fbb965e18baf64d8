"""Every format says of every verdict what the ledger says, and none passes what is not proven."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.canonical import canonical
from harness.evidence.evidence import Evidence
from harness.evidence.formats import FORMATS
from harness.evidence.formats.cases import GAPS, Case, cases
from harness.evidence.formats.plain import moment
from harness.evidence.runs import State
from harness.facts import Reading
from harness.result import Judged
from harness.verdict import Outcome
from tests.harness.evidence.formats.readers import READERS, Read, values
from tests.harness.evidence.formats.story import ENORMOUS, judged, one, only, story
from tests.harness.report import results

WITH_VERDICTS = sorted(READERS)
JSON = ("croissant.json", "cyclonedx.json", "openlineage.jsonl", "oscal.json")
plans = st.lists(results.judged, max_size=4, unique_by=lambda of: of.planned)


def read(name: str, evidence: Evidence) -> list[Read]:
    return sorted(READERS[name](FORMATS[name](evidence)))


def recorded(evidence: Evidence) -> list[Read]:
    """What the ledger says, without any format."""
    return sorted(
        Read(
            of=" ".join(filter(None, (case.of, case.claim))),
            passed=case.verdict.outcome is Outcome.PROVEN,
            said=f"{case.verdict.outcome}: {case.verdict.because}",
        )
        for case in cases(evidence)
    )


def without_passed(told: list[Read], *, also: frozenset[str] = frozenset()) -> list[Read]:
    """JUnit has no words for a case that passed; and it passes what is waived."""
    return [one for one in told if not one.passed and not one.said.startswith(tuple(also))]


ENDED = replace(story(), runs=tuple(run for run in story().runs if run.state is not State.RUNNING))
"""OpenLineage tells what became of a run when it has ended."""


@pytest.mark.parametrize("name", WITH_VERDICTS)
def test_e09_each_format_says_of_each_verdict_what_the_ledger_says(name: str) -> None:
    found, expected = read(name, ENDED), recorded(ENDED)
    if name == "junit.xml":
        assert len(found) == len(expected)
        waived = frozenset({Outcome.WAIVED})
        assert without_passed(found) == without_passed(expected, also=waived)
    else:
        assert found == expected


@pytest.mark.parametrize("name", sorted({*WITH_VERDICTS} - {"verdicts.csv"}))
def test_e09_a_format_that_passes_what_is_in_doubt_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard off: whatever is not BROKEN passes. The table of verdicts decides nothing."""
    lenient = frozenset(Outcome) - {Outcome.BROKEN}
    monkeypatch.setattr("harness.report.junit.GOOD", lenient)
    monkeypatch.setattr(Case, "proven", property(lambda case: case.verdict.outcome in lenient))
    with pytest.raises(AssertionError):
        test_e09_each_format_says_of_each_verdict_what_the_ledger_says(name)


@pytest.mark.parametrize("name", WITH_VERDICTS)
@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.PROVEN, Outcome.WAIVED}))
def test_nothing_but_proven_passes(name: str, outcome: Outcome) -> None:
    (told,) = read(name, judged(one(outcome)))
    assert (told.passed, told.said) == (False, f"{outcome}: it is {outcome}")


@pytest.mark.parametrize("name", WITH_VERDICTS)
def test_proven_passes(name: str) -> None:
    """The positive control of the test above."""
    (told,) = read(name, judged(one(Outcome.PROVEN)))
    assert told.passed


def test_what_is_waived_passes_in_a_build_alone() -> None:
    """Only a build server is asked whether work may go on; all others are asked what is proven."""
    waived = judged(one(Outcome.WAIVED))
    assert {name for name in WITH_VERDICTS if read(name, waived)[0].passed} == {"junit.xml"}


@pytest.mark.parametrize("name", WITH_VERDICTS)
def test_a_missed_night_and_a_run_without_end_are_failures_of_their_own(name: str) -> None:
    gaps = {read.of for read in read(name, story()) if not read.passed} & set(GAPS)
    assert gaps == {"night_run", "run_finished"}


@pytest.mark.parametrize("name", WITH_VERDICTS)
def test_a_window_without_a_plan_does_not_pass(name: str) -> None:
    nothing = only(replace(story().runs[1], planned=(), judged=(), verdict_seq=()))
    (told,) = read(name, nothing)
    assert (told.of, told.passed) == ("anything_planned", False)


@pytest.mark.parametrize("name", WITH_VERDICTS)
def test_a_run_that_was_asked_for_a_part_does_not_pass(name: str) -> None:
    part = only(replace(story().runs[1], owed=58))
    bad = [told for told in read(name, part) if not told.passed]
    assert [told.of for told in bad] == ["whole_plan"]
    assert "2 of 58 verdicts" in bad[0].said


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_ledger_gives_the_same_bytes(name: str) -> None:
    assert FORMATS[name](story()) == FORMATS[name](replace(story()))


@pytest.mark.parametrize("name", WITH_VERDICTS)
def test_entries_that_do_not_begin_with_the_first_give_the_same(name: str) -> None:
    whole = only(story().runs[1])
    rest = replace(whole, entries=whole.entries[whole.runs[0].seq[0] - 1 :])
    assert FORMATS[name](rest) == FORMATS[name](whole)


def test_another_verdict_makes_another_document() -> None:
    """The ids of whole documents are of their content; nothing in them is drawn by lot."""
    proven, broken = (judged(one(outcome)) for outcome in (Outcome.PROVEN, Outcome.BROKEN))
    results = [
        json.loads(FORMATS["oscal.json"](of))["assessment-results"] for of in (proven, broken)
    ]
    boms = [json.loads(FORMATS["cyclonedx.json"](of)) for of in (proven, broken)]
    assert len({of["uuid"] for of in results}) == len({of["serialNumber"] for of in boms}) == 2


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"junit.xml", "verdicts.csv"}))
def test_whole_numbers_of_2_53_and_more_are_text_or_left_out(name: str) -> None:
    (run,) = judged(one(Outcome.PROVEN, n=ENORMOUS)).runs
    facts = tuple(
        replace(entry, fact=replace(entry.fact, rows=ENORMOUS))
        if isinstance(entry.fact, Reading)
        else entry
        for entry in run.facts
    )
    content = FORMATS[name](only(replace(run, facts=facts)))
    lines = content.splitlines() if name.endswith(".jsonl") else [content]
    numbers = [v for text in lines for v in values(json.loads(text))]
    assert all(abs(v) < 2**53 for v in numbers if isinstance(v, (int, float)))


@given(plans)
def test_json_is_rfc_8785(given: list[Judged]) -> None:
    for name in JSON:
        for text in FORMATS[name](judged(*given)).splitlines():
            assert text == canonical(json.loads(text))


@given(plans)
def test_any_verdict_is_told_in_every_format(given: list[Judged]) -> None:
    evidence = judged(*given)
    for name in WITH_VERDICTS:
        told = read(name, evidence)
        assert len(told) == max(1, len(given))
        good = [j.verdict.outcome for j in given]
        passing = {Outcome.PROVEN, Outcome.WAIVED} if name == "junit.xml" else {Outcome.PROVEN}
        assert sum(one.passed for one in told) == sum(one in passing for one in good)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        moment(story().runs[1].started_at.replace(tzinfo=None))
