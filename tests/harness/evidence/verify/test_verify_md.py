"""VERIFY.md, followed as it stands: openssl and sha256sum find what the verifier finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.evidence.verifier import verify_text
from harness.signing import register
from tests.harness.evidence.bundles import key
from tests.harness.evidence.verify.alone import by_the_page
from tests.harness.evidence.verify.checking import (
    TRUST,
    Files,
    edited,
    register_of,
    registered,
    resealed,
    write,
)


def follow(folder: Path, *, trusted: register.Register = TRUST) -> list[str]:
    folder.with_name("trust.json").write_bytes(register.written(trusted))
    return by_the_page(folder)


def test_a_good_bundle_is_verified_without_anything_of_ours(tmp_path: Path, made: Files) -> None:
    files = resealed(made | {"VERIFY.md": verify_text()})
    told = follow(write(tmp_path / "bundle", files))
    _, whose, known, signed, listed, beside, unknown, record, end, _, _ = told
    assert '"name":"nightly run"' in whose
    assert known.split()[0] == key_id()
    assert signed == "Signature Verified Successfully\nmanifest.json: OK\n"
    assert listed.count(": OK\n") == len(listed.splitlines()) > 5
    assert beside.count("Signature Verified Successfully") == 4
    assert "report.html: OK" in beside
    assert "VERIFY.md: OK" in beside
    assert unknown == ""
    assert record == "15 entries, unbroken\n"
    assert end.startswith("Signature Verified Successfully\n")
    assert end.splitlines()[2] == "3"
    assert not list(tmp_path.glob("tmp.*"))  # what was made on the way is gone


def test_entries_that_are_withheld_keep_their_place(tmp_path: Path, shared: Files) -> None:
    told = follow(write(tmp_path / "bundle", shared))
    assert told[7].endswith(" entries, unbroken\n")
    assert b'"withheld":true' in shared["facts/entries.jsonl"]


def test_what_was_changed_is_seen_at_the_step_that_says_so(tmp_path: Path, made: Files) -> None:
    changed = made | {
        "manifest.json": made["manifest.json"].replace(b"acme", b"acne"),
        "policy/pilot.json": b"{}",
        "report.html": b"all is well",
        "evil.html": b"read me",
        "facts/entries.jsonl": made["facts/entries.jsonl"].replace(b'"UNPROVEN"', b'"PROVEN"'),
        "log/checkpoint": made["log/checkpoint"].replace(b"\n3\n", b"\n2\n"),
    }
    told = follow(write(tmp_path / "bundle", changed))
    _, _, _, signed, listed, beside, unknown, record, end, _, _ = told
    assert "manifest.json: FAILED" in signed
    assert "policy/pilot.json: FAILED" in listed
    assert "report.html: FAILED" in beside
    assert unknown == "evil.html\n"
    assert record == "entry 4 is not what was recorded\n"
    assert "Signature Verification Failure" in end


def test_another_signer_is_unknown_and_a_forged_signature_fails(
    tmp_path: Path, made: Files
) -> None:
    other = register_of(registered(key("other")))
    told = follow(write(tmp_path / "bundle", made), trusted=other)
    assert told[1] == ""  # the step that says: stop
    forged = edited(made, "manifest.dsse.json", _signed_by_nobody)
    told = follow(write(tmp_path / "forged", forged))
    assert "Signature Verification Failure" in told[3]


@pytest.mark.parametrize("edit", ["removed", "repeated"])
def test_e02_an_entry_that_is_gone_or_twice_is_seen(
    tmp_path: Path, made: Files, edit: str
) -> None:
    lines = made["facts/entries.jsonl"].splitlines(keepends=True)
    lines[6:8] = [lines[7]] if edit == "removed" else [lines[6], lines[6], lines[7]]
    files = made | {"facts/entries.jsonl": b"".join(lines)}
    told = follow(write(tmp_path / "bundle", files))
    assert told[7] == f"entry {7 if edit == 'removed' else 8} is not what was recorded\n"


def key_id() -> str:
    (known,) = TRUST
    return known


def _signed_by_nobody(envelope: dict[str, list[dict[str, str]]]) -> None:
    envelope["signatures"][0]["sig"] = "A" * 86 + "=="
