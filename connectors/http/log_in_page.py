"""How an answer asks who we are; pure.

401                             RFC 9110 15.5.2
a redirect to a log-in page     what was made for browsers does so
a log-in page                   likewise: an answer 200 with a form that asks for a password

A redirect is to a log-in page if its address says so in words that are not in the one asked for.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urljoin, urlsplit

from connectors.http.html_forms import forms
from connectors.http.messages import Answer

_UNAUTHORIZED = 401
_WORDS = frozenset(
    {
        *("login", "signin", "logon", "sso", "saml", "saml2", "oauth", "oauth2", "authorize"),
        *(
            "auth",
            "authn",
            "authenticate",
            "authentication",
            "cas",
            "adfs",
            "idp",
        ),
    }
)
_IN_QUERY = frozenset({"SAMLRequest", "response_type"})
"""SAML 2.0 bindings 3.4.4, RFC 6749 4.1.1."""


def asks_who(answer: Answer) -> str | None:
    """`401`, `302 to a log-in page` or `200 with a log-in page`; None where it does not ask."""
    if answer.status == _UNAUTHORIZED:
        return str(answer.status)
    if is_redirect(answer) and _leads_to_log_in(answer):
        return f"{answer.status} to a log-in page"
    if answer.is_success and is_html(answer) and any(f.asks_password for f in forms(answer.body)):
        return f"{answer.status} with a log-in page"
    return None


def is_redirect(answer: Answer) -> bool:
    """RFC 9110 15.4, with an address."""
    return 300 <= answer.status < 400 and "location" in answer.headers  # noqa: PLR2004 - as said


def is_html(answer: Answer) -> bool:
    """Whether it is a page for people."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in {"text/html", "application/xhtml+xml"}


def _leads_to_log_in(answer: Answer) -> bool:
    try:
        target, own = urljoin(answer.url, answer.headers["location"]), answer.url
        asked = parse_qs(urlsplit(target).query, keep_blank_values=True).keys()
        return bool((_words(target) - _words(own)) & _WORDS) or not _IN_QUERY.isdisjoint(asked)
    except ValueError:  # no address
        return False


def _words(url: str) -> set[str]:
    """The labels of its host and the segments of its path, without `-`, `_` and an extension."""
    parts = urlsplit(url)
    named = [*(parts.hostname or "").split("."), *parts.path.lower().split("/")]
    return {re.sub(r"[-_]", "", one.partition(".")[0]) for one in named}
