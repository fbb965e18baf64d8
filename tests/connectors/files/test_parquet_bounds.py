"""What a Parquet file unpacks to is bounded, not what it weighs.

Each file is a few kilobytes and harmless under the bounds that the tests set. The control of each
attempt is the same file without the bound, or under the product's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors import bounds
from connectors.files.formats.parquet import Parquet
from tests.connectors.folder_fixture import Folder

ROWS = 4_000
LONG = "x" * 2_000
SCHEMA = pa.schema([("it", pa.string())])
PREFIXES = [f"{LONG}{n:04}" for n in range(300)]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A small file that unpacks to much more."""

    columns: Mapping[str, Sequence[Any]]
    options: Mapping[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """As `it.it`."""
        arrays = {name: pa.array(values) for name, values in self.columns.items()}
        pq.write_table(pa.table(arrays), path / "it.it", compression="zstd", **self.options)
        assert (path / "it.it").stat().st_size < 200_000
        return path / "it.it"


SMALL_DICTIONARY = {"it": ["y", LONG, "z"] * (ROWS // 3)}
MADE = {
    "one long text of a dictionary": Made(columns={"it": [LONG] * ROWS}),
    "a dictionary behind nulls": Made(columns={"it": [None, None, *[LONG] * ROWS]}),
    "a dictionary in a list": Made(columns={"it": [[LONG, "y"]] * (ROWS // 2)}),
    "a dictionary that is left half-way": Made(
        columns={"it": [*SMALL_DICTIONARY["it"], *map(str, range(ROWS))]},
        options={"dictionary_pagesize_limit": 4_096},
    ),
    "texts by their prefixes": Made(
        columns={"it": PREFIXES},
        options={"use_dictionary": False, "column_encoding": {"it": "DELTA_BYTE_ARRAY"}},
    ),
    "a list in one row": Made(columns={"it": [[7] * 3_000] * 200}),
    "many columns of one number": Made(columns={f"it{n}": [7] * ROWS for n in range(100)}),
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Parquet())


def largest_block(path: Path) -> int:
    """Bytes that the largest block unpacks to; all rows must have come."""
    layout = Parquet().layout(path, "it")
    sizes, rows = [0], 0
    for block in Parquet().blocks(path, "it", layout, SCHEMA):
        sizes.append(sum(pa.array(column).nbytes for column in block.columns.values()))
        rows += block.rows
    assert rows == pq.ParquetFile(path).metadata.num_rows
    return max(sizes)


@pytest.mark.attempt(4)
@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_rows_are_read_as_few_at_a_time_as_their_values_need(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made.write(tmp_path)
    monkeypatch.setattr(bounds, "BATCH_BYTES", 100_000)
    assert largest_block(path) <= bounds.BATCH_BYTES


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_without_the_bound_they_come_at_once(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "BATCH_BYTES", 1 << 40)
    assert largest_block(made.write(tmp_path)) > 500_000


REFUSED: dict[str, tuple[str, int, Made, str]] = {
    "a page": (
        *("PAGE_BYTES", 200_000, Made(columns={"it": [b"\0" * 300_000]})),
        r"column 'it' has a page that unpacks to 300,0\d\d bytes, of 200,000 that are read",
    ),
    "pages side by side": (
        *("UNPACKED_BYTES", 1_000, MADE["many columns of one number"]),
        r"\d,\d{3} bytes are unpacked at a time, of 1,000 .* have it written with fewer",
    ),
    "a row": (
        *("UNPACKED_BYTES", 30_000, Made(columns={"it": [[7] * 3_000]})),
        r"39,000 bytes may be one row, of 30,000 that are read at most",
    ),
    "a footer": ("FOOTER_BYTES", 5_000, MADE["many columns of one number"], "its footer has"),
    "columns": ("COLUMNS", 99, MADE["many columns of one number"], "it has 100 columns, of 99"),
}


@pytest.mark.attempt(4)
@pytest.mark.parametrize(("bound", "most", "made", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_too_large_at_once_is_refused(  # noqa: PLR0913, PLR0917
    bound: str, most: int, made: Made, said: str, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.write(folder.path)
    monkeypatch.setattr(bounds, bound, most)
    folder.refused(SCHEMA, rf"^it\.it: .*{said}" if "column '" not in said else said)


@pytest.mark.parametrize("made", [made for _, _, made, _ in REFUSED.values()], ids=REFUSED)
def test_under_the_usual_bounds_it_is_read(made: Made, folder: Folder) -> None:
    path = made.write(folder.path)
    assert folder.read(SCHEMA).table.num_rows == pq.ParquetFile(path).metadata.num_rows
