"""CSV files over SFTP, from a real server."""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.connector import DELIVERY, RESCUED
from connectors.errors import AccessDenied, SourceChanged, SourceUnavailable
from connectors.events import (
    Answered,
    Authenticated,
    Completed,
    Delivered,
    Event,
    Refused,
    Witness,
    WitnessKind,
)
from connectors.files.formats.csv_text import BLOCK_BYTES
from estate.process import free_port
from tests.conformance import Run, keeps_the_seam, read
from tests.connectors.drop_fixture import (
    HEADER,
    MADE_AVAILABLE,
    SHIPMENTS,
    Drop,
    doorkeeper,
    drop,
    showing_links,
)

ROW = "1,TRUCK,2.50,2026-11-01T13:05:00Z\n"
CANARY = "canary-in-the-data"


@pytest.fixture(scope="module")
def server() -> Iterator[Drop]:
    with drop() as running:
        yield running


@pytest.fixture
def logistics(server: Drop) -> Drop:
    """The drop with an empty folder."""
    server.clear()
    return server


def refused(logistics: Drop, message: str) -> Run:
    """Read in vain: the message says why, and nothing counts as whole."""
    run = Run()
    with pytest.raises(SourceChanged, match=message) as caught:
        read(logistics.sftp(), "it", SHIPMENTS, into=run)
    assert CANARY not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not run.of(Completed)
    return run


def test_a_drop_is_read_as_every_connector_must(logistics: Drop) -> None:
    for day in (1, 2):
        logistics.put_rows(day, 1_000)
    secret = Path(logistics.environ["LOGISTICS_KEY_FILE"]).read_text().splitlines()[2]
    keeps_the_seam(logistics.sftp(), "it", SHIPMENTS, rows=2_000, secrets=[secret])


def test_all_rows_of_all_files_come_by_name_with_the_listing_as_witness(logistics: Drop) -> None:
    for day in (3, 1, 2):
        logistics.put_rows(day, day)
    run = read(logistics.sftp(), "it", SHIPMENTS)
    names = [f"shipments_2026110{day}.csv" for day in (1, 2, 3)]
    assert run.table.column(DELIVERY).to_pylist() == [
        names[0],
        *[names[1]] * 2,
        *[names[2]] * 3,
    ]
    assert run.table.slice(1, 1).to_pylist() == [
        {
            "order_key": 0,
            "ship_mode": "TRUCK",
            "quantity": Decimal("0.50"),
            "shipped_at": datetime(2026, 11, 2, 13, 5, tzinfo=UTC),
            DELIVERY: names[1],
            RESCUED: None,
        }
    ]
    size = sum(file.stat().st_size for file in logistics.folder.iterdir())
    assert run.completed == Completed(
        rows=6,
        bytes=size,
        witness=Witness(kind=WitnessKind.LISTING, declared=size, unit="bytes", detail="3 files"),
    )


def test_each_file_is_told_with_its_time_size_and_digest(logistics: Drop) -> None:
    name = logistics.put(1, f"{HEADER}\n{ROW}", modified=MADE_AVAILABLE + 60)
    content = (logistics.folder / name).read_bytes()
    run = read(logistics.sftp(), "it", SHIPMENTS)
    assert run.of(Delivered) == [
        Delivered(
            name=name,
            available_at=datetime.fromtimestamp(MADE_AVAILABLE + 60, UTC),
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
    ]
    assert run.of(Authenticated) == [Authenticated(how="key of drop", renewed=False)]
    told = [(answer.what, answer.status, answer.bytes) for answer in run.of(Answered)]
    assert told == [
        ("open sftp", "OK", 0),
        ("list shipments", "OK", 0),
        (f"read {name}", "OK", len(content)),
        ("list shipments", "OK", 0),
    ]


@pytest.mark.parametrize("content", ["", f"{HEADER}\n", HEADER])
def test_an_empty_file_is_a_delivery_without_rows(logistics: Drop, content: str) -> None:
    names = [logistics.put(1, content), logistics.put(2, f"{HEADER}\n{ROW}")]
    run = read(logistics.sftp(), "it", SHIPMENTS)
    assert [delivered.name for delivered in run.of(Delivered)] == names
    assert run.table.column(DELIVERY).to_pylist() == names[1:]
    assert run.table.column_names == [*SHIPMENTS.names, DELIVERY, RESCUED]


@pytest.mark.parametrize("files", [0, 1])
def test_nothing_to_read_is_a_whole_reading_of_nothing(logistics: Drop, files: int) -> None:
    for day in range(files):
        logistics.put(day + 1, "")
    run = read(logistics.sftp(), "it", SHIPMENTS)
    assert run.table.num_rows == run.completed.rows == 0
    assert run.completed.witness is not None
    assert run.completed.witness.detail == f"{files} files"


def test_values_are_text_first_and_only_an_unquoted_nothing_is_null(logistics: Drop) -> None:
    logistics.put(1, f'{HEADER}\n007,NA,1.50,\n1.0,"",NaN,2026-11-01\n9007199254740993,,1E5,""\n')
    table = read(logistics.sftp(), "it", SHIPMENTS).table
    assert table.column("order_key").to_pylist() == [7, None, 9007199254740993]
    assert table.column("ship_mode").to_pylist() == ["NA", "", None]
    assert table.column("quantity").to_pylist() == [Decimal("1.50"), None, Decimal(100_000)]
    assert table.column(RESCUED).to_pylist() == [
        None,
        '{"order_key": "1.0", "quantity": "NaN", "shipped_at": "2026-11-01"}',
        '{"shipped_at": ""}',
    ]


def test_a_column_nobody_promised_comes_as_text_and_a_missing_one_is_missing(
    logistics: Drop,
) -> None:
    logistics.put(1, "order_key,carrier,ship_mode,quantity\n1,0042,TRUCK,1\n")
    table = read(logistics.sftp(), "it", SHIPMENTS).table
    promised = ["order_key", "ship_mode", "quantity"]
    assert table.column_names == [*promised, "carrier", DELIVERY, RESCUED]
    assert table.column("carrier").to_pylist() == ["0042"]


def test_quotes_newlines_bom_and_crlf_are_read_as_rfc_4180_has_them(logistics: Drop) -> None:
    logistics.put(1, f'\ufeff{HEADER}\r\n1,"a ""b"",\r\nc",2,\r\n\r\n2,d,3,\r\n')
    table = read(logistics.sftp(), "it", SHIPMENTS).table
    assert table.column("ship_mode").to_pylist() == ['a "b",\r\nc', "d"]


def test_an_empty_line_of_a_file_with_one_column_is_a_missing_value(logistics: Drop) -> None:
    logistics.put(1, "ship_mode\nTRUCK\n\nRAIL\n")
    table = read(logistics.sftp(), "it", SHIPMENTS).table
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
        (f'{ROW}1,"{CANARY}\xff",2,\n'.encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_damaged_file_is_named_with_its_row_and_without_its_data(
    logistics: Drop, rows: str | bytes, message: str
) -> None:
    body = rows if isinstance(rows, bytes) else rows.encode()
    name = logistics.put(1, f"{HEADER}\n".encode() + body)
    refused(logistics, f"{name}: {message}")


def test_a_row_is_counted_over_all_blocks(logistics: Drop) -> None:
    rows = BLOCK_BYTES // len(ROW) + 1_000
    logistics.put(1, f"{HEADER}\n{ROW * rows}1,2\n")
    refused(logistics, f"row {rows + 2} has too few")


def test_a_record_without_end_is_not_held_in_memory(logistics: Drop) -> None:
    logistics.put(1, f"{HEADER}\n1,{'x' * 2 * BLOCK_BYTES},2,\n")
    refused(logistics, "is longer than 4 MiB")


@pytest.mark.parametrize(
    "header", ["order_key,order_key", "order_key,", "\n", '"order_key', "order_key,\xff"]
)
def test_a_header_that_does_not_name_its_columns_is_refused(logistics: Drop, header: str) -> None:
    name = logistics.put(1, f"{header}\n1,2\n".encode("latin-1"))
    refused(logistics, f"{name}: .*header")


def test_a_header_that_takes_our_names_is_refused(logistics: Drop) -> None:
    logistics.put(1, f"order_key,{DELIVERY}\n1,2\n")
    refused(logistics, f"column {DELIVERY}, a name we use")


def test_a_file_with_another_header_is_refused(logistics: Drop) -> None:
    logistics.put_rows(1, 1)
    name = logistics.put(2, "order_key,ship_mode\n1,TRUCK\n")
    refused(logistics, f"{name}: column 'quantity' is not as in the files before it")


def test_memory_is_bounded_by_the_block(logistics: Drop) -> None:
    rows = 4 * BLOCK_BYTES // len(ROW)
    logistics.put(1, f"{HEADER}\n{ROW * rows}")
    run = read(logistics.sftp(), "it", SHIPMENTS)
    assert run.table.num_rows == rows
    assert max(batch.num_rows for batch in run.batches) <= BLOCK_BYTES // len(ROW) + 1


def while_reading(logistics: Drop, action: Callable[[], object]) -> Callable[[Event], None]:
    """Do something once, right after the first file was fetched."""
    seen: list[Event] = []

    def emit(event: Event) -> None:
        if isinstance(event, Delivered) and not seen:
            seen.append(event)
            action()

    return emit


@pytest.mark.parametrize("day", [1, 2])
def test_a_file_replaced_during_the_read_is_noticed(logistics: Drop, day: int) -> None:
    names = {1: logistics.put_rows(1, 5), 2: logistics.put_rows(2, 5)}
    emit = while_reading(logistics, lambda: logistics.put_rows(day, 4))
    with pytest.raises(SourceChanged, match=f"{names[day]} changed while it was read: read again"):
        logistics.sftp().read("it", schema=SHIPMENTS, emit=emit).read_all()


def test_a_file_replaced_by_one_of_its_size_is_noticed_by_its_time(logistics: Drop) -> None:
    name = logistics.put(1, f"{HEADER}\n{ROW}")
    other = f"{HEADER}\n{ROW.replace('TRUCK', 'TRAIN')}"
    emit = while_reading(logistics, lambda: logistics.put(1, other, modified=MADE_AVAILABLE + 1))
    with pytest.raises(SourceChanged, match=f"{name} changed"):
        logistics.sftp().read("it", schema=SHIPMENTS, emit=emit).read_all()


@pytest.mark.parametrize("change", [lambda d: d.put_rows(9, 1), lambda d: d.clear()])
def test_files_that_come_or_go_during_the_read_are_noticed(
    logistics: Drop, change: Callable[[Drop], object]
) -> None:
    logistics.put_rows(1, 1)
    logistics.put_rows(2, 1)
    emit = while_reading(logistics, lambda: change(logistics))
    with pytest.raises(SourceChanged, match=r"read again|correct its name"):
        logistics.sftp().read("it", schema=SHIPMENTS, emit=emit).read_all()


def test_other_files_and_folders_are_left_alone(logistics: Drop) -> None:
    logistics.put_rows(1, 1)
    (logistics.folder / "notes.txt").write_text("no CSV")
    (logistics.folder / "older").mkdir()
    assert read(logistics.sftp(), "it", SHIPMENTS).completed.witness is not None


def test_a_folder_with_the_name_of_a_file_is_not_passed_over(logistics: Drop) -> None:
    logistics.put_rows(1, 1)
    (logistics.folder / "shipments_folder.csv").mkdir()
    refused(logistics, "shipments_folder.csv is no regular file: put the file itself there")


def test_a_link_with_the_name_of_a_file_is_not_passed_over(logistics: Drop) -> None:
    """OpenSSH lists links as such, and so does this server."""
    logistics.put_rows(1, 1)
    (logistics.folder / "shipments_20261102.csv").symlink_to("shipments_20261101.csv")
    ours = Path(logistics.environ["LOGISTICS_KEY_FILE"]).with_suffix(".pub")
    run = Run()
    with (
        showing_links(logistics.folder.parent, ours) as (port, host_key),
        pytest.raises(SourceChanged, match=r"shipments_20261102\.csv is no regular file"),
    ):
        read(logistics.sftp(port=port, host_key=host_key), "it", SHIPMENTS, into=run)
    assert not run.of(Completed)


def test_a_dataset_without_files_is_named(logistics: Drop) -> None:
    with pytest.raises(SourceChanged, match=r"^dataset other has no files: add it to `datasets`$"):
        read(logistics.sftp(), "other", SHIPMENTS)


def test_a_missing_folder_is_named(logistics: Drop) -> None:
    shutil.rmtree(logistics.folder)
    run = refused(logistics, "list shipments: there is no such file or folder")
    assert [answer.status for answer in run.of(Answered)] == ["OK", "NoSuchFile"]


def test_another_host_key_ends_it_before_anything_of_ours_is_shown(logistics: Drop) -> None:
    run = Run()
    with doorkeeper() as (port, _, shown):
        with pytest.raises(AccessDenied, match="the server's key is not the pinned one"):
            read(logistics.sftp(port=port), "it", SHIPMENTS, into=run)
        assert shown == run.events == []


def test_our_key_and_no_other_is_shown_once_and_a_refusal_is_the_end(logistics: Drop) -> None:
    run = Run()
    with doorkeeper() as (port, host_key, shown):
        with pytest.raises(AccessDenied, match="our key or password was refused"):
            read(logistics.sftp(port=port, host_key=host_key), "it", SHIPMENTS, into=run)
        ours = Path(logistics.environ["LOGISTICS_KEY_FILE"]).with_suffix(".pub").read_text()
        assert shown == ["drop", ours.strip()]
    assert [(event.what, event.status) for event in run.events] == [("log-in", "PermissionDenied")]


@pytest.mark.parametrize(
    ("content", "mode", "message"),
    [
        ("x", 0o644, "has mode 0644: chmod 600 it"),
        ("x", 0o600, "holds no private key without passphrase"),
        (None, 0, "cannot be read"),
    ],
)
def test_a_key_file_that_is_not_fit_is_refused_before_any_connection(
    logistics: Drop, tmp_path: Path, content: str | None, mode: int, message: str
) -> None:
    key = tmp_path / "key"
    if content is not None:
        key.write_text(content)
        key.chmod(mode)
    with pytest.raises(AccessDenied, match=message):
        read(logistics.sftp(key_file=key, port=free_port()), "it", SHIPMENTS)


def test_a_server_that_is_down_is_unavailable(logistics: Drop) -> None:
    run = Run()
    with pytest.raises(SourceUnavailable, match="is the server up"):
        read(logistics.sftp(port=free_port()), "it", SHIPMENTS, into=run)
    assert run.events == []


def test_a_server_that_goes_away_is_no_end_of_the_rows() -> None:
    with drop() as going:
        going.clear()
        for day in (1, 2):
            going.put_rows(day, 10)
        told: list[Event] = []

        def emit(event: Event) -> None:
            told.append(event)
            if isinstance(event, Delivered):
                going.stop()

        with pytest.raises(SourceUnavailable):
            going.sftp().read("it", schema=SHIPMENTS, emit=emit).read_all()
        assert not [event for event in told if isinstance(event, Completed)]


def test_a_stranger_is_refused_by_the_server_itself(logistics: Drop) -> None:
    run = Run()
    (probe,) = logistics.sftp(stranger_allowed=True).probe(emit=run.events.append)
    assert (probe.name, probe.refused) == ("stranger_refused", True)
    assert [event.status for event in run.of(Refused)] == [probe.status] == ["PermissionDenied"]


def test_no_stranger_is_sent_where_none_is_allowed(logistics: Drop) -> None:
    before = logistics.log.read_text()
    assert logistics.sftp().probe(emit=lambda _: None) == ()
    assert logistics.log.read_text() == before


def test_a_server_that_is_down_refuses_nobody(logistics: Drop) -> None:
    nowhere = logistics.sftp(port=free_port(), stranger_allowed=True)
    (probe,) = nowhere.probe(emit=lambda _: None)
    assert (probe.refused, probe.status) == (False, "no answer")


def test_the_key_is_in_no_log_event_error_or_repr(
    logistics: Drop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logistics.put(1, f"{HEADER}\n1\n")
    run = Run()
    with pytest.raises(SourceChanged) as caught:
        read(logistics.sftp(), "it", SHIPMENTS, into=run)
    said = [
        caplog.text,
        repr(run.events),
        repr(logistics.sftp()),
        "".join(traceback.format_exception(caught.value)),
    ]
    for line in Path(logistics.environ["LOGISTICS_KEY_FILE"]).read_text().splitlines()[1:-1]:
        assert not [text for text in said if line in text]


def test_the_endpoint_names_the_system_and_nobody_in_it(logistics: Drop) -> None:
    port = logistics.environ["LOGISTICS_PORT"]
    assert logistics.sftp().endpoint == f"sftp://127.0.0.1:{port}"


def test_what_is_fetched_has_no_name_on_our_disk(logistics: Drop) -> None:
    """So that nothing of it is left there when we are killed in the middle."""
    logistics.put_rows(1, 10)
    before, held = _open_files(), set[str]()

    def emit(event: Event) -> None:
        if isinstance(event, Delivered):
            held.update(_open_files() - before)

    logistics.sftp().read("it", schema=SHIPMENTS, emit=emit).read_all()
    here = [name for name in held if name.startswith(tempfile.gettempdir())]
    assert here
    assert all(name.endswith("(deleted)") for name in here)


def _open_files() -> set[str]:
    links = Path("/proc/self/fd").iterdir()
    return {str(link.readlink()) for link in links if link.is_symlink()}
