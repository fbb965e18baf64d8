"""Who may read a store, and what follows when it refuses, waits or ends; a real S3 server."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from connectors.connector import DELIVERY
from connectors.errors import AccessDenied, SourceChanged, SourceUnavailable
from connectors.events import (
    Answered,
    Completed,
    Delivered,
    Event,
    Overloaded,
    Refused,
    Retried,
)
from connectors.secrets import Secret
from estate.process import free_port
from tests.conformance import Run, read
from tests.connectors.bucket_fixture import (
    LINES,
    Bucket,
    another,
    bucket,
    gate,
    refused,
    while_reading,
)

WRONG = Secret("env:BILLING_SECRET_KEY", "canary-of-a-wrong-secret")


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with bucket() as running:
        yield running


@pytest.fixture
def billing(server: Bucket) -> Bucket:
    """The store with an empty bucket."""
    server.clear()
    return server


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"secret_key": WRONG}, "SignatureDoesNotMatch"),
        ({"access_key": WRONG}, "InvalidAccessKeyId"),
    ],
)
def test_a_wrong_key_is_refused_once_and_not_tried_again(
    billing: Bucket, changes: dict[str, Secret], status: str
) -> None:
    billing.put_rows(1, 1)
    run = Run()
    with pytest.raises(AccessDenied, match="check the key, its grants and our clock"):
        read(billing.store(**changes), "it", LINES, into=run)
    assert [event.status for event in run.events if isinstance(event, Answered)] == [status]
    assert run.of(Refused) == [Refused(what="list billing/lines", status=status)]
    assert len(run.events) == 2


def test_one_object_that_we_may_not_read_is_denied_by_name(billing: Bucket) -> None:
    name = [billing.put_rows(day, 1) for day in (1, 2)][1]
    run = Run()
    with gate(billing) as front:
        front.answers = lambda _, path: (403, "AccessDenied") if "-02" in path else None
        with pytest.raises(AccessDenied, match=f"read {name}: refused"):
            read(billing.store(endpoint=front.url), "it", LINES, into=run)
    assert [event.what for event in run.of(Refused)] == [f"read {name}"]
    assert not run.of(Completed)


def test_a_store_that_is_busy_is_asked_again_and_each_try_is_told(billing: Bucket) -> None:
    name = billing.put_rows(1, 1)
    with gate(billing) as front:
        busy = [(503, "SlowDown"), None]
        front.answers = lambda method, _: busy.pop(0) if busy and method == "GET" else None
        run = read(billing.store(endpoint=front.url), "it", LINES)
    told = [(event.what, event.status, event.attempt) for event in run.of(Answered)]
    assert told[:2] == [
        ("list billing/lines", "SlowDown", 1),
        ("list billing/lines", "200", 2),
    ]
    assert [event.what for event in run.of(Retried)] == ["list billing/lines"]
    assert run.of(Overloaded) == [Overloaded(what="list billing/lines", status="SlowDown")]
    assert run.of(Delivered)[0].name == name
    # Nothing is tried again behind our back: list, look, read, look, list.
    assert len(front.asked) == 1 + 5


def test_an_answer_that_does_not_come_to_its_end_is_given_up(billing: Bucket) -> None:
    billing.put_rows(1, 1)
    run, released = Run(), threading.Event()

    def hold(_method: str, path: str) -> None:
        if "day" in path:
            released.wait(5)

    with gate(billing) as front:
        front.answers = hold
        slow = billing.store(endpoint=front.url, answer_seconds=0.5)
        with pytest.raises(SourceUnavailable, match="no whole answer"):
            read(slow, "it", LINES, into=run)
        released.set()
    assert not run.of(Delivered)
    assert len(run.of(Retried)) == 1


def test_an_attempt_that_was_given_up_does_not_touch_the_next_one(billing: Bucket) -> None:
    """The first look at the object comes to its end while the second attempt's copy is read."""
    name = billing.put_rows(1, 5)
    run, released, held = Run(), threading.Event(), [True]

    def hold(method: str, _path: str) -> None:
        if method == "HEAD" and held and held.pop():
            released.wait(5)

    def emit(event: Event) -> None:
        run.events.append(event)
        if isinstance(event, Delivered):
            content = billing.path(name).read_bytes()
            billing.put(1, b"x" * len(content))
            released.set()
            time.sleep(0.3)  # for the one given up to go on
            billing.put(1, content)

    with gate(billing) as front:
        front.answers = hold
        slow = billing.store(endpoint=front.url, answer_seconds=0.5)
        table = slow.read("it", schema=LINES, emit=emit).read_all()
    assert table.column(DELIVERY).to_pylist() == [name] * 5
    assert [event.attempt for event in run.of(Answered)] == [1, 2, 1]


def test_a_redirect_is_not_followed(billing: Bucket) -> None:
    with gate(billing) as front:
        front.answers = lambda _method, _path: (301, "PermanentRedirect")
        refused(billing, "correct endpoint and region", endpoint=front.url)
        assert len(front.asked) == 1


def test_a_server_that_is_down_is_unavailable(billing: Bucket) -> None:
    run = Run()
    nowhere = billing.store(endpoint=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(SourceUnavailable, match="is the server up"):
        read(nowhere, "it", LINES, into=run)
    assert not run.of(Answered)
    assert len(run.of(Retried)) == 1


def test_a_server_that_goes_away_is_no_end_of_the_rows() -> None:
    with bucket() as going:
        for day in (1, 2):
            going.put_rows(day, 10)
        told: list[Event] = []
        stop = while_reading(going.stop)

        def emit(event: Event) -> None:
            told.append(event)
            stop(event)

        with pytest.raises(SourceUnavailable):
            going.store().read("it", schema=LINES, emit=emit).read_all()
        assert not [event for event in told if isinstance(event, Completed)]


@pytest.fixture(scope="module")
def encrypted(
    server: Bucket, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The store by TLS: its address, and the CA that vouches for it under this address alone."""
    folder = tmp_path_factory.mktemp("tls")
    ca, issued = folder / "ca.pem", folder / "server.pem"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(ca))
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(issued))
    keys = f'"{server.environ["BILLING_ACCESS_KEY"]},{server.environ["BILLING_SECRET_KEY"]}"'
    with another(server, "--cert", str(issued), "--key", str(issued), keys=keys) as port:
        yield f"https://127.0.0.1:{port}", ca


def test_a_store_is_read_by_tls_from_whom_the_ca_vouches_for(
    billing: Bucket, encrypted: tuple[str, Path]
) -> None:
    endpoint, ca = encrypted
    billing.put_rows(1, 3)
    run = read(billing.store(endpoint=endpoint, ca_file=ca), "it", LINES)
    assert run.completed.rows == 3


def test_nothing_is_sent_to_a_server_that_nobody_vouches_for(
    billing: Bucket, encrypted: tuple[str, Path], tmp_path: Path
) -> None:
    endpoint, ours = encrypted
    billing.put_rows(1, 3)
    stranger = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    by_name = endpoint.replace("127.0.0.1", "localhost")
    for address, ca in (
        (endpoint, None),
        (endpoint, stranger),
        (by_name, ours),
        (endpoint, tmp_path / "none"),
    ):
        run = Run()
        with pytest.raises(AccessDenied, match="TLS is not trusted: check address and CA file"):
            read(billing.store(endpoint=address, ca_file=ca), "it", LINES, into=run)
        assert run.events == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://store.example",
        "https://a:b@store.example",
        "store.example:9000",
        "https://store.example/billing",
        "https://store.example?region=x",
    ],
)
def test_an_endpoint_that_is_more_or_less_than_a_safe_address_is_refused_at_once(
    billing: Bucket, endpoint: str
) -> None:
    with pytest.raises(ValueError, match=r"https|address"):
        billing.store(endpoint=endpoint)


def test_the_keys_are_in_no_log_event_error_or_repr(
    billing: Bucket, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nor does a refusal, ours or a stranger's, nor a damaged object, bring them out."""
    caplog.set_level(logging.DEBUG)
    billing.put(1, b"no Parquet")
    run = Run()
    said = []
    store = billing.store(stranger_allowed=True)
    wrong = billing.store(secret_key=WRONG)
    with gate(billing) as front:
        front.answers = lambda _method, _path: (403, "AccessDenied")
        store.probe(emit=run.events.append)
        for connector in (wrong, store, billing.store(endpoint=front.url)):
            with pytest.raises((SourceChanged, AccessDenied)) as caught:
                read(connector, "it", LINES, into=run)
            said += ["".join(traceback.format_exception(caught.value)), repr(connector)]
    said += [caplog.text, repr(run.events), store.endpoint, *capfd.readouterr()]
    secret = billing.environ["BILLING_SECRET_KEY"]
    for canary in (secret, WRONG.reveal(), billing.environ["BILLING_ACCESS_KEY"]):
        assert not [text for text in said if canary in text]
    assert front.heads, "the store was asked through the gate"
    assert not [head for head in front.heads if secret in head], "the secret itself is never sent"
