"""A lawyer signs on paper: an engineer who signs nothing else attaches the scan and attests it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from tests.harness.evidence.verify.checking import checked, refused, said
from tests.signoff import scans
from tests.signoff.desk import Desk
from tests.signoff.scene import SIGNED_AT, Scene, told


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "Scan 1.PDF").write_bytes(scans.CONTENT)
    return Desk(root=tmp_path)


def attach(desk: Desk, *, who: str = "other", scan: str = "Scan 1.PDF") -> list[str]:
    names = {"other": "Ola Nygaard", "engineering": "Emil Haas", "security": "Sam Okoye"}
    return desk.sign(
        "legal", who=who, by="Lea Brandt", scan=desk.root / scan, attested_by=names[who]
    )


def test_the_scan_lies_in_the_bundle_and_is_bound_to_the_sign_off(desk: Desk) -> None:
    attach(desk)
    assert desk.left() == [scans.NAME, "signoff/legal.dsse.json"]
    report = checked(desk.folder, trusted=desk.trusted, now=SIGNED_AT)
    assert report.code == 0, said(report)
    assert "Lea Brandt as legal approves (on paper, whose scan is attested)" in said(report)
    assert "Ola Nygaard" in said(report)
    (desk.folder / scans.NAME).write_bytes(b"%PDF- another page")
    report = checked(desk.folder, trusted=desk.trusted, now=SIGNED_AT)
    assert ("signoff", "signoff/legal.dsse.json") in refused(report)


def test_the_gate_opens_for_paper_and_two_keys(tmp_path: Path) -> None:
    scene = Scene(root=tmp_path).sign_all()
    scans.attach(scene)
    decision = scene.decide()
    assert decision.open, told(decision)
    assert "Lea Brandt signed on paper" in told(decision)


@pytest.mark.parametrize(
    ("who", "says"), [("engineering", "same-key"), ("security", "wrong-role")]
)
def test_who_attests_is_an_engineer_who_signs_nothing_else(
    desk: Desk, who: str, says: str
) -> None:
    desk.sign("engineering")
    with pytest.raises(ConfigurationError, match=says):
        attach(desk, who=who)
    assert desk.left() == ["signoff/engineering.dsse.json"]


@pytest.mark.parametrize("name", ["scan.txt", "gone.pdf", "empty.pdf", "liar.png"])
def test_what_is_no_scan_is_refused_and_leaves_nothing(desk: Desk, name: str) -> None:
    if name != "gone.pdf":
        content = b"" if name == "empty.pdf" else scans.CONTENT
        (desk.root / name).write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"--scan .*{name}"):
        attach(desk, scan=name)
    assert desk.left() == []


def test_a_later_scan_takes_the_place_of_the_first(desk: Desk) -> None:
    attach(desk)
    (desk.root / "again.pdf").write_bytes(b"%PDF-2.0 the second page")
    attach(desk, scan="again.pdf")
    assert len(desk.left()) == 2
    assert scans.NAME not in desk.left()
    desk.sign("legal")  # by a key of her own after all
    assert desk.left() == ["signoff/legal.dsse.json"]
    assert checked(desk.folder, trusted=desk.trusted, now=SIGNED_AT).code == 0
