"""What a sender writes into the footer of a Parquet file when all rows are in."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.events import Completed, WitnessKind
from connectors.files.formats.parquet import Parquet
from tests.connectors.folder_fixture import Folder

SCHEMA = pa.schema([("n", pa.int64())])


def parquet(rows: int, **metadata: str) -> bytes:
    table = pa.table({"n": range(rows)}, schema=SCHEMA).replace_schema_metadata(metadata)
    pq.write_table(table, into := io.BytesIO())
    return into.getvalue()


def read(folder: Path, footer: str) -> Completed:
    return Folder(folder, Parquet(footer=footer)).read(SCHEMA).completed


def test_the_count_in_the_footer_is_the_senders_word(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Parquet())
    folder.put("a.it", parquet(3, rows_sent="3"))
    folder.put("b.it", parquet(2, rows_sent="2"))
    one = read(tmp_path, "rows_sent={rows}")
    assert one.witness is not None
    assert (one.witness.kind, one.witness.declared) == (WitnessKind.SENDERS_WORD, 5)
    alone = folder.read(SCHEMA).completed  # its own number of rows counts what was written
    assert alone.witness is not None
    assert alone.witness.kind is WitnessKind.LISTING


def test_another_count_refutes(tmp_path: Path) -> None:
    """A job that failed closed its file properly, with the rows that it had."""
    Folder(tmp_path, Parquet()).put("a.it", parquet(3, rows_sent="5"))
    one = read(tmp_path, "rows_sent={rows}")
    assert one.witness is not None
    assert (one.witness.declared, one.rows) == (5, 3)
    assert one.unwitnessed == "a.it: 3 rows came, and its footer says 5"


def test_a_marker_is_the_senders_word(tmp_path: Path) -> None:
    Folder(tmp_path, Parquet()).put("a.it", parquet(3, status="complete"))
    one = read(tmp_path, "status=complete")
    assert one.witness is not None
    assert (one.witness.kind, one.witness.declared) == (WitnessKind.SENDERS_WORD, one.bytes)


@pytest.mark.parametrize("metadata", [{}, {"status": "running"}, {"other": "complete"}])
def test_a_file_without_it_was_cut(tmp_path: Path, metadata: dict[str, str]) -> None:
    folder = Folder(tmp_path, Parquet(footer="status=complete"))
    folder.put("a.it", parquet(3, **metadata))
    folder.refused(SCHEMA, r"a\.it: its footer does not say status=complete: have it sent again")


@pytest.mark.parametrize("footer", ["", "rows", "=3", "rows=", "n={rows}{rows}", "n={bytes}"])
def test_a_footer_that_cannot_be_is_refused_at_once(footer: str) -> None:
    with pytest.raises(ValueError, match=r"a footer is KEY=TEXT, with .rows. in it once or not"):
        Parquet(footer=footer)
