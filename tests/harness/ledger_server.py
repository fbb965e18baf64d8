"""A PostgreSQL of our own for ledgers: a new database for each, owned by a user of its own."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from connectors.secrets import Secret
from estate import crm
from estate.process import Server

PASSWORD = "canary-4d1e"
REFERENCE = "env:SEATRIAL_LEDGER"
_NUMBER = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database, and the URL with which `writer` may do all in it."""

    url: str
    dsn: str
    log: Path
    """The server's own, of all databases."""

    @property
    def place(self) -> Secret:
        return Secret(REFERENCE, self.url)

    @property
    def environ(self) -> Mapping[str, str]:
        return {"SEATRIAL_LEDGER": self.url}

    def changed(self, old: str, new: str) -> Secret:
        """A URL that is wrong in one part."""
        assert old in self.url
        return Secret(REFERENCE, self.url.replace(old, new, 1))

    def ask(self, statement: str) -> list[Any]:
        """Do something as the superuser."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def sessions(self) -> list[int]:
        """The process ids of the ledger's sessions here."""
        return [
            pid
            for (pid,) in self.ask(
                "select pid from pg_stat_activity where application_name = 'seatrial ledger'"
                " and datname = current_database()"
            )
        ]

    def cut(self) -> None:
        """End the one writer's session, and wait until it is gone."""
        (pid,) = self.sessions()
        assert self.ask(f"select pg_terminate_backend({pid}, 10000)") == [(True,)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerServer:
    """A running server."""

    server: Server

    def database(self) -> Database:
        """A new one, empty."""
        name = f"ledger{next(_NUMBER)}"
        dsn = self.server.admin["dsn"]
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute(f"create database {name} owner writer".encode())
        address = urlsplit(self.server.environ["CRM_URL"].replace("+psycopg", ""))
        return Database(
            url=f"postgresql://writer:{PASSWORD}@127.0.0.1:{address.port}/{name}",
            dsn=dsn.replace("dbname=crm", f"dbname={name}"),
            log=self.server.processes[0].log,
        )


@contextmanager
def ledger_server() -> Iterator[LedgerServer]:
    with tempfile.TemporaryDirectory(prefix="st-") as folder:
        base = Path(folder)
        base.chmod(0o711)
        server = crm.start(base)
        try:
            with psycopg.connect(server.admin["dsn"], autocommit=True) as admin:
                admin.execute(f"create role writer login password '{PASSWORD}'".encode())
            yield LedgerServer(server=server)
        finally:
            server.stop()
