"""A person signs what a bundle shows, in one role; what is refused leaves nothing behind."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ConfigurationError
from harness.evidence.verify.finding import Grade
from harness.signing import dsse
from harness.signoff.records import Decision
from harness.verdict import Outcome
from tests.harness.evidence.verify.checking import checked, refused, said
from tests.signoff.desk import Desk
from tests.signoff.people import register, registered
from tests.signoff.scene import FRESH, GOOD, NIGHTS, SIGNED_AT, Night, bundle, nights


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(root=tmp_path)


def predicate(desk: Desk, role: str) -> Any:
    envelope = (desk.folder / f"signoff/{role}.dsse.json").read_bytes()
    return json.loads(dsse.unsigned(envelope).payload)["predicate"]


def test_three_people_sign_and_the_verifier_says_who_signed_what(desk: Desk) -> None:
    desk.sign("engineering")
    desk.sign("security", until=date(2026, 12, 1))
    told = desk.sign(
        "legal", decision=Decision.CONDITIONS, conditions=("delete after a year", "ask us again")
    )
    assert "approved with conditions by Lea Brandt as legal" in told[0]
    report = checked(desk.folder, trusted=desk.trusted, now=SIGNED_AT)
    assert report.code == 0, said(report)
    assert "Lea Brandt as legal approves with conditions" in said(report)
    assert "Sam Okoye as security approves, signed 2026-11-23 02:00 UTC, until 2026-12-02" in said(
        report
    )
    assert desk.left() == [
        f"signoff/{role}.dsse.json" for role in ("engineering", "legal", "security")
    ]


def test_it_binds_manifest_terms_and_decision(desk: Desk) -> None:
    desk.sign("legal", decision=Decision.CONDITIONS, conditions=("delete after a year",))
    found = predicate(desk, "legal")
    manifest = json.loads((desk.folder / "manifest.json").read_bytes())
    assert {name: found[name] for name in ("pilot", "contracts", "window", "code")} == {
        name: manifest[name] for name in ("pilot", "contracts", "window", "code")
    }
    assert found["night"] == "run-2"
    assert set(found["signed"]) == {
        *("contracts", "promises", "planned", "policy", "code", "classes", "governance")
    }
    assert (found["role"], found["by"], found["decision"]) == ("legal", "Lea Brandt", "conditions")
    assert (found["at"], found["until"]) == ("2026-11-23T02:00:00Z", "2026-12-24T00:00:00Z")


def test_a_second_signature_of_a_role_takes_the_place_of_the_first(desk: Desk) -> None:
    desk.sign("legal")
    desk.at += timedelta(hours=1)
    desk.sign("legal", decision=Decision.REFUSE, reason="no basis")
    assert predicate(desk, "legal")["reason"] == "no basis"
    desk.at += timedelta(hours=1)
    told = desk.sign("legal", decision=Decision.REVOKE, reason="not mine to refuse")
    assert "which can be deleted: name the PILOT" in told[-1]
    assert predicate(desk, "legal")["decision"] == "revoke"


def test_who_signs_one_role_does_not_sign_another(desk: Desk) -> None:
    desk.trusted = register(registered("security", roles=("security", "legal")))
    desk.sign("security")
    with pytest.raises(ConfigurationError, match="same-key: the key of Sam Okoye signs for two"):
        desk.sign("legal", who="security")
    assert desk.left() == ["signoff/security.dsse.json"]


@pytest.mark.parametrize(
    ("of", "says"),
    [
        ({"role": "lawyer"}, "unknown role"),
        ({"role": "legal", "by": " "}, "--by is empty"),
        ({"role": "legal", "by": "Lea\x1b[2J"}, "--by is empty or holds controls"),
        ({"role": "legal", "by": "Someone Else"}, "other-name: it says Someone Else"),
        ({"role": "legal", "who": "owner"}, "wrong-role: Ada Okafor is owner in the register"),
        ({"role": "legal", "until": date(2026, 11, 22)}, "name a day from today on"),
        ({"role": "legal", "until": date(2027, 11, 22)}, "at most 90 days ahead"),
        ({"role": "legal", "conditions": ("x",)}, "--condition says under which"),
        ({"role": "legal", "decision": Decision.CONDITIONS}, "--condition says under which"),
        ({"role": "legal", "decision": Decision.REFUSE}, "--reason says why"),
        ({"role": "legal", "reason": "x"}, "--reason says why"),
        ({"role": "legal", "scan": Path("scan.pdf")}, "--scan needs --countersigned-by"),
        ({"role": "legal", "attested_by": "Ola Nygaard"}, "--scan needs --countersigned-by"),
    ],
    ids=lambda of: of if isinstance(of, str) else None,
)
def test_bad_input_is_refused_by_name_and_leaves_nothing(
    desk: Desk, of: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        desk.sign(**of)
    assert desk.left() == []


def test_a_key_that_the_register_lacks_or_that_has_ended_is_refused(desk: Desk) -> None:
    desk.trusted = register(registered("legal", until=SIGNED_AT))
    with pytest.raises(ConfigurationError, match="was valid until 2026-11-23"):
        desk.sign("legal")
    desk.trusted = {k: one for k, one in register().items() if one.name != "Lea Brandt"}
    with pytest.raises(ConfigurationError, match="is not in the register"):
        desk.sign("legal")
    assert desk.left() == []


def test_a_bundle_that_does_not_verify_is_not_signed(desk: Desk) -> None:
    (desk.folder / "report.html").write_text("all is well")
    with pytest.raises(ConfigurationError, match=r"does not verify: report\.html: its SHA-256"):
        desk.sign("legal")
    assert desk.left() == []


def test_a_bundle_whose_signer_is_unknown_is_not_signed(desk: Desk) -> None:
    desk.trusted = {k: one for k, one in register().items() if "prover" not in one.roles}
    with pytest.raises(ConfigurationError, match=r"does not verify: manifest\.dsse\.json: signed"):
        desk.sign("legal")


def test_what_is_not_ready_can_be_refused_and_not_approved(tmp_path: Path) -> None:
    broken = Night(outcomes={**GOOD, FRESH: Outcome.BROKEN})
    desk = Desk(root=tmp_path, files=bundle(nights(*[broken] * NIGHTS)))
    with pytest.raises(ConfigurationError, match="not ready: 1 verdicts stand in the way"):
        desk.sign("legal")
    desk.sign("legal", decision=Decision.REFUSE, reason="it is late")
    assert predicate(desk, "legal")["decision"] == "refuse"


def test_the_verifier_refuses_a_sign_off_that_was_changed_or_moved(desk: Desk) -> None:
    desk.sign("legal")
    path = desk.folder / "signoff/legal.dsse.json"
    path.rename(path.with_name("security.dsse.json"))
    report = checked(desk.folder, trusted=desk.trusted, now=SIGNED_AT)
    assert ("signoff", "signoff/security.dsse.json") in refused(report)
    path.with_name("security.dsse.json").rename(path.with_name("boss.dsse.json"))
    report = checked(desk.folder, trusted=desk.trusted, now=SIGNED_AT)
    assert report.code != 0
    assert "boss.dsse.json" in said(report)


def test_a_sign_off_that_ended_is_told_and_the_evidence_stays_valid(desk: Desk) -> None:
    desk.sign("legal")
    later = SIGNED_AT + timedelta(days=60)
    report = checked(desk.folder, trusted=desk.trusted, now=later)
    assert report.code == 0
    assert "ended 2026-12-24" in said(report)


def test_a_sign_off_by_a_stranger_is_told_as_such(desk: Desk) -> None:
    desk.sign("legal")
    known = {k: one for k, one in register().items() if one.name != "Lea Brandt"}
    report = checked(desk.folder, trusted=known, now=SIGNED_AT)
    assert report.code == 3
    [unknown] = [one for one in report.findings if one.grade is Grade.UNKNOWN]
    assert unknown.file == "signoff/legal.dsse.json"
    assert "your register does not hold" in unknown.found
