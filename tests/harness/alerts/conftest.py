"""An authority of our own, for hooks and mail servers on loopback."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from tests.connectors.http.raw_server import server_side


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    return server_side(authority.issue_cert("127.0.0.1"))


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path
