"""What Python's own writer writes in a dialect is read back, field by field, or is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import SourceChanged
from connectors.files.formats.csv import Csv

UNHURRIED = settings(deadline=None)  # the machine may be busy
NAMES = ("a", "b")
marks = st.sampled_from([",", ";", "\t", "|", '"', "'", "\\", "\n", "\r\n", " ", ".", "ß", "€"])
texts = st.lists(st.one_of(marks, st.text("ab1", max_size=3)), max_size=6).map("".join)
tables = st.lists(st.tuples(texts, texts), min_size=1, max_size=5)
DIALECTS = [
    Csv(nulls=()),
    Csv(delimiter=";", encoding="cp1252", nulls=()),
    Csv(delimiter="\t", quote="'", encoding="utf-16", nulls=()),
    Csv(delimiter="|", escape="\\", nulls=()),
    Csv(names=NAMES, trailer="END|{rows}", nulls=()),
    Csv(skip_lines=1, quote="'", escape="\\", nulls=()),
]


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="st-") as name:
        yield Path(name)


def written(dialect: Csv, table: list[tuple[str, str]]) -> bytes:
    """By the standard library, with every field quoted."""
    options: dict[str, Any] = {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quote,
        "escapechar": dialect.escape,
        "doublequote": dialect.escape is None,
        "quoting": csv.QUOTE_ALL,
        "lineterminator": "\r\n",
    }
    into = io.StringIO(newline="")
    into.write("above\r\n" * dialect.skip_lines)
    writer = csv.writer(into, **options)
    writer.writerows([*([] if dialect.names else [NAMES]), *table])
    into.write(f"END|{len(table)}\r\n" if dialect.trailer else "")
    return into.getvalue().encode(dialect.encoding)


def came(dialect: Csv, path: Path) -> list[tuple[str, str]]:
    layout = dialect.layout(path, "it.csv")
    assert layout is not None
    assert layout.names == NAMES
    blocks = dialect.blocks(path, "it.csv", layout, pa.schema([]))
    columns = [[column.to_pylist() for column in block.columns.values()] for block in blocks]
    return [row for block in columns for row in zip(*block, strict=True)]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.written)
def test_what_was_written_comes_back(dialect: Csv, folder: Path) -> None:
    path = folder / "it.csv"

    @UNHURRIED
    @given(tables)
    def holds(table: list[tuple[str, str]]) -> None:
        path.write_bytes(written(dialect, table))
        assert came(dialect, path) == table

    holds()


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.written)
def test_a_file_that_is_cut_or_changed_gives_other_rows_or_is_refused(
    dialect: Csv, folder: Path
) -> None:
    """Nothing but SourceChanged is raised, whatever bytes are there."""
    path = folder / "it.csv"

    @UNHURRIED
    @given(tables, st.data())
    def holds(table: list[tuple[str, str]], data: st.DataObject) -> None:
        whole = written(dialect, table)
        at = data.draw(st.integers(0, len(whole)))
        path.write_bytes(whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + 1 :])
        with suppress(SourceChanged):
            layout = dialect.layout(path, "it.csv")
            if layout is not None:
                list(dialect.blocks(path, "it.csv", layout, pa.schema([])))
            dialect.describe(path, "it.csv")

    holds()
