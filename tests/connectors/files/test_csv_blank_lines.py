"""A line on which nothing stands is no row of several columns: it is counted, and told."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.events import BlankLines
from connectors.files.formats.csv import Csv
from connectors.files.formats.csv_text import Glance
from tests.connectors.folder_fixture import Folder

TWO = pa.schema({"a": pa.string(), "b": pa.string()})
ONE = pa.schema({"a": pa.string()})


def told(folder: Folder, content: str | bytes, schema: pa.Schema = TWO) -> tuple[int, int]:
    """Rows, and blank lines as the events tell them."""
    folder.put("it.it", content)
    run = folder.read(schema)
    return run.table.num_rows, sum(event.lines for event in run.of(BlankLines))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Csv())


@pytest.mark.parametrize(
    ("content", "rows", "blank"),
    [
        ("a,b\n1,2\n3,4\n", 2, 0),
        ("a,b\n1,2\n\n3,4\n", 2, 1),
        ("a,b\n\n\n1,2\n3,4", 2, 2),
        ("a,b\n1,2\n\n\n", 1, 2),
        ("a,b\r\n1,2\r\n\r\n3,4\r\n", 2, 1),
        ("a,b\n1,2\n\r\n\n3,4\n", 2, 2),
        ('a,b\n1,"x\n\ny"\n\n3,4\n', 2, 1),
        ("a,b\n,\n1,2\n", 2, 0),
        ("a,b", 0, 0),
        ("a,b\n\n", 0, 1),
    ],
    ids=ascii,
)
def test_blank_lines_are_counted_beside_the_rows(
    folder: Folder, content: str, rows: int, blank: int
) -> None:
    """One in a quoted field is a part of it, and a row of empty fields is a row."""
    assert told(folder, content) == (rows, blank)


def test_each_file_tells_its_own(folder: Folder) -> None:
    folder.put("1.it", "a,b\n\n1,2\n")
    folder.put("2.it", "a,b\n1,2\n")
    folder.put("3.it", "a,b\n1,2\n\n\n")
    assert folder.read(TWO).of(BlankLines) == [
        BlankLines(name="1.it", lines=1),
        BlankLines(name="3.it", lines=2),
    ]


def test_in_one_column_a_blank_line_is_a_missing_value(folder: Folder) -> None:
    assert told(folder, "a\n1\n\n3\n", ONE) == (3, 0)


@pytest.mark.parametrize(
    ("dialect", "content"),
    [
        (Csv(skip_lines=2), "title\n\na,b\n1,2\n\n3,4\n"),
        (Csv(names=("a", "b")), "1,2\n\n3,4\n"),
        (Csv(trailer="T,{rows}"), "a,b\n1,2\n\n3,4\nT,2\n"),
        (Csv(encoding="utf-16"), "a,b\n1,2\n\n3,é\n".encode("utf-16")),
        (Csv(escape="\\"), "a,b\n1,x\\\ny\n\n3,4\n"),
        (Csv(quote=None), 'a,b\n1,"\n\n3,4\n'),
    ],
    ids=str,
)
def test_every_dialect_counts_them(tmp_path: Path, dialect: Csv, content: str | bytes) -> None:
    """Lines above the rows are none of them, nor is a trailer."""
    assert told(Folder(tmp_path, dialect), content) == (2, 1)


def test_types_that_the_parser_reads_itself_change_nothing(folder: Folder) -> None:
    """A block that does not fit its types is parsed again, and nothing is counted twice."""
    times = pa.schema({"a": pa.timestamp("us", "UTC"), "b": pa.string()})
    content = "a,b\n2026-11-01T00:00:00Z,1\n\nno time,2\n\n"
    assert told(folder, content, times) == (2, 2)


fields = st.text('a1,"\n\r ', max_size=3).map(
    lambda text: '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text
)


@given(
    lines=st.lists(st.none() | st.tuples(fields, fields), max_size=8),
    end=st.sampled_from(["\n", "\r\n"]),
    ended=st.booleans(),
)
def test_what_was_written_is_what_is_told(
    lines: list[tuple[str, str] | None], end: str, *, ended: bool
) -> None:
    """Whatever stands in the fields."""
    written = ["a,b", *("" if line is None else ",".join(line) for line in lines)]
    blank = lines.count(None) - (not ended and bool(lines) and lines[-1] is None)
    content = end.join(written) + (end if ended else "")
    with TemporaryDirectory() as path:
        found = told(Folder(Path(path), Csv()), content.encode())
    assert found == (len(lines) - lines.count(None), blank)


@pytest.mark.parametrize("before", range(5))
def test_a_line_end_may_lie_between_two_looks(tmp_path: Path, before: int) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"x" * ((1 << 18) - before) + b"\r\n\r\nx\r\n")
    assert Glance.of(path, '"').lines == 3
