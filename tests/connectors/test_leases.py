"""What a store issues for a time, by a store whose clock a test sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from connectors.errors import AccessDenied
from connectors.secrets import Secret
from connectors.vault.token import AppRole
from connectors.vault.vault import Vault
from tests.connectors.scripted import Asked, Said, scripted

USER = "lease:db/creds/reader#username"
TTL = 90.0
"""Seconds of a lease and of a token."""


@dataclass
class Issuer:
    """It issues users and tokens, numbered, and knows when each ends."""

    renewable: bool = True
    revocable: bool = True
    now: float = 1000.0
    ends: dict[str, float] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def clock(self) -> float:
        return self.now

    def answer(self, asked: Asked) -> Said:
        what = asked.path.removeprefix("/v1/")
        self.asked.append(what)
        if what == "auth/approle/login":
            return Said({"auth": {"client_token": self._issue("token")}})
        token = asked.headers["x-vault-token"]
        if what.startswith("auth/token/"):
            return self._of(what.removeprefix("auth/token/"), token, unknown=403)
        if self.ends.get(token, self.now) < self.now:
            return Said({}, 403)
        if what.startswith("sys/leases/"):
            lease = asked.body.decode().split('"')[3]
            return self._of(what.removeprefix("sys/leases/"), lease, unknown=400)
        name = self._issue("user")
        lease = {"lease_id": name, "lease_duration": TTL, "renewable": self.renewable}
        return Said({**lease, "data": {"username": name}})

    def _issue(self, kind: str) -> str:
        name = f"{kind}-{sum(one.startswith(kind) for one in self.ends) + 1}"
        self.ends[name] = self.now + TTL
        return name

    def _of(self, what: str, name: str, *, unknown: int) -> Said:
        left = self.ends.get(name, self.now) - self.now
        if left <= 0:
            return Said({}, unknown)
        if what.startswith("lookup"):
            never = left == float("inf")
            return Said({"data": {"ttl": 0 if never else left, "renewable": self.renewable}})
        if what.startswith("revoke"):
            if not self.revocable:
                return Said({}, 403)
            self.ends[name] = self.now
        elif self.renewable:
            self.ends[name] = self.now + TTL
        return Said({}, 200)

    def live(self) -> list[str]:
        return [name for name, end in self.ends.items() if end > self.now]

    def vault(self, *, machine: bool = False) -> Vault:
        secret_id = Secret("env:SECRET_ID", "s")
        role, token = AppRole(role_id="r", secret_id=secret_id), Secret("env:TOKEN", "theirs")
        self.ends["theirs"] = float("inf")
        return Vault(self.url, credentials=role if machine else token, monotonic=self.clock)


@contextmanager
def issuer(*, renewable: bool = True, revocable: bool = True) -> Iterator[Issuer]:
    issues = Issuer(renewable=renewable, revocable=revocable)
    with scripted(issues.answer) as source:
        issues.url = source.url
        yield issues


def test_a_lease_is_renewed_at_half_of_its_time_and_not_before() -> None:
    with issuer() as store:
        vault = store.vault()
        assert vault.present([USER]) == ["user-1"]
        for _ in range(10):
            store.now += TTL * 0.3
            vault.renew()
        assert store.asked.count("sys/leases/renew") == 5
        assert vault.present([USER]) == ["user-1"]


def test_one_that_nobody_renews_is_over_then_and_followed_by_another() -> None:
    """Control."""
    with issuer() as store:
        vault = store.vault()
        vault.present([USER])
        store.now += TTL * 3
        assert vault.present([USER]) == ["user-2"]


def test_one_that_cannot_be_renewed_is_followed_by_another_while_it_still_serves() -> None:
    """Sessions that began with the first may read to its end; both are revoked at the end."""
    with issuer(renewable=False) as store:
        vault = store.vault()
        vault.present([USER])
        store.now += TTL * 0.5
        vault.renew()
        assert vault.present([USER]) == ["user-1"]
        store.now += TTL * 0.2
        assert vault.present([USER]) == ["user-2"]
        assert {"user-1", "user-2"} <= {*store.live()}
        vault.give_back()
        assert store.live() == ["theirs"]


def test_one_that_we_may_not_revoke_is_left_to_its_time() -> None:
    with issuer(revocable=False) as store:
        vault = store.vault()
        vault.present([USER])
        vault.give_back()
        assert store.live() == ["theirs", "user-1"]


def test_a_token_that_we_got_is_renewed_and_revoked_and_a_persons_is_never_revoked() -> None:
    with issuer() as store:
        ours, theirs = store.vault(machine=True), store.vault()
        for _ in range(10):
            for vault in (ours, theirs):
                vault.present([USER])
                vault.renew()
            store.now += TTL * 0.4
        assert store.asked.count("auth/approle/login") == 1
        for vault in (ours, theirs):
            vault.give_back()
        assert store.live() == ["theirs"]


def test_a_token_that_is_over_is_followed_by_another_and_a_refusal_by_policy_is_not() -> None:
    """We log in once more where the store knows our token no more, and only there."""
    with issuer() as store:
        vault = store.vault(machine=True)
        vault.present([USER])
        store.now += TTL * 2
        assert vault.present([USER]) == ["user-2"]
        assert store.asked.count("auth/approle/login") == 2
    with scripted(
        lambda asked: (
            Said({"auth": {"client_token": "t"}})
            if asked.path.endswith("login")
            else Said({"data": {"ttl": TTL}}, 200 if "lookup-self" in asked.path else 403)
        )
    ) as refusing:
        role = AppRole(role_id="r", secret_id=Secret("env:SECRET_ID", "s"))
        vault = Vault(refusing.url, credentials=role)
        for _ in range(2):
            with pytest.raises(AccessDenied, match="403: check role_id and secret_id env:SECRET"):
                vault.present([USER])
        assert [path for path in refusing.paths() if path.endswith("login")] == [
            "/v1/auth/approle/login"
        ]
