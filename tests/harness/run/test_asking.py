"""Asking for columns: bounded by what is answered, and what was not asked is never passed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import NeedsRows, SourceUnavailable
from connectors.events import Answered, Declared, DeclaredColumn, Emit, declare_names
from contracts.promises import Promises
from harness.claims.stable_schema import prove
from harness.clock import Clock
from harness.facts import Declaration
from harness.limits import MOST_ANSWERS
from harness.run.asking import Asking, ask
from harness.verdict import Outcome

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TYPED = Declared(
    by="catalogue", columns=(DeclaredColumn(name="other", type="bigint", nullable=False),)
)


class Source:
    """Answers so many requests before it declares."""

    endpoint = "test://source"

    def __init__(self, answers: int, declared: Declared | Exception) -> None:
        self.answers, self.declared, self.sent = answers, declared, 0

    def declare(self, dataset: str, *, emit: Emit) -> Declared:
        for _ in range(self.answers):
            self.sent += 1
            emit(Answered(what=dataset, status="200", seconds=0.1, bytes=10, attempt=1))
        if isinstance(self.declared, Exception):
            raise self.declared
        return self.declared


class Deaf(Source):
    """Goes on whatever it is told."""

    def declare(self, dataset: str, *, emit: Emit) -> Declared:
        try:
            return super().declare(dataset, emit=emit)
        except Exception:  # noqa: BLE001 - the point of it
            return TYPED


def asked(source: object) -> Declaration:
    asking = Asking(
        source="shop",
        dataset="orders",
        slot=NOON.date(),
        since=NOON,
        zone=ZoneInfo("UTC"),
        clock=Clock(now=lambda: NOON),
    )
    return ask(source, asking, ["key"])  # type: ignore[arg-type]


def test_as_many_answers_as_are_allowed_are_no_fault() -> None:
    """The control of the guard below."""
    found = asked(Source(MOST_ANSWERS, TYPED))
    assert (found.declared, found.failure, found.attempts) == (TYPED, None, MOST_ANSWERS)
    assert found.bytes == 10 * MOST_ANSWERS


@pytest.mark.parametrize("kind", [Source, Deaf])
def test_one_answer_more_is_an_error_by_name_and_nothing_is_declared(kind: type[Source]) -> None:
    source = kind(MOST_ANSWERS + 3, TYPED)
    found = asked(source)
    assert source.sent == MOST_ANSWERS + 1
    assert found.declared is None
    assert found.failure is not None
    assert found.failure.kind == "AskedTooOften"
    assert prove(Promises(key=("key",)), [found]).outcome is Outcome.ERROR


@pytest.mark.parametrize("source", [object(), Source(1, NeedsRows("it is packed"))])
def test_what_cannot_be_asked_without_rows_is_unproven_with_the_reason(source: object) -> None:
    found = asked(source)
    assert (found.declared, found.failure) == (None, None)
    verdict = prove(Promises(key=("key",)), [found])
    assert verdict.outcome is Outcome.UNPROVEN
    assert str(found.needs_rows) in verdict.because


def test_a_source_that_does_not_answer_is_an_error() -> None:
    found = asked(Source(1, SourceUnavailable("no answer: try later")))
    assert prove(Promises(key=("key",)), [found]).outcome is Outcome.ERROR


def test_a_first_row_in_place_of_a_header_is_recorded_nowhere() -> None:
    """Names of which none is the contract's may be data; typed ones never are."""
    found = asked(Source(1, declare_names(["4711", "Mallory"], by="header")))
    assert found.failure is not None
    assert "Mallory" not in repr(found)
    assert asked(Source(1, declare_names(["key", "new"], by="header"))).failure is None
    assert asked(Source(1, TYPED)).failure is None
