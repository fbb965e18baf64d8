"""Objects of a store: which are read, and that none moves meanwhile; from a real S3 server."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from connectors.connector import DELIVERY, RESCUED
from connectors.errors import SourceChanged
from connectors.events import Answered, Authenticated, Completed, Delivered, Witness, WitnessKind
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.listing import matching
from connectors.files.packing import Gzip
from connectors.files.witness import NO_WORD
from tests.conformance import keeps_the_seam, read
from tests.connectors.bucket_fixture import (
    LINES,
    MADE_AVAILABLE,
    Bucket,
    bucket,
    gate,
    lines,
    refused,
    while_reading,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with bucket() as running:
        yield running


@pytest.fixture
def billing(server: Bucket) -> Bucket:
    """The store with an empty bucket."""
    server.clear()
    return server


def test_a_store_is_read_as_every_connector_must(billing: Bucket) -> None:
    for day in (1, 2):
        billing.put_rows(day, 1_000)
    secrets = [billing.environ[f"BILLING_{name}_KEY"] for name in ("ACCESS", "SECRET")]
    keeps_the_seam(billing.store(), "it", LINES, rows=2_000, secrets=secrets)


def test_all_rows_of_all_objects_come_by_name_with_the_listing_as_witness(billing: Bucket) -> None:
    for day in (3, 1, 2):
        billing.put_rows(day, day)
    run = read(billing.store(), "it", LINES)
    names = [f"day=2026-11-0{day}/part-0.parquet" for day in (1, 2, 3)]
    assert run.table.column(DELIVERY).to_pylist() == [names[0], *[names[1]] * 2, *[names[2]] * 3]
    assert run.table.drop_columns([DELIVERY, RESCUED]).slice(3).equals(lines(3))
    size = sum(billing.path(name).stat().st_size for name in names)
    assert run.completed == Completed(
        rows=6,
        bytes=size,
        witness=Witness(kind=WitnessKind.LISTING, declared=size, unit="bytes", detail="3 files"),
        unwitnessed=NO_WORD,
    )


def test_each_object_is_told_with_its_time_size_and_digest(billing: Bucket) -> None:
    name = billing.put(1, lines(1), at=MADE_AVAILABLE + 60)
    content = billing.path(name).read_bytes()
    run = read(billing.store(), "it", LINES)
    assert run.of(Delivered) == [
        Delivered(
            name=name,
            available_at=datetime.fromtimestamp(MADE_AVAILABLE + 60, UTC),
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
    ]
    assert run.of(Authenticated) == [Authenticated(how="access key", renewed=False)]
    told = [(answer.what, answer.status, answer.bytes) for answer in run.of(Answered)]
    assert told == [
        ("list billing/lines", "200", 0),
        (f"read {name}", "200", len(content)),
        ("list billing/lines", "200", 0),
    ]


def test_more_objects_than_a_page_of_the_listing_holds_are_all_listed(billing: Bucket) -> None:
    billing.path("day=2026-11-01").mkdir(parents=True)
    for n in range(1_500):
        billing.path(f"day=2026-11-01/{n}.txt").touch()
    with billing.s3().session(lambda _: None) as session:
        assert len(matching(session.entries("lines", "*/*.txt"), "*/*.txt")) == 1_500


def test_a_star_does_not_reach_into_a_folder_below(billing: Bucket) -> None:
    billing.put_rows(1, 1)
    for other in ("day=2026-11-01/old/part-0.parquet", "notes.parquet", "day=2026-11-01/x.txt"):
        billing.path(other).parent.mkdir(exist_ok=True)
        billing.path(other).write_bytes(b"no Parquet")
    assert read(billing.store(), "it", LINES).completed.rows == 1


def test_a_file_without_rows_is_a_delivery_without_rows(billing: Bucket) -> None:
    names = [billing.put_rows(1, 0), billing.put_rows(2, 1)]
    run = read(billing.store(), "it", LINES)
    assert [delivered.name for delivered in run.of(Delivered)] == names
    assert run.table.column(DELIVERY).to_pylist() == names[1:]


def test_no_matching_object_is_a_whole_reading_of_nothing(billing: Bucket) -> None:
    billing.path("readme.txt").parent.mkdir()
    billing.path("readme.txt").touch()
    run = read(billing.store(), "it", LINES)
    assert run.table.column_names == [*LINES.names, DELIVERY, RESCUED]
    assert run.completed.rows == 0
    assert run.completed.witness is not None
    assert run.completed.witness.detail == "0 files"


@pytest.mark.parametrize("day", [1, 2])
def test_an_object_replaced_during_the_read_is_noticed(billing: Bucket, day: int) -> None:
    names = {1: billing.put_rows(1, 5), 2: billing.put_rows(2, 5)}
    emit = while_reading(lambda: billing.put_rows(day, 40))
    with pytest.raises(SourceChanged, match=f"{names[day]} changed while it was read: read again"):
        billing.store().read("it", schema=LINES, emit=emit).read_all()


def test_an_object_replaced_by_one_of_its_size_is_noticed_by_its_time(billing: Bucket) -> None:
    name = billing.put_rows(1, 5)
    content = billing.path(name).read_bytes()
    emit = while_reading(lambda: billing.put(1, content, at=MADE_AVAILABLE + 1))
    with pytest.raises(SourceChanged, match=f"{name} changed"):
        billing.store().read("it", schema=LINES, emit=emit).read_all()


def test_an_object_replaced_before_its_turn_is_no_delivery(billing: Bucket) -> None:
    name = billing.put_rows(1, 5)
    with gate(billing) as front:

        def swap(method: str, _path: str) -> None:
            if method == "HEAD":
                billing.put_rows(1, 40)

        front.answers = swap
        run = refused(billing, f"{name} changed while it was read", endpoint=front.url)
    assert not run.of(Delivered)


def test_an_object_replaced_between_two_of_its_blocks_is_noticed(billing: Bucket) -> None:
    """Size and time stay as they were: only the ETag tells."""
    name = billing.put_rows(1, 5)
    content = billing.path(name).read_bytes()
    with gate(billing) as front:
        looks: list[str] = []

        def swap(method: str, _path: str) -> None:
            looks.append(method)
            if looks == ["GET", "HEAD", "GET", "HEAD"]:  # list, look, read, and the second look
                billing.put(1, content[:-1] + b"?")

        front.answers = swap
        refused(billing, f"{name} changed while it was read: read again", endpoint=front.url)


@pytest.mark.parametrize("change", [lambda b: b.put_rows(9, 1), lambda b: b.clear()])
def test_objects_that_come_or_go_during_the_read_are_noticed(
    billing: Bucket, change: Callable[[Bucket], object]
) -> None:
    billing.put_rows(1, 1)
    billing.put_rows(2, 1)
    emit = while_reading(lambda: change(billing))
    with pytest.raises(SourceChanged, match=r"read again|correct its name"):
        billing.store().read("it", schema=LINES, emit=emit).read_all()


def test_a_bucket_that_is_gone_is_named(billing: Bucket) -> None:
    shutil.rmtree(billing.root)
    run = refused(billing, "list billing/lines: there is no such bucket: correct its name")
    assert [answer.status for answer in run.of(Answered)] == ["NoSuchBucket"]


def test_a_bucket_that_goes_during_the_read_is_named(billing: Bucket) -> None:
    billing.put_rows(1, 1)
    emit = while_reading(lambda: shutil.rmtree(billing.root))
    with pytest.raises(SourceChanged, match="list billing/lines: there is no such bucket"):
        billing.store().read("it", schema=LINES, emit=emit).read_all()


def test_a_prefix_under_which_nothing_is_left_is_named(billing: Bucket) -> None:
    refused(billing, "list billing/lines: nothing of that name is there")


@pytest.mark.parametrize("name", ["", "billing/lines", "/"])
def test_a_bucket_that_is_no_name_is_refused_at_once(billing: Bucket, name: str) -> None:
    with pytest.raises(ValueError, match="bucket is its name alone"):
        billing.s3(bucket=name)


def test_a_bucket_may_be_read_without_any_folder(billing: Bucket) -> None:
    name = billing.put_rows(1, 2)
    billing.path(name).rename(billing.root / "all.parquet")
    assert read(billing.store("*.parquet"), "it", LINES).completed.rows == 2


def test_an_empty_bucket_is_no_listing_of_no_files(billing: Bucket) -> None:
    """As a prefix under which nothing is: whatever answers without a word would be one."""
    with pytest.raises(SourceChanged, match="list billing: the bucket holds no object: check"):
        read(billing.store("*.parquet"), "it", LINES)


def test_a_bucket_is_listed_no_deeper_than_the_pattern_reaches(billing: Bucket) -> None:
    billing.put_rows(1, 1)
    for glob, deep in (("lines/*.parquet", False), ("lines/day=*/*.parquet", True)):
        with gate(billing) as front:
            read(billing.store(glob, endpoint=front.url), "it", LINES)
        assert all("delimiter=" in head for head in front.heads if "list-type" in head) != deep


@pytest.mark.parametrize("ending", ["gz", "bz2", "zst", "lz4", "br", "parquet.gz"])
def test_an_object_is_fetched_as_it_lies_there_whatever_its_name(
    billing: Bucket, ending: str
) -> None:
    """Arrow would unpack what is called .gz."""
    path = billing.root / f"lines/a.csv.{ending}"
    path.parent.mkdir()
    path.write_bytes(gzip.compress(b"order_ref\nL1\n"))
    files = FileSet(f"lines/*.{ending}", Csv(), Gzip())
    run = read(Files(store=billing.s3(), datasets={"it": files}), "it", LINES)
    (delivered,) = run.of(Delivered)
    assert delivered.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert run.completed.rows == 1


@pytest.mark.parametrize("fraction", [0.9, 0.99])
def test_a_time_that_cannot_be_read_in_the_listing_is_asked_for(
    billing: Bucket, fraction: float
) -> None:
    """This server leaves out a last zero of the milliseconds, and Arrow then says 1970."""
    name = billing.put(1, lines(1), at=MADE_AVAILABLE + fraction)
    run = read(billing.store(), "it", LINES)
    (delivered,) = run.of(Delivered)
    assert delivered.available_at == datetime.fromtimestamp(MADE_AVAILABLE, UTC)
    assert [one.what for one in run.of(Answered)].count(f"look at {name}") == 2


def test_a_dataset_without_files_is_named(billing: Bucket) -> None:
    with pytest.raises(SourceChanged, match=r"^dataset other has no files: add it to `datasets`$"):
        billing.store().read("other", schema=LINES, emit=lambda _: None)
    with pytest.raises(SourceChanged, match=r"`datasets`, or correct it there if that is it$"):
        billing.store().read("its", schema=LINES, emit=lambda _: None)
