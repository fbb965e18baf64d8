"""A witness as C2SP tlog-witness has it: it remembers how long the log was, and signs no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from harness.signing import note
from harness.signing.ed25519 import from_base64, to_base64
from harness.signing.note import Checkpoint
from harness.signing.tree import continues
from tests.connectors.scripted import Asked, Said, scripted
from tests.harness.signing.keys import ANNS, WITNESSES, trusting

NAME = "witness.example/one"
AT = 1_795_000_000


@dataclass(slots=True)
class Memory:
    """What one has seen of each log."""

    url: str = ""
    seen: dict[str, Checkpoint] = field(default_factory=dict)

    @property
    def setting(self) -> str:
        public = to_base64(WITNESSES.public)
        return f"{{witness: {{url: '{self.url}', name: {NAME}, public: '{public}'}}}}"

    def answer(self, asked: Asked) -> Said:
        if asked.path != "/add-checkpoint":
            return Said(status=404)
        head, _, sealed = asked.body.partition(b"\n\n")
        old_line, *proof = head.decode().split("\n")
        old = int(old_line.removeprefix("old "))
        given = note.parsed(note.opened(sealed, trusting(ANNS)).text)
        before = self.seen.get(given.origin)
        if old != (before.size if before else 0):
            return Said(f"{before.size if before else 0}\n".encode(), status=409)
        hashes = [from_base64(line) for line in proof]
        if before and not continues(before.root, before.size, given.root, given.size, hashes):
            return Said(status=422)
        self.seen[given.origin] = given
        signed = note.countersign(sealed, NAME, WITNESSES, at=AT)
        return Said(signed[len(sealed) :])


@contextmanager
def witness() -> Iterator[Memory]:
    memory = Memory()
    with scripted(memory.answer) as server:
        memory.url = server.url
        yield memory
