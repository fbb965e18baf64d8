"""The newest file tells its columns before its turn, and is fetched once like every other."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.connector import DELIVERY, RESCUED
from connectors.events import Answered, Delivered, Unreadable
from connectors.files.connector import Files
from connectors.files.decoder import Decoder
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.packing import Gzip
from connectors.files.stores.local import Local
from tests.connectors.folder_fixture import Folder

SCHEMA = pa.schema([("n", pa.int64()), ("more", pa.int64())])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Csv())


def names(folder: Folder) -> list[str]:
    schema = folder.read(SCHEMA).schema
    assert schema is not None
    return schema.names


def test_every_file_is_fetched_once_and_delivered_in_order(folder: Folder) -> None:
    for name in ("1.it", "2.it", "3.it"):
        folder.put(name, "n\n1\n")
    run = folder.read(SCHEMA)
    fetched = sorted(one.what for one in run.of(Answered) if one.what.endswith(".it"))
    assert [what.rpartition("/")[2].rpartition(" ")[2] for what in fetched] == [
        "1.it",
        "2.it",
        "3.it",
    ]
    assert [one.name for one in run.of(Delivered)] == ["1.it", "2.it", "3.it"]


def test_a_column_of_the_newest_file_is_typed_for_all(folder: Folder) -> None:
    folder.put("1.it", "n\n1\n")
    folder.put("2.it", "n,more\n2,7\n")
    table = folder.read(SCHEMA).table
    assert table["more"].to_pylist() == [None, 7]
    assert table.schema.field("more").type == pa.int64()


@pytest.mark.parametrize("last", ["", "a,b\nc\n", "a,b\n"])
def test_where_the_last_file_tells_nothing_the_one_before_it_does(
    folder: Folder, last: str
) -> None:
    """It is empty, or names nothing of the contract's; then the reading may end at its turn."""
    folder.put("1.it", "n\n1\n")
    folder.put("2.it", "n,more\n2,7\n")
    folder.put("3.it", last)
    if not last:
        assert names(folder) == ["n", "more", DELIVERY, RESCUED]
    else:
        folder.refused(SCHEMA, "3.it: it names none of the contract's columns")


def test_without_a_look_at_it_its_column_would_have_no_place(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard switched off: the value is rescued, and nothing is lost."""
    folder.put("1.it", "n\n1\n")
    folder.put("2.it", "n,more\n2,7\n")
    monkeypatch.setattr(Decoder, "foresee", lambda *_: False)
    table = folder.read(SCHEMA).table
    assert table.column_names == ["n", DELIVERY, RESCUED]
    assert table[RESCUED].to_pylist() == [None, '{"more": "7"}']


def test_a_packed_file_tells_its_columns_as_well(tmp_path: Path) -> None:
    for name, text in (("1.it", b"n\n1\n"), ("2.it", b"n,more\n2,7\n")):
        (tmp_path / name).write_bytes(gzip.compress(text))
    folder = Folder(tmp_path, Csv(), packed=Gzip())
    assert folder.read(SCHEMA).table["more"].to_pylist() == [None, 7]


def test_a_broken_newest_file_is_told_at_its_turn(folder: Folder) -> None:
    folder.put("1.it", "n\n1\n")
    folder.put("2.it", "n,n\n2,7\n")
    run = folder.refused(SCHEMA, "2.it: the header must name each column, and once")
    assert [batch.num_rows for batch in run.batches] == [1]


def test_a_reading_that_is_closed_early_leaves_no_file_open(folder: Folder) -> None:
    for name in ("1.it", "2.it", "3.it"):
        folder.put(name, "n\n1\n")
    files = Files(store=Local(folder.path), datasets={"it": FileSet("*.it", Csv())})
    before = len(list(Path("/proc/self/fd").iterdir()))
    reader = files.read("it", schema=SCHEMA, emit=lambda _: None)
    reader.read_next_batch()
    del reader
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_too_many_columns_in_all_files_together_are_refused(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.bounds.COLUMNS", 5)
    for number in range(1, 7):
        folder.put(f"{number}.it", f"n,c{number}\n1,2\n")
    run = folder.refused(SCHEMA, r"5\.it: with the files before it, the dataset has 6 columns")
    assert [one.name for one in run.of(Unreadable)] == ["5.it", "6.it"]
