"""An SFTP log-in by password: by reference, once, and shown nowhere; a real server counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from connectors.errors import AccessDenied
from connectors.events import Authenticated, Event, Refused
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.sftp import Sftp
from connectors.secrets import Secret
from tests.conformance import Run, keeps_the_seam, read
from tests.connectors.drop_fixture import HEADER, SHIPMENTS, Asked, by_password

PASSWORD = "canary-9f27-of-the-drop"
ROWS = "".join(f"{n},TRUCK,2.50,2026-11-01T13:05:00Z\n" for n in range(300))


@pytest.fixture(params=["password", "keyboard-interactive"])
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Asked]:
    """A server that knows one of the two ways to ask for a password."""
    (tmp_path / "shipments_20261101.csv").write_text(f"{HEADER}\n{ROWS}")
    with by_password(tmp_path, user="drop", password=PASSWORD, method=request.param) as asked:
        yield asked


def files(server: Asked, password: str = PASSWORD, *, stranger_allowed: bool = False) -> Files:
    store = Sftp(
        host="127.0.0.1",
        port=server.port,
        user="drop",
        host_key=server.host_key,
        password=Secret("env:DROP_PASSWORD", password),
    )
    it = FileSet("shipments_*.csv", Csv())
    return Files(store=store, datasets={"it": it}, stranger_allowed=stranger_allowed)


def test_a_password_opens_a_drop_and_is_shown_nowhere(server: Asked) -> None:
    keeps_the_seam(files(server), "it", SHIPMENTS, rows=300, secrets=[PASSWORD])
    run = read(files(server), "it", SHIPMENTS)
    assert run.of(Authenticated) == [Authenticated(how="password of drop", renewed=False)]


def test_a_wrong_password_is_sent_once_and_the_refusal_is_the_end(server: Asked) -> None:
    run = Run()
    with pytest.raises(AccessDenied, match="password was refused: check it") as caught:
        read(files(server, "canary-of-a-wrong-one"), "it", SHIPMENTS, into=run)
    assert server.shown == [("drop", "canary-of-a-wrong-one")]
    assert [event.status for event in run.of(Refused)] == ["PermissionDenied"]
    assert "canary" not in f"{caught.value!r} {caught.value.__cause__!r} {run.events!r}"


def test_a_stranger_comes_with_a_name_and_a_password_that_nobody_has(server: Asked) -> None:
    events: list[Event] = []
    nobody, probe = files(server, stranger_allowed=True).probe(emit=events.append)
    assert (probe.refused, probe.status) == (True, "PermissionDenied")
    assert (nobody.refused, nobody.detail) == (True, "a log-in without key or password")
    assert probe.detail == "a random login name with a password made for it"
    ((name, password),) = server.shown
    assert name.startswith("stranger_")
    assert password != PASSWORD


def test_a_server_of_another_key_is_shown_no_password(server: Asked) -> None:
    another = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    store = Sftp(
        host="127.0.0.1",
        port=server.port,
        user="drop",
        host_key=another,
        password=Secret("env:DROP_PASSWORD", PASSWORD),
    )
    with pytest.raises(AccessDenied, match="the server's key is not the pinned one"):
        read(Files(store=store, datasets={"it": FileSet("*.csv", Csv())}), "it", SHIPMENTS)
    assert server.shown == []


@pytest.mark.parametrize(
    "ways", [{}, {"key_file": Path("k"), "password": Secret("env:P", "p")}], ids=["none", "both"]
)
def test_a_log_in_is_by_key_or_by_password(ways: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="name one of them"):
        Sftp(host="h", user="u", host_key="k", **ways)  # type: ignore[arg-type]
