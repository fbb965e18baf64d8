"""A countersignature by a key that somebody else holds: C2SP tlog-witness. The witness remembers
the longest log that it saw, so it countersigns no other history and no shorter one.

    our checkpoint, and the proof that it continues the last ─▶ its signature, with its time
    409, and how long the log was that it saw                ─▶ the proof from there, once more
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import AccessDenied, SourceChanged
from connectors.http.ask import ask
from connectors.http.messages import Answer
from connectors.http.status import check_status
from harness.signing import note, tree
from harness.signing.ed25519 import Unverified, key_id, to_base64
from harness.signing.log import Log

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,15})\n")
_OK, _UNKNOWN, _CONFLICT = 200, 404, 409


class Shorter(Exception):
    """The witness has seen more runs of this ledger than it has: its tail was cut. The message
    is a clause.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One that is asked."""

    url: str
    name: str
    """As which it signs."""
    public: bytes
    ca_file: Path | None = None

    def countersigned(self, log: Log, sealed: bytes) -> bytes:
        """The note with the witness's line. Raises Shorter, and SourceError if it gives none."""
        answer = self._ask(log, sealed, old=0)
        if answer.status == _CONFLICT:
            answer = self._ask(log, sealed, old=self._seen(log, answer))
        if answer.status == _UNKNOWN:
            raise AccessDenied(f"witness {self.name} does not know {log.origin}: have it added")
        if check_status(answer).status != _OK:
            raise SourceChanged(f"witness {self.name} answered {answer.status}: it signed nothing")
        return self._with_line(sealed, answer)

    def require_whole(self, log: Log, sealed: bytes) -> None:
        """Raise Shorter where the witness has seen more runs than the ledger has, and SourceError
        where it does not say. It is asked with an older checkpoint, and countersigns none.
        """
        answer = self._ask(log, sealed, old=0)
        if answer.status == _CONFLICT:
            self._seen(log, answer)
        else:
            check_status(answer)

    def _ask(self, log: Log, sealed: bytes, *, old: int) -> Answer:
        proof = tree.consistency(log.hashes, old) if old else []
        lines = "".join(f"{to_base64(one)}\n" for one in proof)
        return ask(
            f"{self.url.rstrip('/')}/add-checkpoint",
            name=f"witness {self.name}",
            where=f"url of witness {self.name}",
            body=f"old {old}\n{lines}\n".encode() + sealed,
            content_type="text/plain; charset=utf-8",
            ca_file=self.ca_file,
        )

    def _seen(self, log: Log, answer: Answer) -> int:
        """How many runs the witness has seen. Raises Shorter."""
        size = _SIZE.fullmatch(answer.body)
        if size is None:
            raise SourceChanged(f"witness {self.name} answered 409 without a size: check its url")
        seen = int(size[1])
        if seen > len(log.hashes):
            raise Shorter(
                f"the last {seen - len(log.hashes)} of the {seen} runs that witness {self.name} "
                "countersigned were cut off"
            )
        return seen

    def _with_line(self, sealed: bytes, answer: Answer) -> bytes:
        """The note with those of the lines that are the witness's own."""
        for line in answer.body.splitlines(keepends=True):
            try:
                at = note.countersigned_at(sealed + line, self.name, self.public)
            except Unverified as error:
                raise SourceChanged(f"witness {self.name}: {error}") from None
            if at is not None:
                return sealed + line
        raise SourceChanged(f"witness {self.name} did not sign by key {key_id(self.public)[:16]}")
