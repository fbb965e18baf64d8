"""A SAML log-in as a browser does it, at a provider and before a source that others wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.connector import ProbeKind
from connectors.errors import AccessDenied, SourceError
from connectors.events import Answered, Authenticated, Refused
from connectors.rest.auth.log_out import LogOut
from connectors.rest.auth.saml_log_in import SamlLogIn
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.single import single
from connectors.secrets import Secret
from harness.verdict import Outcome
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.saml_fixture import PASSWORD, Company, company
from tests.connectors.servers.proven import Written
from tests.connectors.vendor_fixture import Run, plenty, read

pytestmark = pytest.mark.estate_full("php", "apache2", "mellon_create_metadata")

COOKIE = "mellon-session"
DATA = Endpoint(path="/parts.json", pages=single(), rows="rows", total="total")


@pytest.fixture(scope="module")
def real() -> Iterator[Company]:
    with company() as running:
        yield running


def rest(real: Company, **changes: Any) -> Rest:
    given = {
        "path": "/parts.json",
        "provider": real.provider,
        "user": "reader",
        "password": Secret("env:PASSWORD", PASSWORD),
        "cookie": COOKIE,
    }
    return Rest(
        base_url=real.source,
        auth=SamlLogIn(**{**given, **changes}),
        endpoints={"parts": DATA},
        budget=plenty(),
        stranger_allowed=True,
    )


def failing(connector: Rest) -> tuple[SourceError, Run]:
    run = Run()
    with pytest.raises(SourceError) as raised:
        connector.read("parts", schema=SCHEMA, emit=run.events.append)
    return raised.value, run


def test_a_log_in_at_the_provider_becomes_a_session_of_the_source(real: Company) -> None:
    run = read(rest(real), schema=SCHEMA)
    assert keys(run) == [1, 2, 3]
    assert [(one.how, one.renewed) for one in run.of(Authenticated)] == [("SAML log-in", False)]
    assert run.of(Refused) == []
    assert PASSWORD not in repr(run.events)


def test_control_without_a_log_in_the_source_gives_nothing(real: Company) -> None:
    assert httpx.get(f"{real.source}/parts.json").status_code == 303


def test_nobody_and_a_stranger_are_refused_by_a_redirect_and_nobody_tries_to_log_in(
    real: Company,
) -> None:
    events: list[Any] = []
    found = rest(real).probe(emit=events.append)
    assert [(one.kind, one.refused, one.status) for one in found] == [
        (ProbeKind.NOBODY, True, "303 to a log-in page"),
        (ProbeKind.STRANGER, True, "303 to a log-in page"),
    ]
    assert not [one for one in events if isinstance(one, Answered) and "POST" in one.what]


def test_a_wrong_password_is_one_try_with_its_reason(real: Company) -> None:
    wrong = Secret("env:PASSWORD", "wr0ng-canary")
    error, run = failing(rest(real, password=wrong))
    assert isinstance(error, AccessDenied)
    assert "200 with its form once more" in str(error)
    assert "check the user and env:PASSWORD" in str(error)
    assert len([one for one in run.of(Answered) if one.what.startswith("POST")]) == 1
    assert len(run.of(Refused)) == 1
    assert "canary" not in f"{error!r}{run.events}"


def test_a_session_is_given_back(real: Company) -> None:
    out = LogOut(path=f"/mellon/logout?ReturnTo={real.source}/parts.json", method="GET")
    run = read(rest(real, log_out=out), schema=SCHEMA)
    assert "/mellon/logout" in run.of(Answered)[-1].what


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"user_field": "login"}, r"no form that has login: correct path or user_field"),
        ({"cookie": "JSESSIONID"}, r"without the cookie JSESSIONID: check the rights of the user"),
        ({"path": "/mellon/absent"}, r"correct path"),
    ],
)
def test_a_wrong_setting_is_named(real: Company, changes: dict[str, str], told: str) -> None:
    error, _ = failing(rest(real, **changes))
    assert re.search(told, str(error)), str(error)


def test_another_provider_than_the_one_named_gets_nothing(real: Company) -> None:
    other = "http://127.0.0.1:9"
    error, run = failing(rest(real, provider=other))
    assert "leads to another origin: it was not followed" in str(error)
    assert not [one for one in run.of(Answered) if real.provider.partition("//")[2] in one.what]


def test_authenticated_is_proven_of_it_in_twelve_lines(real: Company, tmp_path: Path) -> None:
    written = Written(
        columns='key="int64"',
        key="key",
        pilot=f"""
from seatrial import Address, Pilot, Source
from seatrial.rest import Endpoint, RateLimiter, Rest, SamlLogIn, single
DATA = Endpoint(path="/parts.json", pages=single(), rows="rows", total="total")
def system(at: Address) -> Rest:
    auth = SamlLogIn(path="/parts.json", provider="{real.provider}", user="reader",
                     password=at.secret("key"), cookie="{COOKIE}")
    return Rest(base_url=at.text("url"), auth=auth, endpoints={{"rows": DATA}},
                budget=RateLimiter(requests=50, seconds=1), stranger_allowed=True)
PILOT = Pilot(name="acme", sources=(Source(name="system", connect=system, contracts=(CONTRACT,)),))
""",
    )
    verdicts = written.prove(tmp_path, real.source, PASSWORD, "authenticated", "conforms")
    assert {one.outcome for one in verdicts.values()} == {Outcome.PROVEN}, verdicts
    assert "refused (303 to a log-in page)" in verdicts["authenticated"].because
