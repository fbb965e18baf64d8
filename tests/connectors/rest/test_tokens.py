"""What a token is asked for with, at which address, and what a source and an issuer get to see."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.rest.auth import Auth
from connectors.rest.auth.client import PrivateKeyJwt, SecretPost
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.auth.jwt_bearer import JwtBearer
from connectors.rest.auth.saml_bearer import SamlBearer
from connectors.secrets import Secret
from tests.connectors.oidc_issuer import pem
from tests.connectors.rest.test_client_credentials import SCHEMA
from tests.connectors.scripted import TOKEN, Asked, Said, documents, paged, scripted
from tests.connectors.vendor_fixture import read

PAGES = documents([{"key": 1}], [{"key": 2}])
KEY = ec.generate_private_key(ec.SECP256R1())
NOON = 1_796_000_000
JWT = JwtBearer(
    token_path="/token",
    claims={"iss": "us", "sub": "reader", "scope": "parts"},
    key=Secret("env:KEY", pem(KEY)),
    key_id="2026",
    audience="https://issuer.example",
    now=lambda: NOON,
)
XML = '<Assertion ID="_1"><Issuer>canary-\u00fc</Issuer></Assertion>'
SAML = SamlBearer(token_path="/token", assertion=Secret("env:SAML", XML), scope="parts")


def secret_of(name: str) -> Secret:
    return Secret(f"env:{name}", f"canary-{name}")


def forms(asked: list[Asked]) -> list[dict[str, str]]:
    said = (parse_qs(one.body.decode(), strict_parsing=True) for one in asked if one.body)
    return [{name: " ".join(values) for name, values in one.items()} for one in said]


def form(auth: Auth) -> dict[str, str]:
    """The one token request of a whole reading."""
    with scripted(paged(PAGES)) as source:
        run = read(source.rest(auth=auth), schema=SCHEMA)
        assert run.table is not None
        assert run.table.num_rows == 2
        (said,) = forms(source.asked)
    return said


def claims(token: str) -> Mapping[str, Any]:
    part = token.split(".")[1]
    told: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return told


def test_a_client_says_what_its_token_is_for() -> None:
    said = form(
        ClientCredentials(
            token_path="/token",
            client_id="us",
            client_secret=SecretPost(secret=secret_of("post")),
            scope="parts:read lots:read",
            audience="https://api.example",
            resource=("urn:a", "urn:b"),
            parameters={"tenant": "7"},
        )
    )
    assert said == {
        "grant_type": "client_credentials",
        "client_id": "us",
        "client_secret": "canary-post",
        "scope": "parts:read lots:read",
        "audience": "https://api.example",
        "resource": "urn:a urn:b",
        "tenant": "7",
    }


def test_an_issuer_gets_the_secret_and_the_source_the_token() -> None:
    with scripted(lambda _: Said(TOKEN)) as login, scripted(paged(PAGES)) as source:
        auth = ClientCredentials(
            issuer=login.url, token_path="/token", client_id="us", client_secret=secret_of("x")
        )
        read(source.rest(auth=auth), schema=SCHEMA)
        assert (login.paths(), source.paths()) == (["/token"], ["/1", "/2"])
        assert all(one.headers["authorization"] == "Bearer t0" for one in source.asked)
        assert login.asked[0].headers["authorization"].startswith("Basic ")


def test_h15_an_issuer_that_sends_us_elsewhere_is_not_followed() -> None:
    """The token endpoint is of the pilot's word alone."""
    with scripted(paged(PAGES)) as source, scripted(lambda _: Said(TOKEN)) as other:
        moved = Said(status=307, headers={"location": f"{other.url}/token"})
        with scripted(lambda _: moved) as login:
            auth = ClientCredentials(
                issuer=login.url, token_path="/token", client_id="us", client_secret=secret_of("x")
            )
            with pytest.raises(SourceChanged, match="307, a redirect: correct the address"):
                read(source.rest(auth=auth), schema=SCHEMA)
        assert (source.asked, other.asked) == ([], [])


def test_an_issuer_that_nobody_knows_is_named_as_the_setting_it_is() -> None:
    with scripted(paged(PAGES)) as source:
        auth = replace(JWT, issuer="https://nobody.invalid")
        with pytest.raises(
            SourceError, match=r"no host is called nobody\.invalid: correct issuer"
        ):
            read(source.rest(auth=auth), schema=SCHEMA)


def test_an_assertion_of_rfc_7523_is_signed_and_of_this_moment() -> None:
    said = form(JWT)
    token = said.pop("assertion")
    assert said == {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}
    told = dict(claims(token))
    assert len(told.pop("jti")) > 16
    assert told == {
        **JWT.claims,
        "aud": "https://issuer.example",
        "iat": NOON,
        "exp": NOON + 120,
    }
    text, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    one, other = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    der = encode_dss_signature(one, other)
    KEY.public_key().verify(der, text.encode(), ec.ECDSA(hashes.SHA256()))


def test_an_assertion_of_rfc_7522_goes_as_it_was_given() -> None:
    said = form(SAML)
    encoded = said.pop("assertion")
    assert "=" not in encoded
    assert base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode() == XML
    grant = "urn:ietf:params:oauth:grant-type:saml2-bearer"
    assert said == {"grant_type": grant, "scope": "parts"}


@pytest.mark.parametrize("code", ["invalid_grant", "invalid_client"])
def test_a_grant_is_authenticated_where_each_stranger_is_refused(code: str) -> None:
    """RFC 6749 5.2 refuses by 400 whoever brings no good assertion."""

    def answers(asked: Asked) -> Said:
        return Said(status=401) if asked.method == "GET" else Said({"error": code}, status=400)

    for auth, own in ((JWT, {"expired_refused", "wrong_audience_refused"}), (SAML, set())):
        with scripted(answers) as source:
            rest = source.rest(auth=auth, stranger_allowed=True)
            probes = {one.name: one for one in rest.probe(emit=lambda _: None)}
            sent = [one["assertion"] for one in forms(source.asked)]
        names = {"nobody_refused", "stranger_refused", "forged_token_refused", *own}
        assert probes.keys() == names
        assert all(one.refused for one in probes.values())
        assert "canary" not in str(sent)


def test_a_400_for_another_reason_refuses_nobody() -> None:
    """The control: `invalid_request` does not say that the stranger is unknown."""
    malformed = Said({"error": "invalid_request", "x": '"invalid_client"'}, status=400)
    with scripted(lambda _: malformed) as source:
        probes = source.rest(auth=SAML, stranger_allowed=True).probe(emit=lambda _: None)
    assert not any(one.refused for one in probes)


def test_the_worthless_assertions_are_ours_and_only_their_time_or_audience_is_wrong() -> None:
    asked = dict(JWT.strangers("https://shop.example", ()))
    told = {}
    for name in ("expired_refused", "wrong_audience_refused"):
        told[name] = claims(parse_qs(asked[name].body.decode())["assertion"][0])
    assert told["expired_refused"]["exp"] < NOON
    assert told["expired_refused"]["aud"] == JWT.audience
    assert told["wrong_audience_refused"]["exp"] > NOON
    assert told["wrong_audience_refused"]["aud"].endswith(".invalid")
    assert all(one["iss"] == "us" for one in told.values())


@pytest.mark.parametrize("text", ["canary", pem(ec.generate_private_key(ec.SECP384R1()))])
def test_a_key_that_is_none_is_refused_before_anything_is_sent(text: str) -> None:
    broken = Secret("env:KEY", text)
    client = PrivateKeyJwt(key=broken)
    shown = ClientCredentials(token_path="/token", client_id="us", client_secret=client)
    for auth in (replace(JWT, key=broken), shown):
        with scripted(paged(PAGES)) as source:
            with pytest.raises(AccessDenied, match="env:KEY holds no private key") as raised:
                read(source.rest(auth=auth), schema=SCHEMA)
            assert source.asked == []
        assert text[:40] not in repr((raised.value, raised.value.__context__, auth))


def test_what_is_no_xml_is_no_assertion() -> None:
    with scripted(paged(PAGES)) as source:
        auth = replace(SAML, assertion=secret_of("SAML"))
        with pytest.raises(AccessDenied, match="env:SAML holds no assertion in XML: correct it"):
            read(source.rest(auth=auth), schema=SCHEMA)
        assert source.asked == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"issuer": "http://login.example"}, "use https"),
        ({"issuer": "https://us@login.example"}, "no user and no password"),
        ({"parameters": {"scope": "x"}}, "parameters holds scope"),
        ({"parameters": {"client_secret": "x"}}, "parameters holds client_secret"),
        ({"client_secret": secret_of("x")}, "add client_id"),
        ({"claims": {"sub": "x"}}, "add iss"),
        ({"claims": {"iss": "us", "exp": "1"}}, "claims holds exp"),
    ],
)
def test_a_setting_that_cannot_be_is_told_at_once(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        replace(JWT, **wrong)


def test_the_refusal_of_an_assertion_names_what_to_check() -> None:
    refused = Said({"error": "invalid_grant"}, status=400)
    with scripted(lambda _: refused) as source:
        for auth, told in ((JWT, "iss, sub, audience and env:KEY"), (SAML, "env:SAML is still")):
            with pytest.raises(AccessDenied, match=f"400: check .*{told}"):
                read(source.rest(auth=auth), schema=SCHEMA)
        assert source.paths() == ["/token", "/token"]


def test_h10_an_assertion_whose_answer_was_lost_is_not_sent_a_second_time() -> None:
    """An issuer takes each once; the second request brings another one."""
    failures = [Said(status=503)]

    def answers(asked: Asked) -> Said:
        return failures.pop() if failures else paged(PAGES)(asked)

    with scripted(answers) as source:
        read(source.rest(auth=JWT), schema=SCHEMA)
        one, other = (claims(said["assertion"]) for said in forms(source.asked))
    assert one["jti"] != other["jti"]
    assert {**one, "jti": other["jti"]} == other
