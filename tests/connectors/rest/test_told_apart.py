"""What a source answers instead of data is told for what it is, whatever the log-in; and whoever
got no rows is not said to have been let in.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Refused
from connectors.http.log_in_page import asks_who
from connectors.http.messages import Answer
from connectors.rest.auth import Auth
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.auth.aws import AwsSignature
from connectors.rest.auth.basic import Basic
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.auth.hmac_signature import HmacSignature
from connectors.rest.auth.jwt_bearer import JwtBearer
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.auth.saml_bearer import SamlBearer
from connectors.rest.auth.session import Session
from connectors.secrets import Secret
from tests.connectors.oidc_issuer import pem
from tests.connectors.rest.keyed import ONE, SCHEMA
from tests.connectors.scripted import TOKEN, Asked, Said, scripted
from tests.connectors.vendor_fixture import Run

KEY = Secret("env:KEY", "canary")
PRIVATE = Secret("env:PRIVATE", pem(ec.generate_private_key(ec.SECP256R1())))
LOG_INS: dict[str, Auth] = {
    "API key": ApiKey(key=KEY, header="X-Api-Key"),
    "API key in the query": ApiKey(key=KEY, parameter="key"),
    "Basic": Basic(user="reader", password=KEY),
    "Bearer": Bearer(token=KEY),
    "AWS": AwsSignature(access_key=KEY, secret_key=KEY, region="eu"),
    "HMAC": HmacSignature(key=KEY, signs="{target}", headers={"X-S": "{signature}"}),
    "client credentials": ClientCredentials(token_path="/in", client_id="id", client_secret=KEY),
    "JWT bearer": JwtBearer(token_path="/in", claims={"iss": "us"}, key=PRIVATE),
    "SAML bearer": SamlBearer(token_path="/in", assertion=Secret("env:XML", "<A/>")),
    "session": Session(path="/in", user="reader", password=KEY, cookie="sid"),
    "session by token": Session(path="/in", user="reader", password=KEY, token="access_token"),
}
HTML = {"content-type": "text/html; charset=utf-8"}
LOG_IN_PAGE = b'<form method="post" action="/login"><input type="password" name="p"></form>'


def to(url: str, status: int = 302) -> Said:
    return Said(status=status, headers={**HTML, "location": url})


ANSWERS: dict[str, tuple[Said, type[SourceError], str]] = {
    "400": (Said(status=400), SourceChanged, "400: correct the path, the page style, or what"),
    "401": (Said(status=401), AccessDenied, "answered 401( to a new|: check)"),
    "403": (Said(status=403), AccessDenied, "answered 403: check the client's grants"),
    "404": (Said(status=404), SourceChanged, "404: correct the path, or ask whether our log-in"),
    "a redirect": (to("/v2/1"), SourceChanged, "answered 302, a redirect: correct the address"),
    "to a log-in page": (
        to("/account/sign-in?next=/1"),
        AccessDenied,
        "answered 302 to a log-in page( to a new|: check)",
    ),
    "a log-in page": (
        Said(LOG_IN_PAGE, headers=HTML),
        AccessDenied,
        "answered 200 with a log-in page( to a new|: check)",
    ),
    "another page": (
        Said(b"<h1>Welcome</h1>", headers=HTML),
        SourceChanged,
        "answered something other than JSON, not JSON in UTF-8: correct the path",
    ),
}
OF_STRANGERS = {
    "400": (False, "400"),
    "401": (True, "401"),
    "403": (True, "403"),
    "404": (False, "404"),
    "a redirect": (False, "302"),
    "to a log-in page": (True, "302 to a log-in page"),
    "a log-in page": (True, "200 with a log-in page"),
    "another page": (False, "200 without rows"),
}


def answering(said: Said) -> Callable[[Asked], Said]:
    """Gives whoever logs in a token and a session, and then `said` in place of data."""
    given = Said(TOKEN, headers={"content-type": "application/json", "set-cookie": "sid=s1"})
    return lambda asked: given if asked.path == "/in" else said


@pytest.mark.parametrize("log_in", LOG_INS)
def test_a_refusal_and_a_wrong_address_are_told_apart_after_one_try(log_in: str) -> None:
    for said, kind, told in ANSWERS.values():
        run = Run()
        with scripted(answering(said)) as source:
            rest = source.rest(auth=LOG_INS[log_in])
            with pytest.raises(kind, match=told) as raised:
                rest.read("parts", schema=SCHEMA, emit=run.events.append)
            assert [one.partition("?")[0] for one in source.paths() if one != "/in"] == ["/1"]
        assert type(raised.value) is kind
        assert bool(run.of(Refused)) is (kind is AccessDenied)
        assert "canary" not in f"{raised.value}{run.events}"


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_stranger_who_got_no_rows_was_not_let_in(answer: str) -> None:
    """Not under any of these answers. `authenticated` calls 2xx alone let in."""
    with scripted(answering(ANSWERS[answer][0])) as source:
        rest = source.rest(auth=LOG_INS["Bearer"], stranger_allowed=True)
        found = rest.probe(emit=lambda _: None)
    assert {(one.refused, one.status) for one in found} == {OF_STRANGERS[answer]}


def test_control_a_stranger_who_got_rows_was_let_in() -> None:
    with scripted(answering(Said(ONE))) as source:
        rest = source.rest(auth=LOG_INS["Bearer"], stranger_allowed=True)
        found = rest.probe(emit=lambda _: None)
    assert {(one.refused, one.status) for one in found} == {(False, "200")}


@pytest.mark.parametrize(
    ("said", "refused", "status"),
    [
        (Said({"error": "incorrect_client_credentials"}), False, "200 without a token"),
        (Said(TOKEN), False, "200"),
    ],
)
def test_a_stranger_at_a_token_endpoint_is_let_in_by_a_token_alone(
    said: Said, *, refused: bool, status: str
) -> None:
    answers = {"/in": said}
    with scripted(lambda asked: answers.get(asked.path, Said(status=401))) as source:
        rest = source.rest(auth=LOG_INS["client credentials"], stranger_allowed=True)
        probes = {one.name: one for one in rest.probe(emit=lambda _: None)}
    assert (probes["stranger_refused"].refused, probes["stranger_refused"].status) == (
        refused,
        status,
    )


def test_without_a_log_in_a_log_in_page_says_to_name_one() -> None:
    with scripted(lambda _: to("https://login.shop.example/")) as source:
        with pytest.raises(AccessDenied, match="302 to a log-in page: name a log-in in auth"):
            source.rest(auth=NoAuth()).read("parts", schema=SCHEMA, emit=lambda _: None)
        assert source.paths() == ["/1"]


@pytest.mark.parametrize(
    ("url", "location", "is_one"),
    [
        ("https://shop.example/parts", "/login", True),
        ("https://shop.example/parts", "/Account/LogOn.aspx?ReturnUrl=/parts", True),
        ("https://shop.example/parts", "https://login.shop.example/x", True),
        ("https://shop.example/parts", "https://idp.example/x?SAMLRequest=a", True),
        ("https://shop.example/parts", "https://a.example/x?response_type=code&client_id=b", True),
        ("https://shop.example/parts", "/parts/", False),
        ("https://shop.example/auth/parts", "/auth/parts/", False),
        ("https://login.example/parts", "https://login.example/v2/parts", False),
        ("https://shop.example/parts", "/authors", False),
        ("https://shop.example/parts", "http://[", False),
    ],
)
def test_a_redirect_is_to_a_log_in_page_if_its_address_says_so_anew(
    url: str, location: str, *, is_one: bool
) -> None:
    answer = Answer(what="", url=url, status=302, headers={"location": location}, body=b"")
    assert (asks_who(answer) is not None) is is_one
