"""What of the governance is signed: plain JSON, the same bytes for the same decisions; pure."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from contracts.canonical import canonical
from harness.pilot.settings import Settings

FORMAT = 1
Document = Mapping[str, Any]


def document(settings: Settings) -> Document | None:
    """The section `governance`, with the owners and the kept rows that it builds on; None where a
    pilot has no such section. What nobody wrote is left out, so a default is no decision.
    """
    if settings.governance is None:
        return None
    chosen = settings.model_dump(
        mode="json",
        by_alias=True,
        exclude_unset=True,
        include={"governance", "owners", "keep"},
    )
    return {"format": FORMAT, **chosen}


def written(document: Document) -> bytes:
    """RFC 8785 bytes."""
    return canonical(document)


def digest(settings: Settings) -> str | None:
    """By which a sign-off names it; None where there is nothing to sign."""
    found = document(settings)
    return None if found is None else sha256(written(found)).hexdigest()
