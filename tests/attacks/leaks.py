"""Twelve kinds of log-ins at servers that fail, at DEBUG: what is shown, logged and recorded."""

from __future__ import annotations

import json
import logging
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

import asyncssh
import msgspec
import pyarrow as pa

from connectors import redaction
from connectors.connector import Connector
from connectors.errors import SourceUnavailable
from connectors.events import Emit
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.s3 import S3
from connectors.files.stores.sftp import Sftp
from connectors.http.proxy import Proxy
from connectors.rest.auth import Auth
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.auth.basic import Basic
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.client import SecretPost
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.auth.saml_bearer import SamlBearer
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.next_url import next_url
from connectors.retry import RetryPolicy
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from connectors.vault.token import AppRole
from connectors.vault.vault import Vault
from harness.alerts.hook import ask
from harness.alerts.mail import Server, send
from harness.ledger.ledger import open_ledger
from harness.run.failure import failure_of
from harness.say import Shown, shown
from tests.attacks.answers import failing
from tests.attacks.canary import canary, hits
from tests.connectors.vendor_fixture import plenty

_SCHEMA = pa.schema([("key", pa.string())])
_IN_HEADERS = "-+.&<"
"""What a token or a key may hold that goes as it is in a header."""

LogIn = Callable[[int, Emit], object]
"""Logs in at this port of this machine, in vain."""


def _once() -> RetryPolicy:
    """Anew for each: a source that fails too often is asked no more."""
    return RetryPolicy(attempts=1, sleep=lambda _: None)


def _secret(name: str, odd: str | None = None) -> Secret:
    value = canary(name) if odd is None else canary(name, odd=odd)
    return Secret(f"env:{name.upper()}", value)


def _read(connector: Connector, emit: Emit) -> object:
    return connector.read("it", schema=_SCHEMA, emit=emit).read_all()


def _rest(auth: Callable[[], Auth], **changes: Any) -> LogIn:
    def log_in(port: int, emit: Emit) -> object:
        it = Endpoint(path="/it", pages=next_url("next"), rows="rows", total="total")
        given = {
            "base_url": f"http://127.0.0.1:{port}",
            "auth": auth(),
            "endpoints": {"it": it},
            "budget": plenty(),
            "ca_file": None,
            "patience": _once(),
        }
        return _read(Rest(**{**given, **{k: make(port) for k, make in changes.items()}}), emit)

    return log_in


def _sql(port: int, emit: Emit) -> object:
    url = f"postgresql+psycopg://reader@127.0.0.1:{port}/shop"
    sql = Sql(url=url, password=_secret("sql"), tables={"it": "it"}, patience=_once())
    return _read(sql, emit)


def _ledger(port: int, _emit: Emit) -> object:
    password = quote(canary("ledger"), safe="")
    url = f"postgresql+psycopg://us:{password}@127.0.0.1:{port}/evidence"
    with open_ledger(Secret("env:LEDGER", url)) as ledger:
        return [*ledger.entries()]


def _dsn(port: int, _emit: Emit) -> object:
    password = quote(canary("dsn"), safe="")
    url = f"postgresql://127.0.0.1:{port}/evidence?user=us&password={password}"
    with open_ledger(Secret("env:LEDGER", url)) as ledger:
        return [*ledger.entries()]


def _sftp(port: int, emit: Emit) -> object:
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    store = Sftp(host="127.0.0.1", port=port, user="us", host_key=key, password=_secret("sftp"))
    return _read(Files(store=store, datasets={"it": FileSet("*.csv", Csv())}), emit)


def _s3(port: int, emit: Emit) -> object:
    store = S3(
        endpoint=f"http://127.0.0.1:{port}",
        region="us-east-1",
        bucket="it",
        access_key=Secret("env:ACCESS", "ACCESSKEY0123456"),
        secret_key=_secret("s3"),
        patience=_once(),
    )
    return _read(Files(store=store, datasets={"it": FileSet("*.csv", Csv())}), emit)


def _vault(make: Callable[[], Secret | AppRole]) -> LogIn:
    def log_in(port: int, _emit: Emit) -> object:
        store = Vault(f"http://127.0.0.1:{port}", credentials=make())
        return store.value("vault:secret/team/it#password")

    return log_in


def _hook(port: int, _emit: Emit) -> object:
    url = f"http://127.0.0.1:{port}/services/{canary('hook', odd='-')}?sig={canary('hook')}"
    return ask(Secret("env:HOOK", url), name="channel room", body=b"{}", ca_file=None)


def _mail(port: int, _emit: Emit) -> object:
    server = Server(host="127.0.0.1", port=port, tls="none", user="us", password=_secret("mail"))
    return send(server, EmailMessage(), sender="us@acme.example", to="ada@acme.example")


def _through_a_proxy(port: int, emit: Emit) -> object:
    proxy = Proxy(url=f"http://127.0.0.1:{port}", user="us", password=_secret("proxy"))
    log_in = _rest(NoAuth, base_url=lambda _: "https://it.example", proxy=lambda _: proxy)
    return log_in(port, emit)


def _by_the_pilot(port: int, _emit: Emit) -> object:
    """A connector as a pilot may have one: it quotes what it sent, and what the server said."""
    secret = _secret("pilot", _IN_HEADERS)
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/it?key={quote(secret.reveal())}",
        headers={"authorization": f"Token {secret.reveal()}"},
    )
    logging.getLogger("pilot").debug("asks with %s", secret.reveal())
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            said = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            said = error.read()
    except Exception as error:
        raise SourceUnavailable(f"{request.full_url}: {error}") from error
    raise SourceUnavailable(f"{request.full_url} says {said!r}")


KINDS: Mapping[str, LogIn] = {
    "sql": _sql,
    "ledger": _ledger,
    "dsn": _dsn,
    "header": _rest(lambda: ApiKey(key=_secret("header", _IN_HEADERS), header="X-Key")),
    "query": _rest(lambda: ApiKey(key=_secret("query", _IN_HEADERS), parameter="key")),
    "basic": _rest(lambda: Basic(user="us", password=_secret("basic"))),
    "bearer": _rest(lambda: Bearer(token=_secret("bearer", "-+./"))),
    "oauth": _rest(
        lambda: ClientCredentials(
            token_path="/token", client_id="us", client_secret=_secret("oauth")
        )
    ),
    "post": _rest(
        lambda: ClientCredentials(
            token_path="/token", client_id="us", client_secret=SecretPost(secret=_secret("post"))
        )
    ),
    "saml": _rest(
        lambda: SamlBearer(
            token_path="/token", assertion=Secret("env:SAML", f"<A>{canary('saml')}</A>")
        )
    ),
    "sftp": _sftp,
    "s3": _s3,
    "token": _vault(lambda: _secret("token", _IN_HEADERS)),
    "approle": _vault(lambda: AppRole(role_id="us", secret_id=_secret("approle"))),
    "hook": _hook,
    "mail": _mail,
    "proxy": _through_a_proxy,
    "pilot": _by_the_pilot,
}
"""By the name of its canary: ours, and one as a pilot may write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaked:
    """What came of one log-in."""

    sent: bool
    """Whether the server was sent the secret itself, in some form."""
    failed: bool
    found: tuple[str, ...]
    """The forms of the secret in whatever was shown, logged or recorded."""


def attempted(kind: str, way: str, *, guarded: bool) -> Leaked:
    """Log in once, in vain, and look for the secret in all that comes of it."""
    redaction.KNOWN.clear()
    texts: list[str] = []

    def emit(event: Any) -> None:
        fact = redaction.redacted(event)
        texts.append(json.dumps(msgspec.to_builtins(fact, enc_hook=str)))

    failed = False
    with failing(way) as (port, sent), _debugging() as (log, formatter):
        try:
            KINDS[kind](port, emit)
        except Exception as error:  # noqa: BLE001 - whatever it is, it may show the secret
            failed = True
            if not guarded:
                redaction.KNOWN.clear()
            record = logging.makeLogRecord(
                {"msg": "it failed", "exc_info": (type(error), error, error.__traceback__)}
            )
            texts += [shown(str(error)), formatter.format(record), failure_of(error).message]
            texts += [shown(repr(error)), *map(shown, traceback.format_exception(error))]
        if not guarded:
            redaction.KNOWN.clear()
        texts += [formatter.format(record) for record in log]
    return Leaked(sent=bool(hits(sent, kind)), failed=failed, found=tuple(hits(texts, kind)))


@contextmanager
def _debugging() -> Iterator[tuple[list[logging.LogRecord], Shown]]:
    """Every logger of every library at DEBUG."""
    log: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = log.append  # type: ignore[method-assign]
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield log, Shown(logging.BASIC_FORMAT)
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
