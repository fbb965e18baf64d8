"""A child that asks is watched: what it did not do, or did too often, is no declaration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.events import Answered, Declared, declare_names
from harness.box.frames import Garbage
from harness.clock import Clock
from harness.facts import Declaration, Failure
from harness.limits import MOST_ANSWERS, Limits
from harness.run import wire
from harness.run.task import AskColumns, Columns, Happened, Stage
from harness.run.watch import Watch

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
COLUMNS: Declared = declare_names(["key"], by="header")
TASK = AskColumns(
    source="shop",
    datasets=("orders", "parts"),
    columns={"orders": ("key",), "parts": ("key",)},
    refused=None,
    slot=NOON.date(),
    since=NOON,
    zone="UTC",
    limits=Limits(),
)
ANSWERED = Happened(
    dataset="orders",
    event=Answered(what="list", status="OK", seconds=0.1, bytes=1, attempt=1),
)
DECLARATION = Declaration(
    source="shop",
    dataset="orders",
    slot=NOON.date(),
    night=NOON.date(),
    started_at=NOON,
    seconds=0.1,
    attempts=1,
    bytes=1,
    authentications=0,
    refusals=(),
    resent=(),
    declared=COLUMNS,
    needs_rows=None,
    failure=None,
)


def watch(answers: int = 1) -> Watch:
    """After so many answers."""
    begun = Watch(TASK, {}, clock=Clock(now=lambda: NOON))
    begun.hear(Stage(dataset="orders", stage="asking"))
    for _ in range(answers):
        begun.hear(ANSWERED)
    return begun


def test_the_next_dataset_comes_after_the_one_that_was_told() -> None:
    """The control of all below."""
    watched = watch()
    watched.hear(Columns(declaration=DECLARATION))
    assert isinstance(watched.rest, AskColumns)
    assert watched.rest.datasets == ("parts",)


@pytest.mark.parametrize(
    "told",
    [
        replace(DECLARATION, dataset="parts"),
        replace(DECLARATION, source="other"),
        replace(DECLARATION, attempts=0),
        replace(DECLARATION, declared=None),
        replace(DECLARATION, failure=Failure(kind="Died", message="")),
        replace(DECLARATION, needs_rows="it is packed"),
    ],
)
def test_what_does_not_fit_what_was_heard_is_garbage(told: Declaration) -> None:
    with pytest.raises(Garbage):
        watch().hear(Columns(declaration=told))


def test_columns_from_too_many_answers_are_garbage() -> None:
    many = MOST_ANSWERS + 1
    with pytest.raises(Garbage):
        watch(many).hear(Columns(declaration=replace(DECLARATION, attempts=many)))


def test_a_child_that_dies_leaves_a_failure_and_the_rest_is_asked() -> None:
    watched = watch()
    failed = watched.failed(Failure(kind="Died", message="it died"))
    assert isinstance(failed, Columns)
    assert (failed.declaration.declared, failed.declaration.attempts) == (None, 1)
    assert isinstance(watched.rest, AskColumns)
    assert watched.rest.datasets == ("parts",)


def test_a_declaration_crosses_as_it_was_told() -> None:
    told = Columns(declaration=DECLARATION)
    assert wire.decode_message(wire.encode_message(told)) == told
