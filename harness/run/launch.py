"""Who runs what: asked once, where a run is begun."""

from __future__ import annotations

import os
import pwd
import socket

from harness.ledger.ledger import Launch

COMMAND_LINE = "command line"
_MOST = 120
"""Characters: enough for a name, and no place for a text."""


def launch_by(
    launcher: str,
    *,
    uid: int | None = None,
    host: str | None = None,
    replays: str | None = None,
) -> Launch:
    """By `launcher`, as the user of this process on this machine unless told otherwise; `replays`
    is the run whose facts are told again.
    """
    uid = os.getuid() if uid is None else uid
    return Launch(
        user=_plain(_name(uid)),
        host=_plain(socket.gethostname() if host is None else host),
        launcher=_plain(launcher),
        replays=replays,
    )


def describe(launch: Launch) -> str:
    """As `alice (1000) on proof-1, command line`."""
    by = f"{launch.user} on {launch.host}, {launch.launcher}"
    if launch.replays is None:
        return by
    return f"{by}, replayed from run {launch.replays}: no source was read"


def _name(uid: int) -> str:
    """As `alice (1000)`; the number alone where the machine knows no name, as in a container."""
    try:
        return f"{pwd.getpwuid(uid).pw_name} ({uid})"
    except KeyError:
        return str(uid)


def _plain(text: str) -> str:
    """Bounded, and without what hides, reorders or controls text."""
    return "".join(c if c.isprintable() else "?" for c in text[:_MOST])
