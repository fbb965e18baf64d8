"""Beyond this machine the server proves its name, by an authority that we are given.

Each attempt has its control: the driver alone trusts, or shows, what lies in ~/.postgresql.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import trustme

from tests.harness.doors import (
    BEYOND,
    Door,
    attempt,
    dagster,
    each_door,
    each_driver,
    ledger,
    lock,
    plain,
    refused,
)
from tests.harness.ledger_server import Database
from tests.listener import listening
from tests.tls_relay import tls_before


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".postgresql").mkdir()
    return tmp_path


@pytest.fixture(scope="module")
def theirs() -> trustme.CA:
    """An authority that we do not trust."""
    return trustme.CA()


def serving(authority: trustme.CA, name: str, *, asks_for_ours: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    if asks_for_ours:
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


@attempt
@each_door
@pytest.mark.parametrize("planted", ["root.crt", "by SSL_CERT_FILE"])
def test_an_authority_that_nobody_named_is_not_trusted(
    enter: Door, planted: str, theirs: trustme.CA, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither one in ~/.postgresql nor one that a variable adds to the system's."""
    theirs.cert_pem.write_to_path(home / ".postgresql" / "root.crt")
    if planted != "root.crt":
        monkeypatch.setenv("SSL_CERT_FILE", str(home / ".postgresql" / "root.crt"))
    with listening(tls=serving(theirs, BEYOND)) as one:
        system = "" if planted == "root.crt" else "?sslrootcert=system"
        refused(enter, f"{BEYOND}:{one.port}/d{system}")
    assert not one.shown


@each_driver
@pytest.mark.parametrize("planted", ["root.crt", "by SSL_CERT_FILE"])
def test_a_driver_alone_trusts_it(
    connect: Callable[[str], None],
    planted: str,
    theirs: trustme.CA,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs.cert_pem.write_to_path(home / ".postgresql" / "root.crt")
    monkeypatch.setenv("SSL_CERT_FILE", str(home / ".postgresql" / "root.crt"))
    with listening(tls=serving(theirs, BEYOND)) as one:
        system = "" if planted == "root.crt" else "&sslrootcert=system"
        plain(connect, f"{BEYOND}:{one.port}/d?sslmode=verify-full{system}")
    assert one.answered


@attempt
@each_door
@pytest.mark.parametrize("wrong", ["name", "authority"])
def test_a_certificate_for_another_name_or_of_another_authority_is_none(
    enter: Door, wrong: str, theirs: trustme.CA, tmp_path: Path
) -> None:
    ours = trustme.CA()
    ours.cert_pem.write_to_path(tmp_path / "ca.pem")
    name, authority = ("db.example", ours) if wrong == "name" else (BEYOND, theirs)
    with listening(tls=serving(authority, name)) as one:
        refused(enter, f"{BEYOND}:{one.port}/d?sslrootcert={tmp_path / 'ca.pem'}")
    assert not one.shown


@pytest.mark.parametrize("enter", [ledger, lock, dagster])
def test_a_server_that_proves_its_name_is_written_to(
    enter: Door, database: Database, tmp_path: Path
) -> None:
    """A real one: the positive control of all that is refused here."""
    ours = trustme.CA()
    ours.cert_pem.write_to_path(tmp_path / "ca.pem")
    address = urlsplit(database.url)
    assert address.port is not None
    with tls_before(address.port, serving(ours, BEYOND)) as port:
        at = f"{BEYOND}:{port}{address.path}?sslrootcert={tmp_path / 'ca.pem'}"
        enter(at, address.password, user="writer")


@each_door
def test_the_right_certificate_of_a_named_authority_is_enough(enter: Door, tmp_path: Path) -> None:
    """The positive control of those above; the password is kept from it all the same."""
    ours = trustme.CA()
    ours.cert_pem.write_to_path(tmp_path / "ca.pem")
    with listening(tls=serving(ours, BEYOND)) as one:
        refused(enter, f"{BEYOND}:{one.port}/d?sslrootcert={tmp_path / 'ca.pem'}")
    assert one.shown
    assert not one.answered


@each_door
@pytest.mark.parametrize("named", [pytest.param(False, marks=attempt), True])
def test_a_clients_certificate_is_shown_where_the_url_names_it_and_nowhere_else(
    enter: Door, theirs: trustme.CA, home: Path, *, named: bool
) -> None:
    """`named` is the control: one in ~/.postgresql is left out, one in the URL is shown."""
    me = theirs.issue_cert("reader.example")
    folder = home / ".postgresql"
    me.cert_chain_pems[0].write_to_path(folder / "postgresql.crt")
    (folder / "postgresql.key").touch(mode=0o600)
    me.private_key_pem.write_to_path(folder / "postgresql.key")
    theirs.cert_pem.write_to_path(home / "ca.pem")
    settings = {"sslrootcert": home / "ca.pem"}
    if named:
        settings |= {"sslcert": folder / "postgresql.crt", "sslkey": folder / "postgresql.key"}
    with listening(tls=serving(theirs, BEYOND, asks_for_ours=True)) as one:
        refused(enter, f"{BEYOND}:{one.port}/d?{urlencode(settings)}")
    assert [bool(shown) for shown in one.certificates] == [named]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sslcert=/c.pem", "sslcert and sslkey belong together"),
        ("sslcert=c.pem&sslkey=/k.pem", "sslcert is no whole path of a file"),
        ("sslcert=/c.pem&sslkey=engine:k", "sslkey is no whole path of a file"),
        ("sslcert=system&sslkey=/k.pem", "sslcert is no file of a client"),
        ("sslrootcert=ca.pem", "sslrootcert is no whole path of a file"),
    ],
)
@each_door
def test_what_a_url_says_of_certificates_is_checked(enter: Door, query: str, said: str) -> None:
    assert said in refused(enter, f"db.example/d?{query}")
