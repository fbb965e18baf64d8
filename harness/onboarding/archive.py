"""`seatrial ledger archive`: closes a ledger as an archive, and begins the one that continues it.

    signed to its end ─▶ copied, checked whole ─▶ the next one, checked, signed ─▶ switched

Until the switch, which is one rename or one transaction, the ledger is as it was: a command that
was killed or failed is run again, and takes the archive that is there if it is whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from connectors.secrets import Secret
from harness import folders
from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.ledger import archive as files
from harness.ledger import lock
from harness.ledger.continued import CONTINUES, Continues, continued_by
from harness.ledger.found import Found
from harness.ledger.kept import digest, is_of
from harness.ledger.ledger import Header, Ledger, open_ledger, read_ledger
from harness.ledger.nights import digest as digest_of_nights
from harness.ledger.opening import changes_in, verified
from harness.ledger.signed import log_of, require_as_signed, signed_mark
from harness.ledger.snapshot import Snapshot
from harness.ledger.tables import CHECKED
from harness.pilot.connect import ledger_at
from harness.pilot.place import Place
from harness.pilot.signing import signing as signing_of
from harness.run import code_version
from harness.run.aside import aside
from harness.run.config import new_run_id
from harness.run.launch import COMMAND_LINE, launch_by
from harness.signing.ed25519 import to_base64
from harness.signing.log import Log, short_name
from harness.signing.signing import Signing, seal, spread


def archive(
    here: Place, *, ledger: str | None, to: Path, environ: Mapping[str, str], clock: Clock
) -> list[str]:
    """Archive the ledger of a pilot's results, or the one behind the reference `ledger`, in a new
    folder in `to`; says what was done.

    Raises ConfigurationError, and leaves the ledger as it was, where no key is named, where
    somebody changed it, where a second copy cannot be left, where there is nothing new in it, and
    where its user does not own its tables.
    """
    references = here.loaded.references(here.environment, environ)
    signing = signing_of(here.loaded, here.environment, references)
    place = ledger_at(ledger, out=here.out, references=references)
    if signing.signer is None:
        raise ConfigurationError(
            "an archive that nobody signed proves nothing: make a key by seatrial key new, and "
            "name it under signing in pilot.yaml"
        )
    if not to.is_dir():
        raise ConfigurationError(f"--to {to}: name a folder that is there, as of a mounted disk")
    if not _is_signed_to_its_end(place, signing):
        with aside(here, ledger=ledger, environ=environ, clock=clock):
            pass  # marks runs that were killed; its end is signed
    made = files.beside(here.out / files.FILE)
    if isinstance(place, Path):
        with lock.hold(place.with_suffix(".lock"), what=f"ledger {place}"):
            with read_ledger(place) as held:
                said = _archived(here, held, place, to, made, signing, clock)
            files.switch(made, place)
            return said
    folders.take_results(here.out)
    with open_ledger(place) as held, held.together():
        files.require_owner(held, place.reference)
        said = _archived(here, held, place, to, made, signing, clock)
        files.replace(held, made)
    files.remove(made)
    return said


def _is_signed_to_its_end(place: Path | Secret, signing: Signing) -> bool:
    with read_ledger(place) as ledger:
        mark = signed_mark(ledger, signing)
        with ledger.snapshot() as seen:
            runs = seen.runs()
    return all(run.ended for run in runs) and mark is not None and mark.size == len(runs)


def _archived(  # noqa: PLR0913, PLR0917 - one ledger, and where what is made of it goes
    here: Place,
    ledger: Ledger,
    place: Path | Secret,
    to: Path,
    made: Path,
    signing: Signing,
    clock: Clock,
) -> list[str]:
    """Write the archive, and the ledger that continues it; says so."""
    name = str(place if isinstance(place, Path) else place.reference)
    verified(ledger, name, now=clock.now(), mark=signed_mark(ledger, signing))
    require_as_signed(ledger, signing, name)
    log = log_of(ledger)
    with ledger.snapshot() as seen:
        first, runs, kept = seen.entry(1), seen.runs(), seen.checkpoints()
        if log is None or first is None or not is_of(len(runs), kept):
            raise ConfigurationError(f"ledger {name}: a run has just begun: wait until it ends")
        before = continued_by(first.body)
        if before is not None and len(runs) == before.size + 1:
            raise ConfigurationError(
                f"ledger {name}: nothing is new since ledger {short_name(before.origin)} was "
                "archived: prove first"
            )
        folder = to / f"ledger-{short_name(log.origin)}-{len(runs)}"
        if not folder.exists():
            files.copy(seen, folder)
        _require_same(folder, ledger, signing, clock)
        entries, head = seen.extent()[0], runs[-1].head
        last = seen.entry(entries)
        continues = Continues(
            origin=log.origin,
            size=len(runs),
            root=to_base64(log.checkpoint.root),
            head=head if last is None else last.sha256,
            entries=entries,
            checkpoint=hashlib.sha256(kept[-1][1]).hexdigest(),
            file=files.digest(folder / files.FILE),
        )
        _begin(here, made, continues, signing, clock, seen)
    return [
        f"archived in {folder}: {len(runs)} runs, {entries:,} entries, sha256 {continues.file}",
        f"  read it by --out {folder} (seatrial export: --results)",
        f"ledger {name} continues {short_name(log.origin)}",
    ]


def _require_same(folder: Path, ledger: Ledger, signing: Signing, clock: Clock) -> None:
    """Raise ConfigurationError where the archive is not whole, or not of this ledger as it is."""
    name = str(folder / files.FILE)
    with read_ledger(folder / files.FILE) as copied:
        verified(copied, name, now=clock.now(), mark=signed_mark(ledger, signing))
        with copied.snapshot() as one, ledger.snapshot() as other:
            same = (one.runs(), one.extent(), one.checkpoints()) == (
                other.runs(),
                other.extent(),
                other.checkpoints(),
            )
    if not same:
        raise ConfigurationError(f"{folder} is there and is another archive: move it away")


def _begin(  # noqa: PLR0913, PLR0917 - what the next ledger is made from
    here: Place, made: Path, continues: Continues, signing: Signing, clock: Clock, seen: Snapshot
) -> None:
    """Write the next ledger, check all of it, and sign it where second copies know it."""
    at = clock.now()
    header = Header(
        pilot=here.loaded.pilot.name,
        environment=here.environment,
        run=new_run_id(),
        slot=at.astimezone(here.loaded.zone).date().isoformat(),
        code=code_version.text(),
        launch=launch_by(COMMAND_LINE),
        configuration=here.loaded.configuration,
    )
    found = Found(
        checkpoints=digest(()), entries=0, nights=digest_of_nights(()), runs=0, whole_at=at
    )
    with open_ledger(made) as ledger:
        ledger.begin(header, {"planned": [], CHECKED: found, CONTINUES: continues}, at=at)
        ledger.end(header, "FINISHED", {}, at=at)
        files.take_over(ledger, seen)
        if wrong := changes_in(ledger, now=at):
            raise ConfigurationError(f"ledger {made}: {wrong[0]}: report it; nothing was switched")
        log = log_of(ledger)
        assert log is not None
        _sign(ledger, log, signing)


def _sign(ledger: Ledger, log: Log, signing: Signing) -> None:
    sealed = seal(log, signing)
    if sealed.unsigned is not None:
        raise ConfigurationError(f"{sealed.unsigned}: run it again; nothing was switched")
    told = spread(log, sealed, signing)
    if told.remarks:
        raise ConfigurationError(
            f"{told.remarks[0]}: run it again when it answers; nothing was switched"
        )
    ledger.keep_checkpoint(sealed.checkpoint.size, told.note)
