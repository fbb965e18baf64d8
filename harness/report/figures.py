"""The charts and numbers of a reading, with captions in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import floor
from typing import NamedTuple

from markupsafe import Markup

from contracts.evaluation import KeysFound, RuleCount
from harness.claims import arrives, fresh
from harness.claims.readings import utc
from harness.claims.wholeness import amount_read
from harness.facts import Delivery, Latency, Reading, StatusCount
from harness.report.chart import Bar, Legend, Level, bars, dots
from harness.report.words import UNKNOWN, count, hours, milliseconds, plain
from harness.result import Judged
from harness.statistics.rates import lower_bound

NEWEST = 90
"""Number of deliveries that are shown. Verdicts use all of them."""
TICKS = 5
MONDAY = 0


class Figure(NamedTuple):
    """A chart and the caption below it."""

    chart: Markup
    caption: str


def lag(delivery: Delivery) -> timedelta | None:
    """The time from a delivery's newest event to its arrival; None if it has no event, or by a
    clock that is wrong.
    """
    if delivery.newest_event_at is None or is_ahead(delivery):
        return None
    return delivery.available_at - delivery.newest_event_at


def is_ahead(delivery: Delivery) -> bool:
    """Whether its newest event lies after its arrival: one of the two clocks is wrong."""
    event = delivery.newest_event_at
    return event is not None and utc(event) > utc(delivery.available_at)


def newest_deliveries(reading: Reading) -> Sequence[Delivery]:
    """The deliveries in charts and tables, oldest first."""
    return reading.deliveries[-NEWEST:]


def figures(reading: Reading, expected: Mapping[str, str], *, name: str) -> list[Figure]:
    """The charts of one reading. `expected` is by claim; `name` is unique within the page."""
    deliveries = newest_deliveries(reading)
    charts = []
    if len(deliveries) > 1:
        for chart, claim in ((_lags, fresh.CLAIM.name), (_rows, arrives.CLAIM.name)):
            figure = chart(deliveries, f"{name}-{claim}")
            promise = f" Expected: {expected[claim]}." if claim in expected else ""
            charts.append(Figure(figure.chart, figure.caption + promise))
    if reading.latency is not None and len(reading.latency.samples) > 1:
        charts.append(_answers(reading.latency, f"{name}-answers"))
    return charts


def expectations(judged: Sequence[Judged]) -> dict[str, str]:
    """What each claim expects, in the words of its verdict."""
    return {one.planned.claim: one.verdict.expected for one in judged if one.verdict.expected}


def _lags(deliveries: Sequence[Delivery], name: str) -> Figure:
    known = [value for d in deliveries if (value := lag(d)) is not None]
    caption = f"{len(deliveries)} deliveries"
    if known:
        caption += f": lag from {hours(min(known))} to {hours(max(known))}"
    if eventless := [_label(d) for d in deliveries if d.newest_event_at is None]:
        caption += f"; without any event: {', '.join(eventless)}"
    if ahead := [_label(d) for d in deliveries if is_ahead(d)]:
        caption += f"; with events after their arrival: {', '.join(ahead)}"
    chart = bars(
        [
            Bar(
                label=_label(d),
                value=None if (value := lag(d)) is None else value / timedelta(hours=1),
                remark="" if value is not None else "after arrival" if is_ahead(d) else "no event",
                tick=tick,
            )
            for d, tick in zip(deliveries, _ticks(deliveries), strict=True)
        ],
        Legend(name=name, title="Lag by delivery", description=caption),
        unit=lambda value: f"{plain(value)} h",
    )
    return Figure(chart, f"Lag by delivery: newest event to available. {caption}.")


def _rows(deliveries: Sequence[Delivery], name: str) -> Figure:
    rows = [d.rows for d in deliveries]
    caption = f"{len(deliveries)} deliveries: from {count(min(rows))} to {count(max(rows))} rows"
    if empty := [_label(d) for d in deliveries if not d.rows]:
        caption += f"; empty: {', '.join(empty)}"
    chart = bars(
        [
            Bar(label=_label(d), value=d.rows, remark="" if d.rows else "empty", tick=tick)
            for d, tick in zip(deliveries, _ticks(deliveries), strict=True)
        ],
        Legend(name=name, title="Rows by delivery", description=caption),
        unit=plain,
    )
    return Figure(chart, f"Rows by delivery. {caption}.")


def _answers(latency: Latency, name: str) -> Figure:
    levels = [Level(name="p95", value=latency.p95), Level(name="p50", value=latency.p50)]
    caption = (
        f"{count(latency.n)} answers: p50 {milliseconds(latency.p50)}, "
        f"p95 {milliseconds(latency.p95)}, longest {milliseconds(latency.maximum)}"
    )
    chart = dots(
        latency.samples,
        levels,
        Legend(name=name, title="Answer times", description=caption),
        unit=lambda value: f"{plain(value)} ms",
    )
    return Figure(chart, f"Answer times in order of asking. {caption}.")


def _day(delivery: Delivery) -> date:
    return delivery.day or delivery.available_at.date()


def _label(delivery: Delivery) -> str:
    day = _day(delivery)
    return f"{day:%a} {day.day} {day:%b}"


def _ticks(deliveries: Sequence[Delivery]) -> list[str]:
    """Labels of Mondays, thinned to fit; of first and last day if there is at most one Monday."""
    days = [_day(delivery) for delivery in deliveries]
    places = [
        place
        for place, day in enumerate(days)
        if day.weekday() == MONDAY and (place == 0 or days[place - 1] != day)
    ]
    if len(places) < 2:  # noqa: PLR2004  # one label shows where, two show how long
        places = [0, len(days) - 1]
    kept = set(places[:: -(-len(places) // TICKS)])
    return [_label(d) if place in kept else "" for place, d in enumerate(deliveries)]


def newest_lag(reading: Reading) -> timedelta | None:
    """The lag of the last delivery; None if that tells none, whatever earlier ones had."""
    return lag(reading.deliveries[-1]) if reading.deliveries else None


def passed_rules(rules: Sequence[RuleCount]) -> list[RuleCount]:
    """Rules that were evaluated on at least one row, without a failure."""
    return [rule for rule in rules if rule.checked and not rule.failed and rule.error is None]


def group_by_column(rules: Sequence[RuleCount]) -> dict[tuple[str | None, int], list[str]]:
    """Names of rules by column and number of rows checked, in the contract's order."""
    names: dict[tuple[str | None, int], list[str]] = {}
    for rule in rules:
        names.setdefault((rule.column, rule.checked), []).append(rule.rule)
    return names


def other_rules(rules: Sequence[RuleCount]) -> list[RuleCount]:
    """Rules that failed or were never evaluated."""
    passed = passed_rules(rules)
    return [rule for rule in rules if rule not in passed]


def at_least(counts: KeysFound) -> str:
    """The lower bound of the share of matching keys, rounded down."""
    if not 0 <= counts.found <= counts.keys:
        return UNKNOWN
    return f"{floor(lower_bound(counts.found, counts.keys, _CONFIDENCE) * 10_000) / 100:.2f} %"


_CONFIDENCE = 0.95
"""Confidence of the bound beside a share on the page; the verdict may use another one."""


def witness(reading: Reading) -> str:
    """The source's declared count beside what was read, or that there is no witness."""
    known = reading.witness
    if known is None:
        why = reading.unwitnessed or "the source did not say how much there was to read"
        return f"none: {why}"
    told = f"{str(known.kind).replace('_', ' ')}: {count(known.declared)} {known.unit} declared, "
    told += f"{count(amount_read(reading, known))} read; {known.detail}"
    return f"{told}; {reading.unwitnessed}" if reading.unwitnessed else told


def statuses(counts: Sequence[StatusCount]) -> str:
    """`503 (3), SlowDown (1)`."""
    return ", ".join(f"{each.status} ({count(each.n)})" for each in counts)
