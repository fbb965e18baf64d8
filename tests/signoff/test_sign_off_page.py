"""The page that leads three people from what was found to an open gate, typed as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import chdir, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from contracts.defaults import persisted_fields
from harness import tags
from harness.cli.main import app
from harness.ledger.ledger import Header, Ledger, Origin, open_ledger
from harness.pilot.loading import load
from harness.pilot.plan import verdicts_owed
from harness.result import Planned
from harness.signing import key_file, register
from harness.signoff.decision import Name
from harness.verdict import Outcome
from tests.cli import REPOSITORY
from tests.golden.facts import READING
from tests.harness import engagement
from tests.harness.evidence.bundles import key
from tests.harness.evidence.ledgers import verdict
from tests.shell import Ended
from tests.signoff.people import registered, signer
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "sign-off.md"
LAST_DAY = "2027-01-31"
"""As the page has it: in two months of whoever reads it."""
FOUND = {"conforms": Outcome.BROKEN, "fresh": Outcome.UNPROVEN}


def test_the_page_leads_from_found_to_open_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its commands run in this process: to start it a dozen times would take a minute."""
    folder = engagement.write(tmp_path, yaml=_yaml(tmp_path))
    folder.rename(tmp_path / "acme")
    trusted = {one.id: one for one in map(registered, ("engineering", "security", "owner"))}
    prover = replace(registered("owner", roles=("prover",)), public=key().public, name="nightly")
    (tmp_path / "trust.json").write_bytes(register.written({**trusted, prover.id: prover}))
    key_file.write(tmp_path / "prover.pem", key())
    for who in ("engineering", "security", "owner"):
        key_file.write(tmp_path / f"{who}.pem", signer(who))
    now = datetime.now(UTC)
    _nights(tmp_path, now - timedelta(hours=1))
    page = tmp_path / "page.md"
    soon = f"{now + timedelta(days=60):%Y-%m-%d}"
    page.write_text(PAGE.read_text().replace(LAST_DAY, soon))
    monkeypatch.setenv("ERP_URL", "unused")
    monkeypatch.setenv("ERP_PASSWORD", "unused")
    monkeypatch.setattr("tests.typed.run", _run)
    typed(page, tmp_path, {})


def _run(command: Sequence[str], *, cwd: Path, environ: Mapping[str, str]) -> Ended:
    """One command of ours as `seatrial_command` ends it."""
    told = StringIO()
    with chdir(cwd), redirect_stdout(told):
        code = app(command[1:], standalone_mode=False)
    return Ended(code=code or 0, out=told.getvalue(), err="")


def test_the_page_explains_every_name_that_keeps_the_gate_shut() -> None:
    text = PAGE.read_text()
    assert [name for name in Name if f"`{name}`" not in text] == []


def _yaml(root: Path) -> str:
    text = engagement.PILOT_YAML.replace("sandbox", "production")
    return f"{text}    signing: {{key: 'file:{root}/prover.pem', trust: {root}/trust.json}}\n"


def _nights(root: Path, newest: datetime) -> None:
    """Three nights of all that the pilot owes, as a run records them."""
    owed = verdicts_owed(load(root / "acme").pilot)
    (root / "out" / "acme").mkdir(parents=True)
    with open_ledger(root / "out" / "acme" / "ledger.sqlite") as ledger:
        for day in (2, 1, 0):
            _night(ledger, newest - timedelta(days=day), owed, run=f"night-{3 - day}")


def _night(ledger: Ledger, at: datetime, owed: tuple[Planned, ...], *, run: str) -> None:
    header = Header(
        pilot="acme", environment="dev", run=run, slot=f"{at:%Y-%m-%d}", code="0.1.0+abc"
    )
    ledger.begin(header, {"planned": owed, "zone": "UTC"}, at=at)
    origin = Origin(
        source="erp",
        dataset="orders",
        endpoint="https://erp.example",
        contract="12" * 32,
        evidence_class="production",
    )
    fact = replace(READING, source="erp", slot=at.date(), night=at.date(), started_at=at)
    ledger.append(header, "reading", persisted_fields(fact), at=at, origin=origin)
    for one in owed:
        said = verdict(one, FOUND.get(one.claim, Outcome.PROVEN))
        where = replace(origin, dataset=one.dataset)
        ledger.append(header, tags.VERDICT, persisted_fields(said), at=at, origin=where)
    ended = {"planned": len(owed), "executed": len(owed), "ready": False}
    ledger.end(header, "FINISHED", ended, at=at + timedelta(minutes=1))
