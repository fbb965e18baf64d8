"""A running `seatrial ui`, asked as its own pages ask it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from connectors.secrets import Secret
from harness.errors import ConfigurationError
from harness.ledger.ledger import open_ledger
from tests.cli import SEATRIAL

LAUNCH = """
mutation ($of: String!) { launchPipelineExecution(executionParams: { mode: "default", selector: {
  repositoryLocationName: $of, repositoryName: "__repository__", pipelineName: "prove"
} }) { ... on LaunchRunSuccess { run { runId } } } }
"""
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+")
_ENDS_WITH_US = ("/usr/bin/setpriv", "--pdeathsig", "TERM")
RUN = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


@dataclass(slots=True, kw_only=True)
class Ui:
    """A process, leader of a session of its own, and how it is begun on a port."""

    begin: Callable[[int], subprocess.Popen[str]]
    process: subprocess.Popen[str]
    port: int
    out: Path
    ledger: Path | Secret
    log: Path
    said: list[str] = field(default_factory=list)
    """The lines that it printed at its start."""
    client: httpx.Client = field(default_factory=httpx.Client)
    """An operator's."""

    @property
    def address(self) -> str:
        """Where an operator opens it."""
        return _ADDRESS.findall(self.said[0])[0]

    @property
    def address_to_look(self) -> str:
        return _ADDRESS.findall(self.said[1])[0]

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self, address: str) -> httpx.Client:
        """A browser that opened an address: it has a cookie."""
        client = httpx.Client(base_url=self.root, timeout=60)
        try:
            assert client.get(address).status_code == 303
        except httpx.TransportError:
            client.close()
            raise
        return client

    def ask(self, query: str, **variables: Any) -> Any:
        asked = {"query": query, "variables": variables}
        answer = self.client.post("/graphql", json=asked).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def launch(self, pilot: str) -> str:
        return str(self.ask(LAUNCH, of=pilot)["launchPipelineExecution"]["run"]["runId"])

    def status(self, run: str) -> str:
        return str(self.ask(RUN, id=run)["runOrError"]["status"])

    def ended(self, run: str) -> str:
        until(lambda: self.status(run) in ("SUCCESS", "FAILURE"))
        until(self._unlocked)  # Dagster says so before it tears the run down
        return self.status(run)

    def recorded(self, run: str) -> str | None:
        with open_ledger(self.ledger) as ledger:
            return ledger.state(run)

    def _unlocked(self) -> bool:
        try:
            with open_ledger(self.ledger):
                return True
        except ConfigurationError:
            return False

    def end(self) -> None:
        """As `kill` and a service manager do it; nothing of it is left."""
        self.client.close()
        with self.process:  # waits, and closes the pipe
            self.process.send_signal(signal.SIGTERM)
        assert not session(self.process.pid)

    def start_again(self) -> None:
        """On another port, until it answers."""
        self.port = free_port()
        self.process = self.begin(self.port)
        self.wait()

    def wait(self) -> None:
        """Until it answers an operator."""
        assert self.process.stdout is not None
        self.said = [self.process.stdout.readline() for _ in range(2)]
        assert all(self.said), self.log.read_text()
        until(lambda: self.process.poll() is not None or self._opens())
        assert self.process.poll() is None, self.log.read_text()

    def _opens(self) -> bool:
        try:
            self.client = self.open(self.address)
        except httpx.TransportError:
            return False
        return True


@contextmanager
def served(
    *words: str | Path,
    cwd: Path,
    environ: Mapping[str, str],
    out: Path,
    ledger: Path | Secret | None = None,
) -> Iterator[Ui]:
    """`seatrial ui WORDS`, as a shell starts a background job, until it answers."""
    out.mkdir(parents=True, exist_ok=True)
    log = out / "ui.log"

    def begin(port: int) -> subprocess.Popen[str]:
        line = (SEATRIAL, "ui", *words, "--port", str(port), "--out", out)
        with log.open("a") as errors:
            return subprocess.Popen(
                # Should the tests be killed, it is told to end.
                [*_ENDS_WITH_US, "/bin/sh", "-c", 'trap "" INT; exec "$0" "$@"', *line],
                cwd=cwd,
                env=environ,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )

    port, at = free_port(), ledger or out / "ledger.sqlite"
    started = Ui(begin=begin, process=begin(port), port=port, out=out, ledger=at, log=log)
    try:
        started.wait()
        yield started
    finally:
        if started.process.poll() is None:
            started.end()
        elif started.process.stdout is not None:
            started.process.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def session(leader: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found


def until(so: Callable[[], bool], seconds: float = 100) -> None:
    started = time.monotonic()
    while not so():
        assert time.monotonic() - started < seconds, "waited too long"
        time.sleep(0.2)
