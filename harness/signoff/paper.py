"""A page that somebody signed by hand: its scan, as it is bound to the sign-off."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from harness.errors import ConfigurationError
from harness.evidence.verify import folder, signoffs
from harness.evidence.verify.bounds import MIB
from harness.evidence.verify.finding import NotReadable

MOST_BYTES = 16 * MIB
_BEGIN = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff"}
"""What a file of each kind begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A scan that will lie in the bundle's folder."""

    name: str
    """There, as `signoff/legal.1a2b3c4d5e6f7a8b.scan.pdf`: no scan takes another's place."""
    content: bytes

    @property
    def sha256(self) -> str:
        """By which the sign-off names it."""
        return sha256(self.content).hexdigest()


def attached(scan: Path, role: str) -> Attached:
    """The scan in a file. Raises ConfigurationError for what is no PDF, PNG, JPEG or too large."""
    ending = {".jpeg": ".jpg"}.get(scan.suffix.lower(), scan.suffix.lower())
    try:
        content = folder.read_file(scan, MOST_BYTES)
    except NotReadable as error:
        raise ConfigurationError(f"--scan {scan}: {error}: name one to read") from None
    if ending not in _BEGIN or not content.startswith(_BEGIN[ending]):
        raise ConfigurationError(f"--scan {scan}: it is no scan: name a .pdf, .png or .jpg")
    name = f"{signoffs.FOLDER}{role}.{sha256(content).hexdigest()[:16]}.scan{ending}"
    return Attached(name=name, content=content)
