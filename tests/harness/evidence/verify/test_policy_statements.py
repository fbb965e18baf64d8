"""A policy in a bundle was signed by who may, at the time that the ledger recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.policy import statement
from harness.signing.register import Register
from tests.harness.acme_layout import lay_out
from tests.harness.evidence.bundles import bundle, key
from tests.harness.evidence.verify.checking import (
    Files,
    checked,
    refused,
    registered,
    resealed,
    said,
)
from tests.harness.policy.agreed import Agreement

UNTIL = datetime(2028, 11, 1, tzinfo=UTC)
Agreed = tuple[Files, Register]


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Agreed:
    """A bundle with a policy that security and Legal signed, and a register of all three keys."""
    root = tmp_path_factory.mktemp("agreed")
    agreement = Agreement(acme=lay_out(root), root=root)
    agreement.sign("sec")
    agreement.sign("law")
    prover = registered(key(), until=UNTIL)
    return bundle(root / "out" / "ledger.sqlite"), {**agreement.register, prover.id: prover}


def named(files: Files, role: str) -> str:
    return next(name for name in files if f".{role}." in name)


def test_people_whose_keys_ended_since_signed_in_time(tmp_path: Path, agreed: Agreed) -> None:
    """The ledger tells when, so that nothing is unknown of it in later years."""
    files, trusted = agreed
    later = datetime(2028, 10, 1, tzinfo=UTC)
    soon = datetime.now(UTC).replace(year=2027)
    ending = {
        one: replace(of, until=soon) if of.roles != ("prover",) else of
        for one, of in trusted.items()
    }
    report = checked(tmp_path, files, trusted=ending, now=later)
    assert report.code == 0, said(report)


def test_a_role_that_the_register_does_not_give_is_refused(tmp_path: Path, agreed: Agreed) -> None:
    files, trusted = agreed
    both = {
        one: replace(of, roles=("security",)) if "legal" in of.roles else of
        for one, of in trusted.items()
    }
    report = checked(tmp_path, files, trusted=both)
    assert refused(report) == {("statements", named(files, "legal"))}
    assert "signed as 'legal'" in said(report)


def test_a_signature_that_the_ledger_does_not_hold_is_refused(
    tmp_path: Path, agreed: Agreed
) -> None:
    """Given afterwards, over the same policy: whoever holds the prover's key added it."""
    files, trusted = agreed
    name = named(files, "legal")
    other = key("another lawyer")
    document = json.loads(files["policy/agreed-1.json"])
    late = statement.sign(document, other, role="legal", by="Ann").envelope.encode()
    report = checked(
        tmp_path,
        resealed(files | {name: late}),
        trusted={**trusted, registered(other).id: registered(other, roles=("legal",))},
    )
    assert ("statements", name) in refused(report), said(report)
    assert "the ledger holds no such signature" in said(report)
