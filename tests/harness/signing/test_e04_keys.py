"""E04: a key that is missing, that others can read or that is encrypted: nothing is begun, nothing
is signed, and the reason is one line.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors import secrets
from harness.errors import ConfigurationError
from harness.signing import key_file
from tests.harness.signing.keys import ANNS
from tests.harness.signing.signed import Signed, lay_out


def missing(key: Path) -> None:
    key.unlink()


def readable_by_others(key: Path) -> None:
    key.chmod(0o640)


def encrypted(key: Path) -> None:
    openssl(key, "pkey", "-aes256", "-passout", "pass:canary")


def rsa(key: Path) -> None:
    openssl(key, "genpkey", "-algorithm", "RSA")


def cut(key: Path) -> None:
    key.write_text(key.read_text()[:60])


def openssl(key: Path, *command: str) -> None:
    other = key.with_name("other.pem")
    given = ["-in", key] if command[0] == "pkey" else []
    subprocess.run(["openssl", *command, *given, "-out", other], check=True, capture_output=True)
    key.write_bytes(other.read_bytes())


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    return lay_out(tmp_path)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (missing, "cannot be read"),
        (readable_by_others, "has mode 0640: chmod 600 it"),
        (encrypted, "is encrypted, and nobody types its password at night"),
        (rsa, "is no Ed25519 private key"),
        (cut, "is no Ed25519 private key"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_e04_nothing_is_begun(
    signed: Signed, tmp_path: Path, spoil: Callable[[Path], None], says: str
) -> None:
    spoil(tmp_path / "key.pem")
    with pytest.raises(ConfigurationError, match=says) as caught:
        signed.run()
    assert str(caught.value).startswith(f"{signed.folder}/pilot.yaml:")
    assert "\n" not in str(caught.value)
    assert not signed.ledger.exists()


def test_e04_without_that_guard_others_could_read_the_key(
    signed: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard off: it would be taken, and the run signed with it."""
    readable_by_others(tmp_path / "key.pem")
    monkeypatch.setattr(key_file, "secret_file", lambda path: path.read_text())
    signed.run()
    assert signed.checkpoints()
    assert secrets.secret_file is not key_file.secret_file


def test_a_new_key_replaces_none(tmp_path: Path) -> None:
    key_file.write(tmp_path / "new.pem", ANNS)
    before = (tmp_path / "new.pem").read_bytes()
    assert (tmp_path / "new.pem").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConfigurationError, match="is there already: name a new file"):
        key_file.write(tmp_path / "new.pem", ANNS)
    assert (tmp_path / "new.pem").read_bytes() == before


def test_a_key_in_pilot_yaml_itself_is_refused(signed: Signed) -> None:
    signed.settle("{key: MC4CAQAwBQYDK2VwBCIEIA}")
    with pytest.raises(ConfigurationError, match="is no reference of a key: write file:/path"):
        signed.run()
