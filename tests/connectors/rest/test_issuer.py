"""Tokens of an issuer written by others, on another origin than the data."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from connectors.errors import AccessDenied
from connectors.events import Authenticated
from connectors.rest.auth.client import ClientSecret, PrivateKeyJwt, SecretPost
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.auth.introspection import Introspection
from connectors.rest.auth.refresh_token import RefreshToken
from connectors.secrets import Secret
from tests.connectors.oidc_issuer import issuer, jwk, pem
from tests.connectors.rest.test_client_credentials import SCHEMA
from tests.connectors.scripted import Asked, Said, documents, scripted
from tests.connectors.vendor_fixture import Run, read

pytestmark = pytest.mark.estate_full("npm")

SECRET = "canary-of-the-client/+%"
SECONDS = 2
PAGES = documents([{"key": 1}], [{"key": 2}])
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
P256 = ec.generate_private_key(ec.SECP256R1())
CLIENTS: list[dict[str, object]] = [
    {
        "client_id": "basic",
        "client_secret": SECRET,
        "token_endpoint_auth_method": "client_secret_basic",
    },
    {
        "client_id": "post",
        "client_secret": SECRET,
        "token_endpoint_auth_method": "client_secret_post",
    },
    *(
        {
            "client_id": alg,
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": alg,
            "jwks": {"keys": [jwk(key, "2026")]},
        }
        for alg, key in (("RS256", RSA), ("ES256", P256))
    ),
]
OFFLINE = {
    "client_id": "offline",
    "client_secret": SECRET,
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "redirect_uris": ["https://shop.example/back"],
    "scope": "openid offline_access",
}
SHOWN: dict[str, ClientSecret] = {
    "basic": Secret("env:X", SECRET),
    "post": SecretPost(secret=Secret("env:X", SECRET)),
    "RS256": PrivateKeyJwt(key=Secret("env:X", pem(RSA)), key_id="2026"),
    "ES256": PrivateKeyJwt(key=Secret("env:X", pem(P256))),
}


@dataclass(frozen=True, slots=True)
class Issuer:
    url: str
    refresh_token: str
    """Of the client `offline`, as a person left it."""

    def auth(self, client: str, **changes: Any) -> ClientCredentials:
        auth = ClientCredentials(
            issuer=self.url, token_path="/token", client_id=client, client_secret=SHOWN[client]
        )
        return replace(auth, **changes)

    def knows(self, token: str) -> bool:
        """Whether it calls the token active, by its own word."""
        asked = {"token": token}
        at = f"{self.url}/token/introspection"
        told = httpx.post(at, data=asked, auth=("basic", "canary-of-the-client%2F%2B%25"))
        return told.status_code == 200 and bool(told.json()["active"])

    def guards(self, pages: dict[str, Said]) -> Callable[[Asked], Said]:
        """A source that lets in whoever has a token that is active now."""

        def answers(asked: Asked) -> Said:
            token = asked.headers.get("authorization", "").removeprefix("Bearer ")
            return pages[asked.path] if self.knows(token) else Said(status=401)

        return answers


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuer]:
    folder = tmp_path_factory.mktemp("issuer")
    with issuer(folder, [*CLIENTS, OFFLINE], seconds=SECONDS) as url:
        log = (folder / "issuer.log").read_text().split()
        yield Issuer(url, refresh_token=log[log.index("offline") + 1])


@pytest.mark.parametrize("client", SHOWN)
def test_each_way_to_show_a_client_is_taken(real: Issuer, client: str) -> None:
    """The source sees tokens alone: no secret, no assertion."""
    with scripted(real.guards(PAGES)) as source:
        run = read(source.rest(auth=real.auth(client)), schema=SCHEMA)
        assert run.table is not None
        assert run.table.num_rows == 2
        assert source.paths() == ["/1", "/2"]
        assert all(one.headers["authorization"].startswith("Bearer ") for one in source.asked)
    assert [event.renewed for event in run.of(Authenticated)] == [False]


@pytest.mark.parametrize("client", SHOWN)
def test_strangers_and_assertions_that_are_worth_nothing_get_no_token(
    real: Issuer, client: str
) -> None:
    with scripted(real.guards(PAGES)) as source:
        rest = source.rest(auth=real.auth(client), stranger_allowed=True)
        probes = {one.name: one for one in rest.probe(emit=lambda _: None)}
    signs = isinstance(SHOWN[client], PrivateKeyJwt)
    worthless = {"expired_refused", "wrong_audience_refused"} if signs else set()
    asked = {"nobody_refused", "stranger_refused", "forged_token_refused", *worthless}
    assert probes.keys() == asked
    assert {one.status for one in probes.values()} <= {"400", "401"}
    assert all(one.refused for one in probes.values())


def test_control_an_assertion_of_ours_that_is_not_spoilt_gets_a_token(real: Issuer) -> None:
    """The twin: what refuses the worthless ones is that they are worthless."""
    auth = real.auth("ES256")
    probes = dict(auth.strangers(real.url, ()))
    spoilt = probes["wrong_audience_refused"]
    assert httpx.post(spoilt.url, content=spoilt.body, headers=dict(spoilt.headers)).is_error
    good = next(auth.begin(real.url, lambda _: None)(spoilt))
    assert httpx.post(good.url, content=good.body, headers=dict(good.headers)).is_success


def test_scope_and_resource_are_those_of_the_token(real: Issuer) -> None:
    with scripted(lambda asked: PAGES[asked.path]) as source:
        auth = real.auth("basic", scope="orders.read", resource="urn:shop")
        read(source.rest(auth=auth), schema=SCHEMA)
        token = source.asked[0].headers["authorization"].removeprefix("Bearer ")
    part = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert (claims["aud"], claims["scope"]) == ("urn:shop", "orders.read")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"resource": "urn:other"}, r"400 \(invalid_target\): check resource and audience"),
        ({"scope": "orders.write"}, r"400 \(invalid_scope\): check scope"),
        ({"client_secret": Secret("env:Y", "wrong")}, "401: check the client id and env:Y"),
        (
            {"client_secret": PrivateKeyJwt(key=Secret("env:Z", pem(P256)))},
            "401: check the client id, env:Z and audience",
        ),
    ],
    ids=["resource", "scope", "secret", "method"],
)
def test_a_refusal_says_what_to_check_after_one_try(
    real: Issuer, wrong: dict[str, Any], told: str
) -> None:
    run = Run()
    with scripted(real.guards(PAGES)) as source:
        rest = source.rest(auth=real.auth("basic", **wrong))
        with pytest.raises(AccessDenied, match=told):
            rest.read("parts", schema=SCHEMA, emit=run.events.append)
        assert source.asked == []


@pytest.mark.parametrize("client", ["basic", "ES256"])
def test_a01_a_token_that_runs_out_between_pages_costs_one_renewal(
    real: Issuer, client: str
) -> None:
    """A new assertion each time: an issuer takes each once."""
    slept: list[float] = []

    def answers(asked: Asked) -> Said:
        if asked.path == "/2" and not slept:
            slept.append(SECONDS + 0.5)
            time.sleep(slept[0])
        return real.guards(PAGES)(asked)

    with scripted(answers) as source:
        run = read(source.rest(auth=real.auth(client)), schema=SCHEMA)
        assert source.paths() == ["/1", "/2", "/2"]
    assert run.table is not None
    assert run.table["key"].to_pylist() == [1, 2]
    assert [event.renewed for event in run.of(Authenticated)] == [False, True]


def test_the_issuer_tells_what_its_tokens_may_do(real: Issuer) -> None:
    auth = real.auth(
        "post",
        scope="orders.read",
        introspection=Introspection(path="/token/introspection", needs=("orders.read",)),
    )
    with scripted(real.guards(PAGES)) as source:
        (probe,) = source.rest(auth=auth).probe(emit=lambda _: None)
        assert source.asked == []
    assert (probe.name, probe.refused) == ("use any scope but orders.read", True)


@dataclass(slots=True)
class InMemory:
    """Keeps what replaces a secret, here."""

    held: str
    reference: str = "vault:secret/shop#refresh_token"

    def take(self) -> Secret:
        return Secret(self.reference, self.held)

    def put(self, new: str, *, instead_of: Secret) -> None:
        assert self.held == instead_of.reveal()
        self.held = new


def test_a04_a_refresh_token_is_replaced_by_each_use_and_refused_at_its_second(
    real: Issuer,
) -> None:
    kept = InMemory(real.refresh_token)
    auth = RefreshToken(
        issuer=real.url,
        token_path="/token",
        client_id="offline",
        client_secret=Secret("env:X", SECRET),
        refresh_token=kept,
    )
    with scripted(real.guards(PAGES)) as source:
        for _ in range(2):
            before = kept.held
            run = read(source.rest(auth=auth), schema=SCHEMA)
            assert run.table is not None
            assert run.table.num_rows == 2
            assert kept.held != before
        rest = source.rest(auth=auth, stranger_allowed=True)
        assert all(one.refused for one in rest.probe(emit=lambda _: None))
        stale = replace(auth, refresh_token=InMemory(real.refresh_token))
        with pytest.raises(AccessDenied, match=r"answered 400: check .* log in anew"):
            read(source.rest(auth=stale), schema=SCHEMA)
