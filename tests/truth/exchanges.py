"""Kinds 6 and 7: what follows an answer, who shows no credentials, refusals of every number."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import pandera.polars as pa
import polars as pl

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.local import Local
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.auth.no_auth import NoAuth
from connectors.retry import RetryPolicy
from connectors.secrets import Secret
from contracts.promises import Quota
from harness.verdict import Outcome, Verdict
from tests.connectors.bucket_fixture import another, bucket, gate
from tests.connectors.drop_fixture import doorkeeper, drop
from tests.connectors.http.kept_open import answer
from tests.connectors.http.raw_server import head, says, serving
from tests.connectors.scripted import Answers, Asked, Said, Scripted, scripted
from tests.truth.situation import NUMBER, Ground, Situation, contract, proven

HELD = contract("parts", {"id": NUMBER})
LINES = contract("it", {"order_ref": pa.Column(pl.String)})
PAGE = {"rows": [{"id": 1}], "total": 1, "next": None}
KEY = ApiKey(key=Secret("env:KEY", "right"), header="X-Key")
QUICK = RetryPolicy(attempts=3, backoff_seconds=0.001)
LIMITED = {"x-ratelimit-remaining": "0"}
Judge = Callable[[Ground], Verdict]


def _rest(claim: str, answers: Answers, *, promised: int = 1_000, **changes: object) -> Judge:
    def judge(ground: Ground) -> Verdict:
        with scripted(answers) as source:
            return proven(
                ground,
                source.rest(**{"auth": KEY, "stranger_allowed": True, **changes}),
                HELD,
                claim=claim,
                quota=Quota(requests=promised, seconds=86_400),
            )

    return judge


def _knows(asked: Asked) -> Said:
    """The page to our key, 401 to all others."""
    return Said(PAGE) if asked.headers.get("x-key") == "right" else Said(status=401)


def _serves_nobody(asked: Asked) -> Said:
    return Said(PAGE) if "x-key" not in asked.headers else _knows(asked)


def _has_no_time_for(asked: Asked) -> Said:
    ours = asked.headers.get("x-key") == "right"
    return Said(PAGE) if ours else Said(b"", 403, LIMITED)


def _at_first(status: int, headers: Mapping[str, str] = MappingProxyType({})) -> Answers:
    """This to our first request, and all else as it should be."""
    left = [Said(b"", status, headers)]

    def answers(asked: Asked) -> Said:
        ours = asked.headers.get("x-key") == "right"
        return left.pop() if ours and left else _knows(asked)

    return answers


def _raw(said: bytes) -> Judge:
    def judge(ground: Ground) -> Verdict:
        with serving(says(said)) as url:
            rest = Scripted(url=url.partition("/data")[0]).rest(auth=NoAuth(), patience=QUICK)
            return proven(ground, rest, HELD, claim="conforms")

    return judge


def _bucket(claim: str, *, busy: bool = False) -> Judge:
    def judge(ground: Ground) -> Verdict:
        with bucket() as held, gate(held) as front:
            held.put_rows(1, 5)
            turns = [(503, "SlowDown")] if busy else []
            front.answers = lambda method, _: turns.pop() if turns and method == "GET" else None
            store = held.store(endpoint=front.url, stranger_allowed=not busy)
            quota = Quota(requests=1_000, seconds=86_400)
            return proven(ground, store, LINES, claim=claim, quota=quota)

    return judge


def _open_bucket(ground: Ground) -> Verdict:
    """It serves whoever shows no key, and refuses wrong ones."""
    with bucket() as held, another(held, keys="") as port:
        held.put_rows(1, 5)
        environ = {**held.environ, "BILLING_ENDPOINT": f"http://127.0.0.1:{port}"}
        with gate(replace(held, environ=environ)) as front:
            wrong = (403, "InvalidAccessKeyId")
            front.answers = lambda *_: wrong if "=STRANGER" in front.heads[-1] else None
            store = held.store(endpoint=front.url, stranger_allowed=True)
            return proven(ground, store, LINES, claim="authenticated")


def _door_without_lock(ground: Ground) -> Verdict:
    """SSH takes our name alone, and no stranger's."""
    with drop() as held, doorkeeper(open_to="drop") as (port, host_key, _):
        door = held.sftp(port=port, host_key=host_key, stranger_allowed=True)
        return proven(ground, door, LINES, claim="authenticated")


def _folder(ground: Ground) -> Verdict:
    folder = ground.folder()
    (folder / "1.csv").write_text("id\n1\n")
    files = Files(store=Local(folder), datasets={"parts": FileSet("*.csv", Csv())})
    return proven(ground, files, HELD, claim="authenticated")


_PAGE = answer(json.dumps(PAGE).encode(), "Content-Type: application/json")
_CHUNKS = b"2\r\n{}\r\n0\r\n\r\n"
_TWO_ENDS = head("Content-Length: 2", "Transfer-Encoding: chunked") + _CHUNKS
_WAIT = {"retry-after": "0"}
Row = tuple[str, str, Outcome, Judge]
_FOLLOWED: tuple[Row, ...] = (
    ("REST", "a page, and nothing behind it", Outcome.PROVEN, _raw(_PAGE)),
    ("REST", "a page, and another behind it", Outcome.ERROR, _raw(_PAGE * 2)),
    ("REST", "a page that ends in two places", Outcome.ERROR, _raw(_TWO_ENDS)),
)
_LET_IN: tuple[Row, ...] = tuple(
    ("REST", name, right, _rest("authenticated", answers, **more))
    for name, right, answers, more in (
        ("our key alone is served", Outcome.PROVEN, _knows, {}),
        ("whoever shows no key is served", Outcome.BROKEN, _serves_nobody, {}),
        ("strangers have asked too often", Outcome.ERROR, _has_no_time_for, {}),
        ("an API without a log-in", Outcome.UNPROVEN, lambda _: Said(PAGE), {"auth": NoAuth()}),
    )
)
_STORES: tuple[Row, ...] = (
    ("S3", "a bucket for one key", Outcome.PROVEN, _bucket("authenticated")),
    ("S3", "a bucket that is open to the world", Outcome.BROKEN, _open_bucket),
    ("SFTP", "a name that needs no key", Outcome.BROKEN, _door_without_lock),
    ("CSV", "a folder, which knows no log-in", Outcome.UNPROVEN, _folder),
)
_REFUSED: tuple[Row, ...] = tuple(
    ("REST", name, right, _rest("within_budget", answers, promised=promised))
    for name, right, answers, promised in (
        ("nothing is refused", Outcome.PROVEN, _knows, 1_000),
        ("503, as nginx limits", Outcome.UNPROVEN, _at_first(503), 1_000),
        ("503 that asks to wait", Outcome.UNPROVEN, _at_first(503, _WAIT), 1_000),
        ("503 with nothing left", Outcome.BROKEN, _at_first(503, LIMITED), 1_000),
        ("403 that asks to wait", Outcome.BROKEN, _at_first(403, _WAIT), 1_000),
        ("strangers are limited", Outcome.UNPROVEN, _has_no_time_for, 1_000),
        ("probes alone overdraw ten times", Outcome.BROKEN, _knows, 29),
        ("as much is promised as is asked", Outcome.PROVEN, _knows, 30),
    )
)
_BUSY: tuple[Row, ...] = (("S3", "SlowDown", Outcome.BROKEN, _bucket("within_budget", busy=True)),)
SITUATIONS = tuple(
    Situation(kind=kind, source=source, name=name, claim=claim, right=right, judge=judge)
    for kind, claim, rows in (
        (6, "conforms", _FOLLOWED),
        (7, "authenticated", (*_LET_IN, *_STORES)),
        (7, "within_budget", (*_REFUSED, *_BUSY)),
    )
    for source, name, right, judge in rows
)
