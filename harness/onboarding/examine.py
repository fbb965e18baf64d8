"""The checks of `seatrial doctor` on this machine and in the pilot's files.

For variables and secret files they show names, presence and modes, never a value.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import stat
import tempfile
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, distributions, requires, version
from pathlib import Path

from connectors import ownership, shared_slots
from connectors.errors import SourceError
from connectors.secrets import MissingReference, is_reference
from harness.errors import ConfigurationError
from harness.pilot import place as places
from harness.pilot.references import References
from harness.run import code_version
from harness.timetable import Schedule, describe

OURS = ("connectors", "contracts", "harness")
"""Everyday names, which others use as well. The command refuses those it would import."""
_PRODUCT = Path(__file__).resolve().parents[2]
_FREE_BYTES = 1 << 30
"""Free space for the rows that a run lands."""


class Standing(StrEnum):
    """The result of one check."""

    OK = "ok"
    NOTE = "note"
    """Nothing is wrong, but something could not be checked."""
    WRONG = "wrong"
    """Something must be corrected on this machine or in the pilot."""
    NO_ANSWER = "no answer"
    """A source does not answer or refuses our log-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its subject, its result, and what to do."""

    what: str
    standing: Standing
    says: str


def ok(what: str, says: str) -> Check:
    """A check that passed."""
    return Check(what=what, standing=Standing.OK, says=says)


def wrong(what: str, says: str) -> Check:
    """A check that shows something to correct here."""
    return Check(what=what, standing=Standing.WRONG, says=says)


def machine(*, out: Path, now: datetime) -> Iterator[Check]:
    """Check versions, clock, zone data, and the folders for results and for budgets."""
    yield ok("python", platform.python_version())
    yield _libraries()
    yield _packages()
    yield ok("code", f"seatrial {code_version.text()}")
    yield _clock(now)
    yield _zones()
    yield from place(out)
    yield _budgets()


def _libraries() -> Check:
    needed = [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in _requirements()]
    installed, missing = [], []
    for name in needed:
        try:
            installed.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing or not needed:
        lacks = ", ".join(missing) or "its own metadata"
        return wrong("libraries", f"{lacks} missing: install from requirements.lock")
    return ok("libraries", ", ".join(installed))


def _packages() -> Check:
    """Two distributions that install a package of one name write into the same folder."""
    for distribution in distributions():
        # As text: to parse every list of files would take longer than all other checks.
        files = f"\n{distribution.read_text('RECORD') or ''}"
        for name in OURS:
            if f"\n{name}/__init__.py," in files and distribution.name != "seatrial":
                says = f"{distribution.name} has a package {name} too"
                return wrong("packages", f"{says}: give Seatrial an environment of its own")
    return ok("packages", f"{', '.join(OURS)} are Seatrial's own")


def neighbours(folder: Path) -> Iterator[Check]:
    """Packages beside the pilot's folder that pytest, Jupyter and Dagster would import in place of
    ours when they are started there.
    """
    for name in OURS:
        for path in (folder.parent / name / "__init__.py", folder.parent / f"{name}.py"):
            if path.is_file() and not path.samefile(_PRODUCT / name / "__init__.py"):
                says = f"{path} has the name of Seatrial's own package {name}"
                yield wrong("packages", f"{says}: move it into your pilot's package")


def _requirements() -> list[str]:
    try:
        return [line for line in requires("seatrial") or () if "extra ==" not in line]
    except PackageNotFoundError:
        return []


def _clock(now: datetime) -> Check:
    """Check that the clock is not before this code was installed: it would misdate every fact."""
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    says = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < installed:
        return wrong("clock", f"{says} is before this code was installed: set the clock")
    return ok("clock", says)


def _zones() -> Check:
    many = len(zoneinfo.available_timezones())
    if not many:
        return wrong("time zones", "no zone data: install tzdata")
    return ok("time zones", f"{many} known")


def _budgets() -> Check:
    """Whether runs at the same time keep within one budget for each account at an API."""
    folder = shared_slots.made()
    if folder is None:
        says = "each process has an API's whole budget: set XDG_STATE_HOME to a folder of ours"
        return Check(what="budgets", standing=Standing.NOTE, says=says)
    if danger := ownership.danger(folder, us=os.geteuid()):
        return wrong("budgets", danger)
    return ok("budgets", f"shared by this user's processes, in {folder}")


def place(out: Path) -> Iterator[Check]:
    """Check the folder for ledger and reports, or its nearest parent that exists."""
    if danger := ownership.danger(out, us=os.geteuid()):
        yield wrong("results", danger)
        return
    folder = next(path for path in (out, *out.parents) if path.exists())
    if not folder.is_dir():
        yield wrong("results", f"{folder} is no folder: choose another --out")
        return
    try:
        # A real file, because permissions do not show a read-only mount; unnamed, so it is
        # removed.
        tempfile.TemporaryFile(dir=folder).close()
        yield ok("results", f"{out}: writable")
    except OSError:
        yield wrong("results", f"{folder} is not writable for us: choose another --out")
    free = shutil.disk_usage(folder).free
    says = f"{free / (1 << 30):.1f} GiB free"
    yield ok("disk", says) if free >= _FREE_BYTES else wrong("disk", f"{says}: make room")


def engagement(folder: Path) -> Iterator[Check]:
    """Note who else may write the pilot: it is a program, and runs as whoever names it."""
    for path in (folder, folder / "pilot.py", folder / "pilot.yaml"):
        if danger := ownership.danger(path, us=os.geteuid()):
            says = f"{danger.rpartition(': ')[0]}, and so do as you may: it is a program"
            yield Check(what="pilot", standing=Standing.NOTE, says=says)
            return


def schedules(of: Iterable[Schedule], now: datetime) -> Iterator[Check]:
    """Say of each schedule whether it starts anything, and when."""
    for one in of:
        standing = Standing.OK if one.armed else Standing.NOTE
        yield Check(what=one.name, standing=standing, says=describe(one, now))


def variables(environ: Mapping[str, str]) -> Iterator[Check]:
    """List the variables that Seatrial itself reads in Dagster's processes; none is required."""
    for name, default in places.DEFAULTS.items():
        says = "is set" if environ.get(name) else f"is not set: {default}"
        yield ok("variable", f"{name} {says}")


def settings(of: str, given: Mapping[str, str], references: References) -> Iterator[Check]:
    """Check that every setting resolves, and how its value is stored."""
    for key, value in given.items():
        what = f"{of}.{key}"
        try:
            text = references.text(value)
        except MissingReference as error:
            yield wrong(what, f"{error}: set it")
        except ConfigurationError as error:
            yield wrong(what, str(error))
        except SourceError as error:
            yield Check(what=what, standing=Standing.NO_ANSWER, says=str(error))
        else:
            says = _storage(value)
            yield _file(what, says, text) if key.endswith("_file") else ok(what, says)


def _storage(value: str) -> str:
    """How the value of a setting is stored."""
    if not is_reference(value):
        return "given"
    scheme, _, rest = value.partition(":")
    if scheme == "file":
        return "a secret file, readable by its owner alone"
    return f"{rest} is set" if scheme == "env" else f"{value} leads to a secret"


def _file(what: str, says: str, path: str) -> Check:
    """Check a setting that names a file. Private keys must be readable by us alone, as for ssh."""
    try:
        mode = stat.S_IMODE(Path(path).stat().st_mode)
    except OSError:
        return wrong(what, f"{says}, but there is no such file: correct the path")
    if not os.access(path, os.R_OK):
        return wrong(what, f"{says}, but we may not read the file: correct its owner or mode")
    if what.endswith("key_file") and mode & 0o077:
        return wrong(what, f"{says}, but the file has mode {mode:04o}: chmod 600 it")
    return ok(what, f"{says}, the file has mode {mode:04o}")
