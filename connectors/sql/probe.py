"""Probes of a database: a stranger must be refused, and our own log-in needs no more rights."""

from __future__ import annotations

import errno
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from connectors.connector import Probe, ProbeKind
from connectors.errors import SourceError
from connectors.events import Answered, Emit, Refused
from connectors.local_rights import Powers, powers, probes, this_process
from connectors.rights import NO_ANSWER, power
from connectors.sql.database import Database
from connectors.sql.sqlstate import REFUSED_LOGINS, SUCCESS, UNKNOWN


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


def file_rights(file: str, emit: Emit) -> Sequence[Probe]:
    """What the system lets us do with a SQLite file and its folder, in which it could be replaced.
    Never raises: what cannot be looked at gives one failed probe.
    """
    what, path, us = (
        f"look up the mode of {Path(file).name}",
        Path(file).absolute(),
        this_process(),
    )
    began = time.perf_counter()
    found, status = dict[str, list[Powers]](), SUCCESS
    try:
        for named, one in (
            (f"file {path.name}", path),
            (f"the folder of {path.name}", path.parent),
        ):
            found[named] = [powers(one, us)]
    except OSError as error:
        status = errno.errorcode.get(error.errno or 0, UNKNOWN)
    seconds = time.perf_counter() - began
    emit(Answered(what=what, status=status, seconds=seconds, bytes=0, attempt=1))
    if status != SUCCESS:
        detail = f"{path.name} could not be looked at ({status}): correct its path"
        return (power(what, status=NO_ANSWER, detail=detail),)
    return tuple(probes(found, us))
