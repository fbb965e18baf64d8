"""Faults L01, L04: kill -9, half a write and a failed sync, at the system calls of our writers.

Here at some of them; `python -m bench evidence_attacks` takes each.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

import pytest

from tests.cli import REPOSITORY

FAULTS = {"KILL": "L01", "TEAR": "L01", "FAIL": "L04"}


@dataclass(frozen=True, slots=True)
class Struck:
    number: int
    call: str
    told: tuple[str, ...]
    faults: tuple[str, ...]


@cache
def struck(victim: str, blow: str, every: int = 1, first: int = 1) -> tuple[Struck, ...]:
    """In a process of its own, which has one thread and forks for each point."""
    asked = [victim, blow, str(every), str(first)]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.attacks.kills", *asked],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    assert found
    return tuple(Struck(f["number"], f["call"], (*f["told"],), (*f["faults"],)) for f in found)


@pytest.mark.parametrize(
    ("victim", "every"),
    [("ledger", 11), ("new_ledger", 16), ("archive", 90), ("file", 1), ("bundle", 2), ("copy", 1)],
    ids=str,
)
@pytest.mark.parametrize("blow", ["KILL", "TEAR"])
def test_l01_a_kill_at_any_write_loses_nothing_and_repeats_nothing(
    victim: str, every: int, blow: str
) -> None:
    found = struck(victim, blow, every, 3 if every > 1 else 1)
    assert [one for one in found if one.faults] == []


def test_l01_both_blows_come_to_the_calls_that_matter() -> None:
    """Positive control: the points are those of a writer that makes its file durable."""
    calls = {one.call for one in struck("file", "KILL")}
    assert {"write", "fsync", "rename"} <= calls
    assert "pwrite64" in {one.call for one in struck("ledger", "TEAR", 11, 3)}


@pytest.mark.parametrize(
    ("victim", "every", "first", "said"),
    [
        ("ledger_told_too_early", 7, 1, "told of"),
        ("archive_in_place", 1, -3, "does not read"),
        ("file_in_place", 1, 1, "neither the old file nor the new"),
        ("bundle_in_place", 1, 1, "of 4 files"),
    ],
)
def test_l01_without_the_guard_a_kill_is_seen(
    victim: str, every: int, first: int, said: str
) -> None:
    """The twins: an entry told before it is kept, and a file that is written where it stands."""
    found = struck(victim, "KILL", every, first)
    assert [fault for one in found for fault in one.faults if said in fault]


def test_l04_a_sync_that_fails_counts_as_not_written() -> None:
    """The run ends with LedgerLost, and what it was told before is all there."""
    found = struck("ledger", "FAIL", 2)
    assert [one for one in found if one.faults] == []
    lost = [one for one in found if any("raised LedgerLost" in line for line in one.told)]
    assert lost
    assert not [one for one in lost if "kept" in one.told]


def test_l04_a_report_whose_sync_fails_leaves_the_old_one() -> None:
    (failed,) = struck("file", "FAIL")
    assert (failed.faults, failed.call) == ((), "fsync")
    assert "replaced" not in failed.told


def test_l04_a_bundle_whose_sync_fails_is_not_there() -> None:
    """Of each file and of each folder; of the folder that the bundle is in, it is."""
    found = struck("bundle", "FAIL")
    assert [one for one in found if one.faults] == []
    assert [any("raised OSError" in line for line in one.told) for one in found] == [True] * 8


def test_l04_without_the_guard_nobody_would_hear_of_it() -> None:
    """The twin: a write that syncs nothing has nothing that could fail, and says it is done."""
    assert {one.call for one in struck("file_in_place", "KILL")} == {"write"}
