from __future__ import annotations

from dataclasses import replace

from harness.report.grouping import by_source, strays
from tests.harness.claims.made import not_counted
from tests.harness.report import sample

ONE = sample.rest("parts", 400, renewals=0)
OTHER = replace(ONE, source="erp")
COUNTED = sample.evaluation("parts", 400)
ELSEWHERE = sample.evaluation("parts", 500)


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
