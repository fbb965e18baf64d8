"""The entries in a bundle's folder whose bodies are there, as the ledger has them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from harness.evidence.verify.folder import Folder
from harness.evidence.verify.manifest import ENTRIES, Manifest
from harness.ledger.chain import Entry


def entries(of: Folder, listed: Manifest) -> Iterator[Entry]:
    """In order, of a file whose digest the manifest has; each line was held against its hash by
    the verifier before. Raises NotReadable, and msgspec.MsgspecError for a line that is no entry.
    """
    digest, _ = listed.files[ENTRIES]
    for line in of.lines(ENTRIES, digest):
        head, disclosed, body = line.partition(b',"body":')
        if disclosed:
            said = msgspec.json.decode(head + b"}")
            yield Entry(**said, body=body[: -len(b"}\n")])
