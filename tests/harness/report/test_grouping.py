from __future__ import annotations

from dataclasses import replace
from datetime import date

from contracts.evaluation import ColumnProfile, Numbers, Profile, Reference
from harness.claims.drifts import Standing
from harness.report.grouping import by_source, strays
from harness.report.html import render
from tests.harness.claims.made import not_counted
from tests.harness.report import sample, sample_facts

ONE = sample_facts.rest("parts", 400, renewals=0)
OTHER = replace(ONE, source="erp")
COUNTED = sample_facts.evaluation("parts", 400)
ELSEWHERE = sample_facts.evaluation("parts", 500)


def paired(*facts: object) -> list[tuple[str, int | None]]:
    result = sample.result(judged=(), facts=facts)  # type: ignore[arg-type]  # facts of all kinds
    return [
        (source.name, read.evaluation and read.evaluation.rows)
        for source in by_source(result)
        for dataset in source.datasets
        for read in dataset.reads
    ]


def test_an_evaluation_belongs_to_the_reading_before_it() -> None:
    assert paired(ONE, COUNTED, OTHER, ELSEWHERE) == [("vendor", 400), ("erp", 500)]


def test_an_evaluation_that_could_be_of_two_sources_is_not_guessed() -> None:
    """Sources are read at once, so facts of two may come in any order."""
    facts = (ONE, OTHER, COUNTED, ELSEWHERE)
    assert paired(*facts) == [("vendor", None), ("erp", None)]
    assert strays(sample.result(judged=(), facts=facts)) == [COUNTED, ELSEWHERE]


def test_an_overlap_stands_with_the_dataset_that_refers() -> None:
    """Even where nothing of that dataset was read or planned."""
    orders = not_counted("no answer")
    result = sample.result(judged=(), facts=(ONE, orders))
    vendor, erp = by_source(result)
    assert [dataset.overlaps for dataset in vendor.datasets] == [()]
    [dataset] = erp.datasets
    assert (dataset.name, dataset.reads, dataset.overlaps) == ("orders", (), (orders,))


def test_a_failed_reading_has_no_evaluation() -> None:
    failed = replace(ONE, failure=sample.UNREACHABLE)
    assert paired(failed, COUNTED) == [("vendor", None)]


def test_everything_planned_and_everything_observed_has_its_place() -> None:
    found = sample.as_found()
    result = replace(found, judged=found.judged[:1], facts=(OTHER,))
    assert [(s.name, [d.name for d in s.datasets]) for s in by_source(result)] == [
        ("crm", []),
        ("erp", ["parts"]),
    ]
    bare = replace(found, facts=())
    assert sum(len(source.datasets) for source in by_source(bare)) == 4


def test_a_reference_and_its_profile_stand_at_their_dataset_though_nothing_was_read() -> None:
    numbers = Numbers(edges=("1",), counts=(900, 600), mean=1.0, sd=1.0)
    price = ColumnProfile(column="price", type="int64", missing=0, numbers=numbers)
    before = Profile(dataset="vendor.parts", rows=1_500, columns=(price,))
    moved = replace(price, numbers=replace(numbers, counts=(300, 1_200)))
    pinned = Reference(profile=before, sha256="0", made_on=date(2026, 11, 1))
    facts = (pinned, replace(before, columns=(moved,)))
    result = sample.result(judged=(), facts=facts)
    [vendor] = by_source(result)
    [parts] = vendor.datasets
    assert (vendor.name, parts.name, parts.reference) == ("vendor", "parts", pinned)
    assert [f.standing for f in parts.findings] == [Standing.SAME, Standing.DRIFTED]
    assert "<strong>drifted</strong>" in render(result)
    alone = sample.result(judged=(), facts=(pinned,))
    assert "Values were not held against the reference of 2026-11-01" in render(alone)
    assert "against the reference" not in render(sample.result(judged=(), facts=(ONE,)))
