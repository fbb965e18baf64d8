"""A session as ERP systems have it: begun once, renewed once, and no account is locked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from typing import Any
from urllib.parse import parse_qs

import pytest

from connectors.connector import ProbeKind
from connectors.errors import AccessDenied
from connectors.events import Authenticated
from connectors.rest.auth.session import Session
from connectors.secrets import Secret
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.scripted import Asked, Said, documents, scripted
from tests.connectors.vendor_fixture import read

PAGES = documents([{"key": 1}], [{"key": 2}], [{"key": 3}])
RIGHT = "r1ght-canary"
JSON = {"content-type": "application/json"}


@dataclass(slots=True)
class Erp:
    """An ERP that locks the account after three wrong passwords, and ends sessions early."""

    uses: int = 100
    """How many requests a session lives."""
    kind: str = "cookie"
    wrong: int = 0
    begun: int = 0
    numbers: Any = field(default_factory=count)
    left: dict[str, int] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Said:
        return self.log_in(asked) if asked.path == "/login" else self.data(asked)

    def log_in(self, asked: Asked) -> Said:
        said: Any = json.loads(asked.body) if self.kind != "form" else None
        if said is None:
            said = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if self.wrong >= 3 or said != {"username": "reader", "password": RIGHT}:
            self.wrong += 1
            return Said({"result": None})  # such systems answer 200
        self.begun += 1
        session = f"s{next(self.numbers)}"
        self.left[session] = self.uses
        if self.kind == "token":
            return Said({"result": {"token": session}})
        cookie = f"lang=de; Expires=Wed, 09 Jun 2027 10:18:14 GMT, sid={session}; HttpOnly"
        return Said({}, headers={**JSON, "set-cookie": cookie})

    def data(self, asked: Asked) -> Said:
        cookie = SimpleCookie(asked.headers.get("cookie", ""))
        shown = cookie["sid"].value if "sid" in cookie else asked.headers.get("x-session", "")
        if self.left.get(shown, 0) < 1:
            return Said(status=401)
        self.left[shown] -= 1
        return PAGES[asked.path]


def session(kind: str = "cookie", password: str = RIGHT) -> Session:
    given: dict[str, Any] = {
        "path": "/login",
        "user": "reader",
        "password": Secret("env:PASSWORD", password),
    }
    if kind == "token":
        return Session(**given, token="result.token", header="X-Session", shows="{token}")
    return Session(**given, cookie="sid", as_form=kind == "form")


@pytest.mark.parametrize("kind", ["cookie", "token", "form"])
def test_one_session_serves_a_reading(kind: str) -> None:
    erp = Erp(kind=kind)
    with scripted(erp) as source:
        run = read(source.rest(auth=session(kind)), schema=SCHEMA)
    assert keys(run) == [1, 2, 3]
    assert erp.begun == 1
    assert [event.renewed for event in run.of(Authenticated)] == [False]


def test_a01_a_session_that_ends_between_pages_is_begun_anew_and_no_row_is_lost() -> None:
    erp = Erp(uses=2)
    with scripted(erp) as source:
        run = read(source.rest(auth=session()), schema=SCHEMA)
    assert keys(run) == [1, 2, 3]
    assert erp.begun == 2
    assert [event.renewed for event in run.of(Authenticated)] == [False, True]


def test_a02_a_new_session_that_is_refused_ends_the_reading() -> None:
    erp = Erp(uses=0)
    with scripted(erp) as source, pytest.raises(AccessDenied, match="401 to a new session"):
        read(source.rest(auth=session()), schema=SCHEMA)
    assert erp.begun == 1


def test_a_wrong_password_is_one_try_and_the_account_is_not_locked() -> None:
    erp = Erp()
    with scripted(erp) as source:
        with pytest.raises(AccessDenied, match="200 without a session: check") as raised:
            read(source.rest(auth=session(password="wr0ng-canary")), schema=SCHEMA)
        assert source.paths() == ["/login"]
        assert "canary" not in f"{raised.value}{session()!r}"
        assert keys(read(source.rest(auth=session()), schema=SCHEMA)) == [1, 2, 3]
    assert erp.wrong == 1


def test_a_stranger_shows_a_session_that_nobody_began_and_never_logs_in() -> None:
    erp = Erp()
    with scripted(erp) as source:
        found = source.rest(auth=session(), stranger_allowed=True).probe(emit=lambda _: None)
        assert "/login" not in source.paths()
    assert [(one.kind, one.refused) for one in found] == [
        (ProbeKind.NOBODY, True),
        (ProbeKind.STRANGER, True),
    ]


@pytest.mark.parametrize("token", ["a b", "a;b", "a\r\nX: 1", "", 7, None])
def test_what_no_header_can_hold_is_no_session(token: object) -> None:
    with scripted(lambda _: Said({"result": {"token": token}})) as source:
        with pytest.raises(AccessDenied, match="without a session"):
            read(source.rest(auth=session("token")), schema=SCHEMA)
        assert source.paths() == ["/login"]


def test_user_and_password_go_where_the_pilot_says_at_any_depth() -> None:
    auth = Session(
        path="/rpc",
        user="reader",
        password=Secret("env:PASSWORD", RIGHT),
        body={"method": "log_in", "params": ["{user}", {"secret": "{password}"}, 1]},
        cookie="sid",
    )
    asked = auth.log_in("https://erp.example/rpc")
    assert json.loads(asked.body)["params"] == ["reader", {"secret": RIGHT}, 1]
    assert not asked.budgeted
