"""Debian's Apache as a process of the test's own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.harness.dagster_ui import until

_MODULES = ("authn_core", "authz_core", "authz_user", "dir", "mime")


@contextmanager
def apache(
    room: Path, address: str, modules: Sequence[str], site: str, environ: Mapping[str, str]
) -> Iterator[None]:
    """`site` served at `address` with these modules; `room` is the folder of its files."""
    room.mkdir()
    at = address.partition("//")[2]
    loaded = [*modules, *(f"{name}_module mod_{name}" for name in _MODULES)]
    lines = [
        f'ServerRoot "{room}"',
        f"ServerName {at}",
        f"Listen {at}",
        f'PidFile "{room}/pid"',
        "Mutex sem",
        *(["User nobody", "Group nogroup"] if os.geteuid() == 0 else []),
        f'DefaultRuntimeDir "{room}"',
        f'ErrorLog "{room}/error.log"',
        *("LoadModule {} /usr/lib/apache2/modules/{}.so".format(*one.split()) for one in loaded),
        'TypesConfig "/etc/mime.types"',
        site,
    ]
    (room / "apache.conf").write_text("\n".join(lines))
    with (room / "out.log").open("w") as said:
        process = subprocess.Popen(
            ["apache2", "-D", "FOREGROUND", "-f", str(room / "apache.conf")],
            stdout=said,
            stderr=said,
            env={**os.environ, **environ},
            start_new_session=True,  # at its end it signals its whole group
        )
    try:
        until(lambda: process.poll() is not None or _answers(address))
        assert process.poll() is None, (room / "out.log").read_text()
        yield
    finally:
        process.terminate()
        process.wait(20)


def _answers(address: str) -> bool:
    try:
        httpx.get(address, timeout=5)
    except httpx.TransportError:
        return False
    return True
