"""The vendor's gateway: what it lets through, to whom and how often."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from connectors.events import Event
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Limits, Request
from estate import vendor
from estate.process import EstateError
from tests.connectors.vendor_fixture import Shop, plenty, shop

PATH = "/vendor/parts.json?_shape=objects&_size=1"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Four requests in 60 s for each client: a window that outlasts a test."""
    with shop(tmp_path_factory.mktemp("g"), requests=4, seconds=60) as running:
        yield running


def ask(gateway: Shop, token: str | None, path: str = PATH, method: str = "GET") -> Answer:
    events: list[Event] = []
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    url = gateway.environ["VENDOR_URL"] + path
    ca_file = Path(gateway.environ["VENDOR_CA_FILE"])
    with Connection(
        ca_file=ca_file, budget=plenty(), limits=Limits(), emit=events.append
    ) as connection:
        return connection.exchange(Request(method=method, url=url, headers=headers))


def minted(gateway: Shop, subject: str, **changes: object) -> str:
    """A token as the token service signs them, with some claims changed; None takes one away."""
    claims = {
        "iss": gateway.admin["issuer"],
        "aud": gateway.admin["audience"],
        "sub": subject,
        "exp": int(time.time()) + 20,
        **changes,
    }
    key = ECKey.import_key(Path(gateway.admin["key_file"]).read_text())
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256"}, kept, key)


def unsigned(gateway: Shop) -> str:
    return f"{resealed(gateway, 'none')}."


def signed_with_the_public_key(gateway: Shop) -> str:
    """The old confusion: HS256, with the public key's file as its secret."""
    body = resealed(gateway, "HS256")
    public = Path(gateway.admin["key_file"]).with_name("token_public.pem").read_bytes()
    return f"{body}.{encoded(hmac.digest(public, body.encode(), 'sha256'))}"


def resealed(gateway: Shop, algorithm: str) -> str:
    """A good token's claims under another algorithm, without a signature."""
    header = encoded(json.dumps({"alg": algorithm}).encode())
    return f"{header}.{minted(gateway, 'nobody').split('.')[1]}"


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def tampered(gateway: Shop) -> str:
    header, _, signature = minted(gateway, "nobody").split(".")
    return f"{header}.{minted(gateway, 'somebody').split('.')[1]}.{signature}"


FORGERIES = {
    "no token": lambda _: None,
    "no JWT": lambda _: "garbage",
    "alg none": unsigned,
    "HS256 with the public key": signed_with_the_public_key,
    "tampered": tampered,
    "another issuer": lambda g: minted(g, "x", iss="https://127.0.0.1:1"),
    "another audience": lambda g: minted(g, "x", aud="crm"),
    "no audience": lambda g: minted(g, "x", aud=None),
    "expired": lambda g: minted(g, "x", exp=int(time.time()) - 1),
    "never expiring": lambda g: minted(g, "x", exp=None),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_is_refused(gateway: Shop, forgery: str) -> None:
    answer = ask(gateway, FORGERIES[forgery](gateway))
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_a_good_token_is_let_through(gateway: Shop) -> None:
    """Control to the forgeries."""
    answer = ask(gateway, minted(gateway, "good"))
    assert answer.status == 200
    assert json.loads(answer.body)["filtered_table_rows_count"] == 1_000


def test_the_quota_is_each_clients_own_and_refusals_do_not_count(gateway: Shop) -> None:
    while time.time() % 60 > 50:  # stay within one window
        time.sleep(0.5)
    token = minted(gateway, "busy", exp=int(time.time()) + 120)
    ask(gateway, tampered(gateway))
    ask(gateway, token, path="/")
    ask(gateway, token, method="POST")
    answers = [ask(gateway, token) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 4 + [429] * 2
    remaining = [a.headers["ratelimit"].partition(";t=")[0] for a in answers[:4]]
    assert remaining == [f'"default";r={left}' for left in (3, 2, 1, 0)]
    assert answers[0].headers["ratelimit-policy"] == (
        '"default";q=4;w=60, "day";q=1000000;w=86400'
    )
    advice = answers[4].retry_after
    assert advice is not None
    assert 0 < advice <= 60
    assert ask(gateway, minted(gateway, "another")).status == 200


def test_another_daily_quota_is_told_at_once(gateway: Shop) -> None:
    token = minted(gateway, "daily")
    for requests in (75, vendor.UNLIMITED):  # the last one stays for the other tests
        vendor.allow(gateway.admin, requests)
        policy = ask(gateway, token).headers["ratelimit-policy"]
        assert policy.endswith(f'"day";q={requests};w=86400')


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 404),
        ("/vendor", "GET", 404),
        ("/vendor.db", "GET", 404),
        ("/vendor.json?sql=select+1", "GET", 404),
        ("/-/databases.json", "GET", 404),
        ("/vendor/parts.json", "POST", 405),
        ("/vendor/parts.json", "DELETE", 405),
    ],
)
def test_only_tables_are_served_and_only_read(
    gateway: Shop, path: str, method: str, status: int
) -> None:
    assert ask(gateway, minted(gateway, "curious"), path=path, method=method).status == status


def test_no_secret_stands_in_a_command_line(gateway: Shop) -> None:
    secret = gateway.environ["VENDOR_CLIENT_SECRET"]
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert any(b"token_service" in line for line in lines)
    assert not any(secret.encode() in line for line in lines)


def test_its_folder_is_its_owners_alone(gateway: Shop) -> None:
    assert Path(gateway.admin["key_file"]).parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_too_deep_for_sockets_says_so(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    with pytest.raises(EstateError, match="choose a shorter folder"):
        vendor.start(deep, deep / "absent.sqlite", requests=1, seconds=1)
