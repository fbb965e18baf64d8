"""The checks of `seatrial doctor` on the ledger: whether it is whole, and who could change it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from connectors.errors import SourceError
from connectors.secrets import MissingReference, Secret
from harness.claims.wording import count
from harness.errors import ConfigurationError, LedgerLost
from harness.ledger import postgresql
from harness.ledger.ledger import read_ledger
from harness.ledger.opening import verified
from harness.ledger.signed import require_as_signed, signed_mark
from harness.onboarding.examine import Check, Standing, ok, wrong
from harness.pilot.model import LoadedPilot
from harness.pilot.place import ledger
from harness.pilot.signing import reading
from harness.signing.signing import Signing

_NONE = "none is there yet: the first run makes one"


def examine_ledger(
    loaded: LoadedPilot,
    environment: str,
    environ: Mapping[str, str],
    *,
    out: Path,
    now: datetime,
) -> Iterator[Check]:
    """Check every entry of the ledger, and its other tables against them; say what its user could
    do to it. A reference that does not resolve is said elsewhere.
    """
    signed = _signing(loaded, environment, environ)
    reference = ledger(environ)
    if reference is None:
        file = out / "ledger.sqlite"
        there = os.path.lexists(file)
        yield _whole(file, str(file), now, signed) if there else ok("ledger", _NONE)
        return
    if environment not in loaded.settings.environments:
        return
    try:
        place = loaded.references(environment, environ).secret(reference, what="--ledger")
    except (MissingReference, ConfigurationError, SourceError):
        return
    try:
        warnings = postgresql.examine(place)
    except ConfigurationError as error:
        yield wrong("ledger", str(error))
        return
    if warnings is None:
        yield ok("ledger", f"{_NONE}, and its user owns it")
        return
    for warning in warnings:
        yield Check(what="ledger", standing=Standing.NOTE, says=warning)
    if not warnings:
        yield ok("ledger", "its user adds to it and cannot change an entry")
    yield _whole(place, reference, now, signed)


def _signing(loaded: LoadedPilot, environment: str, environ: Mapping[str, str]) -> Signing:
    """What it is held against. What is wrong with that is said elsewhere."""
    try:
        return reading(loaded, environment, loaded.references(environment, environ))
    except ConfigurationError:
        return Signing()


def _whole(place: Path | Secret, name: str, now: datetime, signed: Signing) -> Check:
    try:
        with read_ledger(place) as opened:
            mark = signed_mark(opened, signed)
            found = verified(opened, name, now=now, mark=mark).found
            require_as_signed(opened, signed, name)
    except (ConfigurationError, LedgerLost) as error:
        return wrong("ledger", str(error))
    runs, entries = count(found.runs, "run"), count(found.entries, "entry")
    return ok("ledger", f"whole: {runs} that ended, {entries}, each as it was written")
