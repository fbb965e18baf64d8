"""References into a secret store: OpenBao or HashiCorp Vault, KV engine version 2; and signatures
by its transit engine, whose keys never leave it.

    vault:mount/path#field ─▶ [log in] ─▶ GET /v1/mount/data/path ─▶ the field's text
    a key of transit       ─▶ [log in] ─▶ POST /v1/mount/sign/key ─▶ a signature

It uses `connectors.http`: verified TLS, plain http on this machine only, no redirects, no proxy
from the environment, a deadline. Values are cached as long as the `Vault` lives, and never shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import quote

import msgspec

from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Event
from connectors.http.egress import Egress
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Limits, Request
from connectors.http.origin import follow, origin
from connectors.http.status import check_status
from connectors.rate_limiter import RateLimiter
from connectors.secrets import MissingReference, Secret, require_text

_FORM = re.compile(r"vault:([^/#]+)/([^#]+)#(.+)")
_HEADER_SAFE = re.compile(r"[!-~]+")
_LIMITS = Limits(seconds=10.0, bytes=4 << 20)
_T = TypeVar("_T")
_OK, _BAD_REQUEST, _FORBIDDEN, _NOT_FOUND = 200, 400, 403, 404


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRole:
    """A machine's log-in to the store, at the usual mount `approle`."""

    role_id: str
    secret_id: Secret


class Place(NamedTuple):
    """A document of the store; it may hold several secrets."""

    mount: str
    path: str


class Vault:
    """One store for one client. It logs in once and requests each document once, even if that
    fails: stores lock out who is refused some times.
    """

    def __init__(
        self,
        address: str,
        *,
        credentials: Secret | AppRole,
        ca_file: Path | None = None,
        namespace: str | None = None,
    ) -> None:
        origin(address)
        self._address = address
        self._credentials = credentials
        self._ca_file = ca_file
        self._headers = {} if namespace is None else {"x-vault-namespace": namespace}
        self._egress = Egress()
        self._token: str | None = None
        self._refused: AccessDenied | None = None
        self._documents: dict[Place, Mapping[str, object] | Exception] = {}

    def value(self, reference: str) -> str:
        """The text behind `reference`. Raises MissingReference if the store has no such path or
        field, SourceError if it does not answer or refuses our log-in.
        """
        place, name = parse_reference(reference)
        try:
            value = self._document(place).get(name)
        except (SourceError, MissingReference) as error:
            raise type(error)(f"{reference}: {error}") from error
        if not isinstance(value, str) or not value:
            raise MissingReference(f"{reference}: the store has no text in this field")
        return require_text(reference, value)

    def _document(self, place: Place) -> Mapping[str, object]:
        if place not in self._documents:
            try:
                self._documents[place] = self._fetch(place)
            except (SourceError, MissingReference) as error:
                self._documents[place] = error
        document = self._documents[place]
        if isinstance(document, Exception):
            raise document
        return document

    def _fetch(self, place: Place) -> Mapping[str, object]:
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
        with Connection(
            ca_file=self._ca_file,
            budget=RateLimiter(1, 1.0),
            limits=_LIMITS,
            emit=_ignore,
            setting="address of vault",
            egress=self._egress,
        ) as connection:
            if self._token is None:
                self._token = self._log_in_once(connection)
            answer = connection.exchange(
                Request(
                    method="GET" if body is None else "POST",
                    url=self._at(*parts),
                    headers={
                        **self._headers,
                        "x-vault-token": self._token,
                        **({} if body is None else {"content-type": "application/json"}),
                    },
                    body=b"" if body is None else msgspec.json.encode(body),
                    budgeted=False,
                )
            )
        if answer.status == _FORBIDDEN:
            raise AccessDenied(f"{answer.what} answered 403: check {self._who}, and its policy")
        return answer

    def _log_in_once(self, connection: Connection) -> str:
        if self._refused is not None:
            raise self._refused
        try:
            return self._log_in(connection)
        except AccessDenied as error:
            self._refused = error
            raise

    def _log_in(self, connection: Connection) -> str:
        if isinstance(self._credentials, Secret):
            token = self._credentials.reveal()
        else:
            body = {
                "role_id": self._credentials.role_id,
                "secret_id": self._credentials.secret_id.reveal(),
            }
            answer = connection.exchange(
                Request(
                    method="POST",
                    url=self._at("auth", "approle", "login"),
                    headers={**self._headers, "content-type": "application/json"},
                    body=msgspec.json.encode(body),
                    budgeted=False,
                )
            )
            if answer.status in (_BAD_REQUEST, _FORBIDDEN):
                raise AccessDenied(f"{answer.what} answered {answer.status}: check {self._who}")
            token = decode(answer, _LoginAnswer).auth.client_token
        if not _HEADER_SAFE.fullmatch(token):  # the HTTP library would quote it in its error
            raise AccessDenied(f"no header can hold the token: check {self._who}")
        return token

    @property
    def _who(self) -> str:
        if isinstance(self._credentials, Secret):
            return f"the token {self._credentials.reference}"
        return f"role_id and secret_id {self._credentials.secret_id.reference}"

    def _at(self, *parts: str) -> str:
        return follow(self._address, f"/v1/{'/'.join(map(quote, parts))}")


def parse_reference(reference: str) -> tuple[Place, str]:
    """Document and field of `vault:mount/path#field`. Raises MissingReference for another form."""
    form = _FORM.fullmatch(reference)
    if form is None or {"", ".", ".."}.intersection(form[2].split("/")):
        raise MissingReference(f"{reference}: write vault:mount/path#field")
    return Place(form[1], form[2]), form[3]


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


class _Auth(msgspec.Struct):
    client_token: str


class _LoginAnswer(msgspec.Struct):
    auth: _Auth


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


def _ignore(_event: Event) -> None:
    """The run log has not started yet. The store keeps its own audit log."""
