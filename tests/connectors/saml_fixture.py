"""A source behind a company's log-in: SimpleSAMLphp, and Apache with mellon before the data."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from estate.process import free_port
from tests.harness.dagster_ui import until

HERE = Path(__file__).parent / "saml"
PASSWORD = "r1ght-canary+/="
ROWS = [{"key": key} for key in (1, 2, 3)]
_MODULES = ("authn_core", "authz_core", "authz_user", "dir", "mime")
_PROVIDER = """
DocumentRoot "/usr/share/simplesamlphp/www"
DirectoryIndex index.php
<FilesMatch "\\.php$">
  SetHandler application/x-httpd-php
</FilesMatch>
<Location />
  Require all granted
</Location>
"""
_SOURCE = """
DocumentRoot "{room}/www"
<Location />
  MellonEnable auth
  MellonEndpointPath /mellon
  MellonSPEntityId urn:estate:source
  MellonSPPrivateKeyFile "{room}/sp.key"
  MellonSPCertFile "{room}/sp.crt"
  MellonIdPMetadataFile "{room}/idp.xml"
  MellonSecureCookie Off
  MellonVariable session
  AuthType Mellon
  Require valid-user
</Location>
"""


@dataclass(frozen=True, slots=True)
class Company:
    source: str
    provider: str


@contextmanager
def company() -> Iterator[Company]:
    """Both running; the source's `/parts.json` needs a session. Their folder is one that other
    users may enter.
    """
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        room.chmod(0o755)
        with _both(room) as running:
            yield running


@contextmanager
def _both(room: Path) -> Iterator[Company]:
    source, provider = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    for folder in ("tmp", "www"):
        (room / folder).mkdir()
    (room / "tmp").chmod(0o777)  # sessions of the provider, which runs as another user
    document = {"rows": ROWS, "total": len(ROWS)}
    (room / "www" / "parts.json").write_text(json.dumps(document))
    for name in ("idp", "sp"):
        _certificate(room, name)
    words = {
        "IDP_URL": provider,
        "SP_URL": source,
        "IDP_ROOM": str(room),
        "IDP_PASSWORD": PASSWORD,
        "SIMPLESAMLPHP_CONFIG_DIR": str(HERE),
    }
    with ExitStack() as running:
        php = ["mpm_prefork_module mod_mpm_prefork", "php_module libphp8.2"]
        running.enter_context(_apache(room / "provider", provider, php, _PROVIDER, words))
        metadata = httpx.get(f"{provider}/saml2/idp/metadata.php", timeout=30)
        (room / "idp.xml").write_bytes(metadata.raise_for_status().content)
        mellon = ["mpm_event_module mod_mpm_event", "auth_mellon_module mod_auth_mellon"]
        site = _SOURCE.format(room=room)
        running.enter_context(_apache(room / "source", source, mellon, site, {}))
        yield Company(source=source, provider=provider)


@contextmanager
def _apache(
    room: Path, address: str, modules: Sequence[str], site: str, environ: Mapping[str, str]
) -> Iterator[None]:
    room.mkdir()
    at = address.partition("//")[2]
    loaded = [*modules, *(f"{name}_module mod_{name}" for name in _MODULES)]
    lines = [
        f'ServerRoot "{room}"',
        f"ServerName {at}",
        f"Listen {at}",
        f'PidFile "{room}/pid"',
        "Mutex sem",
        *(["User nobody", "Group nogroup"] if os.geteuid() == 0 else []),
        f'DefaultRuntimeDir "{room}"',
        f'ErrorLog "{room}/error.log"',
        *("LoadModule {} /usr/lib/apache2/modules/{}.so".format(*one.split()) for one in loaded),
        'TypesConfig "/etc/mime.types"',
        site,
    ]
    (room / "apache.conf").write_text("\n".join(lines))
    with (room / "out.log").open("w") as said:
        process = subprocess.Popen(
            ["apache2", "-D", "FOREGROUND", "-f", str(room / "apache.conf")],
            stdout=said,
            stderr=said,
            env={**os.environ, **environ},
            start_new_session=True,  # at its end it signals its whole group
        )
    try:
        until(lambda: process.poll() is not None or _answers(address))
        assert process.poll() is None, (room / "out.log").read_text()
        yield
    finally:
        process.terminate()
        process.wait(20)


def _certificate(room: Path, name: str) -> None:
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", f"/CN={name}", "-keyout", f"{room}/{name}.key", "-out", f"{room}/{name}.crt"]
    subprocess.run([*words, *names], check=True, capture_output=True)
    (room / f"{name}.key").chmod(0o644)  # of this test alone; Apache reads it as another user


def _answers(address: str) -> bool:
    try:
        httpx.get(address, timeout=5)
    except httpx.TransportError:
        return False
    return True
