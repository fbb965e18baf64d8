"""Kerberos: MIT's KDC gives the tickets, and Apache's module looks at them before the data."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.connector import ProbeKind
from connectors.errors import AccessDenied, SourceError, SourceUnavailable
from connectors.events import Answered, Authenticated, Refused
from connectors.rest.auth.forged_ticket import forged_token
from connectors.rest.auth.kerberos import Kerberos
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.single import single
from harness.verdict import Outcome
from tests.connectors.kerberos_fixture import PASSWORD, READER, REALM, Realm, logs_in, realm
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.servers.proven import Written
from tests.connectors.vendor_fixture import Run, plenty, read

pytestmark = pytest.mark.estate_full(
    "krb5kdc", "kadmin.local", "kinit", "apache2", "krb5-config", "gcc"
)

DATA = Endpoint(path="/parts.json", pages=single(), rows="rows", total="total")


@pytest.fixture(scope="module")
def real() -> Iterator[Realm]:
    with realm() as running, logs_in(running):
        yield running


@pytest.fixture(scope="module")
def ticket(real: Realm) -> str:
    return real.kinit()


def rest(real: Realm, **changes: Any) -> Rest:
    given = {"base_url": real.source, "auth": Kerberos(principal=READER)}
    return Rest(
        **{**given, **changes},
        endpoints={"parts": DATA},
        budget=plenty(),
        stranger_allowed=True,
    )


def failing(connector: Rest) -> tuple[SourceError, Run]:
    run = Run()
    with pytest.raises(SourceError) as raised:
        connector.read("parts", schema=SCHEMA, emit=run.events.append)
    assert "\n" not in str(raised.value)
    return raised.value, run


def test_a_ticket_is_shown_at_once_and_the_source_proves_who_it_is(
    real: Realm, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KRB5CCNAME", ticket)
    run = read(rest(real), schema=SCHEMA)
    assert keys(run) == [1, 2, 3]
    assert [(one.how, one.renewed) for one in run.of(Authenticated)] == [("Kerberos", False)]
    assert [one.status for one in run.of(Answered)] == ["200"]
    assert "Negotiate" not in repr(run.events)


def test_control_without_a_ticket_the_source_gives_nothing(real: Realm) -> None:
    answer = httpx.get(f"{real.source}/parts.json")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Negotiate")


def test_a_keytab_is_as_good_as_a_ticket_and_leaves_none_behind(real: Realm) -> None:
    before = set(real.room.iterdir())
    keytab = real.keytab("reader.keytab", READER)
    run = read(rest(real, auth=Kerberos(principal=READER, keytab=keytab)), schema=SCHEMA)
    assert keys(run) == [1, 2, 3]
    assert set(real.room.iterdir()) - before == {keytab}


def test_without_a_ticket_nothing_is_sent_and_the_line_says_kinit(real: Realm) -> None:
    error, run = failing(rest(real))
    assert str(error) == (
        f"no ticket for HTTP@localhost: no ticket of {READER} is here: run kinit {READER}"
    )
    assert isinstance(error, AccessDenied)
    assert run.of(Answered) == []


def test_an_expired_ticket_is_told_as_such(real: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5CCNAME", real.kinit(seconds=1))
    time.sleep(2.1)  # its end is a whole second, which counts as its own
    error, run = failing(rest(real))
    assert str(error).endswith(f"the ticket of {READER} has expired: run kinit {READER}")
    assert run.of(Answered) == []


def test_the_ticket_of_another_is_not_shown(real: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5CCNAME", real.kinit(f"other@{REALM}"))
    error, run = failing(rest(real))
    assert f"no ticket of {READER} is here" in str(error)
    assert run.of(Answered) == []


def test_a_ticket_that_the_source_does_not_let_in_is_a_refusal_after_one_try(
    real: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = f"other@{REALM}"
    monkeypatch.setenv("KRB5CCNAME", real.kinit(other))
    error, run = failing(rest(real, auth=Kerberos(principal=other)))
    assert isinstance(error, AccessDenied)
    assert f"answered 401 to a ticket of {other}: check its rights there" in str(error)
    assert [one.status for one in run.of(Answered)] == ["401"]
    assert len(run.of(Refused)) == 1


def test_a_service_that_the_realm_does_not_know_is_a_wrong_address(
    real: Realm, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KRB5CCNAME", ticket)
    error, run = failing(rest(real, base_url=real.source.replace("localhost", "127.0.0.1")))
    assert "the realm knows no HTTP@127.0.0.1: correct base_url" in str(error)
    assert run.of(Answered) == []


def test_a_keytab_that_is_of_no_use_says_why_and_the_kdc_is_asked_once(real: Realm) -> None:
    gone, moved, locked = (f"{name}@{REALM}" for name in ("gone", "moved", "locked"))
    tried = {}
    for who in (gone, moved, locked):
        real.admin(f"addprinc -pw {PASSWORD} {who}")
        tried[who] = real.keytab(f"{who}.keytab", who)
    real.admin(f"delprinc -force {gone}")
    real.admin(f"cpw -pw another {moved}")
    real.admin(f"modprinc -allow_tix {locked}")
    told = {
        gone: f"the realm knows no {gone}: correct principal",
        moved: f"the key of {moved} is another one by now",
        locked: f"{locked} is locked there: have it unlocked",
    }
    for who, why in told.items():
        error, run = failing(rest(real, auth=Kerberos(principal=who, keytab=tried[who])))
        assert isinstance(error, AccessDenied)
        assert why in str(error)
        assert run.of(Answered) == []
        requests = [line for line in real.log().splitlines() if f"{who} for" in line]
        assert len(requests) == 1, requests
    open_to_all = tried[gone]
    for keytab, why in ((tried[moved], "holds no key of"), (Path("/absent"), "cannot be read")):
        error, _ = failing(rest(real, auth=Kerberos(principal=READER, keytab=keytab)))
        assert why in str(error)
    open_to_all.chmod(0o644)
    error, _ = failing(rest(real, auth=Kerberos(principal=READER, keytab=open_to_all)))
    assert "has mode 0644: chmod 600 it" in str(error)


def test_where_no_kdc_answers_it_is_a_matter_of_time(
    real: Realm, ticket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = (real.room / "krb5.conf").read_text()
    (tmp_path / "krb5.conf").write_text(re.sub(r"(kdc = 127.0.0.1):\d+", r"\1:1", config))
    monkeypatch.setenv("KRB5CCNAME", real.kinit())
    monkeypatch.setenv("KRB5_CONFIG", str(tmp_path / "krb5.conf"))
    error, _ = failing(rest(real))
    assert isinstance(error, SourceUnavailable)
    monkeypatch.setenv("KRB5_CONFIG", "/absent")
    error, _ = failing(rest(real))
    assert isinstance(error, AccessDenied)
    assert "krb5.conf" in str(error)


def test_nobody_and_a_ticket_that_no_kdc_issued_are_refused(real: Realm) -> None:
    """Apache's own log says that the ticket was read, and that no key of its opens it."""
    found = rest(real).probe(emit=[].append)
    assert [(one.kind, one.refused, one.status) for one in found] == [
        (ProbeKind.NOBODY, True, "401"),
        (ProbeKind.STRANGER, True, "401"),
    ]
    assert f"Request ticket server HTTP/localhost@{REALM}" in _apache_said(real)


def test_control_a_token_that_is_none_says_something_else(real: Realm) -> None:
    assert len(forged_token("localhost", REALM)) > 500
    before = _apache_said(real)
    httpx.get(f"{real.source}/parts.json", headers={"authorization": "Negotiate AAAA"})
    assert "ticket" not in _apache_said(real).removeprefix(before)


def test_authenticated_is_proven_in_twelve_lines(
    real: Realm, ticket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KRB5CCNAME", ticket)
    written = Written(
        columns='key="int64"',
        key="key",
        pilot=f"""
from seatrial import Address, Pilot, Source
from seatrial.rest import Endpoint, Kerberos, RateLimiter, Rest, single
DATA = Endpoint(path="/parts.json", pages=single(), rows="rows", total="total")
def system(at: Address) -> Rest:
    return Rest(base_url=at.text("url"), auth=Kerberos(principal="{READER}"),
                endpoints={{"rows": DATA}}, budget=RateLimiter(requests=50, seconds=1),
                stranger_allowed=True)
PILOT = Pilot(name="acme", sources=(Source(name="system", connect=system, contracts=(CONTRACT,)),))
""",
    )
    verdicts = written.prove(tmp_path, real.source, "", "authenticated", "conforms")
    assert {one.outcome for one in verdicts.values()} == {Outcome.PROVEN}, verdicts


def test_without_the_extra_one_line_says_how_to_install_it(real: Realm) -> None:
    with pytest.MonkeyPatch.context() as absent:
        absent.setitem(sys.modules, "gssapi", None)
        error, run = failing(rest(real))
    assert "libkrb5-dev and a C compiler, then pip install 'seatrial[kerberos]'" in str(error)
    assert run.of(Answered) == []


@pytest.mark.parametrize("wrong", ["reader", "@ESTATE.EXAMPLE", "a b@R", "a@b@c", "a@R\u2028"])
def test_a_principal_has_a_name_and_a_realm(wrong: str) -> None:
    with pytest.raises(ValueError, match="a name and its realm"):
        Kerberos(principal=wrong)


def _apache_said(real: Realm) -> str:
    return (real.room / "source" / "error.log").read_text()
