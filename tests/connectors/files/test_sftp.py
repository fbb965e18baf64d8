"""CSV files over SFTP, from a real server."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.connector import DELIVERY, RESCUED
from connectors.errors import SourceChanged, SourceUnavailable
from connectors.events import (
    Answered,
    Authenticated,
    Completed,
    Delivered,
    Event,
    Witness,
    WitnessKind,
)
from connectors.files.witness import NO_WORD
from tests.conformance import Run, keeps_the_seam, read, read_in_vain
from tests.connectors.drop_fixture import (
    HEADER,
    MADE_AVAILABLE,
    SHIPMENTS,
    Drop,
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
    return read_in_vain(logistics.sftp(), "it", SHIPMENTS, message=message, never=CANARY)


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
        unwitnessed=NO_WORD,
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
