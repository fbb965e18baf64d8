"""Fault X08: what else a Parquet or an Arrow file carries is bytes to us, and is never loaded."""

from __future__ import annotations

import io
import json
import pickle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.files.formats.parquet import Parquet
from tests.connectors.folder_fixture import Folder

ONE = pa.schema([("n", pa.int64())])


class Touch:
    """Whoever unpickles it makes a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __reduce__(self):
        return Path.touch, (self._file,)


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "loaded"


def written(mark: Path, *, extension: bool) -> bytes:
    """Three numbers, with a pickle wherever a library might look for one."""
    pickled = pickle.dumps(Touch(mark))
    pandas = {
        "index_columns": [],
        "columns": [],
        "creator": {"library": pickled.decode("latin-1")},
    }
    of_column = {b"pickle": pickled}
    if extension:
        of_column |= {
            b"ARROW:extension:name": b"acme.pickled",
            b"ARROW:extension:metadata": pickled,
        }
    schema = pa.schema(
        [pa.field("n", pa.int64(), metadata=of_column)],
        metadata={b"pandas": json.dumps(pandas).encode(), b"pickle": pickled},
    )
    file = io.BytesIO()
    pq.write_table(pa.table({"n": [1, 2, 3]}, schema=schema), file)
    return file.getvalue()


@pytest.mark.parametrize("extension", [False, True])
def test_x08_the_numbers_are_read_and_nothing_else(
    tmp_path: Path, mark: Path, *, extension: bool
) -> None:
    folder = Folder(tmp_path / "in", Parquet())
    folder.put("a.it", written(mark, extension=extension))
    found = folder.read(ONE).table
    assert found["n"].to_pylist() == [1, 2, 3]
    assert found.schema.field("n").type == pa.int64()
    assert not mark.exists()


def test_x08_whoever_loaded_it_would_be_seen(mark: Path) -> None:
    """The twin."""
    data = written(mark, extension=True)
    metadata = pq.read_schema(io.BytesIO(data)).field("n").metadata
    pickle.loads(metadata[b"pickle"])
    assert mark.exists()
