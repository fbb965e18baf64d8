"""Starts the service of `server.py`, by spyne, in an environment of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from estate.process import accepts, free_port, spawn, wait_until
from tests.servers import python_servers

SERVER = Path(__file__).with_name("server.py")
ROWS, PASSWORD = 95, "right"


@dataclass(frozen=True, slots=True)
class Service:
    """A running one."""

    url: str

    def wsdl(self, version: str) -> bytes:
        """Its WSDL for SOAP `11` or `12`."""
        with urlopen(f"{self.url}/{version}?wsdl") as answer:
            text: bytes = answer.read()
            return text


@contextmanager
def service(folder: Path) -> Iterator[Service]:
    port = free_port()
    python = python_servers() / "bin" / "python"
    process = spawn([str(python), str(SERVER), str(port)], log=folder / "service.log")
    try:
        wait_until(lambda: accepts(port), process)
        yield Service(f"http://127.0.0.1:{port}")
    finally:
        process.stop()
