"""Servers that others wrote and that do not fit our lock: set up once, beside the environment.

They have locks of their own, `requirements-servers.lock` and `package-lock.json` of NPM, as has
what is compiled where it is used, `requirements-kerberos.lock`,
and a folder each for what these say, so that a changed lock is set up anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.docs import REPOSITORY

PYTHON_LOCK = REPOSITORY / "requirements-servers.lock"
KERBEROS_LOCK = REPOSITORY / "requirements-kerberos.lock"
NPM = Path(__file__).with_name("connectors") / "servers" / "npm"
_UV_LOCK = REPOSITORY / "requirements-uv.lock"
_PIP = ("-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check")


def python_servers() -> Path:
    """The environment of those in Python; their programs are in its `bin`."""
    return set_up("python", PYTHON_LOCK.read_bytes(), _install_python)


def npm_servers() -> Path:
    """The folder of those from npm; its `node_modules` has them."""
    return set_up("npm", (NPM / "package-lock.json").read_bytes(), _install_npm)


def kerberos_library() -> Path:
    """The folder of packages of the extra `kerberos`, compiled here."""
    place = set_up("kerberos", KERBEROS_LOCK.read_bytes(), _install_kerberos)
    (packages,) = place.glob("lib/python*/site-packages")
    return packages


def set_up(name: str, version: bytes, work: Callable[[Path], None]) -> Path:
    """The folder that `work` fills, once for each version, whoever asks at the same time."""
    base = Path(sys.prefix) / "servers"
    base.mkdir(exist_ok=True)
    place = base / f"{name}-{hashlib.sha256(version).hexdigest()[:16]}"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "ready").exists():
            for stale in base.glob(f"{name}-*"):
                shutil.rmtree(stale)
            place.mkdir()
            work(place)
            (place / "ready").touch()
    return place


def _install_python(place: Path) -> None:
    _install(place, PYTHON_LOCK)


def _install_kerberos(place: Path) -> None:
    """What builds it stands in the lock, too. Nobody waits for a compiler to make it fast."""
    _install(place, KERBEROS_LOCK, "--build-constraints", KERBEROS_LOCK, CFLAGS="-O0 -g0")


def _install(place: Path, lock: Path, *more: str | Path, **environ: str) -> None:
    """By uv, which takes a third of pip's time."""
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    python = place / "bin" / "python"
    subprocess.run([python, *_PIP, "--require-hashes", "-r", _UV_LOCK], check=True)
    uv = [place / "bin" / "uv", "pip", "install", "--quiet", "--no-deps", "--python", python]
    words = [*uv, "--require-hashes", "-r", lock, *more]
    subprocess.run(words, check=True, env={**os.environ, **environ})


def install_npm(folder: Path) -> None:
    """What the lock in `folder` says, without running anybody's scripts."""
    words = ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(words, cwd=folder, check=True)


def _install_npm(place: Path) -> None:
    for file in NPM.iterdir():
        shutil.copy(file, place)
    install_npm(place)
