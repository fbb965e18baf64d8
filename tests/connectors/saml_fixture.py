"""A source behind a company's log-in: SimpleSAMLphp, and Apache with mellon before the data."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from estate.process import free_port
from tests.connectors.apache import apache

HERE = Path(__file__).parent / "saml"
PASSWORD = "r1ght-canary+/="
ROWS = [{"key": key} for key in (1, 2, 3)]
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
        running.enter_context(apache(room / "provider", provider, php, _PROVIDER, words))
        metadata = httpx.get(f"{provider}/saml2/idp/metadata.php", timeout=30)
        (room / "idp.xml").write_bytes(metadata.raise_for_status().content)
        mellon = ["mpm_event_module mod_mpm_event", "auth_mellon_module mod_auth_mellon"]
        site = _SOURCE.format(room=room)
        running.enter_context(apache(room / "source", source, mellon, site, {}))
        yield Company(source=source, provider=provider)


def _certificate(room: Path, name: str) -> None:
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", f"/CN={name}", "-keyout", f"{room}/{name}.key", "-out", f"{room}/{name}.crt"]
    subprocess.run([*words, *names], check=True, capture_output=True)
    (room / f"{name}.key").chmod(0o644)  # of this test alone; Apache reads it as another user
