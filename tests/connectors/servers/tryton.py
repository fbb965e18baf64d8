"""Tryton, an ERP system: JSON-RPC within a session, and REST by ranges with a key."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from estate.process import Process, accepts, free_port, spawn, wait_until
from tests.servers import python_servers, set_up

USER, PASSWORD = "admin", "canary-of-tryton"
KEY = "canary-of-an-application-of-tryton"
PARTIES = 117
DATABASE = "erp"


@dataclass(frozen=True, slots=True)
class Tryton:
    """A running one, whose only user is USER; KEY is that of an application for REST."""

    url: str

    def call(self, method: str, *params: object, **headers: str) -> httpx.Response:
        """One call by JSON-RPC."""
        asked = {"id": 0, "method": method, "params": params}
        return httpx.post(f"{self.url}/{DATABASE}/rpc/", json=asked, headers=headers, timeout=20)

    def log_in(self, password: str = PASSWORD) -> httpx.Response:
        return self.call("common.db.login", USER, {"password": password})

    def do(self, method: str, *params: object) -> Any:
        """What a method of a model answers within a session of its own."""
        number, token, *_ = self.log_in().raise_for_status().json()["result"]
        shown = base64.b64encode(f"{USER}:{number}:{token}".encode()).decode()
        answer = self.call(method, *params, {}, Authorization=f"Session {shown}").json()
        assert "result" in answer, answer
        return answer["result"]


@contextmanager
def tryton(folder: Path) -> Iterator[str]:
    """One with PARTIES parties, on a database of its own; gives its address."""
    environment = python_servers()
    template = set_up("tryton", environment.name.encode(), lambda it: _make(environment, it))
    for file in template.glob(f"{DATABASE}.sqlite*"):
        shutil.copy(file, folder)
    server, process = _started(environment, folder)
    try:
        yield server.url
    finally:
        process.stop()


def _started(environment: Path, folder: Path) -> tuple[Tryton, Process]:
    port = free_port()
    settings = folder / "trytond.conf"
    settings.write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n[web]\nlisten = 127.0.0.1:{port}\n"
        "[session]\nmax_attempt = 1\n"  # two wrong passwords lock the account, and not six
    )
    program = environment / "bin" / "trytond"
    process = spawn([program, "-c", settings, "-d", DATABASE], log=folder / "trytond.log")
    wait_until(lambda: accepts(port), process)
    return Tryton(f"http://127.0.0.1:{port}"), process


def _make(environment: Path, place: Path) -> None:
    """A new database takes half a minute."""
    (place / f"{DATABASE}.sqlite").touch()
    settings, password = place / "trytond.conf", place / "password"
    settings.write_text(f"[database]\nuri = sqlite://\npath = {place}\n")
    password.write_text(PASSWORD)
    subprocess.run(
        [
            *(environment / "bin" / "trytond-admin", "-c", settings, "-d", DATABASE),
            *("-u", "party", "--activate-dependencies", "--email", "reader@shop.example"),
        ],
        check=True,
        env={"PATH": "/usr/bin:/bin", "TRYTONPASSFILE": str(password)},
    )
    server, process = _started(environment, place)
    try:
        parties = [{"name": f"Party {n:03}", "code": f"P{n:03}"} for n in range(1, PARTIES + 1)]
        server.do("model.party.party.create", parties)
        key = {"user": 1, "application": "rest", "key": KEY}
        server.do("model.res.user.application.create", [key])
    finally:
        process.stop()
