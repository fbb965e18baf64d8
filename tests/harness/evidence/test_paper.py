"""`report.pdf` says what the page and the machine say, and holds what was signed."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.defaults import persisted_fields
from harness import tags
from harness.evidence import export, page
from harness.evidence.manifest import digest
from harness.evidence.paper import verdicts
from harness.facts import EvidenceClass
from harness.ledger.ledger import open_ledger
from harness.report import letters, typeset
from harness.report.document import texts
from harness.report.frame import Group, Shown
from harness.result import Excuse, Judged, Kind
from harness.signing.ed25519 import key_id
from harness.verdict import Outcome
from tests.harness.evidence.bundles import bundle, key
from tests.harness.evidence.ledgers import FIRST, FRESH, ORIGIN, evidence, header, nights, verdict
from tests.harness.report.printed import text

HOSTILE = '#read("/etc/passwd") @label [b] $x$ \u202e漢字 ' + "w" * 60


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A night with a verdict of every outcome, each with a reason that somebody wrote to harm."""
    place = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    of = header("run")
    planned = [replace(FRESH, claim=f"claim-{outcome}") for outcome in Outcome]
    with open_ledger(place) as ledger:
        ledger.begin(of, {"planned": planned, "due_at": FIRST}, at=FIRST)
        for one, outcome in zip(planned, Outcome, strict=True):
            said = replace(verdict(one, outcome), because=f"{outcome}: {HOSTILE}")
            ledger.append(of, tags.VERDICT, persisted_fields(said), at=FIRST, origin=ORIGIN)
        ledger.end(of, "FINISHED", {"planned": len(planned)}, at=FIRST)
    return bundle(place)


def shown(files: dict[str, bytes]) -> str:
    return text(files["report.pdf"])


def squeezed(said: str) -> str:
    return "".join(letters.printed(said).split())


@pytest.mark.estate_full("pdftotext")
def test_e09_each_verdict_reads_in_print_as_machines_read_it(files: dict[str, bytes]) -> None:
    printed = shown(files)
    for one in json.loads(files["judgements/run.json"])["verdicts"]:
        for said in (one["outcome"], one["claim"], one["because"]):
            assert squeezed(said) in printed, said


@pytest.mark.estate_full("pdftotext")
def test_e09_guard_off_another_word_is_noticed(files: dict[str, bytes]) -> None:
    assert squeezed("PROVEN: " + HOSTILE) in shown(files)
    assert squeezed("PROVEN: " + HOSTILE[:-1] + "x") not in shown(files)


@pytest.mark.estate_full("pdftotext")
def test_its_sections_come_in_the_order_of_the_page(files: dict[str, bytes]) -> None:
    order = [
        "What must happen",
        "What was not tested",
        *(one for one, _ in page.NEVER),
        "What was tested",
        "Every night and every run",
        "How it was measured",
        "What is asked before a model is built",
        "lace to sign",
    ]
    told = shown(files)
    body = told[told.rindex(squeezed(order[0])) :]
    places = [body.index(squeezed(one)) for one in order]
    assert places == sorted(places)


@pytest.mark.estate_full("pdftotext")
def test_it_names_manifest_key_and_head_and_each_role_has_a_place(
    tmp_path: Path,
) -> None:
    files = bundle(nights(tmp_path / "ledger.sqlite", 1))
    printed = shown(files)
    head = json.loads(files["manifest.json"])["ledger"]["head"]
    for said in (digest(files["manifest.json"]), key_id(key().public), head, "12" * 32):
        assert said in printed, said
    for role in ("Engineering", "Security", "Legal"):
        assert role in printed[printed.rindex("lacetosign") :]


@pytest.mark.estate_full("pdftotext")
def test_the_manifest_and_its_signature_are_inside_and_nothing_else(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "report.pdf").write_bytes(files["report.pdf"])
    to = tmp_path / "out"
    to.mkdir()
    asked = ["pdfdetach", "-saveall", "-o", to, tmp_path / "report.pdf"]
    subprocess.run(asked, check=True, capture_output=True)
    inside = {one.name: one.read_bytes() for one in to.iterdir()}
    assert inside == {name: files[name] for name in ("manifest.json", "manifest.dsse.json")}


def test_each_task_leads_to_its_verdict(files: dict[str, bytes]) -> None:
    """A link names its end in the file, and Typst refuses one that leads nowhere."""
    links = files["report.pdf"].count(b"/Subtype/Link")
    tasks = [one for one in Outcome if one is not Outcome.PROVEN]
    assert links >= len(tasks)


def test_what_is_waived_shows_what_the_facts_gave_and_who_signed_until_when() -> None:
    given = Excuse(
        kind=Kind.WAIVER,
        number=1,
        by="A. Owner",
        role="owner",
        reason="the vendor mends it in December",
        until=FIRST,
    )
    broken = verdict(FRESH, Outcome.BROKEN)
    judged = Judged(
        planned=FRESH, verdict=broken, evidence_class=EvidenceClass.SANDBOX, excuse=given
    )
    shown = Shown(judged=judged, anchor="verdict-1", rests=(), place=None)
    said = list(texts([verdicts.tested([Group(outcome=judged.outcome, shown=[shown])], "Tested")]))
    assert {"1 WAIVED", Outcome.WAIVED, "verdict-1"} <= {*said}
    line = "BROKEN, waived by A. Owner (owner) until 2026-11-20 02:00:00 UTC: "
    assert line + given.reason in said


def test_a_failure_of_typst_leaves_no_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = evidence(nights(tmp_path / "ledger.sqlite", 1), title="漢")
    assert export.files(found, key())
    monkeypatch.setattr(typeset, "printed", lambda said: said)
    with pytest.raises(export.ConfigurationError, match="could not be displayed"):
        export.folder.write(tmp_path / "bundle", export.files(found, key()))
    assert not [one.name for one in tmp_path.iterdir() if "bundle" in one.name]
