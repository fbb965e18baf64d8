"""What our key may write into a bucket, tried at one object that its owner has permitted.

    list: nothing is there, and our signature is taken ─▶ PUT, if nothing is there ─▶ DELETE

A denial is 403 AccessDenied from the store itself, behind a listing that it has just answered to
the same signature. What a PUT leaves there is removed again, and told by name if it cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.connector import Probe
from connectors.errors import SourceError
from connectors.files.stores.s3_client import Key
from connectors.files.stores.s3_signature import path_of, query_of, signed_headers
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Request
from connectors.rights import GRANTED, NO_ANSWER, left_behind, not_asked, power

DENIED = "AccessDenied"
WHO = "our key"
_OK, _FORBIDDEN, _DONE = 200, 403, range(200, 300)
_NOTHING, _SOMETHING = "nothing", "something"
_CODE = re.compile(rb"<Code>([A-Za-z0-9.]{1,64})</Code>")
_LISTED = re.compile(rb"<(?:\w+:)?ListBucketResult[\s>].*</(?:\w+:)?ListBucketResult>", re.DOTALL)
_HOLDS = re.compile(rb"<(?:\w+:)?(?:Contents|CommonPrefixes)[\s>]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One bucket as the holder of a key asks it, each request once."""

    connection: Connection
    endpoint: str
    region: str
    bucket: str
    key: Key
    body: bytes
    """What is written: no other object holds the same."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def try_write(self, at: str) -> Sequence[Probe]:
        """What the store answered to a PUT and a DELETE of one object, or why none was sent."""
        there = f"{self.bucket}/{at}"
        found = self._look(at)
        if found != _NOTHING:
            if found == _SOMETHING:
                why = f"something begins with {there} already: permit a name that nothing has"
                return (not_asked(f"PUT {there}", why),)
            why = "nothing was written, because what lies there could not be listed"
            return (power(f"PUT {there}", status=found, detail=why),)
        return tuple(self._tried(at, there))

    def _tried(self, at: str, there: str) -> Iterator[Probe]:
        put, said = self._send("PUT", at, self.body, {"if-none-match": "*"})
        if put not in (GRANTED, DENIED):
            found = self._look(at)
            if found == _SOMETHING and self._is_ours(at):
                put = GRANTED  # no answer came, and it was written all the same
            elif found != _NOTHING:
                yield left_behind(there)
        if put not in (GRANTED, DENIED):
            yield power(f"PUT {there}", status=put, detail=said)
            return
        delete, said = self._send("DELETE", at)
        if put == GRANTED and (delete != GRANTED or self._look(at) != _NOTHING):
            yield left_behind(there)
        yield power(f"PUT {there}", status=put, detail=WHO, refused=put == DENIED)
        who = WHO if delete in (GRANTED, DENIED) else said
        yield power(f"DELETE {there}", status=delete, detail=who, refused=delete == DENIED)

    def _is_ours(self, at: str) -> bool:
        answer = self._exchange("GET", at)
        return isinstance(answer, Answer) and answer.status == _OK and answer.body == self.body

    def _look(self, at: str) -> str:
        """Whether anything is there or below it; or how the listing failed."""
        query = {"list-type": "2", "max-keys": "1", "prefix": at}
        answer = self._exchange("GET", "", query=query)
        if isinstance(answer, str):
            return NO_ANSWER
        if answer.status != _OK:
            return _status(answer)
        if not _LISTED.search(answer.body):
            return "no listing"
        return _SOMETHING if _HOLDS.search(answer.body) else _NOTHING

    def _send(
        self, method: str, at: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[str, str]:
        """How one write was answered, and in more words."""
        answer = self._exchange(method, at, body=body, headers=headers or {})
        if isinstance(answer, str):
            return NO_ANSWER, answer
        status = GRANTED if answer.status in _DONE else _status(answer)
        return status, f"{answer.what} answered {answer.status}"

    def _exchange(
        self,
        method: str,
        at: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer | str:
        """The whole answer; why there is none."""
        url = f"{self.endpoint.rstrip('/')}{path_of(self.bucket, at)}"
        url += f"?{query_of(query)}" if query else ""
        sent = signed_headers(
            method, url, body, headers or {}, key=self.key, region=self.region, now=self.clock()
        )
        told = f"{self.bucket}/{at}" if at else f"{self.bucket}?list"
        request = Request(
            method=method, url=url, told=told, headers=sent, body=body, budgeted=False
        )
        try:
            return self.connection.exchange(request)
        except SourceError as error:
            return str(error)


def _status(answer: Answer) -> str:
    """S3's own name for a refusal. Another status than 403 is no denial, whatever it is called."""
    named = _CODE.search(answer.body)
    code = named[1].decode() if named else str(answer.status)
    is_other = code == DENIED and answer.status != _FORBIDDEN
    return f"{answer.status} {code}" if is_other else code
