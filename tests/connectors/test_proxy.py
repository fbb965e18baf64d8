"""A proxy learns where we go and nothing of what is said; a source learns nothing of the proxy."""

from __future__ import annotations

import logging
import re
import ssl
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import trustme

from connectors.errors import AccessDenied, SourceError, SourceUnavailable
from connectors.http.exchange import Connection, Limits, Request
from connectors.http.proxy import Proxy
from connectors.secrets import Secret
from estate.process import free_port
from harness.facts import EvidenceClass
from harness.run import evidence_class
from tests.conformance import Run, read
from tests.connectors.bucket_fixture import LINES, Bucket, another, bucket
from tests.connectors.proxy_fixture import PASSWORD, Passage, passage
from tests.connectors.scripted import Scripted, documents, paged, scripted
from tests.connectors.test_http import BODY, drip, head, length, says, server_side, serving
from tests.connectors.vendor_fixture import plenty

ROWS = [{"part_key": n} for n in range(5)]
SCHEMA = pa.schema([("part_key", pa.int64())])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    ca = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return ca, path


@pytest.fixture
def tls(authority: tuple[trustme.CA, Path]) -> ssl.SSLContext:
    return server_side(authority[0].issue_cert("127.0.0.1"))


@pytest.fixture
def ca_file(authority: tuple[trustme.CA, Path]) -> Path:
    return authority[1]


@pytest.fixture
def vendor(tls: ssl.SSLContext) -> Iterator[Scripted]:
    with scripted(paged(documents(ROWS[:2], ROWS[2:])), tls) as source:
        yield source


@pytest.fixture
def gate() -> Iterator[Passage]:
    with passage() as running:
        yield running


def exchange(url: str, gate: Passage, ca_file: Path, seconds: float = 5.0) -> bytes:
    with Connection(
        ca_file=ca_file,
        budget=plenty(),
        limits=Limits(seconds=seconds),
        emit=lambda _: None,
        proxy=gate.proxy(),
    ) as connection:
        return connection.exchange(Request(url=url)).body


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


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bucket, str, Path]]:
    """A bucket with three rows, its address by TLS, and who vouches for it."""
    folder = tmp_path_factory.mktemp("tls")
    ca, issued = folder / "ca.pem", folder / "server.pem"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(ca))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(issued))
    with bucket() as billing:
        billing.put_rows(1, 3)
        keys = f'"{billing.environ["BILLING_ACCESS_KEY"]},{billing.environ["BILLING_SECRET_KEY"]}"'
        with another(billing, "--cert", str(issued), "--key", str(issued), keys=keys) as port:
            yield billing, f"https://127.0.0.1:{port}", ca


WRONG = {"password": Secret("env:PROXY_PASSWORD", "another-canary")}
NOBODY = {"user": None, "password": None}
DOWN = {"url": f"http://127.0.0.1:{free_port()}"}
REFUSALS: dict[str, tuple[dict[str, Any], list[str], type[SourceError], str]] = {
    "a wrong password": (WRONG, [], AccessDenied, "407: check its user and password"),
    "no password": (NOBODY, [], AccessDenied, "407: check its user and password"),
    "not there": ({}, ["403 canary"], AccessDenied, "403: it does not let us through"),
    "no way": ({}, ["503 canary"] * 9, SourceUnavailable, "503: it found no way there"),
    "down": (DOWN, [], SourceUnavailable, "no connection to proxy 127.0.0.1:"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_proxy_that_refuses_an_api_is_one_clear_line(
    vendor: Scripted, gate: Passage, ca_file: Path, case: str
) -> None:
    changes, answers, kind, says = REFUSALS[case]
    gate.answers = [*answers]
    refused(vendor.rest(ca_file=ca_file, proxy=gate.proxy(**changes)), "parts", kind, says)
    assert vendor.asked == []


@pytest.mark.parametrize("case", REFUSALS)
def test_a_proxy_that_refuses_a_bucket_is_one_clear_line(
    encrypted: tuple[Bucket, str, Path], gate: Passage, case: str
) -> None:
    billing, endpoint, ca = encrypted
    changes, answers, kind, says = REFUSALS[case]
    gate.answers = [*answers]
    store = billing.store(endpoint=endpoint, ca_file=ca, proxy=gate.proxy(**changes))
    refused(store, "it", kind, says)


def refused(connector: Any, dataset: str, kind: type[SourceError], says: str) -> None:
    run = Run()
    with pytest.raises(kind, match=re.escape(says)) as caught:
        read(connector, dataset, SCHEMA, into=run)
    shown = "".join(traceback.format_exception(caught.value)) + repr(run.events) + repr(connector)
    assert "proxy 127.0.0.1:" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert PASSWORD not in shown
    assert "another-canary" not in shown


def test_a_proxy_that_refuses_is_no_source_that_refuses_strangers(
    encrypted: tuple[Bucket, str, Path], vendor: Scripted, gate: Passage, ca_file: Path
) -> None:
    billing, endpoint, ca = encrypted
    settings: dict[str, Any] = {"proxy": gate.proxy(**WRONG), "stranger_allowed": True}
    (probe,) = billing.store(endpoint=endpoint, ca_file=ca, **settings).probe(emit=print)
    assert (probe.refused, probe.status) == (False, "no answer")
    with pytest.raises(AccessDenied, match="407"):
        vendor.rest(ca_file=ca_file, **settings).probe(emit=print)


@pytest.mark.parametrize(
    "start", [None, b"", head(length(BODY))], ids=["tunnel", "drip of a head", "drip of a body"]
)
def test_what_hangs_behind_a_proxy_is_cut_at_the_deadline(
    tls: ssl.SSLContext, gate: Passage, ca_file: Path, start: bytes | None
) -> None:
    """And leaves no thread: the worker's end is the proof that its connection was cut."""

    def serve(peer: Any) -> None:
        peer.sendall(start)
        drip(head(length(BODY)) + BODY)(peer)

    gate.answers = [""] if start is None else []
    with serving(serve, tls) as url:
        before = threading.active_count()
        began = time.monotonic()
        with pytest.raises(SourceUnavailable, match=r"no whole answer in 0\.5 s"):
            exchange(url, gate, ca_file, seconds=0.5)
        assert time.monotonic() - began < 3
        wait_for(lambda: threading.active_count() <= before)


def wait_for(true: Any) -> None:
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_after_a_tunnel_that_failed_the_next_one_is_built_anew(
    tls: ssl.SSLContext, gate: Passage, ca_file: Path
) -> None:
    """The proxy says that it is open and closes it: the library would keep its one place taken."""
    gate.answers = ["200 OK"]
    with (
        serving(says(head(length(BODY)), BODY), tls) as url,
        Connection(
            ca_file=ca_file,
            budget=plenty(),
            limits=Limits(seconds=5),
            emit=lambda _: None,
            proxy=gate.proxy(),
        ) as connection,
    ):
        with pytest.raises(SourceUnavailable):
            connection.exchange(Request(url=url))
        assert connection.exchange(Request(url=url)).body == BODY


def test_a_source_that_nobody_vouches_for_gets_no_request_through_a_proxy_either(
    vendor: Scripted, gate: Passage, tmp_path: Path
) -> None:
    stranger = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    with pytest.raises(AccessDenied, match="TLS is not trusted"):
        read(vendor.rest(ca_file=stranger, proxy=gate.proxy()), "parts", SCHEMA)
    assert vendor.asked == []


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


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "socks5://proxy.example:1080"}, "a proxy is http://host:port or https"),
        ({"url": "http://u:canary@proxy.example:3128"}, "an address holds no user"),
        ({"url": "http://proxy.example:3128"}, "would show the credentials to the network"),
        ({"url": "https://proxy.example/pac"}, "an address without a path"),
        ({"user": None}, "a user and a password, or neither"),
    ],
)
def test_a_proxy_that_would_leak_is_refused_at_once(changes: dict[str, Any], said: str) -> None:
    settings = {"url": "http://127.0.0.1:3128", "user": "u", "password": Secret("env:X", "x")}
    with pytest.raises(ValueError, match=said) as caught:
        Proxy(**{**settings, **changes})
    assert "canary" not in str(caught.value)


def test_a_proxy_beyond_this_machine_may_be_plain_where_it_asks_no_password() -> None:
    assert Proxy(url="http://proxy.example:3128").place == "proxy proxy.example:3128"


def test_what_is_not_encrypted_goes_through_no_proxy(
    gate: Passage, encrypted: tuple[Bucket, str, Path]
) -> None:
    with scripted(paged({})) as plain, pytest.raises(ValueError, match="would read along"):
        plain.rest(proxy=gate.proxy())
    with pytest.raises(ValueError, match="would read along"):
        encrypted[0].store(proxy=gate.proxy())


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
