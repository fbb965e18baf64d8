"""A folder of this machine: nothing outside it is read, and nothing in it moves unseen."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.connector import ProbeKind
from connectors.errors import AccessDenied, SourceChanged
from connectors.events import Answered, Authenticated, Completed, Delivered, Event, Refused
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.local import Local
from harness.facts import EvidenceClass
from harness.run import evidence_class
from tests.connectors.folder_fixture import Folder

SCHEMA = pa.schema([("n", pa.int64())])
NOBODY = 65_534


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "share").mkdir()
    return Folder(tmp_path / "share", Csv())


def test_it_tells_what_it_asked_and_of_no_log_in(folder: Folder) -> None:
    folder.put("a.it", "n\n1\n")
    run = folder.read(SCHEMA)
    told = [(answer.what, answer.status, answer.bytes) for answer in run.of(Answered)]
    assert told == [
        ("open share", "OK", 0),
        ("list .", "OK", 0),
        ("read a.it", "OK", 4),
        ("list .", "OK", 0),
    ]
    assert not run.of(Authenticated)
    strangers = [p for p in folder.files.probe(emit=print) if p.kind is not ProbeKind.GRANT]
    assert strangers == []


def test_its_evidence_is_simulated_whatever_was_declared(folder: Folder) -> None:
    endpoint = folder.files.endpoint
    assert endpoint == folder.path.as_uri()
    assert evidence_class.of(endpoint, EvidenceClass.PRODUCTION) is EvidenceClass.SIMULATED


@pytest.mark.parametrize(
    ("glob", "message"),
    [
        ("*.it", r"a\.it is no regular file"),
        ("in/*.it", "list in: a link or file is in the way"),
        ("*/*.it", r"(in|a\.it) is no regular folder"),
    ],
)
def test_a_link_is_not_followed_wherever_it_stands(
    folder: Folder, glob: str, message: str
) -> None:
    outside = folder.path.parent / "outside"
    outside.mkdir()
    (outside / "secret.it").write_text("n\n1\n")
    (folder.path / "in").symlink_to(outside)
    (folder.path / "a.it").symlink_to(outside / "secret.it")
    reading = Folder(folder.path, Csv(), glob)
    run = reading.refused(SCHEMA, message)
    assert not run.of(Delivered)


def test_a_file_that_became_a_link_after_the_listing_is_not_opened(folder: Folder) -> None:
    outside = folder.path.parent / "outside.it"
    outside.write_text("n\n1\n")
    for name in ("a.it", "b.it", "c.it"):  # the last one is fetched first
        folder.put(name, "n\n1\n")

    def swap() -> None:
        (folder.path / "b.it").unlink()
        (folder.path / "b.it").symlink_to(outside)

    with pytest.raises(SourceChanged, match=r"read b\.it: a link or file is in the way"):
        folder.files.read("it", schema=SCHEMA, emit=after_the_first(swap)).read_all()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_regular_file_is_not_passed_over(
    folder: Folder, make: Callable[[Path], None]
) -> None:
    make(folder.path / "a.it")
    folder.refused(SCHEMA, r"a\.it is no regular file: put the file itself there")


@pytest.mark.parametrize("glob", ["../*.it", "a/../../*.it", "in/./*.it"])
def test_a_glob_does_not_climb(glob: str) -> None:
    with pytest.raises(ValueError, match="write folder/name"):
        FileSet(glob, Csv())


def test_a_glob_from_the_root_is_one_below_the_folder(folder: Folder) -> None:
    folder.put("in/a.it", "n\n1\n")
    assert Folder(folder.path, Csv(), "/in/*.it").read(SCHEMA).completed.rows == 1


def test_a_folder_by_half_a_path_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="write the whole path from /, not 'share'"):
        Local(Path("share"))


def test_a_folder_that_is_not_there_is_named(folder: Folder) -> None:
    Folder(folder.path / "gone", Csv()).refused(SCHEMA, "open gone: there is no such file or fol")
    Folder(folder.path, Csv(), "gone/*.it").refused(SCHEMA, "list gone: there is no such file")


def test_what_our_user_may_not_read_is_denied(folder: Folder) -> None:
    folder.put("a.it", "n\n1\n")
    (folder.path / "a.it").chmod(0)
    folder.path.parent.chmod(0o755)
    folder.path.chmod(0o755)
    told: list[Event] = []
    with as_nobody(), pytest.raises(AccessDenied, match="ask for the right to read it"):
        folder.files.read("it", schema=SCHEMA, emit=told.append).read_all()
    assert [event.status for event in told if isinstance(event, Refused)] == ["EACCES"]
    assert not [event for event in told if isinstance(event, Completed)]


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything."""
    was = os.geteuid()
    here = os.open(".", os.O_PATH)
    if was == 0:
        os.chdir("/")
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(was)
        os.fchdir(here)
        os.close(here)


@pytest.mark.parametrize(("name", "came"), [("a.it", 3), ("b.it", 1), ("c.it", 3)])
def test_a_file_replaced_while_we_read_is_noticed_by_its_time_alone(
    folder: Folder, name: str, came: int
) -> None:
    """The last one is fetched first, for its columns."""
    for each in ("a.it", "b.it", "c.it"):
        folder.put(each, "n\n1\n")

    def replace() -> None:
        folder.put(name, "n\n2\n", at=1)

    delivered: list[Event] = []
    emit = after_the_first(replace, delivered)
    with pytest.raises(SourceChanged, match=f"{name} changed while it was read: read again"):
        folder.files.read("it", schema=SCHEMA, emit=emit).read_all()
    assert len(delivered) == came, "another file is no delivery of this one"


def after_the_first(
    action: Callable[[], None], delivered: list[Event] | None = None
) -> Callable[[Event], None]:
    """Do something once, right after the first file was fetched."""
    seen: list[Event] = [] if delivered is None else delivered

    def emit(event: Event) -> None:
        if isinstance(event, Delivered):
            seen.append(event)
            if len(seen) == 1:
                action()

    return emit


@pytest.mark.parametrize("at", [10**12, -(10**12)])
def test_a_time_of_change_that_is_no_date_is_told(at: int) -> None:
    """Of a file system that keeps such times, as one in memory does."""
    with tempfile.TemporaryDirectory(prefix="st-", dir="/dev/shm") as name:
        folder = Folder(Path(name), Csv())
        folder.put("a.it", "n\n1\n", at=at)
        folder.refused(SCHEMA, r"^a\.it: the time of its last change lies")
        folder.put("a.it", "n\n1\n")
        assert folder.read(SCHEMA).table.num_rows == 1, "the control"
