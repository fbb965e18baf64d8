"""The newest file alone tells the columns, by its first or last bytes, as a reading declares."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.errors import NeedsRows, SourceChanged
from connectors.events import Answered, Declared, Event
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.formats.parquet import Parquet
from connectors.files.glimpse import BLOCK_BYTES
from connectors.files.packing import Gzip
from tests.connectors.folder_fixture import Folder

SCHEMA = pa.schema([("key", pa.int64())])
ROWS = 20_000


def parquet(columns: int) -> bytes:
    """Of so many columns; many have a footer of several blocks."""
    names = ["key", *(f"column_{'x' * 200}_{n}" for n in range(columns))]
    table = pa.table({name: pa.array(range(ROWS if columns < 9 else 1)) for name in names})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="none")
    return sink.getvalue().to_pybytes()


def declare(files: Files) -> tuple[Declared, list[Event]]:
    events: list[Event] = []
    return files.declare("it", emit=events.append), events


def asked(events: list[Event]) -> tuple[int, int]:
    answers = [event for event in events if isinstance(event, Answered)]
    return len(answers), sum(event.bytes for event in answers)


@pytest.mark.parametrize(
    ("format_", "old", "new"),
    [
        (Csv(delimiter=";"), "key;b\n1;2\n", "key;c\n" + "1;2\n" * ROWS),
        (Csv(skip_lines=1, trailer="T{rows}"), "x\nkey\n1\nT1\n", "x\nkey\n1\nT1\n"),
        (JsonLines(), '{"key": 1}\n', '{"key": 1, "b": 2}\n' * ROWS),
        (Parquet(), parquet(1), parquet(2)),
        (Parquet(), parquet(1), parquet(400)),
    ],
    ids=["csv", "trailer", "jsonl", "parquet", "long footer"],
)
def test_what_is_declared_is_what_a_reading_declares(
    tmp_path: Path, format_: Csv | JsonLines | Parquet, old: str | bytes, new: str | bytes
) -> None:
    folder = Folder(tmp_path, format_)
    folder.put("a.it", old)
    folder.put("b.it", new)
    declared, events = declare(folder.files)
    assert folder.read(SCHEMA).of(Declared)[-1] == declared
    requests, nbytes = asked(events)
    assert requests <= 4
    assert nbytes <= len(new) + BLOCK_BYTES


def test_of_a_long_file_a_block_is_fetched(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Csv())
    folder.put("a.it", "key\n" + "123456\n" * ROWS)
    _, events = declare(folder.files)
    assert asked(events)[1] == BLOCK_BYTES


@pytest.mark.parametrize("content", ["", None])
def test_without_a_file_with_columns_rows_would_be_needed(
    tmp_path: Path, content: str | None
) -> None:
    folder = Folder(tmp_path, Csv())
    if content is not None:
        folder.put("a.it", content)
    with pytest.raises(NeedsRows):
        declare(folder.files)


def test_packed_files_and_files_without_a_header_need_rows(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Csv(), packed=Gzip())
    folder.put("a.it", "key\n1\n")
    with pytest.raises(NeedsRows, match="packed"):
        declare(folder.files)
    bare = Folder(tmp_path, Csv(names=("key",)))
    with pytest.raises(NeedsRows):
        declare(bare.files)


def test_a_parquet_file_without_a_footer_is_refused(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Parquet())
    folder.put("a.it", parquet(1)[:-20])
    with pytest.raises(SourceChanged):
        declare(folder.files)


def test_a_dataset_without_files_says_what_to_add(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Csv())
    with pytest.raises(SourceChanged, match="has no files"):
        folder.files.declare("other", emit=lambda _: None)
    assert FileSet("*.it", Csv()).packed is None
