"""Pages that are asked for at once come as if they were asked for one after the other."""

from __future__ import annotations

import threading

import pyarrow as pa
import pytest

from connectors.errors import SourceChanged
from connectors.events import Answered, Authenticated, Completed, Refused
from connectors.rest.unmoved.one_snapshot import one_snapshot
from connectors.rest.unmoved.read_twice import read_twice
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.rest.numbered import ALL, PAGES, ROWS, STYLES, Numbered
from tests.connectors.scripted import TOKEN, Asked, Said
from tests.connectors.vendor_fixture import Run, read


@pytest.mark.parametrize("style", STYLES)
def test_rows_and_events_come_in_the_order_of_pages(style: str) -> None:
    """Every answer overtakes the one before it."""
    source = Numbered(seconds=lambda number: 0.04 if number % 2 else 0.0)
    with source.running(pages=STYLES[style]) as (rest, _):
        run = read(rest, schema=SCHEMA)
    assert keys(run) == ALL
    told = [event.what.rpartition(" page ")[2] for event in run.of(Answered)[2:]]
    assert told == [str(number) for number in range(2, len(told) + 2)]
    assert 2 <= source.most <= 8


def test_as_many_are_under_way_as_the_endpoint_allows() -> None:
    """Eight pages wait for each other; with one less nobody would be answered."""
    together = threading.Barrier(8)

    def answer(number: int, _: Asked) -> None:
        if 2 <= number <= 9:
            together.wait(10)

    source = Numbered(answer=answer)
    with source.running() as (rest, _):
        assert keys(read(rest, schema=SCHEMA)) == ALL
    assert source.most == 8


@pytest.mark.parametrize("style", STYLES)
def test_one_at_a_time_gives_the_same(style: str) -> None:
    """Control: without `at_once` the source never sees two requests together."""
    source = Numbered()
    with source.running(pages=STYLES[style], at_once=1) as (rest, _):
        assert keys(read(rest, schema=SCHEMA)) == ALL
    assert source.most == 1
    assert source.numbers() == list(range(1, PAGES + 2))


def test_the_first_page_is_asked_for_alone() -> None:
    """It shows the log-in, the quota and the total."""
    source = Numbered(seconds=lambda _: 0.05)
    with source.running() as (rest, _):
        read(rest, schema=SCHEMA)
    times = dict(source.came)
    assert times[2] - times[1] >= 0.05


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("at_once", [2, 8])
def test_behind_the_last_page_less_than_so_many_are_asked_for(style: str, at_once: int) -> None:
    """The first page without rows ends the reading; it is asked for in any case."""
    source = Numbered()
    with source.running(pages=STYLES[style], at_once=at_once) as (rest, _):
        assert keys(read(rest, schema=SCHEMA)) == ALL
    assert len([n for n in source.numbers() if n > PAGES + 1]) <= at_once - 1
    assert len(set(source.numbers())) == len(source.numbers())


@pytest.mark.parametrize("style", STYLES)
def test_a_declared_total_spares_the_pages_behind_the_last(style: str) -> None:
    source = Numbered(total=PAGES * ROWS)
    with source.running(pages=STYLES[style], total="total") as (rest, _):
        assert keys(read(rest, schema=SCHEMA)) == ALL
    assert sorted(source.numbers()) == list(range(1, PAGES + 2))


@pytest.mark.parametrize("total", [7, 10_000])
@pytest.mark.parametrize("style", STYLES)
def test_a_total_that_is_wrong_ends_nothing(style: str, total: int) -> None:
    """It says how far to look ahead, never where the pages end."""
    source = Numbered(pages=4, total=total)
    with source.running(pages=STYLES[style], total="total") as (rest, _):
        run = read(rest, schema=SCHEMA)
    assert keys(run) == ALL[: 4 * ROWS]
    assert run.of(Completed)[0].witness.declared == total


@pytest.mark.parametrize("style", STYLES)
def test_a_total_alone_proves_as_little_as_before(style: str) -> None:
    source = Numbered(total=PAGES * ROWS)
    with source.running(pages=STYLES[style], total="total") as (rest, _):
        (completed,) = read(rest, schema=SCHEMA).of(Completed)
    assert completed.witness.kind.value == "declared_total"
    assert "rows may have moved between its pages" in completed.unwitnessed


def test_what_proves_that_nothing_moved_proves_it_here_too() -> None:
    source = Numbered(total=PAGES * ROWS)
    with source.running(total="total", unmoved=read_twice("key")) as (rest, _):
        (completed,) = read(rest, schema=SCHEMA).of(Completed)
    assert completed.witness.kind.value == "read_twice"
    assert len(source.numbers()) == 2 * (PAGES + 1)


def test_a_snapshot_that_changes_between_two_of_them_is_told() -> None:
    def answer(number: int, _: Asked) -> Said:
        held = [{"key": 10 * number}] if number < 9 else []
        return Said({"rows": held, "total": 8, "revision": 1 if number != 5 else 2})

    source = Numbered(answer=answer)
    with source.running(total="total", unmoved=one_snapshot("revision")) as (rest, _):
        (completed,) = read(rest, schema=SCHEMA).of(Completed)
    assert "revision names another snapshot on" in completed.unwitnessed
    assert "page 5" in completed.unwitnessed


@pytest.mark.parametrize("at_once", [1, 8])
def test_a_page_that_fails_ends_the_reading_as_it_does_alone(at_once: int) -> None:
    """Page 5 of 8 at once: the pages before it come, and nothing behind it."""

    def answer(number: int, _: Asked) -> Said | None:
        return Said(b"<html>", headers={"content-type": "text/html"}) if number == 5 else None

    source, run, batches = Numbered(answer=answer), Run(), list[pa.RecordBatch]()
    with source.running(at_once=at_once) as (rest, _):
        reader = rest.read("parts", schema=SCHEMA, emit=run.events.append)
        with pytest.raises(SourceChanged, match="/pages page 5 answered something other than J"):
            batches.extend(reader)
    assert sum(batch.num_rows for batch in batches) == 4 * ROWS
    assert run.of(Completed) == []
    assert len(source.numbers()) == len(set(source.numbers()))


def test_a_token_that_expires_under_eight_requests_is_renewed_once() -> None:
    """Each that it was refused to is sent again, with the new one."""
    tokens = iter(range(100))

    def answer(number: int, asked: Asked) -> Said | None:
        stale = asked.headers["authorization"] == "Bearer t0"
        return Said(status=401) if number > 6 and stale else None

    source, run = Numbered(answer=answer), Run()

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said({**TOKEN, "access_token": f"t{next(tokens)}"})
        return source(asked)

    with source.running(answers=answers) as (rest, server):
        run = read(rest, schema=SCHEMA)
        assert server.paths().count("/token") == 2
    assert keys(run) == ALL
    assert [event.renewed for event in run.of(Authenticated)] == [False, True]
    assert 1 <= len(run.of(Refused)) <= 8
