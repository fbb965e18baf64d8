"""What lies beside the data and speaks against it: in a folder, over SFTP and in a bucket."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.errors import SourceChanged
from connectors.events import Answered, Completed, WitnessKind
from connectors.files.connector import Files
from connectors.files.control import ControlFile
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores import Store
from connectors.files.stores.local import Local
from tests.conformance import read
from tests.connectors.bucket_fixture import MADE_AVAILABLE, bucket
from tests.connectors.drop_fixture import drop

SCHEMA = pa.schema([("n", pa.int64())])
Place = tuple[Store, Path]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("local")
    return Local(folder), folder


@pytest.fixture(scope="module")
def sftp() -> Iterator[Place]:
    with drop() as running:
        yield running.store(), running.folder.parent


@pytest.fixture(scope="module")
def s3() -> Iterator[Place]:
    with bucket() as running:
        yield running.s3(), running.root


@pytest.fixture(params=["local", "sftp", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Store, Path, str]:
    """A store, a folder in it for this test alone, and its name."""
    store, root = request.getfixturevalue(request.param)
    name = tmp_path.name
    (root / name).mkdir()
    return store, root / name, name


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("n\n1\n")
        os.utime(path, (MADE_AVAILABLE,) * 2)  # whole seconds, which every server can tell


def files(place: tuple[Store, Path, str], glob: str, sealed: ControlFile | None = None) -> Files:
    store, _, name = place
    return Files(store=store, datasets={"it": FileSet(f"{name}/{glob}", Csv(), sealed=sealed)})


def completed(place: tuple[Store, Path, str], glob: str, sealed: ControlFile) -> Completed:
    return read(files(place, glob, sealed), "it", SCHEMA).completed


LOGS = [
    ("*.csv", "a.csv", "_delta_log/0.json", "_delta_log is a Delta table's log"),
    ("day=*/*.csv", "day=1/a.csv", "_delta_log/0.json", "_delta_log is a Delta table's log"),
    ("day=1/*.csv", "day=1/a.csv", "_delta_log/0.json", "_delta_log is a Delta table's log"),
    ("*/*.csv", "t/a.csv", "t/.hoodie/x.commit", "t/.hoodie is a Hudi table's log"),
    ("t/data/*.csv", "t/data/a.csv", "t/metadata/v1.metadata.json", "metadata is an Iceberg"),
    ("t/data/d=*/*.csv", "t/data/d=1/a.csv", "t/metadata/v1.metadata.json", "metadata is an Ice"),
    ("*/data/*.csv", "t/data/a.csv", "t/metadata/v1.metadata.json", "t/metadata is an Iceberg"),
    ("*.csv", "a.csv", "metadata/v1.metadata.json", "metadata is an Iceberg table's log"),
]


@pytest.mark.parametrize(("glob", "data", "log", "message"), LOGS)
def test_the_inside_of_a_table_is_refused_by_name(
    place: tuple[Store, Path, str], glob: str, data: str, log: str, message: str
) -> None:
    """Some of its files are deleted rows, or of an older version: only its log tells."""
    put(place[1], data, log)
    it = files(place, glob)
    with pytest.raises(SourceChanged, match=f"{message}.*the files alone are not the table: have"):
        read(it, "it", SCHEMA)
    with pytest.raises(SourceChanged, match=message):
        it.describe("it", emit=lambda _: None)


@pytest.mark.parametrize(
    ("glob", "data", "other"),
    [
        ("*/*.csv", "in/a.csv", "other/_delta_log/0.json"),
        ("*.csv", "a.csv", "metadata/columns.json"),
        ("data/*.csv", "data/a.csv", "metadata/columns.json"),
        ("*.csv", "a.csv", "_delta_log.txt"),
    ],
)
def test_a_log_of_other_files_and_a_folder_of_that_name_are_no_matter(
    place: tuple[Store, Path, str], glob: str, data: str, other: str
) -> None:
    put(place[1], data, other)
    assert read(files(place, glob), "it", SCHEMA).completed.rows >= 1


BESIDE = [
    ("*.csv", ["a.csv"], "_temporary/0/part.csv", "_temporary lies there"),
    ("d=*/*.csv", ["d=1/a.csv"], "d=1/_temporary/0/a.csv", "d=1/_temporary lies there"),
    ("*.csv", ["a.csv"], "b.csv.filepart", "by its name the part of a file"),
    ("*.csv", ["a.csv"], "b.csv.tmp", "by its name the part of a file"),
    ("*.csv", ["a.csv"], "b.part", "by its name the part of a file"),
    ("*.csv", ["a.csv"], ".b.csv.Xk29aQ", "by its name the part of a file"),
    ("d=*/*.csv", ["d=1/a.csv"], "d=1/b.csv.crdownload", "by its name the part of a file"),
    ("d=*/*.csv", ["d=1/a.csv", "d=2/a.csv"], "d=1/_SUCCESS", "d=2 has no _SUCCESS, and folders"),
]


@pytest.mark.parametrize(("glob", "data", "other", "message"), BESIDE)
def test_what_speaks_against_the_sender_leaves_it_unproven(
    place: tuple[Store, Path, str], glob: str, data: list[str], other: str, message: str
) -> None:
    """And the same without it is the sender's word."""
    sealed = ControlFile("{name}.ok")
    put(place[1], *data, *(f"{name}.ok" for name in data))
    assert completed(place, glob, sealed).witness.kind is WitnessKind.SENDERS_WORD
    put(place[1], other)
    one = completed(place, glob, sealed)
    assert one.witness.kind is WitnessKind.LISTING
    assert message in one.unwitnessed


@pytest.mark.parametrize(
    ("glob", "data", "other"),
    [
        ("a*.csv", ["a.csv"], "b.csv.filepart"),
        ("d=*/*.csv", ["d=1/a.csv", "d=2/a.csv"], "d=2/_SUCCESS"),
        ("d=*/*.csv", ["d=1/a.csv"], "other/_temporary/x.csv"),
    ],
)
def test_what_is_of_other_files_or_began_later_is_no_matter(
    place: tuple[Store, Path, str], glob: str, data: list[str], other: str
) -> None:
    put(place[1], *data, *(f"{name}.ok" for name in data), other)
    one = completed(place, glob, ControlFile("{name}.ok"))
    assert one.witness.kind is WitnessKind.SENDERS_WORD


def test_a_hostile_name_beside_the_data_is_told_in_one_plain_line(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "b\n.csv.filepart")
    it = Files(store=Local(tmp_path), datasets={"it": FileSet("*.csv", Csv())})
    told = read(it, "it", SCHEMA).completed.unwitnessed
    assert "filepart" in told
    assert told.isprintable()


def test_looking_beside_the_data_costs_two_listings_at_most(
    place: tuple[Store, Path, str],
) -> None:
    put(place[1], "t/data/a.csv", "t/metadata/columns.json", *(f"t/{n}/x" for n in range(30)))
    asked = read(files(place, "t/data/*.csv"), "it", SCHEMA).of(Answered)
    listings = [one.what for one in asked if one.what.startswith("list")]
    assert len(listings) == len(["before", "above", "metadata", "after"])
    (place[1] / "u").mkdir()
    put(place[1], "u/a.csv")
    asked = read(files(place, "u/*.csv"), "it", SCHEMA).of(Answered)
    assert sum(one.what.startswith("list") for one in asked) == len(["before", "after"])
