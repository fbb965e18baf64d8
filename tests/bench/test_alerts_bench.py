"""The controls of the alerts' bench: it sees a double, a loss, and who was never told."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from bench.alert_heard import MAIL, News
from bench.alert_nights import counted, lived
from bench.alerts import delays
from harness.alerts.history import History
from harness.alerts.incident import incidents
from tests.harness.alerts.made import FIRST, B, P, nights, told

OPEN = nights(B)
[INCIDENT] = incidents(OPEN)
ROOM, POST = (told(INCIDENT.id, channel) for channel in ("room", MAIL))
WHOLE = replace(OPEN, told=(ROOM, POST))


def news(channel: str) -> News:
    return News(at=FIRST, channel=channel, message="m", step="opened", incident=INCIDENT.id)


def test_what_arrived_once_and_is_recorded_once_is_neither() -> None:
    found = counted([news("room"), news(MAIL)], WHOLE, {"run-0"}, nights=1, killed=0)
    assert (found.doubles, found.again, found.lost, found.untold) == (0, 0, 0, 0)
    assert (found.opened, found.arrived) == (1, 2)


@pytest.mark.parametrize(
    ("arrived", "history", "expected"),
    [
        (["room", "room", MAIL], replace(OPEN, told=(ROOM, ROOM, POST)), (1, 0, 0, 0)),
        (["room", "room", MAIL], WHOLE, (0, 1, 0, 0)),
        (["room"], WHOLE, (0, 0, 1, 1)),
        (["room"], replace(OPEN, told=(ROOM,)), (0, 0, 0, 1)),
    ],
    ids=["told twice", "again after a kill", "lost", "never told"],
)
def test_each_of_them_is_seen(
    arrived: list[str], history: History, expected: tuple[int, int, int, int]
) -> None:
    found = counted([news(channel) for channel in arrived], history, {"run-0"}, nights=1, killed=0)
    assert (found.doubles, found.again, found.lost, found.untold) == expected


def test_what_no_whole_night_found_bad_may_be_told_to_nobody() -> None:
    """A night that was killed told one channel, and the next one found it good again."""
    mended = replace(nights(B, P), told=(POST,))
    found = counted([news(MAIL)], mended, {"run-1"}, nights=2, killed=1)
    assert found.untold == 0
    assert counted([news(MAIL)], mended, {"run-0", "run-1"}, nights=2, killed=0).untold == 1


def test_a_few_nights_with_kills_tell_everything_once(tmp_path: Path) -> None:
    found = lived(tmp_path, nights=12, chance=random.Random(5))
    assert (found.doubles, found.lost, found.untold) == (0, 0, 0)
    assert found.killed > 0
    assert found.arrived >= found.opened > 0


def test_each_piece_of_news_has_its_delay() -> None:
    found = delays(runs=2, seconds=0.5)
    assert len(found) == 2 * 2 * 6
    assert {one.channel for one in found} == {"room", MAIL}
    assert all(0 < one.seconds < 60 for one in found)
