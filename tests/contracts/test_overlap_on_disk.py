"""Keys that are too many for memory are counted as those that are not, in parts on disk."""

from __future__ import annotations

import stat
import tempfile
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.keys import Bounds
from contracts.overlap import count
from contracts.promises import Amount, Reconciliation

FEW = Bounds(batch=2, held=2, part_rows=3)
PROMISED = Reconciliation(
    dataset="crm.customers",
    ours="ours",
    theirs="theirs",
    our_form="0*([0-9]+)",
    amount=Amount(ours="total", theirs="cents", factor=Decimal("0.01")),
)
OURS = st.tuples(
    st.none() | st.sampled_from(["", "0", "7", "007", "70", "x7", "é"]) | st.integers().map(str),
    st.none() | st.decimals(-9, 9, places=2),
)
THEIRS = st.tuples(
    st.none() | st.sampled_from(["", "0", "7", "70", "x"]) | st.integers(0, 99).map(str),
    st.none() | st.integers(-900, 900),
)


def landed(path: Path, key: str, amount: str, rows: list[tuple[object, object]]) -> Path:
    kind = pa.decimal128(12, 2) if amount == "total" else pa.int64()
    keys, amounts = ([row[place] for row in rows] for place in (0, 1))
    pq.write_table(
        pa.table({key: pa.array(keys, pa.string()), amount: pa.array(amounts, kind)}), path
    )
    return path


def sides(folder: Path, ours: list[object], theirs: list[object]) -> tuple[Path, Path]:
    return (
        landed(folder / "ours.parquet", "ours", "total", ours),
        landed(folder / "theirs.parquet", "theirs", "cents", theirs),
    )


@given(ours=st.lists(OURS, max_size=30), theirs=st.lists(THEIRS, max_size=30))
def test_keys_on_disk_are_counted_as_those_in_memory(tmp_path_factory, ours, theirs):
    files = sides(tmp_path_factory.mktemp("keys"), ours, theirs)
    assert count(PROMISED, *files, bounds=FEW) == count(PROMISED, *files)


def test_what_is_on_disk_is_for_us_alone_and_gone_after(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    keys = [(str(number), number) for number in range(9)]
    files = sides(tmp_path, keys, keys)
    seen: list[tuple[int, int]] = []

    def look(folder: Path, more: int) -> None:
        assert folder.is_relative_to(tmp_path)
        modes = {stat.S_IMODE(one.stat().st_mode) for one in (folder, folder.parent)}
        assert modes == {0o700}
        assert more > 0
        seen.append((len(list(folder.iterdir())), more))

    found = count(PROMISED, *files, bounds=FEW, make_room=look)
    assert (found.keys, found.found, len(seen)) == (9, 9, 6)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["ours.parquet", "theirs.parquet"]


def test_a_disk_without_room_for_them_ends_the_count_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    keys = [(str(number), number) for number in range(9)]
    files = sides(tmp_path, keys, keys)

    def refuse(*_: object) -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        count(PROMISED, *files, bounds=FEW, make_room=refuse)
    assert count(PROMISED, *files, make_room=refuse).found == 9  # few enough for memory
    assert sorted(one.name for one in tmp_path.iterdir()) == ["ours.parquet", "theirs.parquet"]
