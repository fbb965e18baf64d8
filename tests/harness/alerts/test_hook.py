"""Hooks and heartbeats are asked by verified HTTPS, once, and no error quotes their address."""

from __future__ import annotations

import json
import socket
import ssl
from pathlib import Path

import pytest
import trustme

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.secrets import Secret
from harness.alerts.hook import ask
from tests.connectors.http.raw_server import server_side
from tests.connectors.scripted import Said, scripted

TOKEN = "canary-7f3a"


def behind(url: str) -> Secret:
    return Secret("env:ROOM_URL", f"{url}/services/{TOKEN}")


def post(url: str, *, ca_file: Path | None = None) -> None:
    ask(behind(url), name="channel room", body=b'{"text": "x"}', ca_file=ca_file)


def test_json_is_posted_to_the_very_address(tls: ssl.SSLContext, ca_file: Path) -> None:
    with scripted(lambda _: Said(b"ok"), tls) as hook:
        post(hook.url, ca_file=ca_file)
    [asked] = hook.asked
    assert (asked.method, asked.path) == ("POST", f"/services/{TOKEN}")
    assert asked.headers["content-type"] == "application/json"
    assert json.loads(asked.body) == {"text": "x"}


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_success_is_one(status: int) -> None:
    with scripted(lambda _: Said(status=status)) as hook:
        post(hook.url)


def test_a_heartbeat_is_only_asked() -> None:
    with scripted(lambda _: Said(b"OK")) as hook:
        ask(behind(hook.url), name="heartbeat", ca_file=None)
    assert [(asked.method, asked.body) for asked in hook.asked] == [("GET", b"")]


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        (400, AccessDenied, "answered 400: correct the address behind env:ROOM_URL"),
        (401, AccessDenied, "answered 401"),
        (403, AccessDenied, "answered 403"),
        (404, SourceChanged, "answered 404: correct the address behind env:ROOM_URL"),
        (410, SourceChanged, "answered 410"),
        (302, SourceChanged, "a redirect"),
        (429, SourceUnavailable, "try later"),
        (500, SourceUnavailable, "try later"),
    ],
)
def test_any_other_answer_is_told_without_the_address(
    status: int, error: type[SourceError], told: str
) -> None:
    with (
        scripted(lambda _: Said(TOKEN.encode(), status=status)) as hook,
        pytest.raises(error, match=told) as raised,
    ):
        post(hook.url)
    assert "POST channel room" in str(raised.value)
    assert TOKEN not in str(raised.value)
    assert len(hook.asked) == 1


def test_a_hook_that_is_not_there_is_told_without_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(SourceUnavailable, match="POST channel room: no connection") as raised:
        post(url)
    assert TOKEN not in str(raised.value)


def test_a_host_that_nobody_knows_is_told_with_its_reference() -> None:
    with pytest.raises(SourceError, match="the address behind env:ROOM_URL") as raised:
        post("https://nowhere.invalid")
    assert TOKEN not in str(raised.value)


def test_a_hook_that_is_not_trusted_gets_nothing(authority: trustme.CA, ca_file: Path) -> None:
    other = server_side(authority.issue_cert("hooks.example"))
    with (
        scripted(lambda _: Said(b"ok"), other) as hook,
        pytest.raises(AccessDenied, match="TLS is not trusted"),
    ):
        post(hook.url, ca_file=ca_file)
    assert hook.asked == []
