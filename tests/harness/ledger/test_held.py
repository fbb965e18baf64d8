"""Whoever changes a ledger behind our back is found when it is opened, by name (fault E02)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.ledger import opening
from harness.ledger.heads import Mark
from tests.harness.ledger.grown import DATASETS, RUNS, ask, chained_anew, copied, edit, found, grow

ENTRIES = 30
"""Six a run, of which one that was killed has `interrupted` as its last."""


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mark]:
    place = tmp_path_factory.mktemp("grown") / "ledger.sqlite"
    return place, grow(place)


@pytest.fixture(params=["all of it", "since the mark"])
def how(request: pytest.FixtureRequest, signed: tuple[Path, Mark]) -> Mark | None:
    return signed[1] if request.param == "since the mark" else None


def test_a_ledger_that_nobody_changed_is_whole(
    signed: tuple[Path, Mark], how: Mark | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control; and what is known by a mark is not looked at again."""
    place, mark = signed
    assert ask(place, "SELECT count(*) FROM entries") == [(ENTRIES,)]
    if how is mark:
        monkeypatch.setattr(opening, "whole", lambda *_, **__: ["all of it was read"])
    assert found(place, mark=how) == []


def turned(table: str) -> str:
    """The last row first."""
    away = f"UPDATE {table} SET number = number + 100"
    return f"{away}; UPDATE {table} SET number = 106 - number"


def runs() -> Iterator[tuple[str, str]]:
    for number in range(1, RUNS + 1):
        name = f"run r{number}"
        yield f"DELETE FROM runs WHERE number = {number}", name
        for column in ("run_id", "pilot", "environment", "slot", "head"):
            yield f"UPDATE runs SET {column} = 'else' WHERE number = {number}", name
        yield f"UPDATE runs SET state = 'RUNNING' WHERE number = {number}", name
        swap = "CASE state WHEN 'FINISHED' THEN 'INTERRUPTED' ELSE 'FINISHED' END"
        yield f"UPDATE runs SET state = {swap} WHERE number = {number}", name
        yield f"UPDATE runs SET number = 9 WHERE number = {number}", name
        again = "'again', pilot, environment, slot, state, head"
        yield f"INSERT INTO runs SELECT 9, {again} FROM runs WHERE number = {number}", "run again"
    yield turned("runs"), "run r4"
    yield "DELETE FROM runs", "run r1"


def cursors() -> Iterator[tuple[str, str]]:
    for dataset in DATASETS:
        name = f"the cursor of shop.{dataset} (p, dev)"
        where = f"WHERE dataset = '{dataset}'"
        yield f"DELETE FROM cursors {where}", name
        yield f"UPDATE cursors SET value = '2026-11-20T13:00:00+00:00' {where}", name
        yield f"UPDATE cursors SET value = 'soon' {where}", name
        yield f"UPDATE cursors SET value = replace(value, 'T', 't') {where}", name
        yield f"UPDATE cursors SET seq = 2 {where}", name
        for column in ("pilot", "environment", "source", "dataset"):
            yield f"UPDATE cursors SET {column} = 'else' {where}", name
        again = f"SELECT 'q', environment, source, dataset, value, seq FROM cursors {where}"
        yield f"INSERT INTO cursors {again}", f"shop.{dataset} (q, dev) was moved by no entry"
    swap = "CASE dataset WHEN 'items' THEN 'orders' ELSE 'items' END"
    yield f"UPDATE cursors SET environment = 'x', dataset = {swap}", "the cursor of shop.items"
    yield "DELETE FROM cursors", "the cursor of shop.orders"


def nights() -> Iterator[tuple[str, str]]:
    for number in range(1, RUNS + 1):
        where = f"WHERE number = {number}"
        yield f"DELETE FROM nights {where}", f"the night of run r{number} is missing"
        yield f"UPDATE nights SET body = '{{}}' {where}", f"the night of run r{number} was changed"
        yield (
            f"UPDATE nights SET body = CAST(replace(body, 'orders', 'ordersx') AS BLOB) {where}",
            f"the night of run r{number} was changed",
        )
        yield f"INSERT INTO nights SELECT {number} + 10, body FROM nights {where}", "a night 1"
    yield turned("nights"), "the night of run r1"
    yield "DELETE FROM nights", "the night of run r1 is missing"


@pytest.mark.parametrize("edits", [runs, cursors, nights])
def test_each_row_that_was_deleted_changed_moved_or_repeated_is_named(
    signed: tuple[Path, Mark],
    how: Mark | None,
    tmp_path: Path,
    edits: Callable[[], Iterator[tuple[str, str]]],
) -> None:
    """E02 on the tables that follow from the entries."""
    for statement, name in edits():
        place = copied(signed[0], tmp_path)
        edit(place, statement)
        said = found(place, mark=how)
        assert any(name in one for one in said), (statement, said)


def entries() -> Iterator[tuple[str, int]]:
    """Each entry in its body and in one other column, in turn."""
    columns = ("run_id = 'r9'", "kind = 'x'", "sha256 = 'x'", "prev = 'x'", "format = 2")
    for seq in range(1, ENTRIES + 1):
        yield f"UPDATE entries SET body = CAST(body || ' ' AS BLOB) WHERE seq = {seq}", seq
        yield f"UPDATE entries SET {columns[seq % len(columns)]} WHERE seq = {seq}", seq


def test_each_entry_that_was_changed_is_named(signed: tuple[Path, Mark], tmp_path: Path) -> None:
    """E02 by the look at all, which is taken once a day; the first difference is at the entry, or
    right behind it.
    """
    for statement, seq in entries():
        place = copied(signed[0], tmp_path)
        edit(place, statement)
        said = found(place)
        assert said, statement
        assert said[0].startswith((f"entry {seq} ", f"entry {seq + 1} ")), (statement, said)


def test_each_entry_that_was_deleted_or_repeated_is_named(
    signed: tuple[Path, Mark], how: Mark | None, tmp_path: Path
) -> None:
    """Also without a look at all: their number does not fit."""
    rest = "run_id, kind, format, body, sha256, prev FROM entries WHERE seq ="
    for seq in range(1, ENTRIES + 1):
        place = copied(signed[0], tmp_path)
        edit(place, f"DELETE FROM entries WHERE seq = {seq}")
        name = f"entry {seq} is missing" if seq < ENTRIES else "run r5 was changed"
        assert name in found(place, mark=how)[0]
        place = copied(signed[0], tmp_path)
        edit(place, f"INSERT INTO entries SELECT {ENTRIES + 1}, {rest} {seq}")
        assert f"entry {ENTRIES + 1} " in found(place, mark=how)[0]


def test_entries_in_another_order_are_named(signed: tuple[Path, Mark], tmp_path: Path) -> None:
    for seq in range(1, ENTRIES):
        place = copied(signed[0], tmp_path)
        edit(
            place,
            f"UPDATE entries SET seq = 99 WHERE seq = {seq}",
            f"UPDATE entries SET seq = {seq} WHERE seq = {seq + 1}",
            f"UPDATE entries SET seq = {seq + 1} WHERE seq = 99",
        )
        assert found(place)[0].startswith(f"entry {seq} ")


@pytest.mark.parametrize("gone", range(1, RUNS))
def test_the_last_runs_are_missed_by_whoever_signed_them(
    signed: tuple[Path, Mark], tmp_path: Path, gone: int
) -> None:
    """E02, a tail that was cut: what is left is whole, and only the mark shows it."""
    place = copied(signed[0], tmp_path)
    kept = RUNS - gone
    edit(
        place,
        f"DELETE FROM cursors WHERE seq > {6 * kept}",
        f"DELETE FROM nights WHERE number > {kept}",
        f"DELETE FROM entries WHERE seq > {6 * kept}",
        f"DELETE FROM runs WHERE number > {kept}",
    )
    said = found(place, mark=signed[1])[-1]
    assert said.startswith(f"it is not what was signed: the last {gone} run")


@pytest.mark.parametrize("run", range(1, RUNS + 1))
def test_a_verdict_that_was_changed_and_all_chained_anew_is_missed(
    signed: tuple[Path, Mark], tmp_path: Path, run: int
) -> None:
    """E02, BROKEN made PROVEN by somebody who knows the format: only the mark shows it."""
    place = copied(signed[0], tmp_path)
    edit(
        place,
        "UPDATE entries SET body = CAST(replace(body, 'BROKEN', 'PROVEN') AS BLOB) "
        f"WHERE kind = 'verdict' AND run_id = 'r{run}'",
    )
    assert found(place)
    chained_anew(place)
    assert found(place) == []
    (said,) = found(place, mark=signed[1])
    assert said.endswith("of the first 5 runs, which were signed, at least one was changed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE runs SET pilot = 'else'",
        "UPDATE runs SET head = 'else'",
        "UPDATE runs SET state = 'INTERRUPTED' WHERE number = 1",
        "DELETE FROM cursors",
        "UPDATE cursors SET value = '2026-11-20T13:00:00+00:00'",
        "UPDATE nights SET body = CAST(replace(body, 'orders', 'ordersx') AS BLOB)",
    ],
)
def test_without_the_guard_none_of_it_is_found(
    signed: tuple[Path, Mark], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    """The guard-off twin: the chain of entries says nothing of the other tables."""
    place = copied(signed[0], tmp_path)
    edit(place, statement)
    assert found(place)
    monkeypatch.setattr(opening, "differences", lambda *_, **__: ())
    assert found(place) == []
