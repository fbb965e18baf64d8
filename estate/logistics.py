"""The logistics partner: a real SFTP server with one folder, which one key may read."""

from __future__ import annotations

import sys
from pathlib import Path

import asyncssh
import msgspec

from estate.drop_service import Settings
from estate.process import EstateError, Process, Server, accepts, free_port, spawn, wait_until


def start(base: Path) -> Server:
    """Serve an empty folder below `base` by SFTP to the holders of two keys: one may read.

    `admin` holds `root`, the served folder, `host_key_file`, the server's private key, and
    `writer` with `writer_key_file`, who may write there, too.
    """
    folder = base / "logistics"
    folder.mkdir(mode=0o700)
    (folder / "drop").mkdir()
    names = ("client_key", "writer_key", "host_key")
    client, writer, host = (_write_key(folder / name) for name in names)
    try:
        process, port = _serve(folder)
    except EstateError:  # the port may have been taken after we found it free
        process, port = _serve(folder)
    return Server(
        name="logistics",
        processes=(process,),
        environ={
            "LOGISTICS_HOST": "127.0.0.1",
            "LOGISTICS_PORT": str(port),
            "LOGISTICS_USER": "drop",
            "LOGISTICS_KEY_FILE": str(client),
            "LOGISTICS_HOST_KEY": host.with_suffix(".pub").read_text().strip(),
        },
        admin={
            "root": str(folder / "drop"),
            "host_key_file": str(host),
            "writer": "partner",
            "writer_key_file": str(writer),
        },
    )


def _write_key(path: Path) -> Path:
    key = asyncssh.generate_private_key("ssh-ed25519")
    path.touch(mode=0o600)
    path.write_bytes(key.export_private_key())
    path.with_suffix(".pub").write_bytes(key.export_public_key())
    return path


def _serve(folder: Path) -> tuple[Process, int]:
    port = free_port()
    settings = Settings(
        port=port,
        root=str(folder / "drop"),
        host_key=str(folder / "host_key"),
        readers={"drop": str(folder / "client_key.pub")},
        writers={"partner": str(folder / "writer_key.pub")},
    )
    (folder / "drop.json").write_bytes(msgspec.json.encode(settings))
    process = spawn(
        [sys.executable, "-m", "estate.drop_service"],
        log=folder.parent / "logistics.log",
        environ={"HOME": str(folder), "DROP_SETTINGS": str(folder / "drop.json")},
    )
    try:
        wait_until(lambda: accepts(port), process)
    except EstateError:
        process.stop()
        raise
    return process, port
