"""A user and a password in each message, never sent twice when they are refused."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import AccessDenied, SourceUnavailable
from connectors.events import Authenticated
from connectors.http.messages import Request
from connectors.rest.auth.username_token import UsernameToken
from connectors.rest.soap.xml import parsed
from connectors.secrets import Secret
from tests.conformance import read
from tests.connectors.scripted import Asked, Said, scripted
from tests.connectors.soap.parts import ONE, SCHEMA, endpoint, fault, said

PASSWORD = Secret("env:SOAP_PASSWORD", "gr&en <door>")
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
_S = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
_U = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"


def shown(asked: Asked) -> dict[str, str]:
    """User, password, nonce and time in a message, as a server reads them."""
    (token,) = parsed(asked.body).iter(f"{_S}UsernameToken")
    parts = (f"{_S}Username", f"{_S}Password", f"{_S}Nonce", f"{_U}Created")
    return {name.rpartition("}")[2]: token.findtext(name) for name in parts}


def right(asked: Asked, *, digest: bool) -> bool:
    if b"UsernameToken" not in asked.body:
        return False
    came = shown(asked)
    text = base64.b64decode(came["Nonce"]) + came["Created"].encode() + PASSWORD.reveal().encode()
    hashed = base64.b64encode(hashlib.sha1(text).digest()).decode()
    return (came["Username"], came["Password"]) == (
        "reader",
        hashed if digest else PASSWORD.reveal(),
    )


@pytest.mark.parametrize("digest", [True, False])
def test_it_is_shown_in_each_message_and_a_stranger_is_refused_by_a_fault(*, digest: bool) -> None:
    def answers(asked: Asked) -> Said:
        is_ours = right(asked, digest=digest)
        return said(ONE) if is_ours else said(fault("FailedAuthentication"), 500)

    us = UsernameToken(user="reader", password=PASSWORD, digest=digest, clock=lambda: NOON)
    with scripted(answers) as source:
        rest = source.rest(auth=us, endpoints={"parts": endpoint()}, stranger_allowed=True)
        run = read(rest, "parts", SCHEMA)
        probes = rest.probe(emit=run.events.append)
    assert [event.how for event in run.of(Authenticated)] == ["WS-Security UsernameToken"]
    assert [(probe.name, probe.refused) for probe in probes] == [
        ("nobody_refused", True),
        ("stranger_refused", True),
    ]
    assert shown(source.asked[0])["Created"] == "2026-11-29T12:00:00.000Z"
    assert all(PASSWORD.reveal() not in str(event) for event in run.events)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (said(fault("FailedAuthentication"), 500), AccessDenied),
        (said(fault("Server"), 500), SourceUnavailable),
        (Said(b"", 401, {}), AccessDenied),
    ],
)
def test_a02_a_wrong_password_is_tried_once_whatever_the_server_says(
    answer: Said, error: type[Exception]
) -> None:
    with scripted(lambda _: answer) as source:
        us = UsernameToken(user="reader", password=PASSWORD)
        rest = source.rest(auth=us, endpoints={"parts": endpoint()})
        with pytest.raises(error):
            read(rest, "parts", SCHEMA)
        assert len(source.asked) == 1


def test_what_is_sent_again_has_another_nonce() -> None:
    """Behind a log-in that was taken."""

    def answers(asked: Asked) -> Said:
        number = len(source.asked)
        more = ONE.replace(
            "</Listed>", f"<next>{number}</next></Listed>" if number == 1 else "</Listed>"
        )
        return (
            Said(b"", 503, {}) if number == 2 else said(more.replace("<key>1", f"<key>{number}"))
        )

    with scripted(answers) as source:
        us = UsernameToken(user="reader", password=PASSWORD)
        read(source.rest(auth=us, endpoints={"parts": endpoint()}), "parts", SCHEMA)
        nonces = [shown(asked)["Nonce"] for asked in source.asked]
    assert len(nonces) == len({*nonces}) == 3


def test_asking_without_a_message_shows_nobody_and_claims_nothing() -> None:
    events: list[object] = []
    with scripted(lambda _: Said(b"", 204, {})) as source:
        source.rest(auth=UsernameToken(user="reader", password=PASSWORD)).log_in(
            emit=events.append
        )
        assert source.asked[0].body == b""
    assert not [event for event in events if isinstance(event, Authenticated)]


@pytest.mark.parametrize("digest", [True, False])
def test_another_writer_of_the_profile_writes_the_same(*, digest: bool) -> None:
    """zeep's: who reads ours reads theirs, and the parts have the same names and types."""
    from lxml import etree
    from zeep.wsse.username import UsernameToken as Theirs

    bare = (
        b"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body/></e:Envelope>"
    )
    us = UsernameToken(user="reader", password=PASSWORD, digest=digest, clock=lambda: NOON)
    ours = us.show(Request(method="POST", url="http://127.0.0.1/", body=bare)).body
    theirs, _ = Theirs("reader", PASSWORD.reveal(), use_digest=digest).apply(parsed(bare), {})
    mine, others = written_parts(parsed(ours)), written_parts(theirs)
    assert others.items() <= mine.items()
    assert mine.keys() - others.keys() <= (set() if digest else {f"{_S}Nonce", f"{_U}Created"})
    if digest:
        assert right(Asked("POST", "/", {}, etree.tostring(theirs)), digest=True)


def written_parts(envelope: Any) -> dict[str, dict[str, str]]:
    """The parts of a token by qualified name, with their attributes."""
    (token,) = envelope.iter(f"{_S}UsernameToken")
    return {part.tag: dict(part.attrib) for part in token}
