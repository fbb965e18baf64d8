"""What a run asks of a database: log-ins, statements, and how often it reads a table's pages.

Counted by the server itself: in its log, and in its statistics of each table.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from bench import many
from bench.metric import Metric, Sample
from estate import crm, postgresql
from estate.folder import temporary_folder
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove

TABLES = 10
_ROWS, _QUICK_ROWS = 400_000, 40_000
LOG_INS = "log-ins of our user at a database, a run"
_STATEMENTS = "statements, a table"
PAGES = "times a table's pages are read, a run"
_SHARE = "seconds of the count over those of the rows"
_PLAIN, _KEYED = "table0", "table1"
_SETTINGS = {**postgresql.SETTINGS, "log_connections": "on", "autovacuum": "off"}
_SCANNED = """
    select (heap_blks_read + heap_blks_hit)::float / relpages
    from pg_statio_user_tables join pg_class on oid = relid where pg_class.relname = %s
"""


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics, of a run over ten tables, two of them large: one as it was filled, one with a
    primary key and vacuumed, whose count then reads the key's index alone.
    """
    say(f"log-ins, statements and scans of a run over {TABLES} tables")
    with temporary_folder(Path(tempfile.gettempdir())) as folder:
        server = crm.start(folder, settings=_SETTINGS)
        try:
            dsn = server.admin["dsn"]
            many.fill(dsn, datasets=TABLES)
            _enlarge(dsn, _QUICK_ROWS if quick else _ROWS)
            with psycopg.connect(dsn, autocommit=True) as admin:
                admin.execute(b"select pg_stat_reset()")
                before = len((folder / "crm.log").read_text())
                told = _told(folder, server.environ)
                time.sleep(1)  # a log is written behind the answer, and so are statistics
                said = (folder / "crm.log").read_text()[before:]
                pages = {name: _pages(admin, name) for name in (_PLAIN, _KEYED)}
        finally:
            server.stop()
    sent = re.findall(r"LOG:  (?:statement|execute \S+): (\w+)", said)
    log_ins = said.count("connection authorized: user=reader")
    plain, keyed = "as it was filled", "a key, and vacuumed"
    return [
        _metric(f"{TABLES} tables", LOG_INS, log_ins, goal=2),
        _metric(f"{TABLES} tables", _STATEMENTS, len(sent) / TABLES),
        _metric(plain, PAGES, pages[_PLAIN], goal=2.1),
        _metric(keyed, PAGES, pages[_KEYED], goal=1.1),
        _metric(plain, _SHARE, _share(told, _PLAIN)),
        _metric(keyed, _SHARE, _share(told, _KEYED)),
    ]


def _metric(name: str, unit: str, value: float, *, goal: float | None = None) -> Metric:
    return Metric(metric=name, unit=unit, samples=(Sample(value=value),), goal=goal)


def _enlarge(dsn: str, rows: int) -> None:
    """In a session of its own: its end tells the statistics all that it did."""
    with psycopg.connect(dsn, autocommit=True) as admin:
        # VACUUM marks no page whose rows may not be on disk yet.
        admin.execute(b"set synchronous_commit = on")
        for table in (_PLAIN, _KEYED):
            admin.execute(
                f"insert into {table} select n, 'n' || repeat('x', 300), 'a', 1, current_date, "
                "now() "
                f"from generate_series({many.ROWS + 1}, {rows}) as n".encode()
            )
        for statement in (
            f"alter table {_KEYED} add primary key (id)",
            f"vacuum analyze {_KEYED}",
            f"analyze {_PLAIN}",
            "alter role reader set log_statement = 'all'",
        ):
            admin.execute(statement.encode())


def _told(folder: Path, environ: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Prove all tables; the run log."""
    place, out = folder / "pilot", folder / "out"
    many.write(place, sources=1, datasets=TABLES)
    loaded = loading.load(place)
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=plan(loaded.pilot),
        out=out,
        environ=environ,
    )
    result = prove(config)
    complete = [j.verdict.outcome for j in result.judged if j.planned.claim == "complete"]
    if complete != ["PROVEN"] * TABLES:
        raise RuntimeError("not every table was read whole")
    return [json.loads(line) for line in config.log.read_text().splitlines()]


def _pages(admin: psycopg.Connection, table: str) -> float:
    row = admin.execute(_SCANNED, [table]).fetchone()
    assert row is not None
    return float(row[0])


def _share(told: Sequence[Mapping[str, Any]], table: str) -> float:
    """Seconds that the source took to count, over those that it took to send the rows."""
    mine = [one for one in told if one["dataset"] == table and one["event"] == "Answered"]
    counted = sum(one["seconds"] for one in mine if one["what"].startswith("SELECT count"))
    sent = sum(one["seconds"] for one in mine if one["what"].startswith("SELECT id"))
    return float(counted / sent)
