"""A ledger that is being archived: what is there before, what is done, and what must be left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.ledger import archive as files
from harness.ledger.chain import Entry
from harness.ledger.continued import continued_by
from harness.ledger.ledger import entries, read_ledger
from harness.ledger.opening import verified
from harness.onboarding.archive import archive
from tests.attacks.kills import Tell, Victim
from tests.attacks.syscalls import Traced
from tests.harness.signing.signed import NOON, Signed, lay_out

_ARCHIVES = "archives"
_RUNS = 2


def _signed(folder: Path) -> None:
    (folder / _ARCHIVES).mkdir()
    lay_out(folder).run(_RUNS)


def _engagement(folder: Path) -> Signed:
    [pilot] = folder.glob("acme*")
    return Signed(folder=pilot)


def _archive(folder: Path, tell: Tell) -> None:
    clock = Clock(now=lambda: NOON)
    archive(_engagement(folder).place, ledger=None, to=folder / _ARCHIVES, environ={}, clock=clock)
    tell("archived")


def _archive_in_place(folder: Path, tell: Tell) -> None:
    """The twin, in a process of its own: the next ledger is written over the one that is there."""

    def switch(made: Path, place: Path) -> None:
        place.write_bytes(made.read_bytes())
        made.unlink()
        made.with_suffix(".lock").unlink()

    files.switch = switch
    _archive(folder, tell)


def _faults(folder: Path, ended: Traced) -> Iterator[str]:
    """The ledger is as it was, or continues an archive that has all of it; and who runs the
    command again has one whole archive.
    """
    place = _engagement(folder).ledger
    try:
        found = entries(place)
    except ConfigurationError as error:
        yield f"the ledger does not read: {error}"
        return
    switched = continued_by(found[0].body) is not None
    if "archived" in ended.told and not switched:
        yield "it was told that it is archived, and the ledger is the old one"
    if not switched and _runs(found) < _RUNS:
        yield "runs are lost"
    try:
        _archive(folder, lambda _: None)
    except ConfigurationError as error:
        if not switched or "nothing is new" not in str(error):
            yield str(error)
    yield from _archived(folder, place)


def _archived(folder: Path, place: Path) -> Iterator[str]:
    made = [one for one in (folder / _ARCHIVES).iterdir() if not one.name.startswith(".")]
    if len(made) != 1:
        yield f"{len(made)} archives"
        return
    [kept] = made
    for file in (kept / files.FILE, place):
        try:
            with read_ledger(file) as ledger:
                verified(ledger, file.name, now=NOON)
        except ConfigurationError as error:
            yield str(error)
    says = continued_by(entries(place)[0].body)
    if says is None or says.file != files.digest(kept / files.FILE):
        yield "the ledger continues no archive that is there"
    if _runs(entries(kept / files.FILE)) < _RUNS:
        yield "the archive lacks runs"
    if left := [one.name for one in place.parent.glob("*.next.*")]:
        yield f"left beside it: {left}"


def _runs(found: tuple[Entry, ...]) -> int:
    return len({entry.run for entry in found})


ARCHIVE = Victim(prepare=_signed, act=_archive, faults=_faults)
ARCHIVE_IN_PLACE = Victim(prepare=_signed, act=_archive_in_place, faults=_faults)
