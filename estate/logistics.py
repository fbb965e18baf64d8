"""The logistics partner: a real SFTP server with one folder to fetch files from, read-only."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import asyncssh

from estate.process import EstateError, Process, Server, accepts, free_port, spawn, wait_until


def start(base: Path) -> Server:
    """Serve an empty folder below `base` by SFTP to the holder of one key.

    `admin` holds `root`, the served folder, and `host_key_file`, the server's private key.
    """
    folder = base / "logistics"
    folder.mkdir(mode=0o700)
    (folder / "drop").mkdir()
    client, host = _write_key(folder / "client_key"), _write_key(folder / "host_key")
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
        admin={"root": str(folder / "drop"), "host_key_file": str(host)},
    )


def _write_key(path: Path) -> Path:
    key = asyncssh.generate_private_key("ssh-ed25519")
    path.touch(mode=0o600)
    path.write_bytes(key.export_private_key())
    path.with_suffix(".pub").write_bytes(key.export_public_key())
    return path


def _serve(folder: Path) -> tuple[Process, int]:
    port = free_port()
    process = spawn(
        [
            *(Path(sysconfig.get_path("scripts"), "rclone"), "serve", "sftp"),
            *("--addr", f"127.0.0.1:{port}", "--read-only", "--config", "/dev/null"),
            *("--cache-dir", folder / "cache", "--vfs-cache-mode", "off"),
            *("--dir-cache-time", "0s"),  # a new file is seen at once
            *("--user", "drop", "--authorized-keys", folder / "client_key.pub"),
            *("--key", folder / "host_key", folder / "drop"),
        ],
        log=folder.parent / "logistics.log",
        environ={"HOME": str(folder)},
    )
    try:
        wait_until(lambda: accepts(port), process)
    except EstateError:
        process.stop()
        raise
    return process, port
