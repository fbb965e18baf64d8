"""The slots of budgets in a ledger's PostgreSQL, for all machines whose runs write there.

They are no evidence and no part of the ledger: a table of its own, and a session of its own. Who
has a slot holds an advisory lock of the session, which the server releases when the session ends,
also without a word. Times are the server's.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count, filterfalse
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from connectors.secrets import Secret
from connectors.slots import Taken, window
from harness.errors import LedgerLost
from harness.ledger.postgresql import explained, keep_session, one_session, pin_schema
from harness.ledger.remedies import remedy
from harness.ledger.tables import in_schema

_LOG = logging.getLogger("seatrial")
_PAUSE = -1
"""The row that holds until when a budget is paused."""
_ASK_AGAIN_SECONDS = 0.05
TABLE = sa.Table(
    "budgets",
    sa.MetaData(),
    sa.Column("key", sa.String, primary_key=True, comment="digest of source and account"),
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.DateTime(timezone=True), comment="answered; NULL while under way"),
    sa.Column("taken", sa.BigInteger, nullable=False, comment="how often"),
)
_MINE = TABLE.c.key == sa.bindparam("of")
_NOW = sa.select(sa.func.clock_timestamp())
_ALONE = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('seatrial budget ' || :of, 0))")
_TRY = sa.text("SELECT pg_try_advisory_lock(hashtext(:of), :slot)")
_GIVE_UP = sa.text("SELECT pg_advisory_unlock(hashtext(:of), :slot)")
_READ = sa.select(TABLE.c.slot, TABLE.c.at).where(_MINE)
_SPENT = sa.select(sa.func.coalesce(sa.func.sum(TABLE.c.taken), 0)).where(_MINE)
_ROW = postgresql.insert(TABLE).values(
    key=sa.bindparam("of"),
    slot=sa.bindparam("row"),
    at=sa.bindparam("new"),
    taken=sa.bindparam("more"),
)
_WRITE = _ROW.on_conflict_do_update(
    index_elements=[TABLE.c.key, TABLE.c.slot],
    set_={"at": _ROW.excluded.at, "taken": TABLE.c.taken + _ROW.excluded.taken},
)
_RIGHTS = ("SELECT", "INSERT", "UPDATE")
_TRUSTED = sa.text("""
    SELECT (SELECT rolsuper FROM pg_roles WHERE oid = relowner)
        OR pg_has_role(relowner, 'MEMBER') OR pg_has_role(relowner, nspowner, 'MEMBER')
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = :schema AND relname = 'budgets'
""")


class Budgets:
    """Those of one ledger, from one run; its threads take turns."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._alone = threading.Lock()
        self._held: dict[str, set[int]] = {}

    def slots(self, key: str, requests: int, seconds: float) -> SlotsInLedger:
        """The slots of one."""
        return SlotsInLedger(self, key, requests, seconds, self._held.setdefault(key, set()))

    @contextmanager
    def turn(self, key: str) -> Iterator[_Turn]:
        """A transaction, while nobody else changes this budget. Raises LedgerLost."""
        with self._alone:
            try:
                with self._engine.begin() as connection:
                    connection.execute(_ALONE, {"of": key})
                    yield _Turn(connection, key)
            except sa.exc.DBAPIError as error:
                raise LedgerLost(f"ledger {self._name}: {remedy(error)}") from error


class SlotsInLedger:
    """Those of one budget, for one child of a run."""

    def __init__(
        self, budgets: Budgets, key: str, requests: int, seconds: float, held: set[int]
    ) -> None:
        self._budgets = budgets
        self._key = key
        self._requests = requests
        self._rest = window(seconds)
        self._held = held
        """By this run: to the server all of its session is one."""
        self._ours: set[int] = set()

    def take(self, *, within: float) -> Taken:
        """The one that is free first, of those that nobody has."""
        with self._budgets.turn(self._key) as turn:
            known = turn.known()
            paused = turn.until(known.pop(_PAUSE, None))
            self._let_rest(turn, known)
            waits = {
                slot: max(0.0, min(0.0, turn.until(at)) + self._rest)
                for slot, at in known.items()
                if slot < self._requests
            }
            # Whoever takes one writes its row, so one that has none is free.
            if (unused := next(filterfalse(known.__contains__, count()))) < self._requests:
                waits[unused] = 0.0
            for slot in sorted(waits, key=waits.__getitem__):
                if slot in self._held or not turn.lock(slot):
                    continue
                wait = max(waits[slot], paused)
                if wait > within:
                    turn.unlock(slot)
                    return Taken(None, wait)
                turn.write(slot, None, taken=1)
                self._held.add(slot)
                self._ours.add(slot)
                return Taken(slot, wait)
        return Taken(None, _ASK_AGAIN_SECONDS)

    def free(self, slot: int) -> None:
        """As `Slots` says."""
        if slot not in self._ours:
            return
        with self._budgets.turn(self._key) as turn:
            turn.write(slot, turn.now)
            turn.unlock(slot)
            self._held.discard(slot)
            self._ours.discard(slot)

    def free_all(self) -> None:
        """The child has ended, and with it all its requests."""
        for slot in tuple(self._ours):
            self.free(slot)

    def pause(self, seconds: float) -> None:
        """As `Slots` says."""
        with self._budgets.turn(self._key) as turn:
            if turn.until(turn.known().get(_PAUSE)) < seconds:
                turn.write(_PAUSE, turn.now + timedelta(seconds=seconds))

    def paused(self) -> float:
        """As `Slots` says."""
        with self._budgets.turn(self._key) as turn:
            return max(0.0, turn.until(turn.known().get(_PAUSE)))

    def spent(self) -> int:
        """As `Slots` says."""
        with self._budgets.turn(self._key) as turn:
            return turn.taken()

    def _let_rest(self, turn: _Turn, known: dict[int, datetime | None]) -> None:
        """Whose holder died may have sent its request until now."""
        for slot, at in known.items():
            if at is None and slot not in self._held and turn.lock(slot):
                known[slot] = turn.now
                turn.write(slot, turn.now)
                turn.unlock(slot)


class _Turn:
    """One budget's rows, in one transaction."""

    def __init__(self, connection: sa.Connection, key: str) -> None:
        self._connection = connection
        self._key = key
        self.now: datetime = connection.execute(_NOW).scalar_one()

    def known(self) -> dict[int, datetime | None]:
        """When each slot was answered that was ever used; None for one under way."""
        return {row.slot: row.at for row in self._do(_READ)}

    def until(self, at: datetime | None) -> float:
        """Seconds from now, below zero for what is over; of no time, for ever ago."""
        return -math.inf if at is None else (at - self.now).total_seconds()

    def taken(self) -> int:
        """How many slots were ever taken."""
        return int(self._do(_SPENT).scalar_one())

    def write(self, slot: int, at: datetime | None, *, taken: int = 0) -> None:
        """Write one row."""
        self._do(_WRITE, row=slot, new=at, more=taken)

    def lock(self, slot: int) -> bool:
        """Whether no other session holds it, and so ours does."""
        return bool(self._do(_TRY, slot=slot).scalar_one())

    def unlock(self, slot: int) -> None:
        """Give it up."""
        self._do(_GIVE_UP, slot=slot)

    def _do(self, statement: sa.Executable, **values: object) -> sa.CursorResult[Any]:
        return self._connection.execute(statement, {"of": self._key, **values})


@contextmanager
def shared_budgets(url: Secret) -> Iterator[Budgets | None]:
    """The budgets of the ledger at `url`; None where its user may not keep them there, which is
    told. Raises ConfigurationError if the database cannot be used.
    """
    engine = one_session("budgets", url)
    try:
        with explained(url), engine.begin() as connection:
            schema = pin_schema(connection, "ledger", url.reference)
            keep_session(connection)
            lacking = _lacking(connection, schema)
        if lacking:
            _LOG.warning(
                "ledger %s: budgets are shared on this machine alone: %s", url.reference, lacking
            )
            yield None
        else:
            yield Budgets(engine.execution_options(**in_schema(schema)), url.reference)
    finally:
        engine.dispose()


def _lacking(connection: sa.Connection, schema: str) -> str | None:
    """What its user lacks, as what to do; None for nothing. Makes the table where it may."""
    connection.execute(_ALONE, {"of": schema})
    trusted = connection.execute(_TRUSTED, {"schema": schema}).scalar()
    table = f"{schema}.{TABLE.name}"
    if trusted is None:
        may = sa.select(sa.func.has_schema_privilege(schema, "CREATE"))
        if not connection.scalar(may):
            return f"have their owner add {table} (docs/ledger.md)"
        TABLE.create(connection.execution_options(**in_schema(schema)), checkfirst=False)
        return None
    if not trusted:
        return f"{table} is owned by somebody who owns neither this schema nor its tables"
    held = [sa.func.has_table_privilege(table, right) for right in _RIGHTS]
    if not connection.scalar(sa.select(sa.and_(*held))):
        return f"GRANT {', '.join(_RIGHTS)} ON {table} to its user"
    return None
