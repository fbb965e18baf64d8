"""A primary, and a standby whose replay ends at once what conflicts with it."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from estate import postgresql
from estate.process import Server
from tests.connectors.crm_fixture import CREATE_CUSTOMERS, Database

_SETTINGS = {
    **postgresql.SETTINGS,
    "wal_level": "replica",
    "max_wal_senders": "4",
    "max_standby_streaming_delay": "0",
    "wal_receiver_status_interval": "1",
    "hot_standby_feedback": "off",
    "autovacuum": "off",
}


@contextmanager
def primary_and_standby() -> Iterator[tuple[Database, Database]]:
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        base = Path(name)
        base.chmod(0o711)
        (cluster,) = postgresql.make(base, "crm", settings=_SETTINGS)
        primary = postgresql.serve(cluster)
        try:
            first = _database(primary, base)
            first.execute(*CREATE_CUSTOMERS.split(";"), "checkpoint")
            process, port = postgresql._listen(_copy(cluster, primary))  # noqa: SLF001 - as serve does
            try:
                yield first, _moved(first, port, base)
            finally:
                process.stop()
        finally:
            primary.stop()


def _copy(cluster: postgresql.Cluster, primary: Server) -> postgresql.Cluster:
    """A standby's folder, as its owner would make it."""
    copy = replace(cluster, name="standby", folder=cluster.folder.with_name("standby"))
    copy.folder.mkdir(mode=0o700)
    subprocess.run(["chown", cluster.user or "", copy.folder], check=bool(cluster.user))
    subprocess.run(
        [
            *(cluster.binaries / "pg_basebackup", "-D", copy.folder / "data", "-R", "-c", "fast"),
            *("-X", "stream", "-d", primary.admin["dsn"].replace("dbname=crm ", "")),
        ],
        check=True,
        user=cluster.user,
        env={"HOME": str(copy.folder)},
        cwd="/",
    )
    return copy


def _database(server: Server, base: Path) -> Database:
    return Database(environ=server.environ, dsn=server.admin["dsn"], log=base / "crm.log")


def _moved(database: Database, port: int, base: Path) -> Database:
    old = database.environ["CRM_URL"].rpartition(":")[2].partition("/")[0]
    return Database(
        environ={n: v.replace(f":{old}/", f":{port}/") for n, v in database.environ.items()},
        dsn=database.dsn.replace(f"port={old}", f"port={port}"),
        log=base / "standby.log",
    )


def in_conflict(primary: Database, standby: Database) -> None:
    """Wait until the standby has all that the primary wrote and its replay met what it conflicts
    with: it waits for a statement that is being sent, or has ended an idle one.
    """
    there = primary.scalar("select pg_current_wal_insert_lsn()")
    end = time.monotonic() + 20
    while not standby.scalar(f"select pg_last_wal_receive_lsn() >= '{there}'"):
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(1)


def replayed(primary: Database, standby: Database) -> None:
    """Wait until the standby has all that the primary wrote."""
    there = primary.scalar("select pg_current_wal_insert_lsn()")
    end = time.monotonic() + 20
    while not standby.scalar(f"select pg_last_wal_replay_lsn() >= '{there}'"):
        assert time.monotonic() < end
        time.sleep(0.02)
