"""Billing: a real S3 server with one bucket, behind a policy that says who may write.

    client ─▶ HAProxy: the policy ─▶ rclone: keys, signatures, objects

rclone listens on a unix socket in a folder of mode 0700: nothing goes past the policy.
"""

from __future__ import annotations

import secrets
import sysconfig
from pathlib import Path
from string import Template

from estate.process import (
    EstateError,
    Process,
    Server,
    accepts,
    accepts_on,
    free_port,
    haproxy,
    spawn,
    wait_until,
)

BUCKET = "billing"
_SOCKET = "s.sock"


def start(base: Path) -> Server:
    """Serve an empty bucket below `base` by S3 to the holders of two key pairs: one may read.

    `admin` holds `root`, the folder whose folders are the buckets, `bucket`, the one in it, and
    `writer_access_key` and `writer_secret_key`, of the one who may write and delete, too.
    """
    folder = base / "billing"
    folder.mkdir(mode=0o700)
    (folder / "buckets" / BUCKET).mkdir(parents=True)
    pairs = [(f"AK{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)) for _ in range(2)]
    try:
        processes, port = _serve(folder, pairs)
    except EstateError:  # the port may have been taken after we found it free
        processes, port = _serve(folder, pairs)
    (access_key, secret_key), (writer, writer_secret) = pairs
    return Server(
        name="billing",
        processes=processes,
        environ={
            "BILLING_ENDPOINT": f"http://127.0.0.1:{port}",
            "BILLING_ACCESS_KEY": access_key,
            "BILLING_SECRET_KEY": secret_key,
            "BILLING_BUCKET": BUCKET,
        },
        admin={
            "root": str(folder / "buckets"),
            "writer_access_key": writer,
            "writer_secret_key": writer_secret,
        },
    )


def _serve(folder: Path, pairs: list[tuple[str, str]]) -> tuple[tuple[Process, ...], int]:
    port, socket = free_port(), folder / _SOCKET
    socket.unlink(missing_ok=True)  # of a store that was stopped
    # CSV, hence the quotes. In the environment and not in the arguments, which everybody may read.
    keys = ",".join(f'"{access_key},{secret_key}"' for access_key, secret_key in pairs)
    policy = Template((Path(__file__).parent / "billing.cfg").read_text())
    (folder / "policy.cfg").write_text(
        policy.substitute(PORT=port, SOCKET=socket, WRITER=pairs[1][0])
    )
    processes: list[Process] = []
    try:
        store = spawn(
            [
                *(Path(sysconfig.get_path("scripts"), "rclone"), "serve", "s3"),
                *("--addr", f"unix://{socket}", "--config", "/dev/null"),
                *("--cache-dir", folder / "cache", "--vfs-cache-mode", "off"),
                *("--dir-cache-time", "0s", folder / "buckets"),  # a new file is seen at once
            ],
            log=folder.parent / "billing.log",
            environ={"HOME": str(folder), "RCLONE_AUTH_KEY": keys},
        )
        processes.append(store)
        gate = spawn(
            [haproxy(), "-db", "-f", folder / "policy.cfg"],
            log=folder.parent / "billing-policy.log",
            environ={"HOME": str(folder)},
        )
        processes.append(gate)
        wait_until(lambda: accepts_on(socket), store)
        wait_until(lambda: accepts(port), gate)
    except EstateError:
        for process in reversed(processes):
            process.stop()
        raise
    return tuple(processes), port
