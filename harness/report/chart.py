"""Small charts as inline SVG without a script. Their colours are those of the page, light or dark.

Every chart has a title and a description in words. Absent values are marked with a sign and a
word, never with a colour or a gap alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import TypeAlias

from markupsafe import Markup

from harness.report.words import UNKNOWN
from harness.say import visible

WIDTH, HEIGHT = 380, 150
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 10, 22
INK, MUTED, RULE, BAR, ALARM = (
    f"var(--{name})" for name in ("ink", "muted", "rule", "bar", "alarm")
)


Unit: TypeAlias = Callable[[float], str]
"""Formats a value with its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One delivery. If it has no value or has a remark, it is marked and the remark is shown."""

    label: str
    value: float | None
    remark: str = ""
    tick: str = ""
    """Text below the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """A chart's name, title and description, for screen readers."""

    name: str
    """Unique within the page."""
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A horizontal line across a chart."""

    name: str
    value: float


def bars(items: Sequence[Bar], legend: Legend, *, unit: Unit) -> Markup:
    """One bar per item, in the given order, from zero."""
    scale = _Scale.over([item.value for item in items if item.value is not None])
    pitch = (WIDTH - LEFT - RIGHT) / max(len(items), 1)
    parts = [scale.axis(unit)]
    for place, item in enumerate(items):
        middle = LEFT + pitch * (place + 0.5)
        parts.append(_bar(item, middle, pitch * 0.72, scale, unit))
        parts.append(_text(item.tick, middle, HEIGHT - 6, "middle"))
    return _svg(parts, legend)


def dots(
    values: Sequence[float], levels: Sequence[Level], legend: Legend, *, unit: Unit
) -> Markup:
    """One dot per value, in the given order, with horizontal lines such as a median."""
    scale = _Scale.over([*values, *(level.value for level in levels)])
    pitch = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    path = "".join(
        f"M{LEFT + pitch * (place + 0.5):.1f} {scale.y(value):.1f}h0"
        for place, value in enumerate(values)
        if isfinite(value)
    )
    cloud = Markup('<path d="{}" stroke="{}" stroke-width="5" stroke-linecap="round"/>')
    parts = [scale.axis(unit), cloud.format(path, BAR)]
    # Labels at opposite ends, so that two close lines do not overlap.
    for level, end in zip(levels, ("end", "start"), strict=False):
        parts.append(_level(level, scale, end))
    parts.append(_text("in order of asking", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "middle"))
    return _svg(parts, legend)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    lowest: float
    highest: float

    @staticmethod
    def over(values: Sequence[float]) -> _Scale:
        """A scale from zero, or a round number below it, to a round number above all values."""
        finite = [0.0, *filter(isfinite, values)]
        return _Scale(lowest=0.0 - _round_up(-min(finite)), highest=_round_up(max(finite)) or 1.0)

    def y(self, value: float) -> float:
        """A value's distance from the top, in the picture's units."""
        part = (value - self.lowest) / (self.highest - self.lowest)
        return TOP + (1 - part) * (HEIGHT - TOP - BOTTOM)

    def axis(self, unit: Unit) -> Markup:
        """Grid lines with their values: both ends, zero and the middle."""
        line = Markup('<path d="M{} {:.1f}H{}" stroke="{}"/>')
        return Markup().join(
            line.format(LEFT, self.y(mark), WIDTH - RIGHT, RULE if mark else MUTED)
            + _text(unit(mark), LEFT - 6, self.y(mark) + 3.5, "end")
            for mark in sorted({self.lowest, 0.0, self.highest / 2, self.highest})
        )


def _round_up(value: float) -> float:
    if value <= 0:
        return 0.0
    power: float = 10.0 ** floor(log10(value))
    steps = (step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8))
    return next((round_ for round_ in steps if round_ >= value), 10 * power)


def _bar(item: Bar, middle: float, width: float, scale: _Scale, unit: Unit) -> Markup:
    zero = scale.y(0.0)
    if item.value is None or not isfinite(item.value):
        return _mark(item.remark or UNKNOWN, middle, zero)
    top, bottom = sorted((zero, scale.y(item.value)))
    rectangle = Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}">'
        "<title>{}</title></rect>"
    ).format(
        middle - width / 2,
        top,
        width,
        bottom - top,
        BAR,
        visible(f"{item.label}: {unit(item.value)}"),
    )
    return rectangle + (_mark(item.remark, middle, zero) if item.remark else "")


def _mark(remark: str, x: float, zero: float) -> Markup:
    return Markup(
        '<path d="M{:.1f} {:.1f}l7 7m0-7l-7 7" stroke="{}" stroke-width="2"/>'
        '<text transform="translate({:.1f} {:.1f}) rotate(-90)" fill="{}" font-weight="600">'
        "{}</text>"
    ).format(x - 3.5, zero - 10, ALARM, x + 3.5, zero - 14, ALARM, visible(remark))


def _level(level: Level, scale: _Scale, end: str) -> Markup:
    if not isfinite(level.value):
        return Markup()
    x, y = {"start": LEFT + 2, "end": WIDTH - RIGHT}[end], scale.y(level.value)
    line = Markup('<path d="M{} {:.1f}H{}" stroke="{}" stroke-dasharray="5 3"/>')
    return line.format(LEFT, y, WIDTH - RIGHT, INK) + _text(level.name, x, y - 4, end)


def _text(text: str, x: float, y: float, anchor: str) -> Markup:
    if not text:
        return Markup()
    label = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" fill="{}">{}</text>')
    return label.format(x, y, anchor, MUTED, visible(text))


def _svg(parts: Sequence[Markup], legend: Legend) -> Markup:
    head = Markup(
        '<svg viewBox="0 0 {w} {h}" role="img" aria-labelledby="{name}-title" '
        'aria-describedby="{name}-desc" font-family="system-ui, sans-serif" font-size="10.5" '
        'fill="none"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-desc">{description}</desc>'
    ).format(
        w=WIDTH,
        h=HEIGHT,
        name=legend.name,
        title=visible(legend.title),
        description=visible(legend.description),
    )
    return head + Markup().join(parts) + Markup("</svg>")
