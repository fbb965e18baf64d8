"""Samples cross from the child as they were made, and nothing else passes for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.evaluation import LONGEST_SHOWN, MOST_SAMPLES, Shown
from harness.box.frames import Garbage
from harness.run import wire
from harness.run.task import Done
from tests.golden.facts import READING
from tests.golden.write import LATER_EVALUATION, SAMPLE


def crossed(*samples: Any) -> Any:
    done = Done(reading=READING, evaluation=replace(LATER_EVALUATION, samples=samples))
    return wire.decode_message(wire.encode_message(done)) == done


def test_samples_arrive_as_they_were_sent() -> None:
    longest = Shown(column="key", text="a" * LONGEST_SHOWN)
    assert crossed(*[SAMPLE] * MOST_SAMPLES)
    assert crossed(replace(SAMPLE, key=(longest,)))


@pytest.mark.parametrize(
    "samples",
    [
        [SAMPLE] * (MOST_SAMPLES + 1),
        [replace(SAMPLE, values=(Shown(column="key", text="a" * (LONGEST_SHOWN + 1)),))],
        [replace(SAMPLE, rows=("3",))],
        [replace(SAMPLE, key=(Shown(column="key", text=3),))],  # type: ignore[arg-type]
        [replace(SAMPLE, delivery=b"a.csv")],
        ["row 3"],
    ],
)
def test_what_is_too_long_or_no_sample_is_garbage(samples: list[Any]) -> None:
    with pytest.raises(Garbage):
        crossed(*samples)
