"""One exchange against servers that break HTTP: raw sockets, byte for byte."""

from __future__ import annotations

import gzip
import json
import resource
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Answered, Event, Refused, Waited
from connectors.http.exchange import Answer, Connection, Limits, Request, judged
from connectors.http.gzip import gunzipped
from tests.connectors.vendor_fixture import plenty

EXPIRED = datetime(2020, 1, 1, tzinfo=UTC)
BODY = json.dumps({"rows": [{"key": key, "name": f"part {key}"} for key in range(2_000)]}).encode()
Serve = Callable[[socket.socket], None]


@contextmanager
def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that reads one head on each connection and lets `serve` do the rest."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with suppress(OSError):
            while True:
                raw, _ = listener.accept()
                with (
                    suppress(OSError),
                    tls.wrap_socket(raw, server_side=True) if tls else raw as peer,
                ):
                    head = b""
                    while b"\r\n\r\n" not in head:
                        head += peer.recv(65536) or b"\r\n\r\n"
                    serve(peer)

    thread = threading.Thread(target=run)
    thread.start()
    scheme = "https" if tls else "http"
    try:
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/data?secret=canary-7f3a"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
        assert not thread.is_alive()


def says(*pieces: bytes) -> Serve:
    return lambda peer: peer.sendall(b"".join(pieces))


def head(*fields: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode()


def length(body: bytes) -> str:
    return f"Content-Length: {len(body)}"


GZIP = "Content-Encoding: gzip"


def exchange(
    url: str,
    *,
    events: list[Event] | None = None,
    ca_file: Path | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Answer:
    told = events if events is not None else []
    with Connection(
        ca_file=ca_file, budget=plenty(), limits=limits, emit=told.append
    ) as connection:
        return connection.exchange(Request(url=url))


WHOLE = {
    "plain": says(head(length(BODY)), BODY),
    "chunked": says(
        head("Transfer-Encoding: chunked"), b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
    ),
    "gzip": says(head(length(gzip.compress(BODY)), GZIP), gzip.compress(BODY)),
    "gzip of two members": says(
        head(length(gzip.compress(BODY[:99]) + gzip.compress(BODY[99:])), GZIP),
        gzip.compress(BODY[:99]) + gzip.compress(BODY[99:]),
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_whole_body_is_read_whole(case: str) -> None:
    events: list[Event] = []
    with serving(WHOLE[case]) as url:
        assert exchange(url, events=events).body == BODY
    (answered,) = events
    assert isinstance(answered, Answered)
    assert (answered.status, answered.bytes, answered.attempt) == ("200", len(BODY), 1)
    assert "canary" not in repr(events)


def reset(peer: socket.socket) -> None:
    peer.sendall(head(length(BODY)) + BODY[:5_000])
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


HALF = gzip.compress(BODY)[:-400]
WRONG_SUM = gzip.compress(BODY)[:-8] + b"\0" * 8
BROKEN: dict[str, tuple[Serve, type[SourceError]]] = {
    "N05 reset in the body": (reset, SourceUnavailable),
    "N06 end without framing": (says(head(), BODY[:5_000]), SourceChanged),
    "N06 whole without framing": (says(head(), BODY), SourceChanged),
    "N07 length too large": (
        says(head(f"Content-Length: {len(BODY) + 1}"), BODY),
        SourceUnavailable,
    ),
    "N09 no last chunk": (
        says(head("Transfer-Encoding: chunked"), b"%x\r\n%b\r\n" % (len(BODY), BODY)),
        SourceUnavailable,
    ),
    "N10 two lengths": (
        says(head(length(BODY), "Content-Length: 5"), BODY),
        SourceUnavailable,
    ),
    "N11 truncated gzip": (says(head(length(HALF), GZIP), HALF), SourceUnavailable),
    "N11 gzip without its trailer": (
        says(head(length(gzip.compress(BODY)[:-8]), GZIP), gzip.compress(BODY)[:-8]),
        SourceUnavailable,
    ),
    "N12 second member cut": (
        says(head(length(gzip.compress(BODY) + HALF), GZIP), gzip.compress(BODY) + HALF),
        SourceUnavailable,
    ),
    "N13 wrong checksum": (says(head(length(WRONG_SUM), GZIP), WRONG_SUM), SourceChanged),
    "N13 no gzip at all": (says(head(length(BODY), GZIP), BODY), SourceChanged),
    "N13 trailing garbage": (
        says(head(length(gzip.compress(BODY) + b"junk"), GZIP), gzip.compress(BODY) + b"junk"),
        SourceChanged,
    ),
    "an encoding not asked for": (
        says(head(length(zlib.compress(BODY)), "Content-Encoding: deflate"), zlib.compress(BODY)),
        SourceChanged,
    ),
    "N17 8 MB of head": (
        says(head(*[f"X-{n}: {'x' * 8_000}" for n in range(1_000)], length(BODY)), BODY),
        SourceUnavailable,
    ),
    "no answer at all": (lambda _: None, SourceUnavailable),
    "no HTTP": (says(b"SSH-2.0-server\r\n\r\n"), SourceUnavailable),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_answer_is_no_answer(case: str) -> None:
    serve, kind = BROKEN[case]
    events: list[Event] = []
    with serving(serve) as url, pytest.raises(SourceError) as raised:
        exchange(url, events=events)
    assert type(raised.value) is kind
    assert events == []
    assert "\n" not in str(raised.value)
    assert "canary" not in str(raised.value)


def test_a_length_that_is_too_small_gives_no_more_than_it_says() -> None:
    """What is cut so cannot be seen here: the JSON or the gzip stream in it ends too early."""
    with serving(says(head("Content-Length: 10"), BODY)) as url:
        assert exchange(url).body == BODY[:10]


def drip(what: bytes) -> Serve:
    def serve(peer: socket.socket) -> None:
        for byte in what:
            peer.sendall(bytes([byte]))
            time.sleep(0.05)

    return serve


@pytest.mark.parametrize("start", [b"", head(length(BODY))], ids=["N15 head", "N15 body"])
def test_a_drip_ends_at_the_deadline(start: bytes) -> None:
    """Each byte comes well within any time-out of a single read; all of them never would."""

    def serve(peer: socket.socket) -> None:
        peer.sendall(start)
        drip(head(length(BODY)) + BODY)(peer)

    with (
        serving(serve) as url,
        pytest.raises(SourceUnavailable, match=r"no whole answer in 0\.5 s"),
    ):
        exchange(url, limits=Limits(seconds=0.5))


def test_after_a_deadline_the_connection_is_used_anew() -> None:
    calls: list[int] = []

    def serve(peer: socket.socket) -> None:
        calls.append(1)
        (drip(BODY) if len(calls) == 1 else says(head(length(BODY)), BODY))(peer)

    with (
        serving(serve) as url,
        Connection(
            ca_file=None, budget=plenty(), limits=Limits(seconds=0.5), emit=lambda _: None
        ) as connection,
    ):
        with pytest.raises(SourceUnavailable):
            connection.exchange(Request(url=url))
        assert connection.exchange(Request(url=url)).body == BODY


def test_no_thread_and_no_socket_is_left() -> None:
    def handles() -> tuple[int, int]:
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    with serving(says(head(length(BODY)), BODY)) as url:
        exchange(url)
        time.sleep(0.2)
        before = handles()
        for _ in range(20):
            exchange(url)
        time.sleep(0.2)
        assert handles() == before


def endless(peer: socket.socket) -> None:
    peer.sendall(head("Transfer-Encoding: chunked"))
    while True:
        peer.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def test_an_endless_body_ends_at_the_cap() -> None:
    with serving(endless) as url, pytest.raises(SourceChanged, match="larger than 1000000 bytes"):
        exchange(url, limits=Limits(bytes=1_000_000))


def test_a_bomb_is_dropped_while_it_is_small() -> None:
    """N14: 300 MB of zeros in 291 kB cost less than 64 MB."""
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(300)), packer.flush()])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (
        serving(says(head(length(bomb), GZIP), bomb)) as url,
        pytest.raises(SourceChanged, match="unpacks to too much"),
    ):
        exchange(url)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


def test_what_is_merely_repetitive_is_no_bomb() -> None:
    body = b"[" + b"0," * 400_000 + b"0]"
    packed = gzip.compress(body)
    assert len(body) > 200 * len(packed)
    assert gunzipped([packed], what="x", max_bytes=1 << 20, max_ratio=200) == body


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_pieces_of_any_size_unpack_to_the_same(size: int) -> None:
    packed = gzip.compress(BODY * 40) + gzip.compress(b"") + gzip.compress(BODY)
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert gunzipped(pieces, what="x", max_bytes=1 << 28, max_ratio=10_000) == BODY * 41


def answering(status: str, *fields: str) -> Serve:
    return says(head(*fields, "Content-Length: 0", status=status))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("302 Found", SourceChanged),
        ("304 Not Modified", SourceChanged),
        ("307 Temporary Redirect", SourceChanged),
        ("403 Forbidden", AccessDenied),
        ("408 Request Timeout", SourceUnavailable),
        ("429 Too Many Requests", SourceUnavailable),
        ("500 Internal Server Error", SourceUnavailable),
        ("503 Service Unavailable", SourceUnavailable),
    ],
)
def test_each_status_says_what_to_do(status: str, kind: type[SourceError]) -> None:
    code = status[:3]
    with (
        serving(answering(status)) as url,
        pytest.raises(kind, match=rf"/data answered {code}"),
    ):
        judged(exchange(url))


def test_a_redirect_is_not_followed() -> None:
    """Not to another origin and not to the same."""
    asked: list[bool] = []
    other = serving(lambda _: asked.append(True))
    with other as elsewhere, serving(answering("302 Found", f"Location: {elsewhere}")) as url:
        assert exchange(url).status == 302
    assert asked == []


def test_a_refusal_is_an_event_with_the_wait_that_was_asked_for() -> None:
    events: list[Event] = []
    with serving(answering("429 Too Many Requests", "Retry-After: 7")) as url:
        answer = exchange(url, events=events)
    assert [(e.status, e.retry_after) for e in events if isinstance(e, Refused)] == [("429", 7.0)]
    with pytest.raises(SourceUnavailable) as raised:
        judged(answer)
    assert raised.value.retry_after == 7.0


def test_a_spent_quota_is_waited_out_before_it_is_overdrawn() -> None:
    events: list[Event] = []
    spent = 'RateLimit: "default";r=0;t=1'
    with serving(says(head(length(BODY), spent, "Connection: close"), BODY)) as url:
        budget = plenty()
        with Connection(
            ca_file=None, budget=budget, limits=Limits(), emit=events.append
        ) as connection:
            connection.exchange(Request(url=url))
            connection.exchange(Request(url=url))
    (waited,) = [event for event in events if isinstance(event, Waited)]
    assert waited.seconds == pytest.approx(1.0, abs=0.5)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    ca = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return ca, path


def server_side(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


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
    }


@pytest.mark.parametrize("case", ["another host", "another authority", "expired"])
def test_a_bad_certificate_gets_no_request(authority: tuple[trustme.CA, Path], case: str) -> None:
    ca, ca_file = authority
    asked: list[bool] = []
    tls = server_side(bad_certificates(ca)[case])
    with (
        serving(lambda _: asked.append(True), tls) as url,
        pytest.raises(AccessDenied, match="TLS is not trusted"),
    ):
        exchange(url, ca_file=ca_file)
    assert asked == []


def test_old_tls_is_refused(authority: tuple[trustme.CA, Path]) -> None:
    ca, ca_file = authority
    tls = server_side(ca.issue_cert("127.0.0.1"))
    tls.set_ciphers("ALL:@SECLEVEL=0")
    tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1
    with serving(says(head(length(BODY)), BODY), tls) as url, pytest.raises(AccessDenied):
        exchange(url, ca_file=ca_file)


def test_proxies_and_key_logs_of_the_environment_are_not_used(
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
