"""Billing: a real S3 server with one bucket to read files from, for the holder of a key."""

from __future__ import annotations

import secrets
import sysconfig
from pathlib import Path

from estate.process import EstateError, Process, Server, accepts, free_port, spawn, wait_until

BUCKET = "billing"


def start(base: Path) -> Server:
    """Serve an empty bucket below `base` by S3 to the holder of one key pair.

    `admin` holds `root`, the folder whose folders are the buckets; `bucket` is the one in it.
    """
    folder = base / "billing"
    folder.mkdir(mode=0o700)
    (folder / "buckets" / BUCKET).mkdir(parents=True)
    access_key, secret_key = f"AK{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
    # CSV, hence the quotes. In the environment and not in the arguments, which everybody may read.
    keys = f'"{access_key},{secret_key}"'
    try:
        process, port = _serve(folder, keys)
    except EstateError:  # the port may have been taken after we found it free
        process, port = _serve(folder, keys)
    return Server(
        name="billing",
        processes=(process,),
        environ={
            "BILLING_ENDPOINT": f"http://127.0.0.1:{port}",
            "BILLING_ACCESS_KEY": access_key,
            "BILLING_SECRET_KEY": secret_key,
            "BILLING_BUCKET": BUCKET,
        },
        admin={"root": str(folder / "buckets")},
    )


def _serve(folder: Path, keys: str) -> tuple[Process, int]:
    port = free_port()
    process = spawn(
        [
            *(Path(sysconfig.get_path("scripts"), "rclone"), "serve", "s3"),
            *("--addr", f"127.0.0.1:{port}", "--read-only", "--config", "/dev/null"),
            *("--cache-dir", folder / "cache", "--vfs-cache-mode", "off"),
            *("--dir-cache-time", "0s", folder / "buckets"),  # a new file is seen at once
        ],
        log=folder.parent / "billing.log",
        environ={"HOME": str(folder), "RCLONE_AUTH_KEY": keys},
    )
    try:
        wait_until(lambda: accepts(port), process)
    except EstateError:
        process.stop()
        raise
    return process, port
