"""The names of a dataset's columns: not too many, not too long, and text."""

from __future__ import annotations

from collections.abc import Collection

from connectors import bounds
from connectors.errors import SourceChanged


def require_names(names: Collection[str], where: str = "the source") -> None:
    """SourceChanged, beginning with `where`, for names beyond our bounds."""
    if len(names) > bounds.COLUMNS:
        raise SourceChanged(
            f"{where} has {len(names):,} columns, of {bounds.COLUMNS:,} that are read at most: "
            "have fewer sent"
        )
    for number, name in enumerate(names, 1):
        if len(name) > bounds.NAME_CHARACTERS:
            raise SourceChanged(
                f"{where}: the name of column {number}, {name[:40]!a}…, is longer than "
                f"{bounds.NAME_CHARACTERS:,} characters: rename it there"
            )
        if not _is_text(name):
            raise SourceChanged(
                f"{where}: the name of column {number}, {name[:40]!a}, holds half a character: "
                "rename it there"
            )


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
