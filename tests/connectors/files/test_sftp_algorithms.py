"""SFTP without SHA-1, whatever a server offers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncssh
import pytest

from connectors.errors import SourceError
from connectors.files.stores import sftp_algorithms
from connectors.files.stores.sftp import Sftp
from tests.connectors.drop_fixture import showing_links

pytestmark = pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
_MODERN: dict[str, Any] = {"encryption_algs": "aes128-ctr"}  # which needs a MAC
LEGACY: dict[str, dict[str, Any]] = {
    "key exchange": {"kex_algs": "diffie-hellman-group14-sha1"},
    "MAC": {"mac_algs": "hmac-sha1", **_MODERN},
    "signature": {"kind": "ssh-rsa", "signatures": [b"ssh-rsa"]},
}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder with our key."""
    ours = asyncssh.generate_private_key("ssh-ed25519")
    ours.write_private_key(tmp_path / "key")
    ours.write_public_key(tmp_path / "key.pub")
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "drop").mkdir()
    return tmp_path


def entries(keys: Path, **offered: Any) -> list[str]:
    """Log in to a server that offers only this, and list a folder."""
    with showing_links(keys / "drop", keys / "key.pub", **offered) as (port, host_key):
        store = Sftp(
            host="127.0.0.1", port=port, user="it", host_key=host_key, key_file=keys / "key"
        )
        with store.session(lambda _: None) as session:
            return [entry.name for entry in session.entries("", "*")]


@pytest.mark.attempt(4)
@pytest.mark.parametrize("offered", LEGACY.values(), ids=LEGACY)
def test_a_server_that_offers_sha_1_alone_is_refused(keys: Path, offered: dict[str, Any]) -> None:
    """Control: `test_without_the_rule_that_server_is_read`."""
    said = r"(only what we refuse|refuses our algorithms).* have it offer .* nothing with SHA-1$"
    with pytest.raises(SourceError, match=said):
        entries(keys, **offered)


@pytest.mark.parametrize("offered", LEGACY.values(), ids=LEGACY)
def test_without_the_rule_that_server_is_read(
    keys: Path, offered: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (keys / "drop" / "parts.csv").touch()
    monkeypatch.setattr(sftp_algorithms, "ALGORITHMS", {})
    monkeypatch.setattr(sftp_algorithms, "SHA_1", "no such algorithm")
    assert entries(keys, **offered) == ["parts.csv"]


@pytest.mark.parametrize(
    "offered",
    [
        {"kind": "ssh-rsa"},
        {"kind": "ssh-rsa", "signatures": [b"rsa-sha2-512"]},
        {"kind": "ecdsa-sha2-nistp256", "kex_algs": "ecdh-sha2-nistp256"},
        {"kex_algs": "diffie-hellman-group14-sha256", "mac_algs": "hmac-sha2-256", **_MODERN},
    ],
    ids=str,
)
def test_servers_with_sha_2_are_read(keys: Path, offered: dict[str, Any]) -> None:
    """An RSA key signs with SHA-2 as well (RFC 8332)."""
    (keys / "drop" / "parts.csv").touch()
    assert entries(keys, **offered) == ["parts.csv"]
