"""What comes in its type from the parser is what would have come through text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import RESCUED
from connectors.convert.fit import fit
from connectors.files.formats import Layout
from connectors.files.formats.csv import Csv
from connectors.files.formats.csv_text import BLOCK_BYTES, Glance
from tests.connectors.convert.values import INSTANT, TYPES, written

COLUMNS = ("n", "c")
NO_TYPES = pa.schema([])
INSTANTS = [
    pa.timestamp(unit, zone) for unit in ("s", "ms", "us", "ns") for zone in ("UTC", "+02")
]

WRITINGS = (
    written,
    st.integers(-99, 9_999_999).map(str),
    st.decimals(-999, 999, places=2).map(str),
    st.sampled_from(["true", "False", "tRUE", "0", "1"]),
    st.sampled_from(["NULL", "NA", "nan", "inf", "0x1F", "1E5", "007", "-0"]),
    st.dates().map(str),
    st.datetimes().map(str),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
    st.from_regex(
        r"20[0-9]{2}-[01][0-9]-[0-2][0-9][T ][0-2][0-9](:[0-5][0-9]){0,2}(\.[0-9]{1,10})?"
        r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)?",
        fullmatch=True,
    ),
)
spaces = st.sampled_from(["", "", "", " ", "\t", "\u00a0", "\ufeff"])


def hostile(writing: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str | None, bool]]]:
    """Fields that look alike, so that one type may take them all, with whether to quote them."""
    spaced = st.builds("{}{}{}".format, spaces, writing, spaces)
    text = spaced.filter(lambda text: "\x00" not in text)
    return st.lists(st.tuples(st.none() | text, st.booleans()), min_size=1, max_size=3)


def field(text: str | None, *, quoted: bool) -> str:
    """A text as one field of a CSV file, in quotes where it must be or may be."""
    if text is None:
        return ""
    needs = not text or any(mark in text for mark in '",\r\n')
    return '"' + text.replace('"', '""') + '"' if quoted or needs else text


LAYOUT = Layout(names=COLUMNS)


def put(path: Path, rows: list[str]) -> None:
    """Write a file of two columns."""
    path.write_bytes("\n".join([",".join(COLUMNS), *rows, ""]).encode())


def fitted(path: Path, wanted: pa.DataType, typed: pa.Schema) -> pa.Table:
    """The file in the wanted type, after the parser was given the types in `typed`."""
    types: dict[str, pa.DataType] = {"n": pa.int64(), "c": wanted}
    schema = pa.schema(types)
    return pa.Table.from_batches(
        fit(block.columns, schema) for block in Csv().blocks(path, "it.csv", LAYOUT, typed)
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="st-") as name:
        yield Path(name)


@pytest.mark.parametrize("wanted", [*TYPES, *INSTANTS], ids=str)
def test_a_type_given_to_the_parser_changes_no_value_and_rescues_the_same(
    wanted: pa.DataType, folder: Path
) -> None:
    path = folder / "it.csv"

    @given(st.one_of([hostile(writing) for writing in WRITINGS]))
    def holds(values: list[tuple[str | None, bool]]) -> None:
        rows = [f"{n},{field(text, quoted=quoted)}" for n, (text, quoted) in enumerate(values)]
        put(path, rows)
        typed = pa.schema([pa.field("c", wanted)])
        ours, text = (fitted(path, wanted, types) for types in (typed, NO_TYPES))
        assert ours.equals(text)
        assert ours.column("n").to_pylist() == list(range(len(rows)))

    holds()


def test_plain_instants_come_in_their_type_and_all_else_as_text(folder: Path) -> None:
    put(folder / "it.csv", ["1,2026-11-20T13:05:00Z", "2,"])
    names = (*COLUMNS, "not_in_the_file")
    schema = pa.schema(map(pa.field, names, (pa.int64(), INSTANT, INSTANT)))
    (block,) = Csv().blocks(folder / "it.csv", "it.csv", LAYOUT, schema)
    assert [column.type for column in block.columns.values()] == [pa.string(), INSTANT]


def test_an_instant_that_does_not_fit_in_a_later_block_costs_no_row_before_or_after_it(
    folder: Path,
) -> None:
    rows = [f"{n},2026-11-20T13:05:00Z" for n in range(3 * BLOCK_BYTES // 26)]
    bad = len(rows) // 2
    rows[bad] = f"{bad},2026-11-20T13:05:00"
    put(folder / "it.csv", rows)
    table = fitted(folder / "it.csv", INSTANT, pa.schema([("c", INSTANT)]))
    assert table.column("n").to_pylist() == list(range(len(rows)))
    assert table.column("c").null_count == 1
    assert table.column("c").chunk(0).null_count == 0
    assert table.column(RESCUED).drop_null().to_pylist() == [
        json.dumps({"c": "2026-11-20T13:05:00"})
    ]


@pytest.mark.parametrize(
    ("data", "quoted", "is_ascii"),
    [
        (b"a,b\n1,2\n", False, True),
        (b'"a"1', True, True),
        (b"a" * (1 << 18) + b'"1"', True, True),
        ("é1".encode(), False, False),
        (b"1" * (1 << 18) + b"\xff", False, False),
    ],
)
def test_a_glance_remembers_what_any_part_told(
    folder: Path, data: bytes, *, quoted: bool, is_ascii: bool
) -> None:
    (folder / "it.csv").write_bytes(data)
    glance = Glance.of(folder / "it.csv", '"')
    assert (glance.quoted, glance.is_ascii) == (quoted, is_ascii)
