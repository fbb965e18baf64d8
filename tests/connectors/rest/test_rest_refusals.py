"""What the real vendor refuses, and what is refused before it is asked."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import (
    Answered,
    Authenticated,
    Refused,
    Retried,
)
from connectors.peer import Connected
from connectors.retry import RetryPolicy
from estate.process import free_port
from tests.connectors.vendor_fixture import (
    PARTS,
    SCHEMA,
    Run,
    Shop,
    plenty,
    read,
    shop,
)


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A vendor whose quota nobody spends."""
    with shop(tmp_path_factory.mktemp("v"), requests=10_000, seconds=1) as running:
        yield running


def test_a_wrong_secret_is_refused_after_one_attempt(vendor: Shop) -> None:
    run = Run()
    connector = vendor.rest(plenty(), auth=vendor.auth("wrong"))
    with pytest.raises(AccessDenied, match="401: check the client id and env:VENDOR_CLIENT_SEC"):
        connector.read("parts", schema=SCHEMA, emit=run.events.append)
    assert [event.status for event in run.of(Refused)] == ["401"]
    assert len(run.of(Answered)) == 1
    assert not run.of(Authenticated)


def test_a_server_that_is_down_is_unavailable(vendor: Shop) -> None:
    run = Run()
    down = f"https://127.0.0.1:{free_port()}"
    connector = vendor.rest(
        plenty(), base_url=down, patience=RetryPolicy(attempts=3, backoff_seconds=0.001)
    )
    with pytest.raises(SourceUnavailable, match="no connection: check that the server runs"):
        connector.read("parts", schema=SCHEMA, emit=run.events.append)
    assert [event.attempt for event in run.of(Retried)] == [2, 3]


def test_n20_a_certificate_of_another_authority_is_not_tried_again(
    vendor: Shop, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    run = Run()
    with pytest.raises(AccessDenied, match="TLS is not trusted"):
        vendor.rest(plenty(), ca_file=other).read("parts", schema=SCHEMA, emit=run.events.append)
    assert [type(event) for event in run.events] == [Connected]


def test_a_missing_ca_file_is_named(vendor: Shop, tmp_path: Path) -> None:
    with pytest.raises(AccessDenied, match=r"absent\.pem cannot be used: name a PEM file"):
        read(vendor.rest(plenty(), ca_file=tmp_path / "absent.pem"))


def test_a_path_that_is_not_there_says_so(vendor: Shop) -> None:
    absent = replace(PARTS, path="/vendor/absent.json?_shape=objects")
    with pytest.raises(SourceChanged, match=r"/vendor/absent.json answered 404: correct the path"):
        read(vendor.rest(plenty(), endpoints={"parts": absent}))


def test_an_unknown_dataset_says_so(vendor: Shop) -> None:
    with pytest.raises(SourceError, match="has no endpoint for misspelt: add it to `endpoints`"):
        read(vendor.rest(plenty()), "misspelt")


def test_credentials_do_not_go_over_plain_http(vendor: Shop) -> None:
    with pytest.raises(ValueError, match="use https"):
        vendor.rest(plenty(), base_url="http://vendor.example")


def test_strangers_are_refused_by_the_source_itself(vendor: Shop) -> None:
    events: list[object] = []
    probes = vendor.rest(plenty(), stranger_allowed=True).probe(emit=events.append)
    assert [(probe.name, probe.refused, probe.status) for probe in probes] == [
        ("nobody_refused", True, "401"),
        ("stranger_refused", True, "401"),
        ("forged_token_refused", True, "401"),
    ]
    assert len([event for event in events if isinstance(event, Answered)]) == 3


def test_no_stranger_is_sent_where_the_pilot_has_not_allowed_it(vendor: Shop) -> None:
    events: list[object] = []
    assert vendor.rest(plenty()).probe(emit=events.append) == ()
    assert events == []


def test_a_source_that_is_down_has_refused_nobody(vendor: Shop) -> None:
    down = f"https://127.0.0.1:{free_port()}"
    probes = vendor.rest(plenty(), base_url=down, stranger_allowed=True).probe(emit=lambda _: None)
    assert {(probe.refused, probe.status) for probe in probes} == {(False, "no answer")}


def test_the_endpoint_is_the_same_text_for_the_same_system(vendor: Shop) -> None:
    address = vendor.environ["VENDOR_URL"]
    assert vendor.rest(plenty(), base_url=f"{address}/").endpoint == address
    assert vendor.rest(plenty(), base_url="https://Vendor.Example").endpoint == (
        "https://vendor.example:443"
    )


def test_no_secret_is_in_events_errors_reprs_or_logs(
    vendor: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(logging.DEBUG, logger=name)
    canary = "canary-7f3a"
    secret = vendor.environ["VENDOR_CLIENT_SECRET"]
    good = vendor.rest(plenty())
    bad = vendor.rest(plenty(), auth=vendor.auth(canary))
    run = read(good)
    with pytest.raises(AccessDenied) as denied:
        bad.read("parts", schema=SCHEMA, emit=run.events.append)
    shown = "\n".join(
        [
            *map(repr, [good, bad, *run.events]),
            *traceback.format_exception(denied.value),
            caplog.text,
        ]
    )
    for hidden in (canary, secret, "Bearer ey", "Basic ", "_next="):
        assert hidden not in shown
