"""What the doctor says of signing."""

from __future__ import annotations

from pathlib import Path

from harness.onboarding.examine import Standing
from harness.onboarding.examine_signing import examine_signing
from harness.signing.ed25519 import key_id
from tests.harness.signing.keys import ANNS
from tests.harness.signing.signed import Signed, lay_out


def told(made: Signed) -> list[tuple[Standing, str]]:
    loaded = made.place.loaded
    checks = examine_signing(loaded, "dev", loaded.references("dev", made.environ))
    return [(check.standing, f"{check.what} {check.says}") for check in checks]


def test_without_a_key_it_says_that_nothing_is_signed(tmp_path: Path) -> None:
    made = lay_out(tmp_path)
    made.settle("")
    [(standing, says)] = told(made)
    assert standing is Standing.NOTE
    assert says.startswith("signing nothing here is signed: add signing:")


def test_it_names_the_key_and_that_there_is_no_second_copy(tmp_path: Path) -> None:
    found = told(lay_out(tmp_path))
    key = f"signing by key {key_id(ANNS.public)} (file:{tmp_path}/key.pem)"
    assert found[0] == (Standing.OK, key)
    assert found[1][0] is Standing.NOTE
    assert "nobody notices runs that are cut off" in found[1][1]


def test_it_names_the_copies_and_shows_no_address(tmp_path: Path) -> None:
    made = lay_out(tmp_path, "{webhook: {url: 'env:AUDIT_HOOK'}}", f"{{folder: {tmp_path}}}")
    assert (Standing.WRONG, "signing.copies.1 ") not in told(made)
    assert any(
        standing is Standing.WRONG and "AUDIT_HOOK" in says for standing, says in told(made)
    )
    made.environ["AUDIT_HOOK"] = "https://hook.example/canary-7f3a"
    assert (
        Standing.OK,
        f"second copies webhook env:AUDIT_HOOK, folder {tmp_path}",
    ) in told(made)
    assert "canary" not in str(told(made))


def test_e04_a_key_that_others_can_read_is_wrong(tmp_path: Path) -> None:
    made = lay_out(tmp_path)
    (tmp_path / "key.pem").chmod(0o644)
    [(standing, says)] = told(made)
    assert standing is Standing.WRONG
    assert says.endswith("has mode 0644: chmod 600 it")
