"""Which charts a reading deserves, and what they say in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import floor
from typing import NamedTuple

from markupsafe import Markup

from contracts.evaluation import KeysFound, RuleCount
from harness.facts import Delivery, Latency, Reading
from harness.report.chart import Bar, Legend, Level, bars, dots
from harness.report.words import UNKNOWN, count, hours, milliseconds, plain
from harness.result import Judged
from harness.statistics.rates import lower_bound

NEWEST = 90
"""Deliveries shown; the verdicts rest on all of them."""
TICKS = 5
MONDAY = 0


class Figure(NamedTuple):
    """A chart and the caption below it."""

    chart: Markup
    caption: str


def lag(delivery: Delivery) -> timedelta | None:
    """From a delivery's newest event to its being available; None where it holds no event."""
    if delivery.newest_event_at is None:
        return None
    return delivery.available_at - delivery.newest_event_at


def shown(reading: Reading) -> Sequence[Delivery]:
    """The deliveries that charts and tables show, oldest first."""
    return reading.deliveries[-NEWEST:]


def figures(reading: Reading, promised: Mapping[str, str], *, name: str) -> list[Figure]:
    """The charts of one reading. `promised` is what each claim expects; `name` is unique within
    the page.
    """
    deliveries = shown(reading)
    drawn = []
    if len(deliveries) > 1:
        for chart, claim in ((_lags, "fresh"), (_rows, "arrives")):
            figure = chart(deliveries, f"{name}-{claim}")
            asked = f" Expected: {promised[claim]}." if claim in promised else ""
            drawn.append(Figure(figure.chart, figure.caption + asked))
    if reading.latency is not None and len(reading.latency.samples) > 1:
        drawn.append(_answers(reading.latency, f"{name}-answers"))
    return drawn


def promised(judged: Sequence[Judged]) -> dict[str, str]:
    """What each claim expects, in its verdict's words."""
    return {one.planned.claim: one.verdict.expected for one in judged if one.verdict.expected}


def _lags(deliveries: Sequence[Delivery], name: str) -> Figure:
    known = [value for d in deliveries if (value := lag(d)) is not None]
    said = f"{len(deliveries)} deliveries"
    if known:
        said += f": lag from {hours(min(known))} to {hours(max(known))}"
    if silent := [_label(d) for d in deliveries if lag(d) is None]:
        said += f"; without any event: {', '.join(silent)}"
    chart = bars(
        [
            Bar(
                label=_label(d),
                value=None if (value := lag(d)) is None else value / timedelta(hours=1),
                remark="no event" if value is None else "",
                tick=tick,
            )
            for d, tick in zip(deliveries, _ticks(deliveries), strict=True)
        ],
        Legend(name=name, title="Lag by delivery", description=said),
        unit=lambda value: f"{plain(value)} h",
    )
    return Figure(chart, f"Lag by delivery: newest event to available. {said}.")


def _rows(deliveries: Sequence[Delivery], name: str) -> Figure:
    rows = [d.rows for d in deliveries]
    said = f"{len(deliveries)} deliveries: from {count(min(rows))} to {count(max(rows))} rows"
    if empty := [_label(d) for d in deliveries if not d.rows]:
        said += f"; empty: {', '.join(empty)}"
    chart = bars(
        [
            Bar(label=_label(d), value=d.rows, remark="" if d.rows else "empty", tick=tick)
            for d, tick in zip(deliveries, _ticks(deliveries), strict=True)
        ],
        Legend(name=name, title="Rows by delivery", description=said),
        unit=plain,
    )
    return Figure(chart, f"Rows by delivery. {said}.")


def _answers(latency: Latency, name: str) -> Figure:
    levels = [Level(name="p95", value=latency.p95), Level(name="p50", value=latency.p50)]
    said = (
        f"{count(latency.n)} answers: p50 {milliseconds(latency.p50)}, "
        f"p95 {milliseconds(latency.p95)}, longest {milliseconds(latency.maximum)}"
    )
    chart = dots(
        latency.samples,
        levels,
        Legend(name=name, title="Answer times", description=said),
        unit=lambda value: f"{plain(value)} ms",
    )
    return Figure(chart, f"Answer times in order of asking. {said}.")


def _day(delivery: Delivery) -> date:
    return delivery.day or delivery.available_at.date()


def _label(delivery: Delivery) -> str:
    day = _day(delivery)
    return f"{day:%a} {day.day} {day:%b}"


def _ticks(deliveries: Sequence[Delivery]) -> list[str]:
    """Mondays, thinned to what fits; first and last where there is no more than one."""
    days = [_day(delivery) for delivery in deliveries]
    places = [
        place
        for place, day in enumerate(days)
        if day.weekday() == MONDAY and (place == 0 or days[place - 1] != day)
    ]
    if len(places) < 2:  # noqa: PLR2004  # one label says where, two say how long
        places = [0, len(days) - 1]
    kept = set(places[:: -(-len(places) // TICKS)])
    return [_label(d) if place in kept else "" for place, d in enumerate(deliveries)]


def newest_lag(reading: Reading) -> timedelta | None:
    """The lag of the last delivery that holds an event."""
    return next((known for d in reversed(reading.deliveries) if (known := lag(d))), None)


def held(rules: Sequence[RuleCount]) -> list[RuleCount]:
    """Rules that were held against rows and that none of them broke."""
    return [rule for rule in rules if rule.checked and not rule.failed and rule.error is None]


def by_column(rules: Sequence[RuleCount]) -> dict[tuple[str | None, int], list[str]]:
    """Names of rules by column and number of rows checked, in the contract's order."""
    found: dict[tuple[str | None, int], list[str]] = {}
    for rule in rules:
        found.setdefault((rule.column, rule.checked), []).append(rule.rule)
    return found


def not_held(rules: Sequence[RuleCount]) -> list[RuleCount]:
    """The rest: a rule that no row was held against is no rule that held."""
    good = held(rules)
    return [rule for rule in rules if rule not in good]


def at_least(found: KeysFound) -> str:
    """The lower bound of the share of keys found; rounded towards less."""
    if not 0 <= found.found <= found.keys:
        return UNKNOWN
    return f"{floor(lower_bound(found.found, found.keys, _CONFIDENCE) * 10_000) / 100:.2f} %"


_CONFIDENCE = 0.95
"""Of the bound that the page shows beside a share, whatever the verdict asks for."""


def witness(reading: Reading) -> str:
    """What the source declared beside what was read; no witness is said to be none."""
    known = reading.witness
    if known is None:
        return "none: the source did not say how much there was to read"
    read = reading.bytes if known.unit == "bytes" else reading.rows
    return (
        f"{known.kind}: {count(known.declared)} {known.unit} declared, {count(read)} read; "
        f"{known.detail}"
    )
