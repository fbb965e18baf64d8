"""JSON lines: every number to the last digit, every line of one shape."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from connectors.events import Declared
from connectors.files.formats.jsonl import BLOCK_BYTES, JsonLines
from tests.connectors.folder_fixture import CANARY, Folder

SCHEMA = pa.schema([("n", pa.int64()), ("price", pa.decimal128(30, 20))])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, JsonLines())


def test_numbers_come_to_the_last_digit(folder: Folder) -> None:
    folder.put("a.it", '{"n": 9007199254740993, "price": 0.10000000000000000001}\n')
    (row,) = folder.read(SCHEMA).table.to_pylist()
    assert (row["n"], row["price"]) == (2**53 + 1, Decimal("0.10000000000000000001"))


def test_a_value_of_another_kind_is_rescued_and_a_null_is_one(folder: Folder) -> None:
    folder.put("a.it", '{"n": "x", "price": {"a": 1}}\n{"n": null, "price": 1}\n')
    wrong, right = folder.read(SCHEMA).table.to_pylist()
    assert wrong[RESCUED] == '{"n": "x", "price": {"a": 1}}'
    assert (right["n"], right[RESCUED]) == (None, None)


def test_the_order_of_the_fields_is_free_and_the_last_line_may_lack_its_end(
    folder: Folder,
) -> None:
    folder.put("a.it", '{"n": 1, "price": 2}\n{"price": 3, "n": 4}')
    folder.put("b.it", '{"price": 5, "n": 6}')
    assert folder.read(SCHEMA).table.column("n").to_pylist() == [1, 4, 6]


def test_a_field_that_may_be_left_out_is_declared(folder: Folder) -> None:
    folder.put("a.it", '{"n": 1}\n{"n": 2, "price": 3}\n')
    folder.refused(SCHEMA, r"a\.it: row 2 has 'price', which row 1 lacks")
    run = replace(folder, format=JsonLines(optional=("price",))).read(SCHEMA)
    assert run.table.column("price").to_pylist() == [None, 3]
    (declared,) = run.of(Declared)
    assert [column.name for column in declared.columns] == ["n", "price"]


LINES = {
    "[1]": "row 4 is no JSON object",
    "1": "row 4 is no JSON object",
    "": "row 4 is cut or malformed",
    '{"n": 1': "row 4 is cut or malformed",
    '{"n": 1, "n": 2}': "row 4 has a key twice in one object",
    '{"n": {"a": 1, "a": 2}}': "row 4 has a key twice in one object",
    '{"n": NaN}': "row 4 holds NaN or Infinity",
    '{"n": 1} {"n": 2}': "row 4 is cut or malformed",
    '{"n": 1}, {"n": 2}': "row 4 is cut or malformed",
    f'{{"{CANARY}": 1,}}': "row 4 is cut or malformed",
    '\ufeff{"n": 1}': "row 4 begins with a byte order mark",
    '{"n": "\udcff"}': "row 4 is not UTF-8",
    f'{{"n": {"[" * 65}{"]" * 65}}}': "row 4 is nested more than 64 deep",
    f'{{"n": {"[" * 900}{"]" * 900}}}': "row 4 is nested more than 64 deep",
}


@pytest.mark.parametrize(("line", "why"), LINES.items(), ids=map(str, range(len(LINES))))
def test_a_line_that_is_no_object_is_named_with_its_row_and_why(
    folder: Folder, line: str, why: str
) -> None:
    rows = '{"n": 1, "price": 2}\n' * 3
    folder.put("a.it", f"{rows}{line}\n{rows}".encode(errors="surrogateescape"))
    folder.refused(SCHEMA, why)


def test_a_first_line_without_fields_is_no_file_without_rows(folder: Folder) -> None:
    folder.put("a.it", "{}\n{}\n")
    folder.refused(SCHEMA, r"a\.it: row 1 is an empty object, so no field is known")
    optional = replace(folder, format=JsonLines(optional=("n", "price")))
    assert optional.read(SCHEMA).table.num_rows == 2


@pytest.mark.parametrize("text", ['[{"n": 1, "price": 2}]\n', '[\n{"n": 1, "price": 2},\n]\n'])
def test_a_list_of_objects_is_told_as_one(folder: Folder, text: str) -> None:
    folder.put("a.it", text)
    folder.refused(SCHEMA, r"^a\.it: row 1 begins a list: have one object written on each line")


def test_an_object_over_two_lines_is_none(folder: Folder) -> None:
    folder.put("a.it", '{"n": 1}\n{"n":\n2}\n')
    folder.refused(SCHEMA, r"a\.it: the JSON of row 2 is cut or malformed")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"n": 1}', "row 3 lacks 'price': correct it, or declare it optional"),
        ('{"n": 1, "price": 2, "more": 3}', "row 3 has 'more', which row 1 lacks: correct it"),
    ],
)
def test_a_line_of_another_shape_is_named_with_its_row_and_field(
    folder: Folder, line: str, message: str
) -> None:
    rows = '{"n": 1, "price": 2}\n' * 2
    folder.put("a.it", f"{rows}{line}\n{rows}")
    folder.refused(SCHEMA, rf"a\.it: {message}")


def test_rows_are_counted_over_all_blocks_and_memory_is_bounded(folder: Folder) -> None:
    line = '{"n": 1, "price": 2}\n'
    many = 2 * BLOCK_BYTES // len(line)
    folder.put("a.it", f"{line * many}[]\n")
    run = folder.refused(SCHEMA, f"row {many + 1} is no JSON object")
    assert max(batch.num_rows for batch in run.batches) <= BLOCK_BYTES // len(line) + 1


def test_a_line_without_end_is_not_held_in_memory(folder: Folder) -> None:
    folder.put("a.it", '{"n": 1, "price": 2}\n{"n": "' + "x" * 3 * BLOCK_BYTES)
    folder.refused(SCHEMA, r"a\.it: row 2 is longer than 4 MiB")


def test_an_empty_file_is_a_delivery_without_rows(folder: Folder) -> None:
    folder.put("a.it", "")
    folder.put("b.it", '{"n": 1, "price": 2}\n')
    assert folder.read(SCHEMA).completed.rows == 1
