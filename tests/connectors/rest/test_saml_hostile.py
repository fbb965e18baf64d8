"""Whatever a source and a provider answer in a SAML log-in, ours goes to the provider alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Authenticated
from connectors.http.browsing import Browsing
from connectors.http.html_forms import forms
from connectors.http.messages import Answer
from connectors.rest.auth.saml_log_in import SamlLogIn
from connectors.secrets import Secret
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.scripted import Asked, Said, Scripted, documents, scripted
from tests.connectors.vendor_fixture import Run, read

CANARY = "r1ght-canary"
HTML = {"content-type": "text/html; charset=utf-8"}
PAGES = documents([{"key": 1}], [{"key": 2}])


def page(form: str, status: int = 200) -> Said:
    return Said(f"<!doctype html><body>{form}</body>".encode(), status=status, headers=HTML)


def to(url: str) -> Said:
    return Said(status=302, headers={**HTML, "location": url})


@dataclass(slots=True)
class Company:
    """A source and its provider; `changes` are what either answers otherwise, by path."""

    changes: dict[str, Callable[[Asked], Said]] = field(default_factory=dict)
    uses: int = 100
    """How many requests a session lives."""
    source: str = ""
    provider: str = ""
    begun: int = 0
    served: int = 0

    def as_source(self, asked: Asked) -> Said:
        if (changed := self.changes.get(asked.path)) is not None:
            return changed(asked)
        if asked.path == "/saml":
            assert parse_qs(asked.body.decode())["SAMLResponse"] == [f"for-{self.begun}"]
            cookie = {"set-cookie": f"sid=s{self.begun}; HttpOnly", "location": "/1"}
            return Said(status=303, headers={**HTML, **cookie})
        if asked.headers.get("cookie") == f"sid=s{self.begun}" and self.served < self.uses:
            self.served += 1
            return PAGES[asked.path]
        return to(f"{self.provider}/sso?SAMLRequest=x")

    def as_provider(self, asked: Asked) -> Said:
        path = asked.path.partition("?")[0]
        if (changed := self.changes.get(path)) is not None:
            return changed(asked)
        if path == "/sso":
            hidden = '<input type="hidden" name="s" value="&amp;1">'
            ours = '<input name="username"><input name="password" type="password">'
            return page(f'<form method="post" action="/in">{hidden}{ours}</form>')
        said = parse_qs(asked.body.decode())
        assert said == {"s": ["&1"], "username": ["reader"], "password": [CANARY]}
        self.begun, self.served = self.begun + 1, 0
        return page(self.response(f"{self.source}/saml"))

    def response(self, action: str) -> str:
        value = f'<input type="hidden" name="SAMLResponse" value="for-{self.begun}">'
        return f'<form method="POST" action="{action}">{value}</form>'

    def auth(self) -> SamlLogIn:
        return SamlLogIn(
            path="/1",
            provider=self.provider,
            user="reader",
            password=Secret("env:PASSWORD", CANARY),
            cookie="sid",
        )


@contextmanager
def running(company: Company) -> Iterator[tuple[Scripted, Scripted]]:
    with scripted(company.as_source) as source, scripted(company.as_provider) as provider:
        company.source, company.provider = source.url, provider.url
        yield source, provider


def test_a01_a_session_that_ends_between_pages_is_begun_anew_and_no_row_is_lost() -> None:
    """The source redirects to the provider, where others say 401."""
    company = Company(uses=1)
    with running(company) as (source, _):
        run = read(source.rest(auth=company.auth()), schema=SCHEMA)
        assert not any(CANARY.encode() in one.body for one in source.asked)
    assert keys(run) == [1, 2]
    assert company.begun == 2
    assert [one.renewed for one in run.of(Authenticated)] == [False, True]


def test_a02_a_new_session_that_is_refused_ends_the_reading() -> None:
    company = Company(changes={"/2": lambda _: to("/saml/login")})
    denied = pytest.raises(AccessDenied, match="302 to a log-in page after one renewal: check")
    with running(company) as (source, _), denied:
        read(source.rest(auth=company.auth()), schema=SCHEMA)
    assert company.begun == 2


ELSEWHERE = "http://127.0.0.1:9"
PASSWORD_FORM = (
    '<form method="post" action="{0}/in"><input name="username"><input type="password" '
    'name="password"></form>'
)
CASES: dict[str, tuple[str, Callable[[Company], Said], type[SourceError], str]] = {
    "a redirect to a third": ("/sso", lambda _: to(ELSEWHERE), SourceChanged, "another origin"),
    "a form of a third": (
        "/sso",
        lambda _: page(PASSWORD_FORM.format(ELSEWHERE)),
        SourceChanged,
        "another origin",
    ),
    "the provider's form leads to the source": (
        "/sso",
        lambda company: page(PASSWORD_FORM.format(company.source)),
        SourceChanged,
        "not the provider's own: it was not filled in",
    ),
    "the source shows a form of its own": (
        "/1",
        lambda company: page(PASSWORD_FORM.format(company.provider)),
        SourceChanged,
        "not the provider's own: it was not filled in",
    ),
    "a password by GET": (
        "/sso",
        lambda _: page(PASSWORD_FORM.format("").replace("post", "get")),
        SourceChanged,
        "not the provider's own: it was not filled in",
    ),
    "the response goes to the provider": (
        "/in",
        lambda company: page(company.response("/in")),
        SourceChanged,
        "sends its form elsewhere",
    ),
    "the form is sent on": (
        "/in",
        lambda company: Said(status=307, headers={"location": f"{company.source}/1"}),
        SourceChanged,
        "307, which sends a form elsewhere: it was not followed",
    ),
    "the form comes back": (
        "/in",
        lambda _: page(PASSWORD_FORM.format("")),
        AccessDenied,
        "with its form once more: check the user and env:PASSWORD",
    ),
    "a second factor": (
        "/in",
        lambda _: page('<form method="post"><input name="otp"></form>'),
        AccessDenied,
        "asks for more: have the user log in by a password alone",
    ),
    "refused": ("/in", lambda _: page("", 403), AccessDenied, "403 in a log-in: check the user"),
    "locked": ("/in", lambda _: page("", 429), AccessDenied, "429 in a log-in: check the user"),
    "the source denies the user": ("/saml", lambda _: page("", 403), AccessDenied, "rights of"),
    "no such address": ("/sso", lambda _: page("", 404), SourceChanged, "correct path or prov"),
    "for ever": ("/sso", lambda _: to("/sso"), SourceChanged, "no end of a log-in: correct path"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_log_in_that_leads_elsewhere_or_is_refused_ends_after_one_try(case: str) -> None:
    path, answer, kind, told = CASES[case]
    company = Company()
    company.changes[path] = lambda _: answer(company)
    run = Run()
    with running(company) as (source, provider):
        with pytest.raises(kind, match=told) as raised:
            source.rest(auth=company.auth()).read("parts", schema=SCHEMA, emit=run.events.append)
        shown = [one for one in provider.asked if CANARY.encode() in one.body]
        assert not any(CANARY.encode() in one.body for one in source.asked)
        assert not any(CANARY in one.path for one in [*source.asked, *provider.asked])
    assert len(shown) <= 1
    assert CANARY not in f"{raised.value!r}{run.events}"
    assert run.of(Authenticated) == []


def test_forms_say_what_a_browser_would_send() -> None:
    (form,) = forms(
        b'<form method=POST action=" /in?a=1 "><input name=a value="&quot;1"><input type=submit '
        b"name=go value=1><input type=checkbox name=no value=1><input type=checkbox checked "
        b"name=yes value=1><input type=PASSWORD name=p></form><input name=outside>"
    )
    assert (form.action, form.method, form.asks_password) == ("/in?a=1", "post", True)
    assert form.fields == {"a": '"1', "yes": "1", "p": ""}


def test_each_origin_is_shown_its_own_cookies() -> None:
    browsing = Browsing("https://shop.example", "https://login.example")
    for host, cookie in (("shop", "a=1"), ("login", "b=2; Path=/, c=3; Max-Age=0")):
        url = f"https://{host}.example/x"
        headers = {"set-cookie": cookie}
        browsing.take(Answer(what="", url=url, status=200, headers=headers, body=b""))
    assert browsing.get("https://shop.example/y").headers["cookie"] == "a=1"
    assert browsing.get("https://login.example/y").headers["cookie"] == "b=2"
