"""What a session shows, and that it is given back however a reading ends."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Answered, Refused
from connectors.rest.auth.log_out import LogOut
from connectors.rest.auth.session import Session
from connectors.secrets import Secret
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.scripted import Answers, Asked, Said, documents, scripted
from tests.connectors.vendor_fixture import Run, read

PAGES = documents([{"key": 1}], [{"key": 2}])
JSON = {"content-type": "application/json"}


def rpc(**changes: Any) -> Session:
    """A log-in by JSON-RPC, whose header packs three parts, as Tryton has it."""
    given = {
        "path": "/erp/",
        "user": "reader",
        "password": Secret("env:PASSWORD", "r1ght-canary"),
        "body": {"method": "log_in", "params": ["{user}", {"password": "{password}"}]},
        "token": ("result", 1),
        "parts": {"id": ("result", 0)},
        "shows": "Session {base64}",
        "base64": "{user}:{id}:{token}",
        "log_out": LogOut(path="/erp/", body={"method": "log_out", "params": []}),
    }
    return Session(**{**given, **changes})


def erp(pages: Answers) -> Answers:
    """One session is open after a log-in, until a log-out that shows it."""
    opened: set[str] = set()

    def answers(asked: Asked) -> Said:
        shown = asked.headers.get("authorization", "").removeprefix("Session ")
        parts = base64.b64decode(shown).decode().split(":")
        if asked.path == "/erp/" and json.loads(asked.body)["method"] == "log_in":
            opened.add("s1")
            return Said({"result": [7, "s1"]})
        if parts[:2] != ["reader", "7"] or parts[2] not in opened:
            return Said(status=401)
        if asked.path == "/erp/":
            opened.discard(parts[2])
            return Said({"result": None})
        return pages(asked)

    return answers


def methods(asked: list[Asked]) -> list[str]:
    return [json.loads(one.body)["method"] if one.path == "/erp/" else one.path for one in asked]


def test_a_header_packs_several_parts_of_an_answer_and_the_session_is_given_back() -> None:
    with scripted(erp(lambda asked: PAGES[asked.path])) as source:
        run = read(source.rest(auth=rpc()), schema=SCHEMA)
        assert methods(source.asked) == ["log_in", "/1", "/2", "log_out"]
    assert keys(run) == [1, 2]
    assert [event.status for event in run.of(Answered)] == ["200"] * 4


@pytest.mark.parametrize("status", [404, 403, 401])
def test_a_session_is_given_back_after_an_error_too(status: int) -> None:
    with scripted(
        erp(lambda asked: PAGES[asked.path] if asked.path == "/1" else Said(status=status))
    ) as source:
        with pytest.raises(SourceError, match=f"page 2 answered {status}"):
            read(source.rest(auth=rpc()), schema=SCHEMA)
        assert methods(source.asked)[-1] == "log_out"
        assert methods(source.asked).count("log_out") == 1


def test_a_reading_that_nobody_finishes_gives_its_session_back() -> None:
    with scripted(erp(lambda asked: PAGES[asked.path])) as source:
        reader = source.rest(auth=rpc()).read("parts", schema=SCHEMA, emit=lambda _: None)
        reader.close()
        del reader
        assert methods(source.asked)[-1] == "log_out"


def test_control_without_a_log_out_nothing_is_given_back() -> None:
    with scripted(erp(lambda asked: PAGES[asked.path])) as source:
        read(source.rest(auth=rpc(log_out=None)), schema=SCHEMA)
        assert methods(source.asked) == ["log_in", "/1", "/2"]


def test_a_log_out_that_fails_costs_the_reading_nothing() -> None:
    with scripted(erp(lambda asked: PAGES[asked.path])) as source:
        gone = rpc(log_out=LogOut(path="/gone"))
        run = read(source.rest(auth=gone), schema=SCHEMA)
        assert source.paths()[-1] == "/gone"
    assert keys(run) == [1, 2]


def test_a_log_in_that_was_refused_has_nothing_to_give_back() -> None:
    with scripted(lambda _: Said({"result": None})) as source:
        with pytest.raises(AccessDenied, match="200 without a session"):
            read(source.rest(auth=rpc()), schema=SCHEMA)
        assert len(source.asked) == 1


def test_nobody_and_a_stranger_name_nobody_real() -> None:
    with scripted(erp(lambda asked: PAGES[asked.path])) as source:
        source.rest(auth=rpc(), stranger_allowed=True).probe(emit=lambda _: None)
        stranger = source.asked[-1].headers["authorization"].removeprefix("Session ")
    assert base64.b64decode(stranger).startswith(b"stranger-")


SET = {**JSON, "set-cookie": "sid=s1; HttpOnly", "location": "/home"}
BACK = {**JSON, "set-cookie": "sid=s1; HttpOnly", "location": "/login?error"}


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        (Said(status=400), AccessDenied, "400 without a session: check the user and env:P"),
        (Said(status=401), AccessDenied, "401 without a session: check the user and env:P"),
        (Said(status=403), AccessDenied, "403 without a session: check the user and env:P"),
        (Said({"error": 1}), AccessDenied, "200 without a session: check the user and env:P"),
        (Said(status=302, headers=BACK), AccessDenied, "302 without a session: check the user"),
        (Said(status=429), AccessDenied, "429 without a session: wait before the next run"),
        (Said(status=404), SourceChanged, "answered 404: correct path of Session"),
        (Said(status=405), SourceChanged, "answered 405: correct path of Session"),
    ],
    ids=["400", "401", "403", "200", "302 back", "429", "404", "405"],
)
def test_what_begins_no_session_is_one_try_and_says_what_to_do(
    said: Said, kind: type[SourceError], told: str
) -> None:
    run = Run()
    auth = Session(path="/in", user="reader", password=Secret("env:P", "x"), cookie="sid")
    with scripted(lambda _: said) as source:
        with pytest.raises(kind, match=told):
            source.rest(auth=auth).read("parts", schema=SCHEMA, emit=run.events.append)
        assert source.paths() == ["/in"]
    assert bool(run.of(Refused)) is (kind is AccessDenied)


def test_control_a_redirect_elsewhere_with_the_cookie_begins_a_session() -> None:
    auth = Session(path="/in", user="reader", password=Secret("env:P", "x"), cookie="sid")
    begun = Said(status=302, headers=SET)
    with scripted(lambda asked: begun if asked.path == "/in" else PAGES[asked.path]) as source:
        assert keys(read(source.rest(auth=auth), schema=SCHEMA)) == [1, 2]
        assert source.asked[-1].headers["cookie"] == "sid=s1"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"shows": "Session {base64}", "base64": None}, "a part 'base64' that is none"),
        ({"base64": "{user}:{number}:{token}"}, "a part 'number' that is none: name it in parts"),
        ({"base64": "{user}:{id}"}, "says nothing of the {token}"),
    ],
)
def test_a_header_that_shows_no_session_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        rpc(**changes)
