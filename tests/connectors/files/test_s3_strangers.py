"""Who shows no key, and who shows a wrong one, at a real S3 server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.connector import ProbeKind
from connectors.events import Refused
from estate.process import free_port
from tests.conformance import Run
from tests.connectors.bucket_fixture import Bucket, another, bucket, gate


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with bucket() as running:
        yield running


@pytest.fixture
def billing(server: Bucket) -> Bucket:
    """The store with an empty bucket."""
    server.clear()
    return server


def test_a_stranger_is_refused_by_the_server_itself(billing: Bucket) -> None:
    billing.put_rows(1, 1)
    run = Run()
    nobody, probe = billing.store(stranger_allowed=True).probe(emit=run.events.append)
    assert (nobody.name, nobody.kind, nobody.refused) == (
        *("nobody_refused", ProbeKind.NOBODY),
        True,
    )
    assert (probe.name, probe.refused) == ("stranger_refused", True)
    assert nobody.status == "UnsupportedAlgorithm", "what rclone calls no signature"
    assert [event.status for event in run.of(Refused)] == [probe.status] == ["InvalidAccessKeyId"]


def test_nobody_asks_without_a_signature_and_may_be_served(billing: Bucket) -> None:
    """A bucket that is open to the world refuses wrong keys all the same."""
    billing.put_rows(1, 1)
    signed: list[bool] = []

    def refuse_keys(*_: str) -> tuple[int, str] | None:
        signed.append("authorization:" in front.heads[-1].lower())
        return (403, "InvalidAccessKeyId") if signed[-1] else None

    with another(billing, keys="") as port:
        environ = {**billing.environ, "BILLING_ENDPOINT": f"http://127.0.0.1:{port}"}
        with gate(replace(billing, environ=environ)) as front:
            front.answers = refuse_keys
            store = billing.store(endpoint=front.url, stranger_allowed=True)
            probes = store.probe(emit=lambda _: None)
    assert signed == [False, True]
    assert [(probe.kind, probe.refused, probe.status) for probe in probes] == [
        (ProbeKind.NOBODY, False, "200"),
        (ProbeKind.STRANGER, True, "InvalidAccessKeyId"),
    ]


def test_a_stranger_who_is_let_in_is_told(billing: Bucket) -> None:
    billing.put_rows(1, 1)
    with another(billing, keys="") as port:
        store = billing.store(endpoint=f"http://127.0.0.1:{port}", stranger_allowed=True)
        probes = store.probe(emit=lambda _: None)
    assert [(probe.refused, probe.status) for probe in probes] == [(False, "200")] * 2


def test_no_stranger_is_sent_where_none_is_allowed(billing: Bucket) -> None:
    with gate(billing) as front:
        assert billing.store(endpoint=front.url).probe(emit=lambda _: None) == ()
        assert front.asked == []


def test_a_server_that_is_down_refuses_nobody(billing: Bucket) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    probes = billing.store(endpoint=nowhere, stranger_allowed=True).probe(emit=lambda _: None)
    assert [(probe.refused, probe.status) for probe in probes] == [(False, "no answer")] * 2
