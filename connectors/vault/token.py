"""Our token at a secret store: given, or got by an AppRole; renewed while it is used, given back.

role_id, secret_id ─▶ POST auth/approle/login ─▶ a token ─▶ renewed ─▶ … ─▶ revoked at the end
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import msgspec

from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import AccessDenied, SourceChanged
from connectors.http.messages import Answer
from connectors.http.status import check_status
from connectors.secrets import Secret

_HEADER_SAFE = re.compile(r"[!-~]+")
_T = TypeVar("_T")
_AGAIN_SECONDS = 5.0
"""After which a renewal is tried again that the store did not answer."""
_OK, _BAD_REQUEST, _FORBIDDEN = 200, 400, 403

Send: TypeAlias = Callable[..., Answer]
"""`send(*parts, body=None, token=None)`: one request, and its answer whatever its status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRole:
    """A machine's log-in to the store, at the usual mount `approle`."""

    role_id: str
    secret_id: Secret


class Left(msgspec.Struct):
    """What the store says of a token or a lease."""

    ttl: float
    """Seconds after which it ends; 0 if never."""
    renewable: bool = False


class LookUp(msgspec.Struct):
    """An answer that says it."""

    data: Left


def half_way(left: Left, now: float) -> float:
    """When to renew it: there is time for other tries then. Never, where that is no use."""
    return now + max(left.ttl / 2, 1.0) if left.ttl and left.renewable else float("inf")


class StoreToken:
    """One for all threads. A refused log-in is not tried again: stores lock out who is refused
    some times, and a secret id may serve once.
    """

    def __init__(self, credentials: Secret | AppRole) -> None:
        self._credentials = credentials
        self._lock = threading.Lock()
        self._held: str | None = None
        self._due = 0.0
        """When to renew it, by a monotonic clock; 0 where it is not known yet."""
        self._refused: AccessDenied | None = None

    @property
    def who(self) -> str:
        """What to check where the store refuses us."""
        if isinstance(self._credentials, Secret):
            return f"the token {self._credentials.reference}"
        return f"role_id and secret_id {self._credentials.secret_id.reference}"

    def held(self, send: Send) -> str:
        """The token. Logs in where there is none yet."""
        with self._lock:
            if self._held is None:
                self._held = self._logged_in_once(send)
            return self._held

    def instead_of(self, refused: str, send: Send) -> str | None:
        """Another one, where the store knows this one no more, and we can log in; None where it is
        the request that is refused.
        """
        if isinstance(self._credentials, Secret):
            return None
        with self._lock:
            if self._held == refused:
                if send("auth", "token", "lookup-self", token=refused).status != _FORBIDDEN:
                    return None
                self._held, self._due = self._logged_in_once(send), 0.0
            return self._held

    def renew(self, send: Send, *, now: float) -> None:
        """Let it last longer once half of its time is over. `now` is of a monotonic clock."""
        with self._lock:
            if self._held is None or now < self._due:
                return
            is_known, self._due = self._due > 0, now + _AGAIN_SECONDS
            if is_known:
                send("auth", "token", "renew-self", body={}, token=self._held)
            answer = send("auth", "token", "lookup-self", token=self._held)
            told = decode(answer, LookUp).data
            self._due = half_way(told, now)

    def give_back(self, send: Send) -> None:
        """Have it end now, if we got it for this run, and with it all that was issued for it."""
        with self._lock:
            if self._held is not None and isinstance(self._credentials, AppRole):
                send("auth", "token", "revoke-self", body={}, token=self._held)
                self._held = None

    def _logged_in_once(self, send: Send) -> str:
        if self._refused is not None:
            raise self._refused
        try:
            return self._log_in(send)
        except AccessDenied as error:
            self._refused = error
            raise

    def _log_in(self, send: Send) -> str:
        if isinstance(self._credentials, Secret):
            return self._required(self._credentials.reveal())
        body = {
            "role_id": self._credentials.role_id,
            "secret_id": self._credentials.secret_id.reveal(),
        }
        answer = send("auth", "approle", "login", body=body)
        if answer.status in (_BAD_REQUEST, _FORBIDDEN):
            raise AccessDenied(f"{answer.what} answered {answer.status}: check {self.who}")
        token = decode(answer, _LoginAnswer).auth.client_token
        Secret(f"the token of {self.who}", token)  # from now on it is in no text
        return self._required(token)

    def _required(self, token: str) -> str:
        if not _HEADER_SAFE.fullmatch(token):  # the HTTP library would quote it in its error
            raise AccessDenied(f"no header can hold the token: check {self.who}")
        return token


def decode(answer: Answer, type_: type[_T]) -> _T:
    """The decoded answer. Raises SourceError for any other answer: a sealed store answers 503."""
    if check_status(answer).status != _OK:
        raise SourceChanged(f"{answer.what} answered {answer.status}: check the store's address")
    try:
        return msgspec.convert(decoded(answer.body), type_)
    except NotStrictJson as error:
        raise SourceChanged(
            f"{answer.what} is no answer of a store, its JSON {error}: check its address"
        ) from None
    except msgspec.ValidationError:
        raise SourceChanged(f"{answer.what} is no answer of a store: check its address") from None


class _Auth(msgspec.Struct):
    client_token: str


class _LoginAnswer(msgspec.Struct):
    auth: _Auth
