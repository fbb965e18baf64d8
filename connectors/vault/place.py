"""Where a reference into a secret store leads: to a field of a document there; pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from connectors.secrets import ISSUED, STORED, MissingReference

_FORM = re.compile(r"(vault:|lease:)([^/#]+)/([^#]+)#(.+)")


class Place(NamedTuple):
    """A document of the store; it may hold several secrets."""

    scheme: str
    """Kept there (`vault:`), or issued for a time (`lease:`)."""
    mount: str
    path: str


def parse_reference(reference: str) -> tuple[Place, str]:
    """Document and field of `vault:mount/path#field`. Raises MissingReference for another form."""
    form = _FORM.fullmatch(reference)
    if form is None or {"", ".", ".."}.intersection(form[3].split("/")):
        scheme = ISSUED if reference.startswith(ISSUED) else STORED
        raise MissingReference(f"{reference}: write {scheme}mount/path#field")
    return Place(form[1], form[2], form[3]), form[4]
