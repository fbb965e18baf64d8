"""Which requests the web process of `seatrial ui` answers: a table. Each attempt is a request that
is answered, with one thing changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.secrets import Secret
from harness.dagster.web.access import (
    PROXY_SECRET,
    Door,
    Exchange,
    Head,
    Proxy,
    Refusal,
    Role,
    Visitor,
    cookie_name,
    decide,
    session,
)

TOKENS = {Role.OPERATOR: "an-operators-token", Role.READER: "a-readers-token"}
PROXY = Proxy(
    address="127.0.0.2",
    origin="https://seatrial.acme.example",
    user_header="x-forwarded-user",
    operators=frozenset({"ada@acme.example"}),
    secret=Secret("env:PROXY", "the-proxys-secret"),
)
DOOR = Door(port=3000, tokens=TOKENS, local_user="me")
BEHIND = replace(DOOR, proxy=PROXY)
US, SOMEBODY_ELSE = "1000", "1001"
COOKIE = f"other=1; seatrial-3000={session(TOKENS[Role.OPERATOR], US)}"
LOOKS = f"seatrial-3000={session(TOKENS[Role.READER], US)}"


def head(
    headers: dict[str, str | None] | None = None,
    *more: tuple[str, str],
    **changes: Any,
) -> Head:
    """A request of our own page by an operator, changed. A header that is None is left out."""
    given = {"host": "127.0.0.1:3000", "cookie": COOKIE, **(headers or {})}
    return replace(
        Head(
            method="GET",
            path="/runs",
            query="",
            headers=[*((n, v) for n, v in given.items() if v is not None), *more],
            peer="127.0.0.1",
            owner=US,
        ),
        **changes,
    )


def post(headers: dict[str, str | None] | None = None, **changes: Any) -> Head:
    """What Dagster's page sends to start a run."""
    ours = {
        "content-type": "application/json",
        "origin": "http://127.0.0.1:3000",
        "sec-fetch-site": "same-origin",
    }
    return head({**ours, **(headers or {})}, **{"method": "POST", "path": "/graphql", **changes})


def proxied(headers: dict[str, str | None] | None = None, **changes: Any) -> Head:
    """What the proxy passes on for Ada."""
    hers = {
        "host": "seatrial.acme.example",
        "origin": "https://seatrial.acme.example",
        "cookie": None,
        "x-forwarded-user": "ada@acme.example",
        PROXY_SECRET: "the-proxys-secret",
    }
    return post({**hers, **(headers or {})}, **{"peer": "127.0.0.2", **changes})


OPERATOR = Visitor(role=Role.OPERATOR, user="me")
ANSWERED = {
    "a page": (head(), DOOR, OPERATOR),
    "by the name of this machine": (head({"host": "LOCALHOST:3000"}), DOOR, OPERATOR),
    "typed": (head({"sec-fetch-site": "none"}), DOOR, OPERATOR),
    "a POST of JSON": (post(), DOOR, OPERATOR),
    "with a charset": (post({"content-type": "Application/JSON; charset=utf-8"}), DOOR, OPERATOR),
    "a socket": (
        head({"origin": "http://127.0.0.1:3000"}, method="WEBSOCKET", path="/graphql"),
        DOOR,
        OPERATOR,
    ),
    "a reader": (head({"cookie": LOOKS}), DOOR, Visitor(role=Role.READER, user="me")),
    "a reader's query": (post({"cookie": LOOKS}), DOOR, Visitor(role=Role.READER, user="me")),
    "a report by hand": (post(path="/report_asset_check/a/b"), DOOR, OPERATOR),
    "by the proxy": (proxied(), BEHIND, Visitor(role=Role.OPERATOR, user="ada@acme.example")),
    "by the proxy, to read": (
        proxied({"x-forwarded-user": "bo@acme.example"}),
        BEHIND,
        Visitor(role=Role.READER, user="bo@acme.example"),
    ),
    "back from the log-in": (
        proxied(
            {
                "origin": None,
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "document",
            },
            method="GET",
            path="/",
        ),
        BEHIND,
        Visitor(role=Role.OPERATOR, user="ada@acme.example"),
    ),
    "with a token, beside a proxy": (head(), BEHIND, OPERATOR),
    "a token": (
        head({"cookie": None}, query="token=an-operators-token"),
        DOOR,
        Exchange(cookie=session("an-operators-token", US)),
    ),
}
ATTEMPTS = {
    "a name that leads here": (head({"host": "evil.example:3000"}), DOOR, 421),
    "a name with our address in it": (head({"host": "127.0.0.1:3000.evil.example"}), DOOR, 421),
    "another port": (head({"host": "127.0.0.1:3001"}), DOOR, 421),
    "no host": (head({"host": None}), DOOR, 421),
    "two hosts": (head(None, ("host", "evil.example")), DOOR, 421),
    "the proxy's name without the proxy": (head({"host": "seatrial.acme.example"}), BEHIND, 421),
    "a page elsewhere": (post({"origin": "https://evil.example"}), DOOR, 403),
    "a page of another port": (post({"origin": "http://127.0.0.1:8000"}), DOOR, 403),
    "a page without an origin": (post({"origin": "null"}), DOOR, 403),
    "two origins": (
        replace(post(), headers=[*post().headers, ("origin", "http://127.0.0.1:3000")]),
        DOOR,
        403,
    ),
    "a socket of a page elsewhere": (
        head({"origin": "https://evil.example"}, method="WEBSOCKET", path="/graphql"),
        DOOR,
        403,
    ),
    "a script elsewhere": (head({"sec-fetch-site": "cross-site"}), DOOR, 403),
    "a script of another port": (head({"sec-fetch-site": "same-site"}), DOOR, 403),
    "a frame elsewhere": (
        head(
            {
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "iframe",
            }
        ),
        DOOR,
        403,
    ),
    "a form elsewhere": (
        post(
            {
                "origin": None,
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "document",
            }
        ),
        DOOR,
        403,
    ),
    "a form": (post({"content-type": "application/x-www-form-urlencoded"}), DOOR, 415),
    "plain text": (post({"content-type": "text/plain; application/json"}), DOOR, 415),
    "no kind at all": (post({"content-type": None}), DOOR, 415),
    "a PUT": (post(method="PUT"), DOOR, 405),
    "nobody": (head({"cookie": None}), DOOR, 401),
    "the cookie of another port": (head({"cookie": COOKIE.replace("-3000", "-3001")}), DOOR, 401),
    "a token as cookie": (head({"cookie": "seatrial-3000=an-operators-token"}), DOOR, 401),
    "a cookie in another user's hands": (head(owner=SOMEBODY_ELSE), DOOR, 401),
    "a guess": (head(query="token=guess"), DOOR, 401),
    "two tokens": (head(query="token=guess&token=an-operators-token"), DOOR, 401),
    "a token in a POST": (post({"cookie": None}, query="token=an-operators-token"), DOOR, 401),
    "a reader's report": (
        post({"cookie": LOOKS}, path="/report_asset_check/a/b"),
        DOOR,
        403,
    ),
    "the proxy's header from here": (proxied(peer="127.0.0.1"), BEHIND, 403),
    "the proxy's header without its secret": (proxied({PROXY_SECRET: None}), BEHIND, 403),
    "the proxy's header with a guess": (proxied({PROXY_SECRET: "guess"}), BEHIND, 403),
    "the proxy's header beside a token": (
        head({"x-forwarded-user": "ada@acme.example"}),
        BEHIND,
        403,
    ),
    "the proxy without a user": (proxied({"x-forwarded-user": None}), BEHIND, 401),
    "the proxy with an empty user": (proxied({"x-forwarded-user": " "}), BEHIND, 401),
    "the proxy with two users": (
        replace(proxied(), headers=[*proxied().headers, ("x-forwarded-user", "bo")]),
        BEHIND,
        401,
    ),
    "a page elsewhere, by the proxy": (proxied({"origin": "https://evil.example"}), BEHIND, 403),
    "a reader's report, by the proxy": (
        proxied({"x-forwarded-user": "bo@acme.example"}, path="/report_asset_check/a/b"),
        BEHIND,
        403,
    ),
}


@pytest.mark.parametrize(("asked", "door", "answer"), ANSWERED.values(), ids=ANSWERED)
def test_what_our_own_pages_ask_is_answered(asked: Head, door: Door, answer: object) -> None:
    """The positive control of each attempt below."""
    assert decide(asked, door) == answer


@pytest.mark.attempt(1)
@pytest.mark.parametrize(("asked", "door", "status"), ATTEMPTS.values(), ids=ATTEMPTS)
def test_anything_else_is_refused(asked: Head, door: Door, status: int) -> None:
    """Each is a request of the table above with one thing changed."""
    refused = decide(asked, door)
    assert isinstance(refused, Refusal)
    assert refused.status == status


def test_no_secret_is_in_a_refusal_or_a_repr() -> None:
    told = repr(BEHIND) + "".join(str(decide(asked, door)) for asked, door, _ in ATTEMPTS.values())
    for secret in (*TOKENS.values(), "the-proxys-secret"):
        assert secret not in told


def test_two_pilots_have_two_cookies() -> None:
    assert cookie_name(3000) != cookie_name(3001)
