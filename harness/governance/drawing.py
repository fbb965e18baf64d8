"""`lineage.svg`: source column → contract → field of the model, as one picture without a script.

Everything in it is text of the pilot, and escaped by the environment of our pages. It has its own
ground, so that it reads on light and dark, and says in words what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.claims.wording import count, listed
from harness.governance.lineage import Field, Graph, Origin
from harness.governance.pages import environment

WIDTH, ROW, TOP, GAP = 980, 44, 56, 30
_LONGEST = 36
"""Characters of a name in the picture; its title has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One column of a source, at its height."""

    origin: Origin
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One data set: its contract with the rows in it."""

    name: str
    contract: str
    y: float
    height: float
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One field of the model, at its height."""

    field: Field
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """From a column to a field."""

    above: float
    below: float
    wrong: bool


def render(graph: Graph, *, title: str) -> str:
    """The picture. Equal graphs give equal bytes."""
    bands = _bands(graph)
    columns = {row.origin.name: row for band in bands for row in band.rows}
    bottom = bands[-1].y + bands[-1].height
    targets = _targets(graph.fields, bottom)
    lines = [
        Line(above=columns[one.name].y, below=target.y, wrong=one.wrong is not None)
        for target in targets
        for one in target.field.origins
    ]
    return (
        environment()
        .get_template("lineage.svg.j2")
        .render(
            width=WIDTH,
            height=max(bottom, targets[-1].y + ROW) + GAP,
            title=f"{title}: where the fields of {graph.model} come from",
            told=in_words(graph),
            bands=bands,
            targets=targets,
            lines=lines,
            model=graph.model,
            predicts=graph.predicts,
            short=_short,
        )
    )


def in_words(graph: Graph) -> str:
    """The whole picture in sentences, for whoever does not see it."""
    said = [
        f"{field.name} is made of {listed([_of(one) for one in field.origins])}"
        for field in graph.fields
    ]
    columns, fields = len(graph.origins), len(graph.fields)
    return f"{count(columns, 'column')} make {count(fields, 'field')}. {'. '.join(said)}."


def _of(one: Origin) -> str:
    return f"{one.name} ({one.wrong})" if one.wrong else one.name


def _bands(graph: Graph) -> Sequence[Band]:
    bands, y = list[Band](), float(TOP)
    for source, dataset in graph.datasets:
        own = [one for one in graph.origins if (one.source, one.dataset) == (source, dataset)]
        digest = next((one.contract for one in own if one.contract), None)
        height = ROW * len(own) + 32
        bands.append(
            Band(
                name=f"{source}.{dataset}",
                contract=f"contract {digest[:12]}…" if digest else "no contract",
                y=y,
                height=height,
                rows=tuple(
                    Row(origin=one, y=y + 26 + ROW * (place + 0.5))
                    for place, one in enumerate(own)
                ),
            )
        )
        y += height + GAP / 2
    return bands


def _targets(fields: Sequence[Field], bottom: float) -> Sequence[Target]:
    """Spread over the height of the columns, or below it where there are more fields."""
    pitch = max(float(ROW), (bottom - TOP) / len(fields))
    return [Target(field=one, y=TOP + pitch * (n + 0.5)) for n, one in enumerate(fields)]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
