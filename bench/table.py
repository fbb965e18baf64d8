"""Metrics as a table of at most 80 columns, one part for each unit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from bench.metric import Metric

WIDTH = 80
_COLUMNS = "{:<25} {:>9} {:>15} {:>8} {:>6} {:>6}  {}"


def lines(metrics: Sequence[Metric]) -> Iterator[str]:
    """The table; what was not measured and which goals are not met stand below it in words."""
    for unit, group in groupby(metrics, key=lambda metric: metric.unit):
        yield ""
        yield unit
        yield _COLUMNS.format("metric", "value", "min … max", "floor", "ratio", "goal", "met")
        yield "─" * WIDTH
        for metric in group:
            yield _row(metric)
    yield ""
    for unit, missing in groupby((m for m in metrics if not m.samples), key=lambda m: m.unit):
        names = "; ".join(metric.metric for metric in missing)
        yield from textwrap.wrap(f"Not measured: {names} ({unit})", WIDTH)
    for metric in metrics:
        if metric.samples and metric.met is False:
            yield from textwrap.wrap(f"GOAL NOT MET: {_over(metric)}", WIDTH)
    if all(metric.met is not False for metric in metrics):
        yield "All goals are met."


def _row(metric: Metric) -> str:
    if not metric.samples:
        return _COLUMNS.format(
            metric.metric, "-", "not measured", "", "", _figure(metric.goal), "-"
        )
    values = [sample.value for sample in metric.samples]
    return _COLUMNS.format(
        metric.metric,
        _figure(metric.value),
        f"{_figure(min(values))} … {_figure(max(values))}",
        _figure(metric.against),
        _figure(metric.ratio),
        _figure(metric.goal),
        {True: "yes", False: "NO", None: ""}[metric.met],
    ).rstrip()


def _over(metric: Metric) -> str:
    found, goal = _figure(metric.value), _figure(metric.goal)
    return f"{metric.metric} is {found} where the goal is at most {goal} ({metric.unit})"


def _figure(number: float | None) -> str:
    """Three digits; nothing for nothing."""
    if number is None:
        return ""
    if abs(number) >= 10_000:  # noqa: PLR2004 - what a column has room for
        return f"{number:.0e}"
    if abs(number) >= 100 or number == int(number):  # noqa: PLR2004 - three digits before the point
        return f"{number:.0f}"
    return f"{number:.1f}" if abs(number) >= 10 else f"{number:.2f}"  # noqa: PLR2004 - as above
