"""A figure is what its samples say, and absence meets no goal."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bench.metric import Metric, Sample
from bench.table import WIDTH, lines

POSITIVE = st.floats(min_value=0.001, max_value=1e5)
SAMPLES = st.lists(st.builds(Sample, value=POSITIVE, against=POSITIVE), min_size=1, max_size=9)


def metric(*values: float, goal: float | None = None, **settings: object) -> Metric:
    samples = tuple(Sample(value=value) for value in values)
    return Metric(metric="customers: read", unit="%", samples=samples, goal=goal, **settings)


def test_the_value_is_the_median_of_the_samples():
    assert metric(9, 1, 2).value == 2


def test_where_every_sample_must_keep_the_goal_the_value_is_the_worst():
    assert metric(1, 2, 301, goal=300, summary=max).met is False
    assert metric(1, 2, 300, goal=300, summary=max).met is True


def test_a_goal_is_an_upper_limit_that_may_be_reached():
    assert metric(15, goal=15).met is True
    assert metric(15.1, goal=15).met is False
    assert metric(0, goal=0).met is True


def test_what_was_not_measured_meets_no_goal():
    assert metric(goal=15).met is False
    assert metric(goal=15).value is None


def test_a_figure_that_is_no_number_meets_no_goal():
    assert metric(float("nan"), goal=15).met is False


def test_without_a_goal_nothing_is_met_or_missed():
    assert metric(1).met is None


@given(SAMPLES, POSITIVE)
def test_a_machine_that_is_slow_for_one_round_changes_no_ratio(samples, slower):
    one, *rest = samples
    slowed = Sample(value=one.value * slower, against=one.against * slower)
    before = Metric(metric="m", unit="u", samples=tuple(samples)).ratio
    after = Metric(metric="m", unit="u", samples=(slowed, *rest)).ratio
    assert abs(before - after) <= 1e-9 * before


@given(SAMPLES, POSITIVE)
def test_a_record_can_be_worked_out_again_from_its_samples(samples, goal):
    made = Metric(metric="m", unit="u", samples=tuple(samples), goal=goal)
    read = json.loads(json.dumps(made.record()))
    again = Metric(
        metric=read["metric"],
        unit=read["unit"],
        samples=tuple(Sample(**sample) for sample in read["samples"]),
        goal=read["goal"],
    )
    assert again.record() == read
    assert list(read) == ["metric", "value", "unit", "against", "ratio", "goal", "samples", "met"]


@given(SAMPLES, st.none() | POSITIVE)
def test_the_table_fits_eighty_columns(samples, goal):
    made = Metric(metric="control: without a budget", unit="u", samples=tuple(samples), goal=goal)
    assert all(len(line) <= WIDTH for line in lines([made, metric(goal=1)]))


def test_the_table_says_plainly_what_failed_and_what_was_left_out():
    text = " ".join(lines([metric(36.9, goal=15), metric(goal=15)]))
    assert "GOAL NOT MET: customers: read is 36.9 where the goal is at most 15 (%)" in text
    assert "Not measured: customers: read (%)" in text
    assert "All goals are met" not in text


def test_all_goals_are_met_only_when_each_was_measured():
    assert "All goals are met." in lines([metric(1, goal=2), metric(5)])
    assert "All goals are met." not in lines([metric(1, goal=2), metric(goal=2)])
