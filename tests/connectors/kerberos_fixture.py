"""A company with Kerberos: MIT's KDC, and Apache with mod_auth_gssapi before the data."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from estate.process import free_port
from tests.connectors.apache import apache
from tests.harness.dagster_ui import until
from tests.servers import kerberos_library

REALM = "ESTATE.EXAMPLE"
READER = f"reader@{REALM}"
SERVICE = "HTTP/localhost"
PASSWORD = "r1ght-canary+/="
ROWS = [{"key": key} for key in (1, 2, 3)]
_CLIENT = """
[libdefaults]
  default_realm = {realm}
  dns_canonicalize_hostname = false
  dns_lookup_kdc = false
  dns_lookup_realm = false
  rdns = false
  udp_preference_limit = 1
[realms]
  {realm} = {{
    kdc = 127.0.0.1:{port}
  }}
"""
_KDC = """
[kdcdefaults]
  kdc_listen = ""
  kdc_tcp_listen = 127.0.0.1:{port}
[realms]
  {realm} = {{
    database_name = {room}/principal
    key_stash_file = {room}/stash
    max_life = 1h
  }}
[logging]
  kdc = FILE:{room}/kdc.log
"""
_SOURCE = """
DocumentRoot "{room}/www"
<Location />
  AuthType GSSAPI
  AuthName Estate
  GssapiCredStore keytab:{room}/service.keytab
  GssapiAllowedMech krb5
  Require user {reader}
</Location>
<Location /others.json>
  Require all denied
</Location>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Realm:
    """A running one."""

    room: Path
    source: str

    @property
    def environ(self) -> dict[str, str]:
        """What Kerberos' own programs need to find it; the tickets of nobody."""
        return {
            "KRB5_CONFIG": str(self.room / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(self.room / "kdc.conf"),
            "KRB5CCNAME": f"FILE:{self.room / 'nobody'}",
        }

    def kinit(self, principal: str = READER, *, seconds: int = 600) -> str:
        """A new ticket cache with the ticket that a password gets."""
        descriptor, name = tempfile.mkstemp(dir=self.room)
        os.close(descriptor)
        words = ["kinit", "-l", f"{seconds}s", "-c", f"FILE:{name}", principal]
        self.run(words, said=PASSWORD)
        return f"FILE:{name}"

    def admin(self, query: str) -> None:
        """One command of the KDC's administrator."""
        self.run(["kadmin.local", "-r", REALM, "-q", query])

    def keytab(self, name: str, principal: str) -> Path:
        """The keys of a principal, which stay as they are."""
        file = self.room / name
        self.admin(f"ktadd -norandkey -k {file} {principal}")
        file.chmod(0o600)
        return file

    def log(self) -> str:
        """What the KDC was asked for."""
        return (self.room / "kdc.log").read_text()

    def run(self, words: list[str], *, said: str = "") -> None:
        """A program of Kerberos, which is told `said`."""
        environ = {**os.environ, **self.environ}
        done = subprocess.run(words, input=said, env=environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@contextmanager
def realm() -> Iterator[Realm]:
    """A KDC that knows a reader, and a source whose `/parts.json` needs a ticket. Their folder is
    one that other users may enter.
    """
    with tempfile.TemporaryDirectory() as folder:
        room, port = Path(folder), free_port()
        room.chmod(0o755)
        (room / "krb5.conf").write_text(_CLIENT.format(realm=REALM, port=port))
        (room / "kdc.conf").write_text(_KDC.format(realm=REALM, port=port, room=room))
        running = Realm(room=room, source=f"http://localhost:{free_port()}")
        running.run(["kdb5_util", "create", "-s", "-r", REALM, "-P", "master"])
        running.admin(f"addprinc -pw {PASSWORD} {READER}")
        running.admin(f"addprinc -pw {PASSWORD} other@{REALM}")
        running.admin(f"addprinc -randkey {SERVICE}")
        running.keytab("service.keytab", SERVICE).chmod(0o644)  # Apache reads it as another user
        with _kdc(running, port), _source(running):
            yield running


@contextmanager
def logs_in(running: Realm, *, by: str | None = None) -> Iterator[None]:
    """This process as one where the extra is installed, with the tickets of a cache or none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path, str(kerberos_library())])
        for name, value in running.environ.items():
            patch.setenv(name, value)
        if by is not None:
            patch.setenv("KRB5CCNAME", by)
        yield


@contextmanager
def _kdc(running: Realm, port: int) -> Iterator[None]:
    process = subprocess.Popen(
        ["krb5kdc", "-n", "-r", REALM],
        env={**os.environ, **running.environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until(lambda: process.poll() is not None or _listens(port))
        assert process.poll() is None, running.log()
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def _source(running: Realm) -> Iterator[None]:
    room = running.room
    for folder in ("www", "seen"):
        (room / folder).mkdir()
    (room / "seen").chmod(0o777)  # Apache, as another user, notes which tokens it has seen
    for name in ("parts", "others"):
        document = {"rows": ROWS, "total": len(ROWS)}
        (room / "www" / f"{name}.json").write_text(json.dumps(document))
    modules = ["mpm_event_module mod_mpm_event", "auth_gssapi_module mod_auth_gssapi"]
    site = _SOURCE.format(room=room, reader=READER)
    environ = {"KRB5_CONFIG": str(room / "krb5.conf"), "KRB5RCACHENAME": f"file2:{room}/seen/all"}
    with apache(room / "source", running.source, modules, site, environ):
        yield


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
