"""Who signed what, by openssl and sha256sum alone, as VERIFY.md says."""

from __future__ import annotations

from pathlib import Path

from harness.signing import register as registers
from tests.harness.evidence.verify.alone import by_the_page
from tests.signoff import scans
from tests.signoff.desk import Desk
from tests.signoff.people import PEOPLE


def test_the_page_tells_each_sign_off_and_a_forged_one_fails(tmp_path: Path) -> None:
    desk = Desk(root=tmp_path)
    (tmp_path / "scan.pdf").write_bytes(scans.CONTENT)
    desk.sign("security")
    who = {"by": "Lea Brandt", "attested_by": PEOPLE["other"], "scan": tmp_path / "scan.pdf"}
    desk.sign("legal", who="other", **who)
    (tmp_path / "trust.json").write_bytes(registers.written(desk.trusted))
    *_, unknown, _, _, told, _ = by_the_page(desk.folder)
    assert unknown == ""
    assert "Sam Okoye as security: approve, until 2026-12-24T00:00:00Z" in told
    assert "Lea Brandt as legal: approve" in told
    assert f"{scans.NAME}: OK" in told
    assert told.count("Signature Verified Successfully") == 2
    path = desk.folder / "signoff/security.dsse.json"
    path.write_bytes((desk.folder / "signoff/legal.dsse.json").read_bytes()[:-20] + b'A=="}]}')
    *_, told, _ = by_the_page(desk.folder)
    assert "Sam Okoye" not in told
