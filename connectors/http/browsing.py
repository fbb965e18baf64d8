"""What a browser does in a log-in: it keeps cookies, follows redirects and sends forms; pure.

It goes to the origins that it is given and to no third, and shows each origin that one's cookies.
Requests are a log-in's: whoever sends them judges the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urljoin, urlsplit

from connectors.errors import SourceChanged
from connectors.http.cookies import cookies_set
from connectors.http.html_forms import Form
from connectors.http.log_in_page import is_redirect
from connectors.http.messages import Answer, Request
from connectors.http.origin import origin

_AGAIN = frozenset({307, 308})
"""RFC 9110 15.4.8: the same request is sent elsewhere, with all that it shows."""


class Browsing:
    """One log-in's."""

    def __init__(self, *origins: str) -> None:
        self._cookies: dict[str, dict[str, str]] = {origin(one): {} for one in origins}

    def get(self, url: str) -> Request:
        """A page."""
        return self._request("GET", url)

    def take(self, answer: Answer) -> Mapping[str, str]:
        """Keep the cookies that it sets, and drop those that it ends; those that it sets."""
        came = cookies_set(answer.headers)
        kept = self._cookies[origin(answer.url)]
        kept.update(came)
        for name in [name for name, value in kept.items() if not value]:
            del kept[name]
        return {name: value for name, value in came.items() if value}

    def redirected(self, answer: Answer) -> Request | None:
        """Where it leads; None where it is no redirect. Nothing that was sent is sent again."""
        if not is_redirect(answer):
            return None
        if answer.status in _AGAIN and answer.what.startswith("POST "):
            said = f"{answer.what} answered {answer.status}, which sends a form elsewhere"
            raise SourceChanged(f"{said}: it was not followed: report it there")
        return self.get(self.target(answer, answer.headers["location"]))

    def submitted(self, answer: Answer, form: Form, ours: Mapping[str, str]) -> Request:
        """A form of its page, with `ours` filled in."""
        url, said = self.target(answer, form.action), urlencode({**form.fields, **ours})
        if form.method != "post":
            return self._request("GET", urlsplit(url)._replace(query=said).geturl())
        return self._request("POST", url, said.encode())

    def target(self, answer: Answer, reference: str) -> str:
        """The address that `reference` in an answer leads to; SourceChanged for a third origin."""
        try:
            target = urljoin(answer.url, reference)
            if origin(target) in self._cookies:
                return target
        except ValueError:
            pass  # no address that we would send to
        raise SourceChanged(f"{answer.what} leads to another origin: it was not followed")

    def cookies(self, url: str) -> str:
        """What the origin of `url` is shown (RFC 6265 5.4)."""
        return "; ".join(f"{n}={value}" for n, value in self._cookies[origin(url)].items())

    def _request(self, method: str, url: str, body: bytes = b"") -> Request:
        cookies = self.cookies(url)
        headers = {"accept": "text/html", **({"cookie": cookies} if cookies else {})}
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        return Request(
            method=method,
            url=url,
            told=f"{origin(url).partition('://')[2]} (log-in)",
            headers=headers,
            body=body,
            budgeted=False,
            is_log_in=True,
        )
