"""The logistics partner's SFTP server: one key may read its folder, another may write there, too.

Its settings stand in the file that DROP_SETTINGS names; the keys lie in files beside it. An
unprivileged process cannot deny its own user anything, so the denial is the server's, as of every
SFTP server whose users are none of the machine.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncssh
import msgspec

_WRITES = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the server knows."""

    port: int
    root: str
    host_key: str
    """A file; so are the keys of users."""
    readers: dict[str, str]
    """Public key by user."""
    writers: dict[str, str]


class _ReadOnly(asyncssh.SFTPServer):
    """Denies each request that would change anything."""

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if pflags & _WRITES:
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        return super().open(path, pflags, attrs)

    def _deny(self, *_: Any) -> Any:
        raise asyncssh.SFTPPermissionDenied("Permission denied")

    mkdir: Any = _deny
    rmdir: Any = _deny
    remove: Any = _deny
    rename: Any = _deny
    posix_rename: Any = _deny
    setstat: Any = _deny
    lsetstat: Any = _deny
    fsetstat: Any = _deny
    symlink: Any = _deny
    link: Any = _deny


def server(settings: Settings) -> Callable[[], asyncssh.SSHServer]:
    """Lets in who has the key of their user, and nobody else."""
    known = {**settings.readers, **settings.writers}

    class Server(asyncssh.SSHServer):
        def connection_made(self, connection: asyncssh.SSHServerConnection) -> None:
            self.connection = connection

        def begin_auth(self, username: str) -> bool:
            if username in known:
                self.connection.set_authorized_keys(known[username])
            return True

    return Server


async def serve(settings: Settings) -> None:
    """Until the process ends."""

    def rooted(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        user = channel.get_extra_info("username")
        kind = asyncssh.SFTPServer if user in settings.writers else _ReadOnly
        return kind(channel, chroot=settings.root.encode())

    acceptor = await asyncssh.listen(
        "127.0.0.1",
        settings.port,
        server_factory=server(settings),
        server_host_keys=[settings.host_key],
        sftp_factory=rooted,
        allow_scp=False,
    )
    await acceptor.wait_closed()


if __name__ == "__main__":
    read = Path(os.environ["DROP_SETTINGS"]).read_bytes()
    asyncio.run(serve(msgspec.json.decode(read, type=Settings)))
