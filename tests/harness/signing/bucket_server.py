"""A bucket that takes objects."""

from __future__ import annotations

import secrets
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from estate.process import accepts, free_port, spawn, wait_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A running one; `folder` is its bucket `heads`."""

    endpoint: str
    folder: Path
    environ: Mapping[str, str]

    @property
    def setting(self) -> str:
        return (
            f"{{bucket: {{endpoint: '{self.endpoint}', region: us-east-1, name: heads, "
            "folder: of/acme, access_key: 'env:HEADS_KEY', secret_key: 'env:HEADS_SECRET'}}"
        )


@contextmanager
def store() -> Iterator[Store]:
    port, key, secret = free_port(), f"AK{secrets.token_hex(8)}", secrets.token_urlsafe(30)
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        folder = Path(name, "buckets", "heads")
        folder.mkdir(parents=True)
        process = spawn(
            [
                *(Path(sysconfig.get_path("scripts"), "rclone"), "serve", "s3"),
                *("--addr", f"127.0.0.1:{port}", "--config", "/dev/null"),
                *("--cache-dir", Path(name, "cache"), "--dir-cache-time", "0s", folder.parent),
            ],
            log=Path(name, "store.log"),
            environ={"HOME": name, "RCLONE_AUTH_KEY": f'"{key},{secret}"'},
        )
        try:
            wait_until(lambda: accepts(port), process)
            yield Store(
                endpoint=f"http://127.0.0.1:{port}",
                folder=folder,
                environ={"HEADS_KEY": key, "HEADS_SECRET": secret},
            )
        finally:
            process.stop()
