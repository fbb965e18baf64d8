"""Copies that are posted, as to an archive or an audit log. None is read back: whoever holds them
compares them with the ledger, by `seatrial verify`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from connectors.errors import AccessDenied
from connectors.http.ask import ask
from connectors.http.status import check_status
from connectors.secrets import Secret
from harness.signing.ed25519 import to_base64
from harness.signing.note import Checkpoint


class Webhook:
    """An address that takes JSON."""

    def __init__(self, url: Secret, *, ca_file: Path | None) -> None:
        self._url = url
        self._ca_file = ca_file
        self.name = f"webhook {url.reference}"

    def put(self, checkpoint: Checkpoint, sealed: bytes) -> None:
        """Post origin, size, root and the note as it was signed."""
        body = {
            "kind": "checkpoint",
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": to_base64(checkpoint.root),
            "note": sealed.decode(),
        }
        where = f"the address behind {self._url.reference}"
        answer = ask(
            self._url.reveal(),
            name=self.name,
            where=where,
            body=json.dumps(body).encode(),
            ca_file=self._ca_file,
        )
        if not 200 <= check_status(answer).status < 300:  # noqa: PLR2004 - RFC 9110 15.3
            raise AccessDenied(f"{self.name} answered {answer.status}: correct {where}")

    def notes(self, origin: str) -> Iterator[bytes]:  # noqa: ARG002 - as every copy
        """Nothing can be read back."""
        yield from ()

    def others(self, origin: str | None) -> Iterator[bytes]:  # noqa: ARG002 - as every copy
        """Nothing can be read back."""
        yield from ()
