"""What people signed before the first reading is in the bundle, and on its page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from harness.evidence.verify.finding import Grade
from tests.harness.acme_layout import lay_out
from tests.harness.evidence.bundles import bundle, key
from tests.harness.evidence.ledgers import nights
from tests.harness.evidence.verify.checking import checked, registered
from tests.harness.policy.agreed import Agreement

SINCE, UNTIL = (datetime(year, 11, 1, tzinfo=UTC) for year in (2026, 2028))


def test_policy_and_signatures_are_there_and_verify(tmp_path: Path) -> None:
    agreement = Agreement(acme=lay_out(tmp_path), root=tmp_path)
    agreement.sign("sec")
    agreement.sign("law")
    files = bundle(agreement.root / "out" / "ledger.sqlite")
    agreed = [name for name in files if name.startswith("policy/agreed-1.")]
    assert len(agreed) == 3
    assert set(agreed) <= json.loads(files["manifest.json"])["files"].keys()
    page = files["report.html"].decode()
    assert "signed by Sam Okoye as security" in page
    assert "signed by Lea Brandt as legal" in page
    prover = registered(key(), since=SINCE, until=UNTIL)
    report = checked(tmp_path / "bundle", files, trusted={**agreement.register, prover.id: prover})
    assert {one.grade for one in report.findings} == {Grade.GOOD}, report.findings


def test_without_a_policy_the_page_says_that_nobody_signed_one(tmp_path: Path) -> None:
    files = bundle(nights(tmp_path / "ledger.sqlite", 1))
    assert not [name for name in files if name.startswith("policy/agreed")]
    assert b"no policy is signed" in files["report.html"]
