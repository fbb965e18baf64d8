"""A company's log-in: a certified OpenID provider, and Apache before the UI as in docs/ui.md."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.docs import REPOSITORY, snippets
from tests.harness.dagster_ui import until
from tests.servers import install_npm

HERE = Path(__file__).parent / "oidc"
CLIENT_SECRET = "a-client-secret-that-only-two-know"
_MODULES = (
    *("mpm_event", "authn_core", "authz_core", "authz_user", "auth_openidc"),
    *("headers", "proxy", "proxy_http"),
)
_MODULES_OF_DEBIAN = "/usr/lib/apache2/modules"
(SHOWN,) = snippets(REPOSITORY / "docs" / "ui.md", "apache")


@contextmanager
def provider(folder: Path, *, port: int, redirect: str) -> Iterator[None]:
    """The provider, installed as its lock says."""
    room = folder / "provider"
    shutil.copytree(HERE, room)
    install_npm(room)
    words = ["node", "provider.mjs", str(port), redirect, CLIENT_SECRET]
    metadata = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
    with _running(words, room, metadata):
        yield


@contextmanager
def proxy(folder: Path, *, port: int, ui: int, login: int, secret: str) -> Iterator[str]:
    """Apache as the docs show it, with these addresses and secrets; gives its own address."""
    origin = f"http://127.0.0.1:{port}"
    site = _replaced(
        SHOWN,
        {
            "https://login.acme.example": f"http://127.0.0.1:{login}",
            "https://seatrial.acme.example": origin,
            "http://127.0.0.1:3000/": f"http://127.0.0.1:{ui}/",
            "exec:/bin/cat /etc/seatrial/client": CLIENT_SECRET,
            "exec:/bin/cat /etc/seatrial/passphrase": "a passphrase of this test alone",
            "the secret of X-Seatrial-Proxy": secret,
        },
    )
    room = folder / "apache"
    room.mkdir()
    lines = [
        f'ServerRoot "{room}"',
        f"ServerName 127.0.0.1:{port}",
        f"Listen 127.0.0.1:{port}",
        f'PidFile "{room}/pid"',
        "Mutex sem",
        *(["User nobody", "Group nogroup"] if os.geteuid() == 0 else []),
        f'DefaultRuntimeDir "{room}"',
        f'ErrorLog "{room}/error.log"',
        *(f"LoadModule {name}_module {_MODULES_OF_DEBIAN}/mod_{name}.so" for name in _MODULES),
        site,
    ]
    (room / "apache.conf").write_text("\n".join(lines))
    words = ["apache2", "-D", "FOREGROUND", "-f", str(room / "apache.conf")]
    with _running(words, room, origin):
        yield origin


def _replaced(text: str, others: Mapping[str, str]) -> str:
    for old, new in others.items():
        assert old in text, f"docs/ui.md no longer shows {old}"
        text = text.replace(old, new)
    return text


@contextmanager
def _running(words: Sequence[str], folder: Path, address: str) -> Iterator[None]:
    with (folder / "out.log").open("w") as log:
        process = subprocess.Popen(words, cwd=folder, stdout=log, stderr=log)
    try:
        until(lambda: process.poll() is not None or _answers(address))
        assert process.poll() is None, (folder / "out.log").read_text()
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
