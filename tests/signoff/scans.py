"""A page that legal signed by hand, and its scan, which an engineer attests."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from harness.signoff.records import Paper
from tests.signoff.people import PEOPLE
from tests.signoff.scene import SIGNED_AT, Scene

CONTENT = b"%PDF-1.7\nsigned by hand\n"
NAME = f"signoff/legal.{sha256(CONTENT).hexdigest()[:16]}.scan.pdf"


def attach(
    scene: Scene,
    *,
    who: str = "other",
    by: str = PEOPLE["legal"],
    attested_by: str | None = None,
    at: datetime = SIGNED_AT,
) -> None:
    """In place of legal's own signature."""
    paper = Paper(
        file=NAME, sha256=sha256(CONTENT).hexdigest(), attested_by=attested_by or PEOPLE[who]
    )
    scene.put(scene.sign("legal", who=who, by=by, paper=paper, at=at))
    scene.files[NAME] = CONTENT
