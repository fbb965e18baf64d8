"""An authority of our own, and sources and a proxy that it vouches for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.connectors.bucket_fixture import Bucket, another, bucket
from tests.connectors.http.raw_server import server_side
from tests.connectors.http.tunnelled import ROWS
from tests.connectors.proxy_fixture import Passage, passage
from tests.connectors.scripted import Scripted, documents, paged, scripted


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    ca = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return ca, path


@pytest.fixture
def tls(authority: tuple[trustme.CA, Path]) -> ssl.SSLContext:
    return server_side(authority[0].issue_cert("127.0.0.1"))


@pytest.fixture
def ca_file(authority: tuple[trustme.CA, Path]) -> Path:
    return authority[1]


@pytest.fixture
def vendor(tls: ssl.SSLContext) -> Iterator[Scripted]:
    with scripted(paged(documents(ROWS[:2], ROWS[2:])), tls) as source:
        yield source


@pytest.fixture
def gate() -> Iterator[Passage]:
    with passage() as running:
        yield running


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bucket, str, Path]]:
    """A bucket with three rows, its address by TLS, and who vouches for it."""
    folder = tmp_path_factory.mktemp("tls")
    ca, issued = folder / "ca.pem", folder / "server.pem"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(ca))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(issued))
    with bucket() as billing:
        billing.put_rows(1, 3)
        keys = f'"{billing.environ["BILLING_ACCESS_KEY"]},{billing.environ["BILLING_SECRET_KEY"]}"'
        with another(billing, "--cert", str(issued), "--key", str(issued), keys=keys) as port:
            yield billing, f"https://127.0.0.1:{port}", ca
