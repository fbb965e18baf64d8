"""Keys, passwords and tokens that stay the same: how they are shown, taken and refused."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from connectors.connector import ProbeKind
from connectors.errors import AccessDenied
from connectors.events import Authenticated, Refused
from connectors.rest.auth import Auth
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.auth.basic import Basic
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.no_auth import NoAuth
from connectors.secrets import Secret
from tests.connectors.rest.keyed import ONE, SCHEMA, keys
from tests.connectors.scripted import Answers, Asked, Said, documents, scripted
from tests.connectors.vendor_fixture import Run, read

RIGHT = "r1ght-canary/+&="
PAGES = documents([{"key": 1}], [{"key": 2}])


def secret(value: str) -> Secret:
    return Secret("env:VENDOR_SECRET", value)


KINDS: dict[str, tuple[Callable[[str], Auth], Callable[[Asked], bool], str]] = {
    "header": (
        lambda value: ApiKey(key=secret(value), header="X-Api-Key"),
        lambda asked: asked.headers.get("x-api-key") == RIGHT,
        "stranger_refused",
    ),
    "query": (
        lambda value: ApiKey(key=secret(value), parameter="key"),
        lambda asked: asked.path.endswith("?key=r1ght-canary%2F%2B%26%3D"),
        "stranger_refused",
    ),
    "basic": (
        lambda value: Basic(user="us \u00fc", password=secret(value)),
        lambda asked: (
            asked.headers.get("authorization")
            == f"Basic {base64.b64encode(f'us ü:{RIGHT}'.encode()).decode()}"
        ),
        "stranger_refused",
    ),
    "bearer": (
        lambda value: Bearer(token=secret(value.replace("&", "-"))),
        lambda asked: asked.headers.get("authorization") == f"Bearer {RIGHT.replace('&', '-')}",
        "forged_token_refused",
    ),
}


def guarded(shows: Callable[[Asked], bool]) -> Answers:
    """The pages to whoever shows what is right, and 401 to all others."""

    def answers(asked: Asked) -> Said:
        path = asked.path.partition("?")[0]
        return PAGES.get(path, Said(status=404)) if shows(asked) else Said(status=401)

    return answers


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_right_goes_with_each_page_and_is_told_once(kind: str) -> None:
    auth, shows, _ = KINDS[kind]
    with scripted(guarded(shows)) as source:
        run = read(source.rest(auth=auth(RIGHT)), schema=SCHEMA)
        assert [path.partition("?")[0] for path in source.paths()] == ["/1", "/2"]
    assert keys(run) == [1, 2]
    assert [event.renewed for event in run.of(Authenticated)] == [False]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_wrong_is_refused_once_and_told_nowhere(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    auth, shows, _ = KINDS[kind]
    run, wrong = Run(), auth("wrong-canary")
    with scripted(guarded(shows)) as source:
        rest = source.rest(auth=wrong)
        with pytest.raises(AccessDenied, match=r"/1 answered 401: check .*env:VENDOR") as denied:
            rest.read("parts", schema=SCHEMA, emit=run.events.append)
        assert len(source.asked) == 1
    assert [event.status for event in run.of(Refused)] == ["401"]
    assert not run.of(Authenticated)
    shown = "".join(traceback.format_exception(denied.value)) + caplog.text
    shown += repr(rest) + repr(run.events)
    hidden = base64.b64encode("us ü:wrong-canary".encode()).decode()
    assert "canary" not in shown
    assert hidden not in shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_asks_for_data_once_and_shows_nothing_of_ours(kind: str) -> None:
    auth, shows, name = KINDS[kind]
    with scripted(guarded(shows)) as source:
        rest = source.rest(auth=auth(RIGHT), stranger_allowed=True)
        probes = rest.probe(emit=lambda _: None)
        nobody, stranger = source.asked
    assert [(p.name, p.refused, p.status) for p in probes] == [
        ("nobody_refused", True, "401"),
        (name, True, "401"),
    ]
    assert not shows(nobody)
    assert not shows(stranger)
    assert RIGHT not in repr(stranger.headers) + stranger.path
    assert not {"authorization", "x-api-key"}.intersection(nobody.headers)
    assert "?" not in nobody.path


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_that_refuses_a_wrong_secret_and_serves_nobody_is_seen(kind: str) -> None:
    """The commonest gap: nobody looks whether there is a token at all."""
    auth, shows, _ = KINDS[kind]

    def answers(asked: Asked) -> Said:
        bare = "?" not in asked.path and not {"authorization", "x-api-key"} & set(asked.headers)
        return Said(ONE) if bare or shows(asked) else Said(status=401)

    with scripted(answers) as source:
        rest = source.rest(auth=auth(RIGHT), stranger_allowed=True)
        probes = rest.probe(emit=lambda _: None)
    assert [(p.kind, p.refused, p.status) for p in probes] == [
        (ProbeKind.NOBODY, False, "200"),
        (ProbeKind.STRANGER, True, "401"),
    ]


def test_a_refusal_for_the_number_of_requests_refuses_nobody() -> None:
    """As some APIs answer whoever shows no credentials: they have asked too often."""
    limited = {"x-ratelimit-remaining": "0"}
    with scripted(lambda _: Said(b"", 403, limited)) as source:
        rest = source.rest(auth=KINDS["header"][0](RIGHT), stranger_allowed=True)
        probes = rest.probe(emit=lambda _: None)
    assert [(probe.refused, probe.status) for probe in probes] == [(False, "403")] * 2


def test_a_source_that_takes_anybody_is_seen() -> None:
    """The key is right, and so is every other."""
    with scripted(guarded(lambda _: True)) as source:
        rest = source.rest(auth=KINDS["header"][0](RIGHT), stranger_allowed=True)
        assert [probe.refused for probe in rest.probe(emit=lambda _: None)] == [False] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_is_no_success_says_nothing_of_a_log_in(kind: str) -> None:
    """The doctor knocks at the root, which this source does not have."""
    auth, shows, _ = KINDS[kind]
    events: list[object] = []
    with scripted(guarded(shows)) as source:
        source.rest(auth=auth(RIGHT)).log_in(emit=events.append)
        assert not [event for event in events if isinstance(event, Authenticated)]
        with pytest.raises(AccessDenied):
            source.rest(auth=auth("wrong")).log_in(emit=events.append)
        assert {path.partition("?")[0] for path in source.paths()} == {"/"}


def test_without_a_log_in_there_is_no_evidence_of_one() -> None:
    """No log-in is told and no stranger is tried: `authenticated` has nothing to go by."""
    with scripted(guarded(lambda asked: "authorization" not in asked.headers)) as source:
        rest = source.rest(auth=NoAuth(), stranger_allowed=True)
        run = read(rest, schema=SCHEMA)
        assert rest.probe(emit=run.events.append) == ()
    assert keys(run) == [1, 2]
    assert not run.of(Authenticated)


def test_a_source_that_wants_a_log_in_says_so() -> None:
    with (
        scripted(guarded(lambda _: False)) as source,
        pytest.raises(AccessDenied, match="/1 answered 401: name a log-in in auth"),
    ):
        read(source.rest(auth=NoAuth()))


@pytest.mark.parametrize("value", ["canary\nx-evil: 1", " canary", "canary\u00fc", "canary\x00"])
@pytest.mark.parametrize("kind", ["header", "query", "bearer"])
def test_a_secret_that_cannot_be_sent_is_named_and_not_shown(kind: str, value: str) -> None:
    with scripted(guarded(lambda _: True)) as source:
        with pytest.raises(AccessDenied, match="env:VENDOR_SECRET holds") as denied:
            read(source.rest(auth=KINDS[kind][0](value)))
        assert source.asked == []
    assert "canary" not in "".join(traceback.format_exception(denied.value))


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        (ApiKey, {}, "a header or a query parameter: name one"),
        (ApiKey, {"header": "X-Key", "parameter": "key"}, "name one"),
        (ApiKey, {"header": "X Key"}, "a name that no header can have"),
        (Basic, {"user": "a:b"}, "no colon and no control character"),
        (Basic, {"user": "a\n"}, "no colon and no control character"),
    ],
)
def test_a_log_in_that_cannot_be_is_refused_at_once(kind: Any, settings: Any, said: str) -> None:
    held = {"password": secret("x")} if kind is Basic else {"key": secret("x")}
    with pytest.raises(ValueError, match=said):
        kind(**held, **settings)


def test_a_password_with_a_control_character_is_named() -> None:
    auth = Basic(user="us", password=secret("a\x07"))
    with scripted(guarded(lambda _: True)) as source:
        with pytest.raises(AccessDenied, match="env:VENDOR_SECRET holds a control character"):
            read(source.rest(auth=auth))
        assert source.asked == []
