"""The logistics partner's SFTP server, by an SFTP client."""

from __future__ import annotations

import asyncio
import os
import stat
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import asyncssh
import pytest

from estate import logistics
from estate.process import Server

T = TypeVar("T")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        started = logistics.start(Path(name))
        yield started
        started.stop()


def visit(
    server: Server,
    work: Callable[[asyncssh.SFTPClient], Awaitable[T]],
    key: asyncssh.SSHKey | None = None,
) -> T:
    """Do something there as the pilot, or with another key."""

    async def visiting() -> T:
        trusted = asyncssh.import_public_key(server.environ["LOGISTICS_HOST_KEY"])
        connection = await asyncssh.connect(
            server.environ["LOGISTICS_HOST"],
            int(server.environ["LOGISTICS_PORT"]),
            username=server.environ["LOGISTICS_USER"],
            client_keys=[key or server.environ["LOGISTICS_KEY_FILE"]],
            known_hosts=([trusted], [], []),
            agent_path=None,
            config=None,
        )
        async with connection, connection.start_sftp_client() as client:
            return await work(client)

    return asyncio.run(visiting())


def test_a_file_put_there_is_seen_at_once_with_its_time(server: Server) -> None:
    root = Path(server.admin["root"])
    assert visit(server, lambda client: client.listdir(".")) is not None
    (root / "new.csv").write_text("x")
    os.utime(root / "new.csv", (1_795_000_000, 1_795_000_000))
    seen = visit(server, lambda client: client.stat("new.csv"))
    assert (seen.size, seen.mtime) == (1, 1_795_000_000)


def test_nothing_can_be_written_or_removed(server: Server) -> None:
    (Path(server.admin["root"]) / "kept.csv").write_text("x")
    for work in (
        lambda client: client.remove("kept.csv"),
        lambda client: client.rename("kept.csv", "other.csv"),
        lambda client: client.open("kept.csv", "w"),
        lambda client: client.mkdir("folder"),
    ):
        with pytest.raises(asyncssh.SFTPError):
            visit(server, work)
    assert (Path(server.admin["root"]) / "kept.csv").read_text() == "x"


def test_another_key_is_refused(server: Server) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        visit(
            server,
            lambda client: client.listdir("."),
            key=asyncssh.generate_private_key("ssh-ed25519"),
        )


def test_private_keys_are_for_their_owner_alone(server: Server) -> None:
    for name in (server.environ["LOGISTICS_KEY_FILE"], server.admin["host_key_file"]):
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
