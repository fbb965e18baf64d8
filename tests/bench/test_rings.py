"""The bench of rings tries every Monday, and counts one that is missed."""

from __future__ import annotations

from random import Random

import pytest

from bench.rings import mondays
from harness.simulate.trials import run_clean
from tests.harness.simulate.subjects import promises, subject


@pytest.mark.parametrize("is_files", [True, False])
def test_every_monday_that_is_empty_or_repeated_rings(*, is_files: bool) -> None:
    found = [*mondays(run_clean(subject(is_files=is_files), Random(1)), Random(1))]
    assert [metric.value for metric in found] == [0, 0]
    assert all(len(metric.samples) >= 10 for metric in found)


def test_where_nothing_is_promised_each_of_them_is_missed() -> None:
    silent = subject(is_files=True, promised=promises(cadence=None, lag=None))
    repeated = [*mondays(run_clean(silent, Random(1)), Random(1))][1]
    assert repeated.value == len(repeated.samples) > 0
