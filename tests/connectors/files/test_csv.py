"""CSV by RFC 4180: values come as text, and whatever does not fit is named with its row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from connectors.connector import DELIVERY, RESCUED
from connectors.events import Delivered
from connectors.files.formats.csv import Csv
from connectors.files.formats.csv_text import BLOCK_BYTES
from tests.connectors.drop_fixture import HEADER, SHIPMENTS
from tests.connectors.folder_fixture import CANARY, Folder

ROW = "1,TRUCK,2.50,2026-11-01T13:05:00Z\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Csv())


@pytest.mark.parametrize("content", ["", f"{HEADER}\n", HEADER])
def test_an_empty_file_is_a_delivery_without_rows(folder: Folder, content: str) -> None:
    names = [folder.put("1.it", content), folder.put("2.it", f"{HEADER}\n{ROW}")]
    run = folder.read(SHIPMENTS)
    assert [delivered.name for delivered in run.of(Delivered)] == names
    assert run.table.column(DELIVERY).to_pylist() == names[1:]
    assert run.table.column_names == [*SHIPMENTS.names, DELIVERY, RESCUED]


@pytest.mark.parametrize("files", [0, 1])
def test_nothing_to_read_is_a_whole_reading_of_nothing(folder: Folder, files: int) -> None:
    for day in range(files):
        folder.put(f"{day}.it", "")
    run = folder.read(SHIPMENTS)
    assert run.table.num_rows == run.completed.rows == 0
    assert run.completed.witness is not None
    assert run.completed.witness.detail == f"{files} files"


def test_values_are_text_first_and_only_an_unquoted_nothing_is_null(folder: Folder) -> None:
    folder.put(
        "1.it", f'{HEADER}\n007,NA,1.50,\n1.0,"",NaN,2026-11-01\n9007199254740993,,1E5,""\n'
    )
    table = folder.read(SHIPMENTS).table
    assert table.column("order_key").to_pylist() == [7, None, 9007199254740993]
    assert table.column("ship_mode").to_pylist() == ["NA", "", None]
    assert table.column("quantity").to_pylist() == [Decimal("1.50"), None, Decimal(100_000)]
    assert table.column(RESCUED).to_pylist() == [
        None,
        '{"order_key": "1.0", "quantity": "NaN", "shipped_at": "2026-11-01"}',
        '{"shipped_at": ""}',
    ]


def test_a_column_nobody_promised_comes_as_text_and_a_missing_one_is_missing(
    folder: Folder,
) -> None:
    folder.put("1.it", "order_key,carrier,ship_mode,quantity\n1,0042,TRUCK,1\n")
    table = folder.read(SHIPMENTS).table
    promised = ["order_key", "ship_mode", "quantity"]
    assert table.column_names == [*promised, "carrier", DELIVERY, RESCUED]
    assert table.column("carrier").to_pylist() == ["0042"]


def test_quotes_newlines_bom_and_crlf_are_read_as_rfc_4180_has_them(folder: Folder) -> None:
    folder.put("1.it", f'\ufeff{HEADER}\r\n1,"a ""b"",\r\nc",2,\r\n\r\n2,d,3,\r\n')
    table = folder.read(SHIPMENTS).table
    assert table.column("ship_mode").to_pylist() == ['a "b",\r\nc', "d"]


def test_an_empty_line_of_a_file_with_one_column_is_a_missing_value(folder: Folder) -> None:
    folder.put("1.it", "ship_mode\nTRUCK\n\nRAIL\n")
    table = folder.read(SHIPMENTS).table
    assert table.column("ship_mode").to_pylist() == ["TRUCK", None, "RAIL"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (f"{ROW}{CANARY},RAIL\n", "row 3 has too few or too many fields"),
        (f"{ROW}{ROW}1,{CANARY},2,,5\n", "row 4 has too few or too many fields"),
        (f'{ROW}1,"{CANARY},2,\n{ROW}{ROW}', "a quote before the end of line 5 is not closed"),
        (f'{ROW}1,A,2,"{CANARY}\n{ROW}', "a quote before the end of line 4 is not closed"),
        (f'1,"A"{CANARY},2,\n', "a quote before the end of line 2 is not closed"),
        (f"{ROW}1,{CANARY}\xff,2,\n".encode("latin-1"), "row 3 is not UTF-8"),
        (f'{ROW}1,"{CANARY}\xff",2,\n'.encode("latin-1"), "row 3 is not UTF-8"),
    ],
)
def test_a_damaged_file_is_named_with_its_row_and_without_its_data(
    folder: Folder, rows: str | bytes, message: str
) -> None:
    body = rows if isinstance(rows, bytes) else rows.encode()
    name = folder.put("1.it", f"{HEADER}\n".encode() + body)
    folder.refused(SHIPMENTS, f"{name}: {message}")


def test_a_row_is_counted_over_all_blocks(folder: Folder) -> None:
    rows = BLOCK_BYTES // len(ROW) + 1_000
    folder.put("1.it", f"{HEADER}\n{ROW * rows}1,2\n")
    folder.refused(SHIPMENTS, f"row {rows + 2} has too few")


def test_a_record_without_end_is_not_held_in_memory(folder: Folder) -> None:
    folder.put("1.it", f"{HEADER}\n1,{'x' * 2 * BLOCK_BYTES},2,\n")
    folder.refused(SHIPMENTS, "is longer than 4 MiB")


@pytest.mark.parametrize(
    "header", ["order_key,order_key", "order_key,", "\n", '"order_key', "order_key,\xff"]
)
def test_a_header_that_does_not_name_its_columns_is_refused(folder: Folder, header: str) -> None:
    name = folder.put("1.it", f"{header}\n1,2\n".encode("latin-1"))
    folder.refused(SHIPMENTS, f"{name}: .*header")


def test_a_header_that_takes_our_names_is_refused(folder: Folder) -> None:
    folder.put("1.it", f"order_key,{DELIVERY}\n1,2\n")
    folder.refused(SHIPMENTS, f"column {DELIVERY}, a name we use")


@pytest.mark.parametrize("headless", ["1.it", "2.it", "3.it"])
def test_a_file_that_may_lack_its_header_is_refused_beside_others(
    folder: Folder, headless: str
) -> None:
    """Its first row would stand in for names, and names are shown."""
    for name in ("1.it", "2.it", "3.it"):
        folder.put(name, ROW.replace("TRUCK", CANARY) if name == headless else f"{HEADER}\n{ROW}")
    run = folder.refused(SHIPMENTS, f"{headless}: it names none of the contract's columns, and")
    assert CANARY not in repr(run.events)


def test_memory_is_bounded_by_the_block(folder: Folder) -> None:
    rows = 4 * BLOCK_BYTES // len(ROW)
    folder.put("1.it", f"{HEADER}\n{ROW * rows}")
    run = folder.read(SHIPMENTS)
    assert run.table.num_rows == rows
    assert max(batch.num_rows for batch in run.batches) <= BLOCK_BYTES // len(ROW) + 1
