"""An SFTP drop of our own for each test module, with its folder in our hands."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import asyncssh
import pyarrow as pa

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats import Format
from connectors.files.formats.csv import Csv
from connectors.files.stores.sftp import Sftp
from estate import logistics

HEADER = "order_key,ship_mode,quantity,shipped_at"
SHIPMENTS = pa.schema(
    [
        ("order_key", pa.int64()),
        ("ship_mode", pa.string()),
        ("quantity", pa.decimal128(12, 2)),
        ("shipped_at", pa.timestamp("us", "UTC")),
    ]
)
CSV = Csv()
MADE_AVAILABLE = 1_795_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A running drop with one folder, `shipments`."""

    environ: Mapping[str, str]
    folder: Path
    log: Path
    stop: Callable[[], None]
    writer: Mapping[str, Any] = field(default_factory=dict)
    """Who may write there."""

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()

    def put(self, day: int, content: str | bytes, *, modified: float = MADE_AVAILABLE) -> str:
        """Put the file of a day there, whole at once; gives its name."""
        name = f"shipments_202611{day:02}.csv"
        part = self.folder / f"{name}.part"
        part.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(part, (modified, modified))
        part.rename(self.folder / name)
        return name

    def put_rows(self, day: int, count: int) -> str:
        lines = [f"{n},TRUCK,{n % 50}.50,2026-11-{day:02}T13:05:00Z" for n in range(count)]
        return self.put(day, "\n".join([HEADER, *lines, ""]))

    def store(self, **changes: Any) -> Sftp:
        """The store as a pilot would name it."""
        store = Sftp(
            host=self.environ["LOGISTICS_HOST"],
            port=int(self.environ["LOGISTICS_PORT"]),
            user=self.environ["LOGISTICS_USER"],
            key_file=Path(self.environ["LOGISTICS_KEY_FILE"]),
            host_key=self.environ["LOGISTICS_HOST_KEY"],
        )
        return replace(store, **changes)

    def sftp(
        self,
        glob: str = "shipments/shipments_*.csv",
        format_: Format = CSV,
        *,
        stranger_allowed: bool = False,
        **changes: Any,
    ) -> Files:
        """A connector as a pilot would build it, with one dataset `it`."""
        return Files(
            store=self.store(**changes),
            datasets={"it": FileSet(glob, format_)},
            stranger_allowed=stranger_allowed,
        )


@contextmanager
def drop() -> Iterator[Drop]:
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        base = Path(name)
        server = logistics.start(base)
        try:
            yield Drop(
                environ=server.environ,
                folder=Path(server.admin["root"], "shipments"),
                log=base / "logistics.log",
                stop=server.stop,
                writer={
                    "user": server.admin["writer"],
                    "key_file": Path(server.admin["writer_key_file"]),
                },
            )
        finally:
            server.stop()


@contextmanager
def doorkeeper(*, open_to: str | None = None) -> Iterator[tuple[int, str, list[str]]]:
    """An SSH server that lets nobody in: its port, its host key, and all that it was shown. Who
    has the name `open_to` needs no key, and may open SFTP.
    """
    shown: list[str] = []

    class Doorkeeper(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            shown.append(username)
            return username != open_to

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, _username: str, key: asyncssh.SSHKey) -> bool:
            shown.append(key.export_public_key().decode().strip())
            return False

    with _served(
        lambda host_key: asyncssh.create_server(
            Doorkeeper, "127.0.0.1", 0, server_host_keys=[host_key], sftp_factory=True
        )
    ) as (port, host_key):
        yield port, host_key, shown


@dataclass(slots=True, kw_only=True)
class Asked:
    """A server that asks for a password, and all that it was shown."""

    port: int = 0
    host_key: str = ""
    shown: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def by_password(root: Path, *, user: str, password: str, method: str) -> Iterator[Asked]:
    """An SFTP server that lets one user in by password; by the SSH method of this name alone."""
    asked = Asked()

    class Server(asyncssh.SSHServer):
        name = ""

        def begin_auth(self, username: str) -> bool:
            self.name = username
            return True

        def password_auth_supported(self) -> bool:
            return method == "password"

        def validate_password(self, username: str, shown: str) -> bool:
            asked.shown.append((username, shown))
            return (username, shown) == (user, password)

        def kbdint_auth_supported(self) -> bool:
            return method == "keyboard-interactive"

        def get_kbdint_challenge(self, *_: str) -> Any:
            return "", "", "", [("Password: ", False)]

        def validate_kbdint_response(self, username: str, responses: Any) -> bool:
            return self.validate_password(username, *responses)

    def rooted(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(root).encode())

    with _served(
        lambda host_key: asyncssh.create_server(
            Server, "127.0.0.1", 0, server_host_keys=[host_key], sftp_factory=rooted
        )
    ) as (asked.port, asked.host_key):
        yield asked


@contextmanager
def showing_links(
    root: Path,
    client_key: Path,
    *,
    kind: str = "ssh-ed25519",
    signatures: Sequence[bytes] | None = None,
    kind_of_server: type[asyncssh.SFTPServer] = asyncssh.SFTPServer,
    **offered: Any,
) -> Iterator[tuple[int, str]]:
    """An SFTP server that lists links as links, with a key of this kind that signs in these ways,
    and offers only these algorithms of a sort: its port and host key.
    """

    def rooted(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return kind_of_server(channel, chroot=str(root).encode())

    def pair(host_key: asyncssh.SSHKey) -> asyncssh.SSHKeyPair:
        [loaded] = asyncssh.load_keypairs([host_key])
        loaded.host_key_algorithms = signatures or loaded.host_key_algorithms
        return loaded

    with _served(
        lambda host_key: asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[pair(host_key)],
            authorized_client_keys=str(client_key),
            sftp_factory=rooted,
            **offered,
        ),
        kind,
    ) as served:
        yield served


@contextmanager
def _served(
    serve: Callable[[asyncssh.SSHKey], Awaitable[asyncssh.SSHAcceptor]],
    kind: str = "ssh-ed25519",
) -> Iterator[tuple[int, str]]:
    host_key = asyncssh.generate_private_key(kind)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> asyncssh.SSHAcceptor:
        return await serve(host_key)

    acceptor = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        yield acceptor.get_port(), host_key.export_public_key().decode().strip()
    finally:

        async def end() -> None:
            acceptor.close()
            await acceptor.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
