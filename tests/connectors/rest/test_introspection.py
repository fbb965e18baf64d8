"""What a token may do, by the source's own word: each scope that reading does not need is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from connectors.connector import Probe, ProbeKind
from connectors.events import Answered, Event
from connectors.http.messages import Answer
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.introspection import Introspection
from connectors.rights import Way
from connectors.secrets import Secret
from estate import vendor as gateway
from estate.process import free_port
from tests.connectors.vendor_fixture import Shop, plenty, shop

ASK = Introspection(path="/oauth/introspect", needs=("catalogue:read",))


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop(tmp_path_factory.mktemp("i"), requests=1_000, seconds=60) as running:
        yield running


def asked(vendor: Shop, auth: Any, **changes: Any) -> tuple[list[Probe], list[Event]]:
    events: list[Event] = []
    rest = vendor.rest(plenty(), auth=auth, **changes)
    assert rest.rights is Way.LOOKED_UP
    found = [one for one in rest.probe(emit=events.append) if one.kind is ProbeKind.GRANT]
    return found, events


def client(vendor: Shop, **changes: Any) -> Any:
    ours = vendor.auth(vendor.environ["VENDOR_CLIENT_SECRET"])
    return replace(ours, **{"introspection": ASK, **changes})


def buyer(vendor: Shop) -> Any:
    """Who may order, too."""
    secret = Secret("env:BUYER", vendor.admin["buyer_secret"])
    return client(vendor, client_id=gateway.BUYER_ID, client_secret=secret)


def test_a_token_with_the_needed_scope_alone_is_denied_every_other(vendor: Shop) -> None:
    (probe,), events = asked(vendor, client(vendor))
    assert (probe.refused, probe.status) == (True, "not granted")
    assert probe.name == "use any scope but catalogue:read"
    paths = [event.what.partition("/")[2] for event in events if isinstance(event, Answered)]
    assert paths == ["oauth/token", "oauth/introspect"]


def test_a_scope_too_many_is_told_by_name(vendor: Shop) -> None:
    """The control: the same endpoint, another client."""
    (probe,), _ = asked(vendor, buyer(vendor))
    assert (probe.refused, probe.status) == (False, "granted")
    assert probe.name == "use scope orders:write"


def test_a_needed_scope_that_the_token_lacks_proves_nothing(vendor: Shop) -> None:
    needs = replace(ASK, needs=("parts:read",))
    found, _ = asked(vendor, client(vendor, introspection=needs))
    assert [(p.refused, p.status) for p in found] == [(False, "lacking"), (False, "granted")]


def test_a_bearer_token_is_asked_about_too(vendor: Shop) -> None:
    """Shown to a service that asks for a client: a refusal of the question is no denial."""
    auth = Bearer(token=Secret("env:TOKEN", "abc"), introspection=ASK)
    (probe,), _ = asked(vendor, auth)
    assert (probe.refused, probe.status) == (False, "401")


def test_a_source_that_is_down_denies_nothing_and_strangers_are_asked_all_the_same(
    vendor: Shop,
) -> None:
    base_url = f"https://127.0.0.1:{free_port()}"
    found, _ = asked(vendor, client(vendor), base_url=base_url, stranger_allowed=True)
    assert [(probe.refused, probe.status) for probe in found] == [(False, "no answer")]


def test_without_an_endpoint_it_is_not_asked(vendor: Shop) -> None:
    rest = vendor.rest(plenty())
    assert rest.rights is None
    assert rest.has_log_in
    assert rest.probe(emit=lambda _: None) == ()


def judged(status: int, body: object) -> list[tuple[bool, str]]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Answer(what="POST x", url="https://x", status=status, headers={}, body=content)
    return [(probe.refused, probe.status) for probe in ASK.probes(answer)]


@pytest.mark.parametrize(
    ("status", "body", "shown"),
    [
        (200, {"active": False}, "inactive"),
        (200, {"active": False, "scope": "catalogue:read"}, "inactive"),
        (200, {"active": True}, "no scope"),
        (200, {"active": "true", "scope": "catalogue:read"}, "200"),
        (200, {"scope": "catalogue:read"}, "200"),
        (200, b"<html>", "200"),
        (200, b"", "200"),
        (403, {"active": True, "scope": "catalogue:read"}, "403"),
        (404, {}, "404"),
        (200, {"active": True, "scope": ""}, "lacking"),
    ],
)
def test_an_answer_without_a_clear_word_is_no_denial(
    status: int, body: object, shown: str
) -> None:
    assert judged(status, body) == [(False, shown)]


def test_a_clear_word_is() -> None:
    """The control."""
    assert judged(200, {"active": True, "scope": "catalogue:read"}) == [(True, "not granted")]
    assert judged(200, {"active": True, "scope": "a catalogue:read a"}) == [(False, "granted")]


@pytest.mark.parametrize("needs", [(), "catalogue:read", ("two words",), ("",), (1,)])
def test_needs_are_scopes_and_at_least_one(needs: Any) -> None:
    with pytest.raises(ValueError, match="scope"):
        Introspection(path="/x", needs=needs)
