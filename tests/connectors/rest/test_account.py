"""Whose quota a log-in spends, in words that hold no secret."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from connectors.rest.auth import Auth
from connectors.rest.auth.account import account_of
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.auth.aws import AwsSignature
from connectors.rest.auth.basic import Basic
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.auth.kerberos import Kerberos
from connectors.rest.auth.mtls import Mtls
from connectors.rest.auth.no_auth import NoAuth
from connectors.secrets import Secret


def secret(value: str) -> Secret:
    return Secret("env:X", value)


def client(name: str, value: str) -> ClientCredentials:
    return ClientCredentials(token_path="/t", client_id=name, client_secret=secret(value))


SAME = {
    "a user": (Basic(user="ada", password=secret("canary")), None),
    "a client": (client("ada", "canary"), client("ada", "canary-renewed")),
    "a token": (Bearer(token=secret("canary")), Bearer(token=secret("canary"))),
    "a key": (
        ApiKey(key=secret("canary"), header="X-A"),
        ApiKey(key=secret("canary"), header="Y"),
    ),
    "a principal": (
        Kerberos(principal="ada@ACME.EXAMPLE"),
        Kerberos(principal="ada@ACME.EXAMPLE", keytab=Path("/ada.keytab")),
    ),
    "nobody": (NoAuth(), NoAuth()),
}
OTHER: list[Auth] = [
    Basic(user="bob", password=secret("canary")),
    client("bob", "canary"),
    Kerberos(principal="bob@ACME.EXAMPLE"),
    Bearer(token=secret("another")),
    ApiKey(key=secret("another"), header="X-A"),
    AwsSignature(access_key=secret("AKID"), secret_key=secret("canary"), region="eu"),
    Mtls(certificate=Path("/a.pem"), key=secret("canary")),
    Mtls(certificate=Path("/a.pem"), key=secret("canary"), also=Bearer(token=secret("another"))),
]


@pytest.mark.parametrize("what", SAME)
def test_an_account_is_the_same_whatever_else_is_written(what: str) -> None:
    one, another = SAME[what]
    if another is None:
        assert dataclasses.is_dataclass(one)
        another = dataclasses.replace(one, password=secret("canary-renewed"))
    assert account_of(one) == account_of(another)
    assert "canary" not in account_of(one)


def test_other_accounts_have_other_names() -> None:
    names = [account_of(one) for one, _ in SAME.values()] + [account_of(one) for one in OTHER]
    assert len(set(names)) == len(names)
    assert "canary" not in "".join(names)
