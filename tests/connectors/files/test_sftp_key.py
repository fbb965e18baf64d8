"""Who may log in to an SFTP server by key, and that nothing of ours is shown to another one."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.connector import ProbeKind
from connectors.errors import AccessDenied, SourceChanged, SourceUnavailable
from connectors.events import (
    Refused,
)
from estate.process import free_port
from tests.conformance import Run, read
from tests.connectors.drop_fixture import (
    HEADER,
    SHIPMENTS,
    Drop,
    doorkeeper,
    drop,
)

ROW = "1,TRUCK,2.50,2026-11-01T13:05:00Z\n"
CANARY = "canary-in-the-data"


@pytest.fixture(scope="module")
def server() -> Iterator[Drop]:
    with drop() as running:
        yield running


@pytest.fixture
def logistics(server: Drop) -> Drop:
    """The drop with an empty folder."""
    server.clear()
    return server


def test_another_host_key_ends_it_before_anything_of_ours_is_shown(logistics: Drop) -> None:
    run = Run()
    with doorkeeper() as (port, _, shown):
        with pytest.raises(AccessDenied, match="the server's key is not the pinned one"):
            read(logistics.sftp(port=port), "it", SHIPMENTS, into=run)
        assert shown == run.events == []


def test_our_key_and_no_other_is_shown_once_and_a_refusal_is_the_end(logistics: Drop) -> None:
    run = Run()
    with doorkeeper() as (port, host_key, shown):
        with pytest.raises(AccessDenied, match="our key or password was refused"):
            read(logistics.sftp(port=port, host_key=host_key), "it", SHIPMENTS, into=run)
        ours = Path(logistics.environ["LOGISTICS_KEY_FILE"]).with_suffix(".pub").read_text()
        assert shown == ["drop", ours.strip()]
    assert [(event.what, event.status) for event in run.events] == [("log-in", "PermissionDenied")]


@pytest.mark.parametrize(
    ("content", "mode", "message"),
    [
        ("x", 0o644, "has mode 0644: chmod 600 it"),
        ("x", 0o600, "holds no private key without passphrase"),
        (None, 0, "cannot be read"),
    ],
)
def test_a_key_file_that_is_not_fit_is_refused_before_any_connection(
    logistics: Drop, tmp_path: Path, content: str | None, mode: int, message: str
) -> None:
    key = tmp_path / "key"
    if content is not None:
        key.write_text(content)
        key.chmod(mode)
    with pytest.raises(AccessDenied, match=message):
        read(logistics.sftp(key_file=key, port=free_port()), "it", SHIPMENTS)


def test_a_server_that_is_down_is_unavailable(logistics: Drop) -> None:
    run = Run()
    with pytest.raises(SourceUnavailable, match="is the server up"):
        read(logistics.sftp(port=free_port()), "it", SHIPMENTS, into=run)
    assert run.events == []


def test_a_stranger_is_refused_by_the_server_itself(logistics: Drop) -> None:
    run = Run()
    probes = logistics.sftp(stranger_allowed=True).probe(emit=run.events.append)
    assert [(probe.name, probe.refused, probe.status) for probe in probes] == [
        ("nobody_refused", True, "PermissionDenied"),
        ("stranger_refused", True, "PermissionDenied"),
    ]
    assert [event.status for event in run.of(Refused)] == ["PermissionDenied"] * 2


def test_our_name_is_tried_without_any_key_and_a_strangers_with_one(logistics: Drop) -> None:
    with doorkeeper() as (port, host_key, shown):
        door = logistics.sftp(port=port, host_key=host_key, stranger_allowed=True)
        door.probe(emit=lambda _: None)
    ours, stranger, key = shown
    assert ours == "drop"
    assert stranger.startswith("stranger_")
    assert key.startswith("ssh-ed25519 ")


def test_a_server_that_asks_for_no_key_lets_nobody_in(logistics: Drop) -> None:
    """SSH's method `none` is taken for our name alone: a stranger is refused."""
    with doorkeeper(open_to="drop") as (port, host_key, _):
        door = logistics.sftp(port=port, host_key=host_key, stranger_allowed=True)
        probes = door.probe(emit=lambda _: None)
    assert [(probe.kind, probe.refused, probe.status) for probe in probes] == [
        (ProbeKind.NOBODY, False, "OK"),
        (ProbeKind.STRANGER, True, "PermissionDenied"),
    ]


def test_no_stranger_is_sent_where_none_is_allowed(logistics: Drop) -> None:
    before = logistics.log.read_text()
    assert logistics.sftp().probe(emit=lambda _: None) == ()
    assert logistics.log.read_text() == before


def test_a_server_that_is_down_refuses_nobody(logistics: Drop) -> None:
    nowhere = logistics.sftp(port=free_port(), stranger_allowed=True)
    probes = nowhere.probe(emit=lambda _: None)
    assert [(probe.refused, probe.status) for probe in probes] == [(False, "no answer")] * 2


def test_the_key_is_in_no_log_event_error_or_repr(
    logistics: Drop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logistics.put(1, f"{HEADER}\n1\n")
    run = Run()
    with pytest.raises(SourceChanged) as caught:
        read(logistics.sftp(), "it", SHIPMENTS, into=run)
    said = [
        caplog.text,
        repr(run.events),
        repr(logistics.sftp()),
        "".join(traceback.format_exception(caught.value)),
    ]
    for line in Path(logistics.environ["LOGISTICS_KEY_FILE"]).read_text().splitlines()[1:-1]:
        assert not [text for text in said if line in text]


def test_the_endpoint_names_the_system_and_nobody_in_it(logistics: Drop) -> None:
    port = logistics.environ["LOGISTICS_PORT"]
    assert logistics.sftp().endpoint == f"sftp://127.0.0.1:{port}"
