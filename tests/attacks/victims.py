"""Writers of ours that are killed: what each does, and what must be true of what it leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contracts.defaults import persisted_fields
from harness import atomic_write
from harness.errors import LedgerLost
from harness.evidence import folder as bundles
from harness.ledger.chain import breaks
from harness.ledger.ledger import Header, Ledger, Origin, open_ledger
from harness.ledger.opening import changes_in
from harness.run.seal import Seal
from harness.signing import note
from harness.signing.copies.folder import Folder as Copies
from harness.signing.log import origin_of
from harness.signing.note import Checkpoint
from harness.signing.signing import Signing
from tests.attacks.archived import ARCHIVE, ARCHIVE_IN_PLACE
from tests.attacks.kills import Tell, Victim
from tests.attacks.syscalls import Traced
from tests.golden.facts import READING
from tests.harness.evidence.bundles import key

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
_FIRST, _STRUCK, _NEXT = "before", "struck", "next"
_ORIGIN = Origin(
    source="erp", dataset="orders", endpoint="db", contract="c1", evidence_class="sandbox"
)
_READINGS = 3
_OLD, _NEW = "old " * 4_000, "new " * 6_000
_FILE = "report.html"
_BUNDLE, _COPIES = "evidence-p-struck", "copies"
_FILES = {
    "manifest.json": b"m" * 3_000,
    "facts/entries.jsonl": b"e" * 20_000,
    "export/junit.xml": b"j" * 500,
    "VERIFY.md": b"v" * 500,
}


def header(run: str) -> Header:
    return Header(pilot="p", environment="dev", run=run, slot="2026-11-20", code="0")


def _read(ledger: Ledger, run: str, n: int) -> None:
    """A reading of `n` rows, the newest of them a minute younger than that of one row fewer."""
    newest = NOON - timedelta(hours=1) + timedelta(minutes=n)
    fact = replace(READING, failure=None, rows=n, newest_event_at=newest, started_at=NOON)
    body, cursor = persisted_fields(fact), newest.isoformat()
    ledger.append(header(run), "reading", body, at=NOON, origin=_ORIGIN, cursor=cursor)


def _earlier(folder: Path) -> None:
    """A ledger with a whole run, so that the struck one continues a chain."""
    with open_ledger(folder / "ledger.sqlite") as ledger:
        ledger.begin(header(_FIRST), {}, at=NOON)
        _read(ledger, _FIRST, 0)
        ledger.end(header(_FIRST), "FINISHED", {}, at=NOON)


def _write(folder: Path, tell: Tell) -> None:
    """A run that acknowledges each of its steps after it was told that it is kept."""
    with open_ledger(folder / "ledger.sqlite") as ledger:
        me = header(_STRUCK)
        ledger.begin(me, {}, at=NOON)
        tell("begun")
        for n in range(_READINGS):
            _read(ledger, _STRUCK, n)
            tell(f"reading {n}")
        with ledger.together():
            for n in range(2):
                ledger.append(me, "verdict", {"n": n}, at=NOON, origin=_ORIGIN)
        tell("judged")
        ledger.end(me, "FINISHED", {}, at=NOON)
        tell("ended")
        seal = Seal(ledger, Signing(signer=key()))
        seal.sign()
        seal.keep()
        tell("kept")


def _tell_too_early(folder: Path, tell: Tell) -> None:
    """The twin: it acknowledges an entry before that is kept, and writes verdicts one by one."""
    with open_ledger(folder / "ledger.sqlite") as ledger:
        ledger.begin(header(_STRUCK), {}, at=NOON)
        for n in range(_READINGS):
            tell(f"reading {n}")
            _read(ledger, _STRUCK, n)
        for n in range(2):
            ledger.append(header(_STRUCK), "verdict", {"n": n}, at=NOON, origin=_ORIGIN)
        tell("judged")


def _ledger_faults(folder: Path, ended: Traced) -> Iterator[str]:
    """Nothing acknowledged is lost, nothing stands twice, and the next run goes on."""
    failed = [line for line in ended.told if line.startswith("raised")]
    if failed and not failed[0].startswith(f"raised {LedgerLost.__name__}"):
        if failed[0].startswith("raised ConfigurationError"):
            return  # it could not even begin, and said so
        yield failed[0]
    with open_ledger(folder / "ledger.sqlite") as ledger:
        yield from _changed(ledger)
        yield from _readings(ledger, ended)
        state = ledger.state(_STRUCK)
        if "ended" in ended.told and state != "FINISHED":
            yield f"it was told that it ended, and is {state}"
        if "kept" in ended.told and len(_runs(ledger)) not in _marks(ledger):
            yield "it was told that its checkpoint is kept, and it is gone"
        if "begun" in ended.told and state is None:
            yield "it was told that it began, and never did"
        marked = ledger.begin(header(_NEXT), {}, at=NOON)
        if (marked == (_STRUCK,)) is not (state == "RUNNING"):
            yield f"it was {state}, and the next run marks {marked}"
        ledger.end(header(_NEXT), "FINISHED", {}, at=NOON)
        yield from _changed(ledger)
        if ledger.state(_STRUCK) not in ("FINISHED", "INTERRUPTED", None):
            yield "it is left RUNNING"


def _changed(ledger: Ledger) -> Iterator[str]:
    """What its tables say otherwise than its entries: each is written with them or not at all."""
    yield from breaks(ledger.entries())
    yield from changes_in(ledger, now=NOON)


def _runs(ledger: Ledger) -> list[str]:
    """Those that ended."""
    with ledger.snapshot() as seen:
        return [row.run for row in seen.runs() if row.ended]


def _marks(ledger: Ledger) -> list[int]:
    with ledger.snapshot() as seen:
        return [size for size, _ in seen.checkpoints()]


def _readings(ledger: Ledger, ended: Traced) -> Iterator[str]:
    told = [int(line.split()[1]) for line in ended.told if line.startswith("reading ")]
    found = [
        json.loads(e.body)["reading"]["rows"] for e in ledger.entries(run=_STRUCK, kind="reading")
    ]
    if found not in (told, [*range(len(told) + 1)]):
        yield f"told of {told}, and found {found}"
    judged = len(list(ledger.entries(run=_STRUCK, kind="verdict")))
    if judged not in ((2,) if "judged" in ended.told else (0, 2)):
        yield f"{judged} of 2 verdicts that are written together"


def _old(folder: Path) -> None:
    (folder / _FILE).write_text(_OLD)


def _replace(folder: Path, tell: Tell) -> None:
    atomic_write.remove_partial(folder / _FILE)
    atomic_write.replace(folder / _FILE, _NEW)
    tell("replaced")


def _replace_in_place(folder: Path, tell: Tell) -> None:
    """The twin: as if a file needed no care."""
    (folder / _FILE).write_text(_NEW)
    tell("replaced")


def _file_faults(folder: Path, ended: Traced) -> Iterator[str]:
    """The old file or the new one, and the next writer removes what is left beside it."""
    text = (folder / _FILE).read_text()
    if text not in ((_NEW,) if "replaced" in ended.told else (_OLD, _NEW)):
        yield f"{len(text)} characters of {_FILE}: neither the old file nor the new one"
    _replace(folder, lambda _: None)
    if left := sorted(path.name for path in folder.iterdir() if path.name != _FILE):
        yield f"left beside it: {left}"


def _write_bundle(folder: Path, tell: Tell) -> None:
    bundles.write(folder / _BUNDLE, _FILES)
    tell("written")


def _write_bundle_in_place(folder: Path, tell: Tell) -> None:
    """The twin: file after file under the name that people look for."""
    for name, data in _FILES.items():
        (folder / _BUNDLE / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / _BUNDLE / name).write_bytes(data)
    tell("written")


def _bundle_faults(folder: Path, ended: Traced) -> Iterator[str]:
    """Under the final name is all of it or nothing, and the next export goes through."""
    bundle = folder / _BUNDLE
    if bundle.exists():
        found = {str(file.relative_to(bundle)) for file in bundle.rglob("*") if file.is_file()}
        if found != {*_FILES} or any((bundle / n).read_bytes() != _FILES[n] for n in found):
            yield f"{len(found)} of {len(_FILES)} files, or not as they were"
        bundle.rename(folder / "moved")
    elif "written" in ended.told:
        yield "it was told that it is written, and is not there"
    bundles.write(bundle, _FILES)
    if left := sorted({path.name for path in folder.iterdir()} - {_BUNDLE, "moved"}):
        yield f"left beside it: {left}"


def _checkpoint() -> Checkpoint:
    return Checkpoint(origin=origin_of("5e" * 32), size=7, root=b"r" * 32)


def _leave_a_copy(folder: Path, tell: Tell) -> None:
    (folder / _COPIES).mkdir(exist_ok=True)
    Copies(folder / _COPIES).put(_checkpoint(), note.seal(_checkpoint(), key()))
    tell("left")


def _copy_faults(folder: Path, ended: Traced) -> Iterator[str]:
    """Who reads finds the whole note or none, and the next run leaves it."""
    copies = Copies(folder / _COPIES)
    sealed = note.seal(_checkpoint(), key())
    there = [*copies.notes(_checkpoint().origin)] if (folder / _COPIES).exists() else []
    if there not in ([sealed], [] if "left" not in ended.told else [sealed]):
        yield f"{len(there)} copies, or not as they were"
    _leave_a_copy(folder, lambda _: None)
    if len(left := [*(folder / _COPIES).iterdir()]) != 1:
        yield f"left beside it: {left}"


VICTIMS: Mapping[str, Victim] = {
    "ledger": Victim(prepare=_earlier, act=_write, faults=_ledger_faults),
    "new_ledger": Victim(act=_write, faults=_ledger_faults),
    "ledger_told_too_early": Victim(prepare=_earlier, act=_tell_too_early, faults=_ledger_faults),
    "bundle": Victim(act=_write_bundle, faults=_bundle_faults),
    "bundle_in_place": Victim(act=_write_bundle_in_place, faults=_bundle_faults),
    "copy": Victim(act=_leave_a_copy, faults=_copy_faults),
    "archive": ARCHIVE,
    "archive_in_place": ARCHIVE_IN_PLACE,
    "file": Victim(prepare=_old, act=_replace, faults=_file_faults),
    "file_in_place": Victim(prepare=_old, act=_replace_in_place, faults=_file_faults),
}
