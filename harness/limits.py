"""What one reading may take at most, so that no source can take all of the machine."""

from __future__ import annotations

from dataclasses import dataclass, fields


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


HOUR = 3600.0
"""In seconds."""
LEAST_MEMORY = 512 << 20
"""Less would not hold the libraries that read."""


class LimitReached(Exception):
    """A reading reached one of its limits. The message names the setting that allows more."""


MOST_ANSWERS = 5
"""Requests or statements that asking for a dataset's columns may cost its source."""


class AskedTooOften(LimitReached):
    """A source answered more than MOST_ANSWERS. No setting allows more."""


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


def describe(limits: Limits) -> str:
    """All limits, as they are written in `pilot.yaml`."""
    sizes = {"memory": limits.memory, "bytes": limits.bytes, "free_disk": limits.free_disk}
    numbers = {"rows": limits.rows, "pages": limits.pages, "hours": limits.hours}
    said = {name: size(number) for name, number in sizes.items()}
    said |= {name: f"{number:.12g}" for name, number in numbers.items()}
    names = (field.name for field in fields(limits))
    return "of each reading: " + ", ".join(f"{name}: {said[name]}" for name in names)
