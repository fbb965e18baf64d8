"""E03, E05: who signed, whether they may, and of what. None of these comes out as valid."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.signing import dsse, note, strict
from harness.signing.ed25519 import key_id
from tests.harness.evidence.bundles import bundle, key, payload
from tests.harness.evidence.ledgers import nights
from tests.harness.evidence.verify.checking import (
    NOW,
    SINCE,
    TRUST,
    UNTIL,
    Files,
    checked,
    edited,
    refused,
    register_of,
    registered,
    resealed,
    said,
)

OWN = "manifest.dsse.json"
OTHER = key("other")


def _signature(files: Files) -> dict[str, str]:
    found: dict[str, str] = json.loads(files[OWN])["signatures"][0]
    return found


def _with(files: Files, *signatures: dict[str, str], **parts: str) -> Files:
    envelope = json.loads(files[OWN]) | {"signatures": list(signatures)} | parts
    return files | {OWN: strict.canonical(envelope)}


def test_e03_another_key_in_the_name_of_a_trusted_one_is_refused(
    tmp_path: Path, made: Files
) -> None:
    signed = json.loads(dsse.seal(dsse.IN_TOTO, payload(made[OWN]), OTHER))["signatures"][0]
    forged = signed | {"keyid": key_id(key().public)}
    report = checked(tmp_path, _with(made, forged))
    assert ("signature", OWN) in refused(report)
    assert "did not sign this" in said(report)


def test_e03_a_key_id_swapped_is_never_valid(tmp_path: Path, made: Files) -> None:
    swapped = _signature(made) | {"keyid": key_id(OTHER.public)}
    both = register_of(*TRUST.values(), registered(OTHER, name="other"))
    assert checked(tmp_path, _with(made, swapped), trusted=both).code == 1
    assert checked(tmp_path).code != 0  # whoever does not know the other key


@pytest.mark.parametrize(
    "change",
    [
        {"signatures": []},
        {"payloadType": "application/json"},
        {"payload": ""},
        {"alg": "none"},
        {"signatures": [{"keyid": key_id(key().public), "sig": ""}]},
        {"signatures": [{"keyid": key_id(key().public), "sig": "", "alg": "none"}]},
        {"signatures": [{"sig": "AAAA"}]},
    ],
    ids=str,
)
def test_e03_empty_signatures_and_other_algorithms_are_refused(
    tmp_path: Path, made: Files, change: dict[str, object]
) -> None:
    envelope = json.loads(made[OWN]) | change
    report = checked(tmp_path, made | {OWN: strict.canonical(envelope)})
    assert ("signature", OWN) in refused(report)


def test_the_signature_of_another_statement_is_refused(tmp_path: Path, made: Files) -> None:
    report = checked(tmp_path, made | {OWN: made["report.dsse.json"]})
    assert ("signature", "manifest.json") in refused(report)


@pytest.mark.parametrize(
    ("of", "says"),
    [
        (registered(key(), roles=("witness",)), "may not sign a bundle"),
        (
            registered(key(), until=datetime(2026, 11, 21, tzinfo=UTC)),
            "was valid until 2026-11-21",
        ),
        (registered(key(), since=datetime(2027, 1, 1, tzinfo=UTC)), "was not valid before 2027"),
    ],
    ids=["role", "ended", "not yet"],
)
def test_a_key_that_may_not_sign_is_refused(
    tmp_path: Path, made: Files, of: object, says: str
) -> None:
    report = checked(tmp_path, made, trusted=register_of(of))  # type: ignore[arg-type]
    assert report.code == 1
    assert ("signature", OWN) in refused(report)
    assert says in said(report)


def test_a_key_made_after_the_nights_may_sign_their_export(tmp_path: Path, made: Files) -> None:
    late = registered(key(), since=datetime(2026, 11, 29, tzinfo=UTC))
    assert checked(tmp_path, made, trusted=register_of(late)).code == 0


def test_an_expired_register_is_stale_as_the_key_may_be_anybodys_now(
    tmp_path: Path, made: Files
) -> None:
    report = checked(tmp_path, made, now=datetime(2028, 1, 1, tzinfo=UTC))
    assert report.code == 3
    assert "the key of nightly run ended on 2027-11-01" in said(report)
    assert checked(tmp_path, now=NOW).code == 0


def test_a_countersignature_tells_when_the_checkpoint_was_there(
    tmp_path: Path, made: Files
) -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    witness = key("witness")
    confirmed = note.countersign(made["log/checkpoint"], "audit", witness, at=int(at.timestamp()))
    files = resealed(made | {"log/checkpoint": confirmed})
    trusted = register_of(*TRUST.values(), registered(witness, name="audit", roles=("witness",)))
    report = checked(tmp_path, files, trusted=trusted, now=datetime(2027, 10, 1, tzinfo=UTC))
    assert report.code == 0, said(report)
    assert "countersigned by audit" in said(report)
    assert "on 2026-11-25 00:00 UTC" in said(report)
    wrong = register_of(*TRUST.values(), registered(witness, name="audit", roles=("legal",)))
    assert "may not sign a countersignature" in said(checked(tmp_path, trusted=wrong))


def test_a_statement_by_a_stranger_is_told_beside_good_ones(tmp_path: Path, made: Files) -> None:
    signed = dsse.seal(dsse.IN_TOTO, payload(made[OWN]), OTHER)
    report = checked(tmp_path, made | {"attestations/more.dsse.json": signed})
    assert report.code == 3
    assert "UNKNOWN statements" in said(report)
    known = register_of(*TRUST.values(), registered(OTHER, name="Ada", roles=("prover",)))
    assert checked(tmp_path, trusted=known).code == 0
    wrong = register_of(*TRUST.values(), registered(OTHER, name="Ada", roles=("owner",)))
    more = ("statements", "attestations/more.dsse.json")
    assert more in refused(checked(tmp_path, trusted=wrong))


def test_e05_a_statement_of_another_bundle_is_refused(
    tmp_path: Path, made: Files, shared: Files
) -> None:
    for name in made:
        if not name.endswith(".dsse.json") or name == OWN:
            continue
        report = checked(tmp_path, made | {name: shared[name]})
        assert ("statements", name) in refused(report), said(report)
    folder = tmp_path / "more"
    report = checked(folder, made | {"attestations/old.dsse.json": shared["report.dsse.json"]})
    assert ("statements", "attestations/old.dsse.json") in refused(report)


def test_e05_a_whole_bundle_of_something_else_is_refused_where_it_is_held_against_what_is_asked(
    tmp_path: Path, made: Files
) -> None:
    """In itself it is valid: only whoever asked knows what for."""
    asked = {
        "pilot": "acme",
        "environment": "dev",
        "first": "2026-11-20",
        "last": "2026-11-22",
        "code": "0.1.0+abc",
        "class": "sandbox",
        "contract.shop.orders": "12" * 32,
    }
    assert checked(tmp_path, made, expected=asked.items()).code == 0
    for term, value in asked.items():
        report = checked(tmp_path, expected=(asked | {term: "other"}).items())
        assert refused(report) == {("terms", "manifest.json")}
        assert f"{term} is {value}; you expect other" in said(report)
    assert checked(tmp_path, expected=[("contract.shop.gone", "12")]).code == 1


def test_e05_terms_changed_in_manifest_or_statement_alone_are_refused(
    tmp_path: Path, made: Files
) -> None:
    changed = resealed(edited(made, "manifest.json", lambda of: of.update(pilot="beta")))
    assert ("terms", "manifest.json") in refused(checked(tmp_path, changed))


def test_e05_a_bundle_of_another_window_of_the_same_ledger_differs_in_every_statement(
    tmp_path: Path, made: Files
) -> None:
    place = nights(tmp_path / "ledger.sqlite")
    one = bundle(place, last=datetime(2026, 11, 21, tzinfo=UTC).date())
    assert checked(tmp_path / "whole", one).code == 0
    for name in (OWN, "report.dsse.json"):
        assert checked(tmp_path / name, made | {name: one[name]}).code == 1


def test_the_times_of_the_register_are_what_the_tests_say() -> None:
    assert SINCE < NOW < UNTIL
