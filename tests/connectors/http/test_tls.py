"""Whom we speak to is verified before anything is said."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from connectors.errors import AccessDenied
from tests.connectors.http.raw_server import (
    BODY,
    exchange,
    head,
    length,
    says,
    server_side,
    serving,
)

EXPIRED = datetime(2020, 1, 1, tzinfo=UTC)
LATER, YEAR = datetime(2096, 1, 1, tzinfo=UTC), timedelta(days=365)


def test_a_certificate_of_our_authority_for_this_host_is_trusted(
    authority: tuple[trustme.CA, Path],
) -> None:
    """Control to the refusals below."""
    ca, ca_file = authority
    with serving(says(head(length(BODY)), BODY), server_side(ca.issue_cert("127.0.0.1"))) as url:
        assert exchange(url, ca_file=ca_file).body == BODY


def bad_certificates(ca: trustme.CA) -> dict[str, trustme.LeafCert]:
    return {
        "another host": ca.issue_cert("vendor.example"),
        "another authority": trustme.CA().issue_cert("127.0.0.1"),
        "expired": ca.issue_cert("127.0.0.1", not_after=EXPIRED),
        "not yet valid": ca.issue_cert("127.0.0.1", not_before=LATER, not_after=LATER + YEAR),
    }


@pytest.mark.parametrize("case", ["another host", "another authority", "expired", "not yet valid"])
def test_n20_a_bad_certificate_gets_no_request(
    authority: tuple[trustme.CA, Path], case: str
) -> None:
    ca, ca_file = authority
    asked: list[bool] = []
    tls = server_side(bad_certificates(ca)[case])
    with (
        serving(lambda _: asked.append(True), tls) as url,
        pytest.raises(AccessDenied, match="TLS is not trusted"),
    ):
        exchange(url, ca_file=ca_file)
    assert asked == []


def test_a_server_without_tls_is_told_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                peer.recv(65536)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(AccessDenied, match="it speaks no TLS: check the port, and https"):
            exchange(f"https://127.0.0.1:{listener.getsockname()[1]}")
        thread.join(10)


def test_n21_old_tls_is_refused(authority: tuple[trustme.CA, Path]) -> None:
    ca, ca_file = authority
    tls = server_side(ca.issue_cert("127.0.0.1"))
    tls.set_ciphers("ALL:@SECLEVEL=0")
    tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1
    with serving(says(head(length(BODY)), BODY), tls) as url, pytest.raises(AccessDenied):
        exchange(url, ca_file=ca_file)


def test_n19_proxies_and_key_logs_of_the_environment_are_not_used(
    authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ca, ca_file = authority
    asked: list[bool] = []
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    with (
        serving(lambda _: asked.append(True)) as proxy,
        serving(says(head(length(BODY)), BODY), server_side(ca.issue_cert("127.0.0.1"))) as url,
    ):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.partition("/data")[0])
        assert exchange(url, ca_file=ca_file).body == BODY
    assert asked == []
    assert not keys.exists()
