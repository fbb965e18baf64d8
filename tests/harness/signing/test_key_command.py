"""`seatrial key`: makes a key, and says what a register of keys should say of it."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.onboarding import keys
from harness.onboarding.keys import Holder
from harness.pilot.place import place
from harness.signing import register
from harness.signing.ed25519 import pem
from tests.cli import seatrial
from tests.harness.signing.keys import ANNS, BOBS
from tests.harness.signing.signed import lay_out

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def holder(*roles: str, until: date | None = None, name: str = "Ada Okafor") -> Holder:
    return Holder(name=name, roles=roles or ("prover",), until=until)


def test_a_key_is_made_and_shown_without_its_secret_part(tmp_path: Path) -> None:
    """The register that it writes is the one that verifies what it signs."""
    made = seatrial(["key", "new", "key.pem"], cwd=tmp_path)
    assert made.code == 0, made.err
    secret = (tmp_path / "key.pem").read_text()
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    show = ["key", "show", "--file", "key.pem", "--name", "Ada Okafor", "--role", "security"]
    shown = seatrial([*show, "--register", "trust.json"], cwd=tmp_path)
    assert shown.code == 0, shown.err
    [(identity, key)] = register.read((tmp_path / "trust.json").read_bytes()).items()
    assert shown.out == f"{register.line(key)}\n"
    assert identity in made.out
    assert secret.splitlines()[1] not in made.out + made.err + shown.out + shown.err
    assert seatrial(["key", "new", "key.pem"], cwd=tmp_path).code == 2
    assert (tmp_path / "key.pem").read_text() == secret


def test_openssl_makes_and_reads_the_same_keys(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.pem"
    make = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", theirs]
    subprocess.run(make, check=True)
    theirs.chmod(0o600)
    key = keys.signer_in(theirs)
    show = ["openssl", "pkey", "-in", theirs, "-pubout"]
    assert subprocess.run(show, check=True, capture_output=True, text=True).stdout == pem(
        key.public
    )


def test_the_key_of_an_environment_is_the_one_that_signs_there(tmp_path: Path) -> None:
    made = lay_out(tmp_path)
    assert keys.signer_of(made.place, {}).public == ANNS.public
    made.settle("")
    here = place(made.folder, environment="dev", out=None, start=tmp_path)
    with pytest.raises(ConfigurationError, match=r"no key is named: add signing: with key: file:"):
        keys.signer_of(here, {})


def test_a_key_is_valid_from_today_for_two_years_or_until_a_day() -> None:
    found = keys.entry(ANNS, holder(), now=NOW)
    assert found.since == datetime(2026, 11, 29, tzinfo=UTC)
    assert found.until == datetime(2028, 11, 28, tzinfo=UTC)
    until = keys.entry(ANNS, holder(until=date(2027, 1, 1)), now=NOW).until
    assert until == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (holder("securty"), "did you mean security"),
        (holder(until=date(2026, 11, 29)), "that is over: name a later day"),
        (holder(name=" "), "--name is empty"),
    ],
)
def test_what_no_register_would_take_is_refused(who: Holder, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        keys.entry(ANNS, who, now=NOW)


def test_a_register_grows_and_loses_no_key(tmp_path: Path) -> None:
    trust = tmp_path / "trust.json"
    ann, bob = (keys.entry(signer, holder(), now=NOW) for signer in (ANNS, BOBS))
    keys.add(trust, ann)
    keys.add(trust, bob)
    assert register.read(trust.read_bytes()) == {ann.id: ann, bob.id: bob}
    with pytest.raises(ConfigurationError, match="is in it: correct its line there"):
        keys.add(trust, ann)
    trust.write_text("{}")
    with pytest.raises(ConfigurationError, match="no register of keys"):
        keys.add(trust, ann)
    assert trust.read_text() == "{}"
