from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report.chart import Bar, Legend, Level, bars, dots
from harness.report.words import plain
from tests.harness.report.page import Element, parse
from tests.harness.report.results import HOSTILE

LEGEND = Legend(name="c", title="Rows", description="two deliveries")
values = st.floats(-1e9, 1e9) | st.sampled_from((float("nan"), float("inf")))


def drawn(items: list[Bar]) -> Element:
    return parse(bars(items, LEGEND, unit=plain)).one("svg")


@given(st.lists(st.none() | values, max_size=40))
def test_each_value_has_a_bar_and_each_absence_a_mark(given: list[float | None]) -> None:
    svg = drawn([Bar(label="day", value=value) for value in given])
    known = [value for value in given if value is not None and isfinite(value)]
    assert len(svg.every("rect")) == len(known)
    assert [t.text for t in svg.every("text")].count("not known") == len(given) - len(known)


@given(st.lists(values, min_size=1, max_size=40))
def test_bars_stay_inside_the_picture(given: list[float]) -> None:
    for rect in drawn([Bar(label="day", value=value) for value in given]).every("rect"):
        top, height = float(rect.attributes["y"] or ""), float(rect.attributes["height"] or "")
        assert top >= 9.9
        assert height >= 0
        assert top + height <= 128.1


def test_a_bar_twice_as_high_is_twice_as_long() -> None:
    low, high = drawn([Bar(label="a", value=20), Bar(label="b", value=40)]).every("rect")
    ratio = float(high.attributes["height"] or "") / float(low.attributes["height"] or "")
    assert ratio == pytest.approx(2, rel=0.01)


@given(st.lists(values, max_size=40), values)
def test_each_answer_has_a_dot(given: list[float], level: float) -> None:
    svg = parse(dots(given, [Level(name="p95", value=level)], LEGEND, unit=plain)).one("svg")
    cloud = svg.every("path")[-2 if isfinite(level) else -1]
    assert str(cloud.attributes["d"]).count("M") == sum(map(isfinite, given))
    assert "nan" not in str(cloud.attributes)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_labels_stay_text(name: str) -> None:
    svg = drawn([Bar(label=name, value=1, remark=name, tick=name)])
    assert {e.tag for e in svg.every()} == {"title", "desc", "path", "text", "rect"}
