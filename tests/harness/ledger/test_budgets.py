"""Runs of several machines share a budget through the ledger that they write to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from connectors.slots import window
from harness.errors import LedgerLost
from harness.ledger.budgets import Budgets, shared_budgets
from tests.harness.ledger_server import Database

KEY, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def both(database: Database) -> Iterator[list[Budgets]]:
    """As two machines have them."""
    with ExitStack() as stack:
        opened = [stack.enter_context(shared_budgets(database.place)) for _ in range(2)]
        yield [one for one in opened if one is not None]


def test_what_one_machine_has_taken_no_other_can_take(both: list[Budgets]) -> None:
    ours, theirs = (one.slots(KEY, 2, 0.5) for one in both)
    assert [ours.take(within=0.0).slot, theirs.take(within=0.0).slot] == [0, 1]
    assert ours.take(within=9.0).slot is theirs.take(within=9.0).slot is None
    theirs.free(1)
    taken = ours.take(within=9.0)
    assert taken.slot == 1
    assert 0 < taken.wait <= window(0.5)
    assert ours.spent() == theirs.spent() == 3
    assert both[1].slots(OTHER, 1, 0.5).take(within=0.0).slot == 0


def test_several_children_of_one_run_do_not_get_the_same_slot(both: list[Budgets]) -> None:
    one, another = both[0].slots(KEY, 1, 0.5), both[0].slots(KEY, 1, 0.5)
    assert one.take(within=0.0).slot == 0
    assert another.take(within=9.0).slot is None
    another.free(0)
    assert another.take(within=9.0).slot is None
    one.free_all()
    assert another.take(within=9.0).slot == 0


def test_what_one_hears_all_obey(both: list[Budgets]) -> None:
    ours, theirs = (one.slots(KEY, 2, 0.5) for one in both)
    theirs.pause(30.0)
    theirs.pause(3.0)
    assert 25.0 < ours.paused() <= 30.0
    assert ours.take(within=0.0).slot is None
    assert 25.0 < ours.take(within=60.0).wait <= 30.0


def test_a_machine_that_is_gone_blocks_nobody(database: Database, both: list[Budgets]) -> None:
    """Its request may have been sent until the server knew, so its slot rests once more."""
    ours, theirs = (one.slots(KEY, 1, 0.3) for one in both)
    assert theirs.take(within=0.0).slot == 0
    assert ours.take(within=9.0).slot is None
    database.ask(
        "select pg_terminate_backend(pid, 10000) from pg_locks"
        " where locktype = 'advisory' and objsubid = 2"
    )
    taken = ours.take(within=0.0)
    assert taken.slot is None
    assert 0.0 < taken.wait <= window(0.3)
    time.sleep(window(0.3))
    assert ours.take(within=0.0).slot == 0
    with pytest.raises(LedgerLost, match=r"ledger env:SEATRIAL_LEDGER: "):
        theirs.spent()


def test_a_user_who_may_not_keep_budgets_is_told_what_it_lacks(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with shared_budgets(database.place) as there:
        assert there is not None
    database.ask("alter table budgets owner to estate; grant select on budgets to writer")
    with shared_budgets(database.place) as there:
        assert there is None
    lacks = (
        "budgets are shared on this machine alone: GRANT SELECT, INSERT, UPDATE ON public.budgets"
    )
    assert lacks in caplog.text
    database.ask("drop table budgets; revoke create on schema public from public, writer")
    database.ask("alter schema public owner to estate")
    with shared_budgets(database.place) as there:
        assert there is None
    assert "have their owner add public.budgets (docs/ledger.md)" in caplog.text
