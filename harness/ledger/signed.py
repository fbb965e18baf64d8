"""A ledger and what was signed of it: whether it still has all that a checkpoint shows.

A reader calls `require_whole_as_signed`; a run takes the three steps one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from harness.errors import ConfigurationError
from harness.ledger import heads
from harness.ledger.heads import Mark
from harness.ledger.ledger import Ledger
from harness.ledger.opening import Checked, require_whole
from harness.say import complain
from harness.signing.ed25519 import Unverified
from harness.signing.log import Log, verified
from harness.signing.signing import Signing, compare, look_at


def require_whole_as_signed(
    ledger: Ledger, signing: Signing, name: str, *, now: datetime
) -> Checked:
    """Check the ledger as `require_whole` does, from the newest signed checkpoint on, and that it
    has all that was signed. Raises ConfigurationError.
    """
    checked = require_whole(ledger, name, now=now, mark=signed_mark(ledger, signing))
    require_as_signed(ledger, signing, name)
    return checked


def log_of(ledger: Ledger) -> Log | None:
    """What the ledger's ended runs are as a log; None while there is no entry."""
    with ledger.snapshot() as snapshot:
        first, rows = snapshot.entry(1), snapshot.runs()
    return None if first is None else heads.log_of(first.sha256, rows)


def require_as_signed(ledger: Ledger, signing: Signing, name: str) -> None:
    """Raise ConfigurationError where a signed checkpoint, in the ledger or in a second copy, shows
    runs that the ledger no longer has, and where a signature is not its key's. A copy that does
    not answer is told on stderr.
    """
    if signing.trusted is None:
        return
    newest = next(_kept(ledger), None)
    try:
        if newest is not None and (remark := look_at(newest, signing)) is not None:
            complain(f"  ledger {name}: {remark}")
        for remark in compare(log_of(ledger), signing, kept=_kept(ledger)):
            complain(f"  {remark}")
    except ConfigurationError as error:
        raise ConfigurationError(f"ledger {name}: {error}") from None


def signed_mark(ledger: Ledger, signing: Signing) -> Mark | None:
    """How far somebody signed the ledger whom we trust; what comes after is checked anew."""
    if not signing.trusted or (log := log_of(ledger)) is None:
        return None
    for sealed in _kept(ledger):
        with suppress(Unverified):
            signed = verified(sealed, signing.trusted)
            if signed.origin == log.origin:
                return Mark(size=signed.size, root=signed.root)
    return None


def _kept(ledger: Ledger) -> Iterator[bytes]:
    with ledger.snapshot() as snapshot:
        notes = snapshot.checkpoints()
    return (note for _, note in reversed(notes))
