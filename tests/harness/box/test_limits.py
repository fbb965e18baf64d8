"""A source takes what the limits allow, and no more: one that reaches one is ERROR, and named."""

from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path

import pytest

from harness.limits import LEAST_MEMORY
from harness.run.workplace import in_process
from harness.verdict import Outcome
from tests.harness.box.hostile import proven

REACHED = {
    "never-ends-its-pages": ("pages: 5000", "LimitReached: it reached limits: {pages: 5000}"),
    "never-ends-its-bytes": ("bytes: 1 TiB", "LimitReached: it reached limits: {bytes: 1 TiB}"),
    "harmless": ("rows: 999", "LimitReached: it reached limits: {rows: 999}"),
    "sleeps": ("hours: 0.003", "LimitReached: it reached limits: {hours: 0.003}"),
    "holds-on": ("hours: 0.003", "LimitReached: it reached limits: {hours: 0.003}"),
}
"""For each deed the limit that it reaches, and the words of its failure."""


@pytest.mark.attempt(4)
@pytest.mark.parametrize("deed", REACHED)
def test_what_never_ends_is_an_error_that_names_its_limit(tmp_path: Path, deed: str) -> None:
    """`before` and `after` are as large as `harmless`, and are refused with it; the control is the
    test of harmless datasets in test_dying.py.
    """
    limits, why = REACHED[deed]
    found = proven(tmp_path, deed, limits=f"{{{limits}}}")
    assert found.why(deed).startswith(why)
    assert found.outcomes(deed) == {Outcome.ERROR}
    others = {Outcome.ERROR} if deed == "harmless" else {Outcome.PROVEN}
    assert found.outcomes("before") == found.outcomes("after") == others


@pytest.mark.attempt(4)
@pytest.mark.parametrize("deed", ["fills-python", "fills-arrow", "fills-polars"])
def test_what_fills_memory_stays_below_its_limit(
    tmp_path: Path, deed: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The control is the guard's own number: the child came near it, so the deed is one."""
    caplog.set_level(logging.DEBUG, "seatrial")
    found = proven(tmp_path, deed, limits="{memory: 512 MiB}")
    assert found.why(deed).startswith(
        "LimitReached: it needs more memory than limits: {memory: …}"
    )
    assert found.outcomes(deed) == {Outcome.ERROR}
    assert found.outcomes("before") == found.outcomes("after") == {Outcome.PROVEN}
    peak = max(int(found) for found in re.findall(r"peak=(\d+)", caplog.text))
    assert LEAST_MEMORY / 4 < peak <= LEAST_MEMORY


@pytest.mark.attempt(4)
@pytest.mark.parametrize("guarded", [True, False])
def test_rows_leave_room_on_the_disk(tmp_path: Path, *, guarded: bool) -> None:
    """The control wants no room to be left."""
    there = shutil.disk_usage(tmp_path).total / (1 << 30)
    limits = f"{{free_disk: {there if guarded else 0.001:.3f} GiB}}"
    found = proven(tmp_path, limits=limits)
    if guarded:
        assert "make room there, or allow less in pilot.yaml" in found.why("before")
    assert found.outcomes("before") == {Outcome.ERROR if guarded else Outcome.PROVEN}


def test_limits_hold_without_a_box_as_far_as_events_tell(tmp_path: Path) -> None:
    deed = "never-ends-its-pages"
    found = proven(tmp_path, deed, limits="{pages: 5000}", workplace=in_process)
    assert found.why(deed).startswith(REACHED[deed][1])
    assert found.outcomes("after") == {Outcome.PROVEN}
