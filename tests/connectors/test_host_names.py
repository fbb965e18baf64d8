"""A host name that nobody knows: told once, with the setting that it comes from, and what to do.

A name of more than 255 bytes is one that the system refuses by itself: no name server is asked.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import asyncssh
import pytest

from connectors.connector import Connector
from connectors.errors import SourceError, SourceUnavailable
from connectors.events import Retried
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.s3 import S3
from connectors.files.stores.sftp import Sftp
from connectors.host_names import find_out, is_unknown
from connectors.http.proxy import Proxy
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT
from connectors.rest.paginators.single import single
from connectors.retry import RetryPolicy
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from connectors.vault.vault import Vault
from estate.process import free_port
from harness.errors import ConfigurationError
from harness.ledger.postgresql import examine
from tests.conformance import Run, read
from tests.connectors.bucket_fixture import LINES
from tests.connectors.scripted import Scripted

NOBODY = ".".join(["shop" * 12] * 6)
KEY = Secret("env:KEY", "canary-of-a-key")
VERIFIED = "sslmode=verify-full"


def files(store: Any) -> Files:
    return Files(store=store, datasets={"it": FileSet("there/*.csv", Csv())})


def s3(host: str, **changes: Any) -> Files:
    patience = RetryPolicy(attempts=2, backoff_seconds=0.001)
    given = {"access_key": KEY, "secret_key": KEY, "patience": patience, **changes}
    return files(S3(endpoint=f"https://{host}", region="us-east-1", bucket="billing", **given))


def sftp(host: str) -> Files:
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    return files(Sftp(host=host, user="it", host_key=key, password=KEY))


def sql(host: str) -> Connector:
    url = f"postgresql+psycopg://it@{host}:5432/shop?{VERIFIED}"
    return Sql(url=url, password=KEY, tables={"it": "it"})


def rest(host: str) -> Connector:
    endpoints = {"it": Endpoint(path="/1", pages=single(), rows=ROOT)}
    return Scripted(url=f"https://{host}").rest(auth=NoAuth(), endpoints=endpoints)


def proxied(host: str) -> Files:
    return s3("store.example", proxy=Proxy(url=f"http://{host}:3128"))


def told(connector: Connector) -> tuple[Run, SourceError]:
    run = Run()
    with pytest.raises(SourceError) as raised:
        read(connector, "it", LINES, into=run)
    return run, raised.value


@pytest.mark.parametrize(
    ("connector", "setting"),
    [
        (s3, "endpoint of S3(…)"),
        (proxied, "url of Proxy(…)"),
        (sftp, "host of Sftp(…)"),
        (sql, "url of Sql(…)"),
        (rest, "base_url of Rest(…)"),
    ],
)
def test_a_name_that_no_host_has_is_told_with_its_setting_and_not_tried_again(
    connector: Callable[[str], Connector], setting: str
) -> None:
    run, error = told(connector(NOBODY))
    assert not isinstance(error, SourceUnavailable)
    assert str(error).endswith(
        f": no host is called {NOBODY}: correct {setting} (pilot.yaml), or let this machine know "
        "the name"
    )
    assert not run.of(Retried)
    assert KEY.reveal() not in str(error)


def test_a_host_that_is_known_and_does_not_answer_is_tried_again() -> None:
    """The control: the same source where its name leads somewhere."""
    run, error = told(s3(f"127.0.0.1:{free_port()}"))
    assert isinstance(error, SourceUnavailable)
    assert len(run.of(Retried)) == 1


@pytest.mark.parametrize("host", [NOBODY, "no..host", "x" * 64])
def test_a_name_that_the_system_refuses_is_unknown(host: str) -> None:
    assert find_out(host)
    assert not find_out("localhost")


def test_a_name_server_that_does_not_answer_may_know_the_name_later() -> None:
    wrapped = ConnectionError()
    wrapped.__cause__ = socket.gaierror(socket.EAI_NONAME, "no")
    assert is_unknown(wrapped)
    assert not is_unknown(socket.gaierror(socket.EAI_AGAIN, "later"))
    assert not is_unknown(ConnectionRefusedError())


def test_a_store_of_secrets_and_a_ledger_name_theirs_too() -> None:
    store = Vault(f"https://{NOBODY}", credentials=KEY)
    with pytest.raises(SourceError, match=r"correct address of vault \(pilot\.yaml\)"):
        store.value("vault:secret/shop#password")
    url = Secret("env:SEATRIAL_LEDGER", f"postgresql://it:p@{NOBODY}/ledger?{VERIFIED}")
    with pytest.raises(
        ConfigurationError, match=r"ledger env:SEATRIAL_LEDGER: no host of its URL's"
    ):
        examine(url)
