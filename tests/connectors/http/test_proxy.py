"""A proxy learns where we go and nothing of what is said; a source learns nothing of the proxy."""

from __future__ import annotations

import logging
import re
import ssl
from pathlib import Path

import pytest

from connectors.errors import AccessDenied
from harness.facts import EvidenceClass
from harness.run import evidence_class
from tests.conformance import read
from tests.connectors.bucket_fixture import LINES, Bucket
from tests.connectors.http.tunnelled import ROWS, SCHEMA
from tests.connectors.proxy_fixture import PASSWORD, Passage, passage
from tests.connectors.scripted import Scripted


def test_an_api_is_read_through_the_proxy_by_tls_from_end_to_end(
    vendor: Scripted, gate: Passage, ca_file: Path
) -> None:
    run = read(vendor.rest(ca_file=ca_file, proxy=gate.proxy()), "parts", SCHEMA)
    assert run.completed.rows == len(ROWS)
    assert len(gate.heads) == 1, "one tunnel carries the whole reading"
    assert gate.heads[0].startswith(f"CONNECT {vendor.url.partition('://')[2]} HTTP/1.1\r\n")
    # What the proxy could have read: a TLS handshake, and neither token nor secret of the source.
    assert gate.tunnelled.startswith(b"\x16\x03")
    assert not re.search(rb"(?i)bearer|t0\b|GET /", bytes(gate.tunnelled))
    assert "earer" not in "".join(gate.heads)
    # What the source was told: the token, and nothing of the proxy.
    assert vendor.asked[-1].headers["authorization"] == "Bearer t0"
    for asked in vendor.asked:
        assert not [name for name in asked.headers if "proxy" in name]
        assert PASSWORD.encode() not in asked.body


def test_a_bucket_is_read_through_the_proxy_by_tls_from_end_to_end(
    encrypted: tuple[Bucket, str, Path], gate: Passage
) -> None:
    billing, endpoint, ca = encrypted
    store = billing.store(endpoint=endpoint, ca_file=ca, proxy=gate.proxy())
    assert read(store, "it", LINES).completed.rows == 3
    assert {line.partition(" HTTP")[0] for line in gate.heads} == {
        f"CONNECT {endpoint.partition('://')[2]}"
    }
    assert gate.tunnelled.startswith(b"\x16\x03")
    assert billing.environ["BILLING_ACCESS_KEY"].encode() not in gate.tunnelled


def test_a_proxy_may_be_spoken_to_by_tls_itself(
    vendor: Scripted, tls: ssl.SSLContext, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its certificate is held against what this machine trusts."""
    with passage(tls) as gate:
        rest = vendor.rest(ca_file=ca_file, proxy=gate.proxy())
        with pytest.raises(AccessDenied, match="TLS is not trusted"):
            read(rest, "parts", SCHEMA)
        assert gate.heads == []
        monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
        assert read(rest, "parts", SCHEMA).completed.rows == len(ROWS)


def test_no_proxy_of_the_environment_is_used_beside_or_instead_of_the_one_named(
    vendor: Scripted,
    encrypted: tuple[Bucket, str, Path],
    gate: Passage,
    ca_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    billing, endpoint, ca = encrypted
    with passage() as ambient:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, ambient.url)
        monkeypatch.setenv("NO_PROXY", "*")
        for through in ({}, {"proxy": gate.proxy()}):
            read(vendor.rest(ca_file=ca_file, **through), "parts", SCHEMA)
            read(billing.store(endpoint=endpoint, ca_file=ca, **through), "it", LINES)
        assert ambient.heads == []
    assert len(gate.heads) >= 2


def test_what_is_proven_through_a_proxy_on_this_machine_is_still_practice(
    vendor: Scripted, gate: Passage, ca_file: Path
) -> None:
    rest = vendor.rest(ca_file=ca_file, proxy=gate.proxy())
    assert rest.endpoint == vendor.url
    found = evidence_class.of(rest.endpoint, EvidenceClass.PRODUCTION)
    assert found is EvidenceClass.SIMULATED


def test_the_proxys_password_is_in_no_log(
    vendor: Scripted,
    encrypted: tuple[Bucket, str, Path],
    gate: Passage,
    ca_file: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    billing, endpoint, ca = encrypted
    caplog.set_level(logging.DEBUG)
    read(vendor.rest(ca_file=ca_file, proxy=gate.proxy()), "parts", SCHEMA)
    read(billing.store(endpoint=endpoint, ca_file=ca, proxy=gate.proxy()), "it", LINES)
    named = re.search(r"Basic (\S+)", gate.heads[0])
    assert named is not None
    said = [caplog.text, repr(gate.proxy())]
    assert not [text for text in said if PASSWORD in text or named[1] in text or "t0" in text]
