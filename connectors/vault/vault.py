"""References into a secret store: OpenBao or HashiCorp Vault, KV engine version 2.

    vault:mount/path#field ─▶ [log in] ─▶ GET /v1/mount/data/path ─▶ the field's text
    lease:mount/path#field ─▶ [log in] ─▶ `connectors.vault.leases`

It uses `connectors.http`: verified TLS, plain http on this machine only, no redirects, no proxy
from the environment, a deadline. Values are never shown.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

import msgspec

from connectors.errors import AccessDenied, SourceError
from connectors.events import Event
from connectors.http.egress import Egress
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Limits, Request
from connectors.http.origin import follow, origin
from connectors.rate_limiter import RateLimiter
from connectors.secrets import ISSUED, MissingReference, Secret, require_text
from connectors.vault.leases import Leases
from connectors.vault.place import Place, parse_reference
from connectors.vault.token import AppRole, Send, StoreToken, decode

_LIMITS = Limits(seconds=10.0, bytes=4 << 20)
_BAD_REQUEST, _FORBIDDEN, _NOT_FOUND = 400, 403, 404


class Vault:
    """One store for one client. It logs in once, even if that fails."""

    def __init__(
        self,
        address: str,
        *,
        credentials: Secret | AppRole,
        ca_file: Path | None = None,
        namespace: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        origin(address)
        self._token = StoreToken(credentials)
        self._leases = Leases(self.ask, monotonic)
        self._monotonic = monotonic
        self._address = address
        self._ca_file = ca_file
        self._headers = {} if namespace is None else {"x-vault-namespace": namespace}
        self._egress = Egress()
        self._lock = threading.Lock()
        self._first: dict[Place, Mapping[str, object] | Exception] = {}

    def value(self, reference: str) -> str:
        """The text behind `reference` when it was first asked for: each document is requested
        once, even if that fails. Raises MissingReference if the store has no such path or field,
        SourceError if it does not answer or refuses our log-in.
        """
        return _field(reference, self._first_document)

    def present(self, references: Sequence[str]) -> list[str]:
        """The texts behind them now; each document is requested once for all of them, so that
        fields that belong together are of one moment.
        """
        document = cache(self._document)
        return [_field(reference, document) for reference in references]

    def _first_document(self, place: Place) -> Mapping[str, object]:
        with self._lock:
            if place not in self._first:
                try:
                    self._first[place] = self._document(place)
                except (SourceError, MissingReference) as error:
                    self._first[place] = error
            document = self._first[place]
        if isinstance(document, Exception):
            raise document
        return document

    def _document(self, place: Place) -> Mapping[str, object]:
        if place.scheme == ISSUED:
            return self._leases.document(place)
        return decode(self._ask_for(place), _SecretAnswer).data.data

    def _ask_for(self, place: Place) -> Answer:
        answer = self.ask(place.mount, "data", place.path)
        if answer.status == _NOT_FOUND:
            raise MissingReference("the store has nothing there (or no KV engine of version 2)")
        return answer

    def read(self, place: Place) -> tuple[Mapping[str, object], int]:
        """A document as it is now, and the number of its version."""
        told = decode(self._ask_for(place), _DatedAnswer).data
        return told.data, told.metadata.version

    def write(self, place: Place, document: Mapping[str, object], *, over: int) -> bool:
        """Whether the document is kept: only while the version `over` is the last one."""
        body = {"data": document, "options": {"cas": over}}
        answer = self.ask(place.mount, "data", place.path, body=body)
        if answer.status == _BAD_REQUEST:  # so it tells that there is a later version
            return False
        decode(answer, _Written)
        return True

    def ask(self, *parts: str, body: object = None) -> Answer:
        """The answer to a GET, or to a POST where there is a `body`; it may be 404. Raises
        SourceError if the store does not answer, or refuses our log-in or this request.
        """
        with self._sending() as send:
            token = self._token.held(send)
            answer = send(*parts, body=body, token=token)
            if answer.status == _FORBIDDEN and (other := self._token.instead_of(token, send)):
                answer = send(*parts, body=body, token=other)
        if answer.status == _FORBIDDEN:
            raise AccessDenied(
                f"{answer.what} answered 403: check {self._token.who}, and its policy"
            )
        return answer

    def renew(self) -> None:
        """Renew our token and our leases, those that have come to their half. To be called again
        and again; what cannot be renewed now is tried the next time.
        """
        with suppress(SourceError), self._sending() as send:
            self._token.renew(send, now=self._monotonic())
        with suppress(SourceError):
            self._leases.renew()

    def give_back(self) -> None:
        """Have all end that was issued to us, and the token that we got. What the store does not
        let us revoke ends by itself.
        """
        with suppress(SourceError):
            self._leases.give_back()
            with self._sending() as send:
                self._token.give_back(send)

    @contextmanager
    def _sending(self) -> Iterator[Send]:
        """What sends requests over one connection."""
        with Connection(
            ca_file=self._ca_file,
            budget=RateLimiter(1, 1.0),
            limits=_LIMITS,
            emit=_ignore,
            setting="address of vault",
            egress=self._egress,
        ) as connection:
            yield partial(self._send, connection.exchange)

    def _send(
        self,
        exchange: Callable[[Request], Answer],
        *parts: str,
        body: object = None,
        token: str | None = None,
    ) -> Answer:
        return exchange(
            Request(
                method="GET" if body is None else "POST",
                url=follow(self._address, f"/v1/{'/'.join(map(quote, parts))}"),
                headers={
                    **self._headers,
                    **({} if token is None else {"x-vault-token": token}),
                    **({} if body is None else {"content-type": "application/json"}),
                },
                body=b"" if body is None else msgspec.json.encode(body),
                budgeted=False,
            )
        )


def _field(reference: str, document: Callable[[Place], Mapping[str, object]]) -> str:
    place, name = parse_reference(reference)
    try:
        value = document(place).get(name)
    except (SourceError, MissingReference) as error:
        raise type(error)(f"{reference}: {error}") from error
    if not isinstance(value, str) or not value:
        raise MissingReference(f"{reference}: the store has no text in this field")
    return require_text(reference, value)


class _Version(msgspec.Struct):
    data: dict[str, object]


class _SecretAnswer(msgspec.Struct):
    data: _Version


class _Metadata(msgspec.Struct):
    version: int


class _Dated(_Version):
    metadata: _Metadata


class _DatedAnswer(msgspec.Struct):
    data: _Dated


class _Written(msgspec.Struct):
    data: _Metadata


def _ignore(_event: Event) -> None:
    """No run log is open for it. The store keeps its own audit log."""
