"""Who may ask the web process for what, decided from the head of a request, without I/O.

Every request passes these questions in this order. Is it meant for us (Host)? Does our own page
send it (Origin, Sec-Fetch-Site)? Has it the form of what it does? Who sends it?
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from connectors.secrets import Secret

HERE = ("127.0.0.1", "localhost")
"""The names by which a browser on this machine reaches us."""
PROXY_SECRET = "x-seatrial-proxy"  # noqa: S105 - the name of a header
"""The header by which a reverse proxy shows its secret. Its address alone is no proof: whoever has
an account on the proxy's machine has that address, too."""
VISITOR = "seatrial.visitor"
"""Where the scope of a request has who sends it."""
_JSON = "application/json"
_HTTP_PORT = 80


class Role(StrEnum):
    """What somebody may do."""

    READER = "reader"
    """See everything, change nothing."""
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who is let in."""

    role: Role
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is not answered, as HTTP says it, and what to do."""

    status: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The token of an address becomes a cookie."""

    cookie: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A reverse proxy that logs people in, as `pilot.yaml` names it."""

    address: str
    """The IP address from which it asks."""
    origin: str
    """What browsers have in their address bar, as `https://seatrial.acme.example`."""
    user_header: str
    """In lower case."""
    operators: frozenset[str]
    """All others are readers."""
    secret: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the decisions rest on, the same as long as the process lives."""

    port: int
    tokens: Mapping[Role, str] = field(repr=False)
    local_user: str
    """The OS user who started `seatrial ui`: whoever has a token is taken for them."""
    proxy: Proxy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a request."""

    method: str
    """As HTTP has it, or WEBSOCKET."""
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    """Names in lower case."""
    peer: str
    """The IP address that the request comes from."""
    owner: str
    """The OS user whose socket is at the other end, if it is on this machine; else empty."""

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]

    def one(self, name: str) -> str | None:
        """The only value of a header. Two give one that matches nothing."""
        values = self.all(name)
        return values[0] if len(values) == 1 else (None if not values else "\n")


def decide(head: Head, door: Door) -> Visitor | Exchange | Refusal:
    """The decision about one request."""
    proxied = _by_proxy(head, door.proxy)
    if isinstance(proxied, Refusal):
        return proxied
    return (
        _addressed_elsewhere(head, door, proxied)
        or _foreign(head, door, proxied)
        or _wrong_form(head)
        or (_of_proxy(head, proxied) if proxied else _of_token(head, door))
    )


def cookie_name(port: int) -> str:
    """Cookies ignore the port, so their name tells it: two pilots can be open at once."""
    return f"seatrial-{port}"


def session(token: str, owner: str) -> str:
    """The cookie that a token becomes, for the OS user at the other end.

    A browser sends it to every port of 127.0.0.1, also to a server of another user. In that
    user's hands it is worth nothing.
    """
    return hmac.new(token.encode(), f"seatrial ui {owner}".encode(), "sha256").hexdigest()


def _by_proxy(head: Head, proxy: Proxy | None) -> Proxy | Refusal | None:
    """The proxy, if the request comes by it. Refuses its headers from anybody else."""
    if proxy is None or not (head.all(PROXY_SECRET) or head.all(proxy.user_header)):
        return None
    shown = head.one(PROXY_SECRET) or ""
    if head.peer == proxy.address and _same(shown, proxy.secret.reveal()):
        return proxy
    return Refusal(
        status=403,
        because=f"{proxy.user_header} and {PROXY_SECRET} are taken from the proxy alone, from its "
        "address and with its secret: correct the proxy or leave the headers out",
    )


def _addressed_elsewhere(head: Head, door: Door, proxy: Proxy | None) -> Refusal | None:
    """DNS rebinding: a name that a stranger lets lead here is not ours (RFC 9110 7.2)."""
    ours = _hosts(door.port) | ({urlsplit(proxy.origin).netloc} if proxy else set())
    if (head.one("host") or "").lower() in ours:
        return None
    return Refusal(
        status=421, because="this is no host of ours: open the address that was printed"
    )


def _hosts(port: int) -> set[str]:
    bare = set(HERE) if port == _HTTP_PORT else set()
    return bare | {f"{name}:{port}" for name in HERE}


def _foreign(head: Head, door: Door, proxy: Proxy | None) -> Refusal | None:
    """A page of another origin asks. Another port of this machine is another origin."""
    refusal = Refusal(status=403, because="another page asks for this: open it by itself")
    ours = {proxy.origin} if proxy else {f"http://{host}" for host in _hosts(door.port)}
    origin, site = head.one("origin"), head.one("sec-fetch-site")
    if origin is not None and origin not in ours:
        return refusal
    if site is None or site in ("same-origin", "none"):
        return None
    # Somebody follows a link, or comes back from their company's log-in: they see the page by
    # itself, and a GET changes nothing.
    opened = (head.one("sec-fetch-mode"), head.one("sec-fetch-dest")) == ("navigate", "document")
    return None if opened and head.method == "GET" else refusal


def _wrong_form(head: Head) -> Refusal | None:
    """What changes something is a POST of JSON: no form and no link of a page can send that."""
    match head.method:
        case "GET" | "HEAD" | "WEBSOCKET":
            return None
        case "POST":
            kind = (head.one("content-type") or "").partition(";")[0].strip().lower()
            if kind == _JSON:
                return None
            return Refusal(status=415, because=f"send {_JSON}")
        case _:
            return Refusal(status=405, because="send GET or POST")


def _of_proxy(head: Head, proxy: Proxy) -> Visitor | Refusal:
    user = (head.one(proxy.user_header) or "").strip()
    if not user or not user.isprintable():
        return Refusal(status=401, because=f"the proxy named no user in {proxy.user_header}")
    role = Role.OPERATOR if user in proxy.operators else Role.READER
    return _within(Visitor(role=role, user=user), head)


def _of_token(head: Head, door: Door) -> Visitor | Exchange | Refusal:
    shown = parse_qs(head.query).get("token", [])
    if shown and head.method == "GET":
        for token in door.tokens.values():
            if len(shown) == 1 and _same(shown[0], token):
                return Exchange(cookie=session(token, head.owner))
        return Refusal(status=401, because="this token is not of this start: open the new address")
    for cookie in _cookies(head, cookie_name(door.port)):
        for role, token in door.tokens.items():
            if _same(cookie, session(token, head.owner)):
                return _within(Visitor(role=role, user=door.local_user), head)
    return Refusal(status=401, because="open the address that seatrial ui printed: it has a token")


def _within(visitor: Visitor, head: Head) -> Visitor | Refusal:
    """A reader asks Dagster's GraphQL, where `operations.py` looks closer, and posts nothing
    else.
    """
    if visitor.role is Role.OPERATOR or head.method != "POST" or head.path == "/graphql":
        return visitor
    return Refusal(status=403, because="a reader changes nothing")


def _cookies(head: Head, name: str) -> list[str]:
    pairs = (
        part.strip().partition("=") for line in head.all("cookie") for part in line.split(";")
    )
    return [value for key, _, value in pairs if key == name]


def _same(shown: str, right: str) -> bool:
    return hmac.compare_digest(shown.encode(), right.encode())
