"""A refresh token that its use replaces: the new one is kept before anything is read with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.rate_limiter import RateLimiter
from connectors.rest.auth.refresh_token import RefreshToken
from connectors.secrets import Kept, Secret
from connectors.vault.kept import KeptField
from connectors.vault.vault import Vault
from tests.connectors.rest.test_client_credentials import SCHEMA
from tests.connectors.scripted import Asked, Said, Scripted, documents, scripted
from tests.connectors.vault_fixture import Store, store
from tests.connectors.vendor_fixture import read
from tests.docs import REPOSITORY

REFERENCE = "vault:secret/shop#refresh_token"
PAGES = documents([{"key": 1}], [{"key": 2}])


@dataclass(slots=True)
class Issuer:
    """Takes each refresh token once, gives another for it, and tells what it saw."""

    at: Store
    valid: str = "r0"
    kept_at_use: list[str] = field(default_factory=list)
    """What the store held as the access token came."""
    before: Callable[[], object] = lambda: None
    """Called between the use of a refresh token and the answer."""

    def __call__(self, asked: Asked) -> Said:
        if asked.path != "/token":
            self.kept_at_use.append(held(self.at)["refresh_token"])
            return PAGES[asked.path]
        if parse_qs(asked.body.decode())["refresh_token"] != [self.valid]:
            return Said({"error": "invalid_grant"}, status=400)
        self.valid = f"r{int(self.valid[1:]) + 1}"
        self.before()
        new = {"access_token": f"t{self.valid[1:]}", "refresh_token": self.valid}
        return Said({"token_type": "Bearer", **new})


def held(at: Store) -> dict[str, str]:
    fields: dict[str, str] = at.do("GET", "secret/data/shop")["data"]["data"]
    return fields


@pytest.fixture(scope="module")
def running() -> Iterator[Store]:
    with store() as started:
        yield started


@pytest.fixture
def shop(running: Store) -> Store:
    running.put("shop", refresh_token="r0", beside="it")
    return running


def kept(at: Store, token: str | None = None) -> Kept:
    client = Vault(at.address, credentials=Secret("env:VAULT_TOKEN", token or at.root))
    return KeptField(REFERENCE, client)


def auth(at: Store, **changes: Any) -> RefreshToken:
    made = RefreshToken(token_path="/token", client_id="us", refresh_token=kept(at))
    return replace(made, **changes)


def test_a04_the_new_token_is_kept_before_the_first_use_of_what_came_with_it(shop: Store) -> None:
    issuer = Issuer(shop)
    with scripted(issuer) as source:
        for _ in range(3):
            run = read(source.rest(auth=auth(shop)), schema=SCHEMA)
            assert run.table is not None
            assert run.table.num_rows == 2
    assert issuer.kept_at_use == ["r1", "r1", "r2", "r2", "r3", "r3"]
    assert held(shop) == {"refresh_token": "r3", "beside": "it"}


def test_a04_without_keeping_it_the_next_reading_is_refused(shop: Store) -> None:
    """The control: this issuer takes none twice."""

    class Forgetful:
        reference = REFERENCE

        def take(self) -> Secret:
            return Secret(REFERENCE, "r0")

        def put(self, new: str, *, instead_of: Secret) -> None:
            pass

    with scripted(Issuer(shop)) as source:
        read(source.rest(auth=auth(shop, refresh_token=Forgetful())), schema=SCHEMA)
        with pytest.raises(AccessDenied, match="answered 400"):
            read(source.rest(auth=auth(shop, refresh_token=Forgetful())), schema=SCHEMA)


DYING = """
import sys
from tests.connectors.rest.test_refresh_token import *
root = Secret("env:VAULT_TOKEN", sys.stdin.read())
ours = KeptField(REFERENCE, Vault(sys.argv[1], credentials=root))
one = RefreshToken(token_path="/token", client_id="us", refresh_token=ours)
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.single import single
from tests.connectors.vendor_fixture import plenty
pages = {"parts": Endpoint(path="/1", pages=single(), rows="rows")}
read(Rest(base_url=sys.argv[2], auth=one, endpoints=pages, budget=plenty()), schema=SCHEMA)
"""


def test_a04_killed_between_use_and_keeping_the_next_reading_says_to_log_in_anew(
    shop: Store,
) -> None:
    """What the issuer gave is lost: nothing could have it, and nothing is guessed."""
    issuer = Issuer(shop)
    with scripted(issuer) as source:
        child = subprocess.Popen(
            [sys.executable, "-c", DYING, shop.address, source.url],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(REPOSITORY))},
        )
        issuer.before = lambda: (os.kill(child.pid, signal.SIGKILL), child.wait(10))
        child.communicate(shop.root.encode(), timeout=60)
        assert child.returncode == -signal.SIGKILL
        assert (held(shop)["refresh_token"], issuer.valid) == ("r0", "r1")
        with pytest.raises(AccessDenied, match="if it was used up, log in anew, and keep the new"):
            read(source.rest(auth=auth(shop)), schema=SCHEMA)
    assert issuer.kept_at_use == []


def at_once(at: Store) -> list[str]:
    """What comes of two readings that use one refresh token at the same time, as two runs do."""
    begun = threading.Barrier(2)

    def reading(source: Scripted) -> str:
        begun.wait(10)
        try:
            read(source.rest(auth=auth(at)), schema=SCHEMA)
        except SourceError as error:
            return type(error).__name__
        return "read"

    with (
        scripted(Issuer(at, before=lambda: time.sleep(0.5))) as source,
        ThreadPoolExecutor() as two,
    ):
        return sorted(two.map(reading, [source] * 2))


def test_a04_two_runs_at_once_take_turns_with_one_refresh_token(shop: Store) -> None:
    assert at_once(shop) == ["read", "read"]
    assert held(shop)["refresh_token"] == "r2"


def test_a04_the_control_without_turns_one_of_two_runs_is_refused(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RateLimiter, "lease", lambda *_: nullcontext())
    assert "read" in (came := at_once(shop))
    assert came != ["read", "read"]


def test_what_somebody_else_put_there_meanwhile_stays(shop: Store) -> None:
    issuer = Issuer(shop, before=lambda: shop.put("shop", refresh_token="theirs"))
    lost = r"lost: .* somebody else has replaced it meanwhile: log in anew"
    with scripted(issuer) as source, pytest.raises(SourceError, match=lost):
        read(source.rest(auth=auth(shop)), schema=SCHEMA)
    assert held(shop) == {"refresh_token": "theirs"}
    assert issuer.kept_at_use == []


def test_another_field_that_changes_meanwhile_is_no_conflict(shop: Store) -> None:
    """The control of the one above: what counts is the token, not the version of its document."""
    issuer = Issuer(shop, before=lambda: shop.put("shop", refresh_token="r0", beside="new"))
    with scripted(issuer) as source:
        read(source.rest(auth=auth(shop)), schema=SCHEMA)
    assert held(shop) == {"refresh_token": "r1", "beside": "new"}


def test_a_store_that_we_may_only_read_costs_no_token(shop: Store) -> None:
    """It is asked to write before the token is used up."""
    reader = shop.token(shop.allow("shop"))
    issuer = Issuer(shop)
    with scripted(issuer) as source:
        one = auth(shop, refresh_token=kept(shop, reader))
        with pytest.raises(AccessDenied, match="403: check the token env:VAULT_TOKEN, and"):
            read(source.rest(auth=one), schema=SCHEMA)
        assert source.asked == []
    assert issuer.valid == "r0"


def test_an_issuer_that_replaces_nothing_is_no_matter(shop: Store) -> None:
    same = {"access_token": "t", "token_type": "Bearer"}
    with scripted(lambda asked: PAGES.get(asked.path, Said(same))) as source:
        for _ in range(2):
            read(source.rest(auth=auth(shop)), schema=SCHEMA)
    assert held(shop)["refresh_token"] == "r0"


def test_no_version_is_written_over_a_later_one(shop: Store) -> None:
    """The store's own word (`cas`), which `put` rests on."""
    client = Vault(shop.address, credentials=Secret("env:VAULT_TOKEN", shop.root))
    ours = KeptField(REFERENCE, client)
    taken = ours.take()
    shop.put("shop", refresh_token="theirs")
    with pytest.raises(SourceChanged, match="somebody else has replaced it meanwhile"):
        ours.put("r1", instead_of=taken)
    assert held(shop) == {"refresh_token": "theirs"}


def test_the_token_is_in_no_text(shop: Store) -> None:
    shop.put("shop", refresh_token="canary-0")
    refused = Said({"error": "invalid_grant"}, status=400)
    with scripted(lambda _: refused) as source, pytest.raises(AccessDenied) as raised:
        read(source.rest(auth=auth(shop)), schema=SCHEMA)
    assert "canary" not in repr((raised.value, raised.value.__context__, auth(shop)))
