"""Writes that are tried at names which the owner of a store has permitted; nowhere else.

    permitted names ─▶ beside the data of each dataset, and no dataset reads them ─▶ tried, once

A store denies folder by folder, so what it denies at one says nothing of the next: each folder
that a dataset is read from needs a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from connectors.connector import Probe
from connectors.events import Emit
from connectors.files.listing import is_meant, split
from connectors.rights import not_asked


@runtime_checkable
class Scratched(Protocol):
    """A store that says what our log-in may write only when it is tried."""

    def try_write(self, at: str, *, emit: Emit) -> Sequence[Probe]:
        """Try each kind of write once at one permitted name, and undo what succeeds. Leaves it
        alone if it holds anything. Never raises for what the store does.
        """


def try_writes(
    store: Scratched, globs: Sequence[str], at: Sequence[str], *, emit: Emit
) -> Sequence[Probe]:
    """What the store answered at each name; nothing is sent for a name that a dataset reads, and
    each folder of a dataset without a name in it was not asked.
    """
    probes: list[Probe] = []
    for name in at:
        if glob := _read_by(name, globs):
            why = f"{glob} would read {name} as data: permit another name"
            probes.append(not_asked(f"write {name}", why))
        else:
            probes += store.try_write(name, emit=emit)
    for folder in _unasked(globs, at):
        beside = f"{folder}/seatrial-scratch" if folder else "seatrial-scratch"
        why = f"no name below {folder or 'the root'} is permitted: add one, as {beside}, to at"
        probes.append(not_asked(f"write below {folder or 'the root'}", why))
    return probes


def _read_by(name: str, globs: Iterable[str]) -> str | None:
    """The glob that would read an object of this name, or a file in a folder of this name."""
    return next((g for g in globs if is_meant(name, g) or is_meant(f"{name}/any", g)), None)


def _unasked(globs: Iterable[str], at: Sequence[str]) -> list[str]:
    """The folders of datasets that no permitted name lies in."""
    folders = dict.fromkeys(split(glob)[0] for glob in globs)
    return [one for one in folders if not any(_is_below(name, one) for name in at)]


def _is_below(name: str, folder: str) -> bool:
    return name.startswith(f"{folder.rstrip('/')}/") if folder else not name.startswith("/")
