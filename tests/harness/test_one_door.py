"""Source, ledger and Dagster's storage log in through one door: no listener gets a password.

In place of the server listens somebody who declines TLS, has another's certificate, or asks for
the password in clear. Each attempt has its control: the driver alone, with the same URL and the
same environment, shows what the listener wants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.sql import door
from tests.harness.doors import (
    BEYOND,
    DRIVERS,
    ELSEWHERE,
    PASSWORD,
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
from tests.listener import BY_MD5, IN_CLEAR, LETS_IN, Listener, listening


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".postgresql").mkdir()
    return tmp_path


@pytest.fixture
def asking() -> Iterator[Listener]:
    with listening() as one:
        yield one


@pytest.mark.parametrize("asks", [IN_CLEAR, BY_MD5], ids=["in clear", "by md5"])
@attempt
@each_door
def test_who_declines_tls_and_asks_for_the_password_gets_none(enter: Door, asks: bytes) -> None:
    with listening(asks) as one:
        said = refused(enter, f"127.0.0.1:{one.port}/d")
        assert "scram" in said.lower() or enter is dagster
    assert one.shown
    assert not one.answered


@attempt
@pytest.mark.parametrize("enter", [ledger, lock, dagster])
def test_who_asks_for_nothing_is_no_ledger(enter: Door) -> None:
    """Where there is a password, the server must know it: else anybody could tell us of earlier
    runs.
    """
    with listening(LETS_IN) as one:
        refused(enter, f"127.0.0.1:{one.port}/d")
    assert one.shown
    assert not one.answered


@each_driver
def test_a_driver_alone_takes_it_for_one(connect: Callable[[str], None]) -> None:
    with listening(LETS_IN) as one:
        plain(connect, f"127.0.0.1:{one.port}/d")
    assert one.answered


@pytest.mark.parametrize("asks", [IN_CLEAR, BY_MD5], ids=["in clear", "by md5"])
@each_driver
def test_a_driver_alone_answers_whoever_asks(connect: Callable[[str], None], asks: bytes) -> None:
    with listening(asks) as one:
        plain(connect, f"127.0.0.1:{one.port}/d")
    assert one.answered
    assert asks is BY_MD5 or PASSWORD.encode() in one.answered[0]


@attempt
@each_door
@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
def test_beyond_this_machine_no_url_says_that_nothing_need_be_proven(
    enter: Door, asking: Listener, mode: str
) -> None:
    said = refused(enter, f"{BEYOND}:{asking.port}/d?sslmode={mode}")
    assert "sslmode would let another server answer" in said
    assert not asking.shown


@attempt
@each_door
def test_beyond_this_machine_nothing_is_shown_without_tls(enter: Door, asking: Listener) -> None:
    refused(enter, f"{BEYOND}:{asking.port}/d")
    assert not asking.shown


@each_driver
def test_a_driver_alone_shows_it_all(connect: Callable[[str], None], asking: Listener) -> None:
    plain(connect, f"{BEYOND}:{asking.port}/d")
    assert asking.answered


@attempt
@each_door
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PGHOSTADDR", ELSEWHERE),
        ("PGSERVICE", "theirs"),
        ("PGSSLCRLDIR", "/tmp"),
    ],
)
def test_the_environment_leads_nowhere_else(
    enter: Door, home: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    (home / ".pg_service.conf").write_text(f"[theirs]\nhostaddr={ELSEWHERE}\n")
    monkeypatch.setenv(variable, value)
    with listening(host=ELSEWHERE) as one:
        assert f"sets {variable}" in refused(enter, f"localhost:{one.port}/d")
    assert not one.shown


@pytest.mark.parametrize(
    ("connect", "variable", "value"),
    [
        (DRIVERS["psycopg"], "PGHOSTADDR", ELSEWHERE),
        (DRIVERS["psycopg2"], "PGHOSTADDR", ELSEWHERE),
        (DRIVERS["psycopg2"], "PGSERVICE", "it"),
    ],
)
def test_the_environment_leads_a_driver_alone(
    connect: Callable[[str], None],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
) -> None:
    (home / ".pg_service.conf").write_text(f"[it]\nhostaddr={ELSEWHERE}\n")
    monkeypatch.setenv(variable, value)
    with listening(host=ELSEWHERE) as one:
        plain(connect, f"localhost:{one.port}/d")
    assert PASSWORD.encode() in one.answered[0]


@attempt
@each_door
def test_a_variable_does_not_turn_tls_off(
    enter: Door, asking: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGSSLMODE", "disable")
    refused(enter, f"{BEYOND}:{asking.port}/d")
    assert not asking.shown


@pytest.fixture(params=[".pgpass", "named by PGPASSFILE"])
def planted(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password that nobody handed over."""
    (home / request.param).touch(mode=0o600)
    (home / request.param).write_text(f"*:*:*:*:{PASSWORD}\n")
    if request.param != ".pgpass":
        monkeypatch.setenv("PGPASSFILE", str(home / request.param))


@attempt
@each_door
@pytest.mark.usefixtures("planted")
def test_no_file_gives_a_password_that_was_not_handed_over(enter: Door, asking: Listener) -> None:
    refused(enter, f"127.0.0.1:{asking.port}/d", None)
    assert asking.shown
    assert not asking.answered


@each_driver
@pytest.mark.usefixtures("planted")
def test_a_file_gives_it_to_a_driver_alone(
    connect: Callable[[str], None], asking: Listener
) -> None:
    plain(connect, f"127.0.0.1:{asking.port}/d", None)
    assert PASSWORD.encode() in asking.answered[0]


@pytest.mark.parametrize("query", ["hostaddr=127.0.0.1", "service=x", "passfile=/x", "sslcrl=/x"])
@pytest.mark.parametrize("enter", [ledger, lock, dagster])
def test_a_ledgers_url_takes_no_other_settings(enter: Door, query: str) -> None:
    assert f"its URL takes no {query.partition('=')[0]}: leave it out" in refused(
        enter, f"127.0.0.1/d?{query}"
    )


def test_dagsters_environment_has_none_of_the_variables_that_would_add_to_its_url() -> None:
    environ = {"PGHOSTADDR": "x", "PGSERVICE": "x", "PGSERVICEFILE": "x", "PGPASSWORD": "x"}
    assert door.without_variables({**environ, "HOME": "/h"}) == {"PGPASSWORD": "x", "HOME": "/h"}
