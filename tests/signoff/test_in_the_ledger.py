"""Sign-offs are entries of the pilot's ledger: what was revoked there stays so, whatever becomes
of the file; and the gate is asked of the same ledger.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from harness import tags
from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.evidence.export import Asked as Export
from harness.evidence.export import export
from harness.ledger.ledger import entries, open_ledger
from harness.onboarding import policy
from harness.onboarding.person import Person
from harness.pilot.place import Place, place
from harness.signing import key_file, register
from harness.signoff.ask import ask
from harness.signoff.decision import Decision, Name
from harness.signoff.records import Decision as Decided
from harness.signoff.sign import Ledger
from harness.verdict import Outcome
from tests.cli import seatrial
from tests.harness import engagement
from tests.harness.evidence.bundles import key
from tests.harness.evidence.ledgers import DAY, FIRST, night
from tests.signoff import people
from tests.signoff.desk import Desk
from tests.signoff.scene import SIGNED_AT, names, told

PROVEN = (Outcome.PROVEN, Outcome.PROVEN)
ENVIRON = {"ERP_URL": "unused", "ERP_PASSWORD": "unused"}
NOW = SIGNED_AT + timedelta(hours=3)
GATE = "gate: {minimum_class: sandbox}\n"


class Office(Desk):
    """A desk beside the pilot whose bundle it is."""

    def __init__(self, here: Place, root: Path) -> None:
        super().__init__(root=root, files={}, ledger=Ledger(here=here, reference=None))
        self.here = here

    def ask(self, *, at: datetime = NOW) -> Decision:
        return ask(
            self.folder,
            self.here,
            environment="dev",
            register=self.trusted,
            ledger=None,
            environ=ENVIRON,
            now=at,
        )


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Acme, whose people agreed that evidence of a sandbox is enough, after four good nights."""
    key_file.write(tmp_path / "keys" / "prover.pem", key())
    signing = f"    signing: {{key: 'file:{tmp_path}/keys/prover.pem'}}\n"
    folder = engagement.write(tmp_path, yaml=GATE + engagement.PILOT_YAML + signing)
    here = place(folder, environment="dev", out=tmp_path / "out", start=tmp_path)
    office = Office(here, tmp_path)
    trust = tmp_path / "trust.json"
    trust.write_bytes(register.written(office.trusted))
    for role in ("security", "legal"):
        person = Person(by=people.PEOPLE[role], role=role, key=office.key(role), trust=trust)
        asked = policy.Asked(person=person)
        clock = Clock(now=lambda: FIRST - timedelta(hours=1))
        policy.sign(here, asked, ledger=None, environ=ENVIRON, clock=clock)
    with open_ledger(here.out / "ledger.sqlite") as ledger:
        for day in range(4):
            night(ledger, f"run-{day}", day, outcomes=PROVEN)

    export(here, Export(out=office.folder), ledger=None, environ=ENVIRON, now=SIGNED_AT)
    return office


def test_found_agreed_signed_open_and_shut_again(office: Office) -> None:
    for role in ("engineering", "security", "legal"):
        assert office.sign(role)[-1] == "kept in the ledger, too"
    assert office.ask().open, told(office.ask())
    kept = [one for one in entries(office.here.out / "ledger.sqlite") if one.kind == tags.SIGNOFF]
    assert len(kept) == 3

    approved = (office.folder / "signoff/legal.dsse.json").read_bytes()
    office.at += timedelta(hours=1)
    office.sign("legal", decision=Decided.REVOKE, reason="the purpose changed")
    assert names(office.ask()) == {Name.REVOKED}
    (office.folder / "signoff/legal.dsse.json").write_bytes(approved)
    assert names(office.ask()) == {Name.REVOKED}
    (office.folder / "signoff/legal.dsse.json").unlink()
    assert names(office.ask()) == {Name.REVOKED}

    office.at += timedelta(hours=1)
    office.sign("legal")
    assert office.ask().open, told(office.ask())
    with open_ledger(office.here.out / "ledger.sqlite") as ledger:
        night(ledger, "run-4", 4, outcomes=(Outcome.BROKEN, Outcome.PROVEN))
    assert names(office.ask(at=FIRST + 4 * DAY + timedelta(hours=5))) == {Name.NOT_READY}


def test_a_bundle_of_another_pilot_is_not_signed_into_its_ledger(office: Office) -> None:
    other = replace(office.here, environment="staging")
    office.ledger = Ledger(here=other, reference=None)
    with pytest.raises(ConfigurationError, match="the bundle is of acme in dev, and the pilot is"):
        office.sign("legal")
    assert not (office.folder / "signoff").exists()


def test_a_ledger_that_cannot_be_written_leaves_nothing_half_done(office: Office) -> None:
    with (
        open_ledger(office.here.out / "ledger.sqlite"),
        pytest.raises(ConfigurationError, match="run"),
    ):
        office.sign("legal")
    assert not (office.folder / "signoff").exists()


def test_the_commands_show_sign_and_ask(office: Office) -> None:
    """By the clock of today, when the nights are stale or their signatures are of the future."""
    common = [office.folder, office.here.folder, "--trust", "trust.json", "--out", office.here.out]
    page = ["sign", *common, "--role", "legal", "--page", "page.html"]
    shown = seatrial(page, cwd=office.root, environ=ENVIRON)
    assert shown.code == 0, shown.err
    assert (office.root / "page.html").read_text().startswith("<!doctype html>")
    assert "READY: of 2 verdicts, 2 PROVEN" in shown.out
    by = ["--by", "Lea Brandt", "--key", office.key("legal")]
    ended = seatrial(["sign", *common, "--role", "legal", *by], cwd=office.root, environ=ENVIRON)
    assert ended.code == 0, ended.err
    assert "kept in the ledger, too" in ended.out
    gate = seatrial(["gate", *common], cwd=office.root, environ=ENVIRON)
    assert gate.code in {1, 3}
    assert "half-signed" in gate.out
    assert all(len(line) <= 80 for line in gate.out.splitlines())
