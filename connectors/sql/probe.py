"""Probes of a PostgreSQL log-in: a stranger must be refused, and our own role needs no more
rights.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from connectors.connector import Probe, ProbeKind
from connectors.errors import SourceError
from connectors.events import Emit, Refused
from connectors.sql.database import Database
from connectors.sql.sqlstate import REFUSED_LOGINS


def probe_strangers(database: Database, emit: Emit) -> Sequence[Probe]:
    """Log in once with a random name and a random password. A refusal tells of a log-in without
    a password, too: the server asks for one, or refuses the name, before it looks at any.
    """
    name, password = f"stranger_{secrets.token_hex(8)}", secrets.token_hex(16)
    status = database.try_log_in(name, password)
    refused = status in REFUSED_LOGINS
    if refused:
        emit(Refused(what="log-in of a stranger", status=status))
    stranger = Probe(
        name="stranger_refused",
        refused=refused,
        status=status,
        detail="a random login name with a random password",
    )
    if not refused:
        return (stranger,)
    detail = "refused before a password was looked at"
    nobody = replace(stranger, name="nobody_refused", detail=detail, kind=ProbeKind.NOBODY)
    return (nobody, stranger)


def no_answer(error: SourceError) -> Probe:
    """The failed probe of a source that could not be asked what our role may do."""
    return Probe(
        kind=ProbeKind.GRANT,
        name="catalogue",
        refused=False,
        status="no answer",
        detail=str(error),
    )
