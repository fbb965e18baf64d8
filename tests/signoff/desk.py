"""A bundle on the disk, and people with key files who sign it by `harness.signoff.sign`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from harness.clock import Clock
from harness.signing import key_file
from harness.signing.register import Register
from harness.signoff.look import look
from harness.signoff.records import Decision
from harness.signoff.sign import Asked, Ledger, sign
from tests.harness.evidence.verify.checking import write
from tests.signoff.people import PEOPLE, register, signer
from tests.signoff.scene import SIGNED_AT, Files, good


@dataclass(slots=True, kw_only=True)
class Desk:
    """Where it is signed."""

    root: Path
    files: Files = field(default_factory=good)
    trusted: Register = field(default_factory=register)
    ledger: Ledger | None = None
    at: datetime = SIGNED_AT

    def __post_init__(self) -> None:
        write(self.folder, self.files)

    @property
    def folder(self) -> Path:
        return self.root / "evidence"

    def key(self, who: str) -> str:
        path = self.root / f"{who}.pem"
        if not path.exists():
            key_file.write(path, signer(who))
        return f"file:{path}"

    def sign(
        self,
        role: str,
        *,
        who: str | None = None,
        by: str | None = None,
        decision: Decision = Decision.APPROVE,
        until: date | None = None,
        **said: Any,
    ) -> list[str]:
        asked = Asked(
            folder=self.folder,
            role=role,
            by=by or PEOPLE.get(who or role, "Somebody"),
            key=self.key(who or role),
            decision=decision,
            until=until,
            **said,
        )
        looked = look(self.folder, register=self.trusted, now=self.at)
        clock = Clock(now=lambda: self.at)
        return sign(asked, looked, self.trusted, ledger=self.ledger, environ={}, clock=clock)

    def left(self) -> list[str]:
        """What lies in the bundle beside what was exported."""
        found = (one for one in self.folder.rglob("*") if one.is_file())
        return sorted({str(one.relative_to(self.folder)) for one in found} - set(self.files))
