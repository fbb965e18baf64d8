"""What our login may write on an SFTP server: tried once in a permitted folder, nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from connectors.connector import Probe
from connectors.events import Answered, Event
from connectors.rights import Way
from estate.process import free_port
from tests.connectors.drop_fixture import Drop, by_password, drop, showing_links

AT = "shipments/seatrial-scratch"
KINDS = [f"write files into {AT}", f"make folders in {AT}", f"remove {AT}"]


@pytest.fixture(scope="module")
def server() -> Iterator[Drop]:
    with drop() as running:
        yield running


@pytest.fixture
def logistics(server: Drop) -> Drop:
    server.clear()
    server.put_rows(20, 3)
    (server.folder / "seatrial-scratch").mkdir()
    return server


def tried(logistics: Drop, **changes: Any) -> tuple[list[Probe], list[Event]]:
    events: list[Event] = []
    store = logistics.sftp(**changes)
    assert store.rights is Way.TRIED
    return list(store.try_writes((AT,), emit=events.append)), events


def answers(probes: list[Probe]) -> dict[str, tuple[bool, str]]:
    return {probe.name: (probe.refused, probe.status) for probe in probes}


def content(logistics: Drop) -> list[str]:
    return sorted(str(path.relative_to(logistics.folder)) for path in logistics.folder.rglob("*"))


def test_a_reader_is_denied_each_kind_of_write_and_each_attempt_is_told(logistics: Drop) -> None:
    before = content(logistics)
    probes, events = tried(logistics)
    assert answers(probes) == dict.fromkeys(KINDS, (True, "PermissionDenied"))
    assert {probe.detail for probe in probes} == {"user drop"}
    sent = [(event.what, event.status) for event in events if isinstance(event, Answered)]
    looked = [("open sftp", "OK"), (f"look at {AT}", "OK")]
    assert sent == [*looked, *((what, "PermissionDenied") for what in KINDS)]
    assert content(logistics) == before


def test_a_writer_may_all_and_everything_is_as_before(logistics: Drop) -> None:
    """The control: the same server, another user."""
    before = content(logistics)
    probes, _ = tried(logistics, **logistics.writer)
    assert answers(probes) == dict.fromkeys(KINDS, (False, "granted"))
    assert content(logistics) == before


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda at: (at / "theirs").write_text("x"), "it holds something already"),
        (lambda at: at.rmdir(), "there is no such folder"),
        (lambda at: (at.rmdir(), at.write_text("x")), "it is no folder"),
        (lambda at: (at.rmdir(), at.symlink_to(at.parent)), "it is no folder"),
    ],
)
def test_a_folder_that_is_not_there_and_empty_is_left_alone(
    logistics: Drop, make: Any, says: str
) -> None:
    make(logistics.folder / "seatrial-scratch")
    before = content(logistics)
    (probe,), events = tried(logistics, **logistics.writer)
    assert (probe.refused, probe.status) == (False, "not asked")
    assert says in probe.detail
    assert not any("write" in event.what for event in events if isinstance(event, Answered))
    assert content(logistics) == before


class _Failing(asyncssh.SFTPServer):
    """A server whose disk is read-only today: SSH_FX_FAILURE, as rclone and OpenSSH say it."""

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if pflags & asyncssh.FXF_WRITE:
            raise asyncssh.SFTPFailure("Read only file system")
        return super().open(path, pflags, attrs)


def test_a_server_that_fails_denies_nothing(logistics: Drop, tmp_path: Path) -> None:
    (tmp_path / AT).mkdir(parents=True)
    key = Path(logistics.environ["LOGISTICS_KEY_FILE"]).with_suffix(".pub")
    with showing_links(tmp_path, key, kind_of_server=_Failing) as (port, host_key):
        probes, _ = tried(logistics, port=port, host_key=host_key)
    assert answers(probes) == {KINDS[0]: (False, "Failure")}


class _Keeping(asyncssh.SFTPServer):
    """Lets write and denies to remove, as a drop for partners may."""

    def remove(self, path: bytes) -> None:  # noqa: ARG002 - a handler
        raise asyncssh.SFTPPermissionDenied("no")

    def rmdir(self, path: bytes) -> None:  # noqa: ARG002 - a handler
        raise asyncssh.SFTPPermissionDenied("no")


def test_what_cannot_be_taken_away_again_is_told_by_name(logistics: Drop, tmp_path: Path) -> None:
    (tmp_path / AT).mkdir(parents=True)
    key = Path(logistics.environ["LOGISTICS_KEY_FILE"]).with_suffix(".pub")
    with showing_links(tmp_path, key, kind_of_server=_Keeping) as (port, host_key):
        probes, _ = tried(logistics, port=port, host_key=host_key)
    left = {probe.name for probe in probes if probe.status == "left behind"}
    assert left == {f"{AT}/{path.name}" for path in (tmp_path / AT).iterdir()}
    assert len(left) == 2
    assert answers(probes)[KINDS[0]] == (False, "granted")
    assert answers(probes)[KINDS[2]] == (True, "PermissionDenied")


def test_a_server_that_is_down_denies_nothing(logistics: Drop) -> None:
    (probe,), _ = tried(logistics, port=free_port())
    assert (probe.refused, probe.status) == (False, "no answer")


def test_a_refused_log_in_is_no_denial_of_writes(logistics: Drop, tmp_path: Path) -> None:
    with by_password(tmp_path, user="x", password="y", method="password") as asked:
        (probe,), _ = tried(logistics, port=asked.port, host_key=asked.host_key)
    assert (probe.refused, probe.status) == (False, "no answer")
