"""What one reading may take at most, so that no source can take all of the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of each reading: generous, as they are a net and no plan."""

    memory: int = 4 << 30
    """Bytes of the process that reads and evaluates one source."""
    rows: int = 1_000_000_000
    bytes: int = 1 << 40
    """Of what the source answered, or of the rows in memory, whichever is more."""
    pages: int = 1_000_000
    """Requests, statements and files that the source answered."""
    hours: float = 12.0
    """From the first request of a dataset until its rows are counted."""
    free_disk: int = 1 << 30
    """Bytes that stay free on the disk where rows land."""


LEAST_MEMORY = 512 << 20
"""Less would not hold the libraries that read."""


class LimitReached(Exception):
    """A reading reached one of its limits. The message names the setting that allows more."""


def reached(name: str, limit: str) -> str:
    """Says which limit was reached, and what to do."""
    return (
        f"it reached limits: {{{name}: {limit}}}: find out why it takes so much, or allow more in "
        "pilot.yaml"
    )


def size(number: int) -> str:
    """Bytes as they are written in `pilot.yaml`."""
    for unit, of in (("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20)):
        if number >= of:
            return f"{number / of:.3f}".rstrip("0").rstrip(".") + f" {unit}"
    return f"{number / 1024:.3f}".rstrip("0").rstrip(".") + " KiB"
