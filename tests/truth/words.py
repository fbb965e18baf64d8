"""Kind 8, second half: what stands for nothing, what no text holds, what no contract covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any

import pandera.polars as pa
import polars as pl

from connectors.connector import Connector
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.local import Local
from connectors.rest.connector import Endpoint
from contracts.promises import Contract, Promises
from harness.verdict import Outcome, Verdict
from seatrial.rest import next_url
from tests.connectors.scripted import documents, paged, scripted
from tests.truth.situation import NUMBER, Ground, Situation, Trial, contract, proven

ROWS = 1_000
_TABLES = count(1)
Place = Callable[[Ground, Sequence[str]], AbstractContextManager[Connector]]
"""Puts texts into a real source, one a row, as column `segment` of its dataset `it`."""


@contextmanager
def postgresql(ground: Ground, texts: Sequence[str]) -> Iterator[Connector]:
    """A table that holds each text as it is; no NUL, which PostgreSQL refuses."""
    table = f"words_{next(_TABLES)}"
    ground.postgresql.execute(
        f"create table {table} (id bigint primary key, segment text)",
        f"grant select on {table} to public",
        *(f"insert into {table} values ({n}, {_quoted(t)})" for n, t in enumerate(texts)),
    )
    yield ground.postgresql.sql(table)


@contextmanager
def csv(ground: Ground, texts: Sequence[str]) -> Iterator[Connector]:
    """A file in which each text stands in quotes: it is a text, and no null."""
    folder = ground.folder()
    rows = [f'{n},"{text}"' for n, text in enumerate(texts)]
    (folder / "it.csv").write_bytes("\n".join(["id,segment", *rows, ""]).encode())
    yield Files(store=Local(folder), datasets={"it": FileSet("*.csv", Csv())})


@contextmanager
def rest(ground: Ground, texts: Sequence[str]) -> Iterator[Connector]:
    """An API that answers JSON, in which a text may hold anything."""
    rows: list[dict[str, object]] = [{"id": n, "segment": t} for n, t in enumerate(texts)]
    it = Endpoint(path="/1", pages=next_url("next"), rows="rows", total="total")
    with scripted(paged(documents(rows))) as source:
        yield source.rest(endpoints={"it": it})


def _quoted(text: str) -> str:
    return "E'" + "".join(f"\\u{ord(character):04x}" for character in text) + "'"


SOURCES: dict[Place, str] = {postgresql: "PostgreSQL", csv: "CSV", rest: "REST"}


def _held(**promises: Any) -> Contract:
    columns = {"id": NUMBER, "segment": pa.Column(pl.String, nullable=True)}
    return contract("it", columns, Promises(key=("id",), **promises))


def _texts(
    place: Place, name: str, odd: str, right: Outcome, n: int = 200, **promises: Any
) -> Situation:
    """`n` of 1,000 rows have `odd` as their segment, the others `A`."""

    def judge(ground: Ground) -> Verdict:
        texts = [odd if row < n else "A" for row in range(ROWS)]
        with place(ground, texts) as connector:
            return proven(ground, connector, _held(**promises), claim="conforms")

    return Situation(
        kind=8,
        source=SOURCES[place],
        name=f"{SOURCES[place]}: {name}",
        claim="conforms",
        right=right,
        judge=judge,
    )


BOUND = {"missing": {"segment": 0.05}}
TOLD = {**BOUND, "missing_as": ("N/A", r"\N", "-")}


def _uncovered(connector: Callable[[Ground], Connector], source: str, right: Outcome) -> Situation:
    def judge(ground: Ground) -> Verdict:
        held = contract("orders", {"id": NUMBER})
        trial = Trial(ground=ground, connector=connector(ground), contracts=(held,))
        return trial.prove(claim="conforms", dataset="refunds")

    name = f"{source}: a dataset is named and no contract covers it"
    return Situation(kind=8, source=source, name=name, claim="conforms", right=right, judge=judge)


def _two_tables(ground: Ground) -> Connector:
    tables = {"orders": "orders", "refunds": "refunds"}
    ground.postgresql.execute(
        *(f"create table {name} (id bigint primary key)" for name in tables),
        *(f"insert into {name} values (1)" for name in tables),
    )
    return ground.postgresql.sql(tables=tables)


def _two_globs(ground: Ground) -> Connector:
    folder = ground.folder()
    for name in ("orders", "refunds"):
        (folder / f"{name}.csv").write_text("id\n1\n")
    sets = {name: FileSet(f"{name}.csv", Csv()) for name in ("orders", "refunds")}
    return Files(store=Local(folder), datasets=sets)


BROKEN, PROVEN = Outcome.BROKEN, Outcome.PROVEN
SITUATIONS = (
    _texts(postgresql, "'' where a value is missing", "", BROKEN, **BOUND),
    _texts(postgresql, "white space where a value is missing", "\u00a0 \u3000", BROKEN, **BOUND),
    _texts(postgresql, r"\N where a value is missing", r"\N", BROKEN, **TOLD),
    _texts(csv, "a quoted blank where a value is missing", "  ", BROKEN, **BOUND),
    _texts(csv, "N/A where a value is missing", " N/A", BROKEN, **TOLD),
    _texts(rest, "'' where a value is missing", "", BROKEN, **BOUND),
    _texts(rest, "- where a value is missing", "-", BROKEN, **TOLD),
    _texts(postgresql, "few blanks, as promised", "", PROVEN, n=20, **BOUND),
    _texts(postgresql, "blanks that nothing bounds", "", PROVEN),
    _texts(rest, "NUL in a text", "a\0b", BROKEN, n=1),
    _texts(csv, "NUL in a text", "a\0b", BROKEN, n=1),
    _texts(csv, "an escape in a text", "\x1b[2J", BROKEN, n=1),
    _texts(postgresql, "a C1 control in a text", "caf\x92s", BROKEN, n=1),
    _texts(csv, "lines and tabs in a text", "two\r\nlines\tof 日本", PROVEN),
    _texts(
        rest,
        "a control that the contract allows",
        "a\x0bb",
        PROVEN,
        control_characters=("segment",),
    ),
    _uncovered(_two_tables, "PostgreSQL", Outcome.NOT_RUN),
    _uncovered(_two_globs, "CSV", Outcome.NOT_RUN),
)
