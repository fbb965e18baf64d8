"""All processes that ask as one account share its budget: together they never ask too often."""

from __future__ import annotations

import errno
import itertools
import os
import signal
import stat
import struct
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import shared_slots
from connectors.errors import SourceError
from connectors.events import Waited, WaitReason
from connectors.rate_limiter import RateLimiter
from connectors.slots import window
from connectors.slots_in_file import SlotsInFile, make_folder
from tests.connectors.test_budget import Clock, leased

ACCOUNT = "https://shop.example:443 client reader"
ACCOUNTS = itertools.count()
REQUESTS, SECONDS, EACH, PROCESSES = 3, 0.4, 5, 3
_ASKS = """
    import sys, time
    from connectors.rate_limiter import RateLimiter
    budget = RateLimiter({requests}, {seconds}){shared}
    sys.stdin.readline()
    for _ in range({each}):
        with budget.lease(lambda _: None):
            print(time.monotonic(), flush=True)
            {then}
"""


def asking(*, shared: bool, then: str = "pass", requests: int = REQUESTS) -> subprocess.Popen[str]:
    """A process that asks as soon as it is told to, and prints when it does."""
    code = textwrap.dedent(_ASKS).format(
        requests=requests,
        seconds=SECONDS,
        each=EACH,
        shared=f".shared({ACCOUNT!r})" if shared else "",
        then=then,
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def most_in_a_window(*, shared: bool) -> int:
    """How many requests of several processes fell into one window."""
    processes = [asking(shared=shared) for _ in range(PROCESSES)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate()[0].split() for process in processes]
    assert [len(lines) for lines in told] == [EACH] * PROCESSES
    stamps = sorted(float(line) for lines in told for line in lines)
    return max(sum(at <= other < at + SECONDS for other in stamps) for at in stamps)


def test_processes_together_stay_within_the_budget_of_one() -> None:
    assert most_in_a_window(shared=True) == REQUESTS


def test_the_control_each_with_a_budget_of_its_own_is_too_much() -> None:
    assert most_in_a_window(shared=False) > REQUESTS


def test_a_process_that_is_killed_with_a_request_under_way_blocks_nobody() -> None:
    """Its request may have been sent until it died, so its slot rests once more."""
    process = asking(shared=True, then="time.sleep(60)", requests=1)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    process.stdout.readline()
    budget = RateLimiter(1, SECONDS).shared(ACCOUNT)
    assert budget.take_free() is None
    killed_at = time.monotonic()
    process.kill()
    process.communicate()
    with budget.lease(lambda _: None):
        waited = time.monotonic() - killed_at
    assert SECONDS < waited < SECONDS + 5
    assert process.returncode == -signal.SIGKILL


@given(
    requests=st.integers(1, 4),
    seconds=st.integers(1, 50),
    trips=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)),
        max_size=20,
    ),
)
@settings(max_examples=40)
def test_no_window_at_the_source_ever_holds_too_many_of_two_processes(
    requests: int, seconds: int, trips: list[tuple[int, int, int, int]]
) -> None:
    """Whatever the network does: as of one process in `test_budget`."""
    clock, account = Clock(now=1.0), str(next(ACCOUNTS))
    both = [
        RateLimiter(requests, seconds, monotonic=clock.monotonic, sleep=clock.sleep).shared(
            account
        )
        for _ in range(2)
    ]
    stamps = []
    for who, idle, there, back in trips:
        clock.sleep(idle)
        with both[who].lease(lambda _: None):
            clock.sleep(there)
            stamps.append(clock.now)
            clock.sleep(back)
    for first, after in zip(stamps, stamps[requests:], strict=False):
        assert after - first >= seconds
    assert sum(one.spent_by_others() for one in both) == len(stamps)


def two(requests: int = 2, other: int = 2) -> tuple[Clock, RateLimiter, RateLimiter]:
    """Limiters as two processes have them."""
    clock = Clock(now=100.0)
    ours, theirs = (
        RateLimiter(n, 10.0, monotonic=clock.monotonic, sleep=clock.sleep).shared(ACCOUNT)
        for n in (requests, other)
    )
    return clock, ours, theirs


def test_what_one_hears_all_obey() -> None:
    _, ours, theirs = two()
    theirs.pause(30.0)
    assert leased(ours, 1) == [Waited(seconds=30.0, why=WaitReason.BUDGET)]


def test_a_budget_of_another_size_has_a_part_of_the_same_slots() -> None:
    clock, ours, theirs = two(2, 5)
    assert leased(theirs, 5) == []
    assert [event.why for event in leased(ours, 1) if isinstance(event, Waited)] == [
        WaitReason.BUDGET
    ]
    assert clock.now == pytest.approx(100.0 + window(10.0))


def test_other_accounts_have_other_budgets() -> None:
    _, ours, _ = two()
    assert leased(ours, 2) == []
    clock = Clock(now=100.0)
    other = RateLimiter(2, 10.0, monotonic=clock.monotonic, sleep=clock.sleep)
    assert leased(other.shared(f"{ACCOUNT} of another shop"), 2) == []
    assert leased(other.shared(ACCOUNT), 1) != []


def test_what_was_used_before_a_boot_rests_from_the_boot_on() -> None:
    _, ours, _ = two()
    leased(ours, 1)
    (file,) = shared_slots.folder().iterdir()
    with file.open("r+b") as opened:
        opened.write(b"another boot id!")
        opened.seek(64)
        opened.write(struct.pack("d", 9_999_999.0))
    clock = Clock(now=3.0)
    after = RateLimiter(2, 10.0, monotonic=clock.monotonic, sleep=clock.sleep).shared(ACCOUNT)
    assert leased(after, 1) == []
    leased(after, 1)
    assert clock.now == pytest.approx(window(10.0))


@pytest.mark.parametrize("rubbish", [b"", b"x" * 9, b"\xff" * 200])
def test_what_is_no_file_of_slots_costs_one_wait_at_most(rubbish: bytes) -> None:
    make_folder(shared_slots.folder())
    file = shared_slots.folder() / "budget"
    file.write_bytes(rubbish)
    slots = SlotsInFile(file, 2, 10.0, monotonic=lambda: 50.0)
    assert all(slots.take(within=100.0).wait <= window(10.0) for _ in range(2))


def test_the_files_are_ours_alone_and_name_nobody() -> None:
    _, ours, _ = two()
    leased(ours, 1)
    (file,) = shared_slots.folder().iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "reader" not in file.name
    assert b"reader" not in file.read_bytes()


def test_what_others_could_change_is_refused() -> None:
    make_folder(shared_slots.folder())
    shared_slots.folder().chmod(0o777)
    with pytest.raises(SourceError, match=r"others may write .*budgets .* chmod go-w it"):
        RateLimiter(1, 1.0).shared(ACCOUNT)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_so_is_a_file_of_another_user() -> None:
    two()
    (file,) = shared_slots.folder().iterdir()
    os.chown(file, 12345, 12345)
    with pytest.raises(SourceError, match="belongs to user 12345: chown it"):
        RateLimiter(1, 1.0).shared(ACCOUNT)


def test_so_is_a_link(tmp_path: Path) -> None:
    two()
    (file,) = shared_slots.folder().iterdir()
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SourceError, match=r"cannot be opened: .*: move it away"):
        RateLimiter(1, 1.0).shared(ACCOUNT)


def test_a_full_disk_is_said_and_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    _, ours, _ = two()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(SourceError, match=r"No space left on device: make room there"):
        leased(ours, 1)


def test_where_no_folder_can_be_made_a_process_has_its_slots_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in a container whose disk is read-only."""
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    clock, ours, theirs = two(1, 1)
    assert leased(ours, 1) == leased(theirs, 1) == []
    assert clock.now == 100.0
