"""`facts/entries.jsonl`: the ledger's entries, one line each, in the order of their seq; pure.

    {"seq":…,"run":…,"kind":…,"format":…,"prev":…,"sha256":…,"body":<the body's bytes as they are>}

`body` comes last, so that its bytes can be cut out and hashed as they are. An entry that is not of
the bundle has `"withheld":true` in its place: the chain still holds, and nothing of it leaves.
"""

from __future__ import annotations

import msgspec

from harness.errors import ConfigurationError
from harness.evidence.evidence import Evidence
from harness.ledger.chain import Entry

_BEFORE_BODY = ("seq", "run", "kind", "format", "prev", "sha256")


def render(evidence: Evidence) -> bytes:
    """The lines. Raises ConfigurationError for a body that is no line."""
    return b"".join(line(one, disclosed=one.run in evidence.disclosed) for one in evidence.entries)


def line(entry: Entry, *, disclosed: bool) -> bytes:
    """One entry, with its body or without it."""
    head = msgspec.json.encode({name: getattr(entry, name) for name in _BEFORE_BODY})
    if not disclosed:
        return head[:-1] + b',"withheld":true}\n'
    if b"\n" in entry.body:
        raise ConfigurationError(
            f"entry {entry.seq} of the ledger has a line break in its body, so another program "
            "wrote it: keep the ledger; nothing was exported"
        )
    return head[:-1] + b',"body":' + entry.body + b"}\n"
