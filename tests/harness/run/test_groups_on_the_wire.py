"""Groups cross from the child as they were counted, and nothing else passes for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.evaluation import LONGEST_SHOWN
from harness.box.frames import Garbage
from harness.facts import MOST_GROUPS, GroupFound, GroupsFound
from harness.run import wire
from harness.run.task import Done
from tests.golden.facts import NOON, READING
from tests.golden.write import GROUPED_READING

ONE = GroupFound(name='"north"', rows=7, newest_event_at=NOON)
FILE = READING.deliveries[0]


def crossed(*found: Any, rows: Any = ()) -> Any:
    groups = GroupsFound(by="region", found=found)
    reading = replace(READING, groups=groups, deliveries=(replace(FILE, group_rows=rows),))
    done = Done(reading=reading)
    return wire.decode_message(wire.encode_message(done)) == done


def test_groups_arrive_as_they_were_sent() -> None:
    assert crossed(
        *[replace(ONE, name="a" * LONGEST_SHOWN)] * MOST_GROUPS, rows=(1,) * MOST_GROUPS
    )
    done = Done(reading=GROUPED_READING)
    assert wire.decode_message(wire.encode_message(done)) == done


@pytest.mark.parametrize(
    ("found", "rows"),
    [
        ([ONE] * (MOST_GROUPS + 1), ()),
        ([replace(ONE, name="a" * (LONGEST_SHOWN + 1))], ()),
        ([replace(ONE, name=b"north")], ()),
        ([replace(ONE, rows="7")], ()),
        ([replace(ONE, newest_event_at=7)], ()),
        (["north"], ()),
        ([ONE], (1,) * (MOST_GROUPS + 1)),
        ([ONE], ("1",)),
    ],
)
def test_what_is_too_long_or_no_group_is_garbage(found: list[Any], rows: Any) -> None:
    with pytest.raises(Garbage):
        crossed(*found, rows=rows)
