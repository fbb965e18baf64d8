"""Each guard's twin: with it switched off, its attack comes out as valid. So that guard alone
holds it, and the tests beside show something.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.verify import (
    chain,
    counting,
    files,
    judgements,
    log,
    manifest,
    statements,
    strict_json,
    terms,
)
from harness.signing import dsse, note, register, strict, tree
from tests.harness.evidence.bundles import key, payload
from tests.harness.evidence.verify.checking import (
    TRUST,
    Files,
    checked,
    edited,
    register_of,
    registered,
    resealed,
    said,
    sha256,
)

Attack = Callable[[Files, Files], Files]


def nothing(*_: object, **__: object) -> tuple[()]:
    return ()


def e01_a_bit(made: Files, _: Files) -> Files:
    changed = made["policy/pilot.json"]
    return made | {"policy/pilot.json": changed[:-1] + bytes([changed[-1] ^ 1])}


def a_file_that_nobody_signed(made: Files, _: Files) -> Files:
    return made | {"notes.txt": b"all is well"}


def e02_an_entry_changed(made: Files, _: Files) -> Files:
    name = "facts/entries.jsonl"
    changed = made[name].replace(b'"kind":"reading"', b'"kind":"declaration"')
    return resealed(made | {name: changed})


def e03_a_forged_signature(made: Files, _: Files) -> Files:
    envelope = json.loads(made["manifest.dsse.json"])
    envelope["signatures"][0]["sig"] = "A" * 86 + "=="
    files = made | {"manifest.dsse.json": strict.canonical(envelope)}
    name = "attestations/verification-summary.dsse.json"
    statement = json.loads(payload(files[name]))
    for one in statement["predicate"]["inputAttestations"]:
        one["digest"]["sha256"] = sha256(files[one["uri"]])
    return files | {name: dsse.seal(dsse.IN_TOTO, strict.canonical(statement), key())}


def e03_a_forged_checkpoint(made: Files, _: Files) -> Files:
    name = "log/checkpoint"
    opened = note.parsed(note.text_of(made[name]))
    forged = note.Checkpoint(origin=opened.origin, size=opened.size, root=bytes(32))
    return resealed(made | {name: note.seal(forged, key())})


def e05_a_statement_of_another_bundle(made: Files, shared: Files) -> Files:
    name = "attestations/pipeline-reliability.dsse.json"
    statement = json.loads(payload(shared[name]))
    statement["subject"] = [{"name": "VERIFY.md", "digest": {"sha256": sha256(made["VERIFY.md"])}}]
    sealed = dsse.seal(dsse.IN_TOTO, strict.canonical(statement), key())
    return made | {"attestations/more.dsse.json": sealed}


def e05_another_term_in_the_manifest(made: Files, _: Files) -> Files:
    return resealed(edited(made, "manifest.json", lambda of: of.update(configurations=[])))


def spelled(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


def e06_another_spelling(made: Files, _: Files) -> Files:
    files = resealed(made)
    return _signed_as_it_is(files, spelled(json.loads(files["manifest.json"])))


def e08_a_missed_night_left_out(_: Files, shared: Files) -> Files:
    def left_out(of: Any) -> None:
        of["census"]["nights"] |= {"missed": 0, "planned": 4}

    return resealed(edited(shared, "manifest.json", left_out))


def e09_another_verdict(made: Files, _: Files) -> Files:
    def better(of: Any) -> None:
        of["verdicts"][1]["outcome"] = "PROVEN"

    return resealed(edited(made, "judgements/run-0.json", better))


Guard = tuple[object, str, object]
ATTACKS: dict[Attack, list[Guard]] = {
    e01_a_bit: [(files, "_deviation", lambda *_: None)],
    a_file_that_nobody_signed: [(files, "unsigned", nothing)],
    e02_an_entry_changed: [(chain, "_hash", lambda form: form[6].decode())],
    e03_a_forged_signature: [(dsse, "verify", lambda *_: True)],
    e03_a_forged_checkpoint: [(tree, "root", lambda _: bytes(32)), (log, "proofs", nothing)],
    e05_a_statement_of_another_bundle: [(statements, "_deviations", nothing)],
    e05_another_term_in_the_manifest: [
        (manifest, "BINDING", ()),
        (terms, "recorded", nothing),
    ],
    e06_another_spelling: [(strict_json, "canonical", spelled)],
    e08_a_missed_night_left_out: [(counting, "_census", nothing)],
    e09_another_verdict: [(judgements, "deviations", nothing)],
}
"""Each with the guards that hold it, and what is in their place where they are off."""


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_is_refused_by_its_guard_and_valid_without(
    tmp_path: Path, made: Files, shared: Files, attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checked(tmp_path, attack(made, shared)).code == 1
    for where, name, off in ATTACKS[attack]:
        monkeypatch.setattr(where, name, off)
    report = checked(tmp_path)
    assert report.code == 0, said(report)


def test_an_expired_key_is_valid_where_the_register_has_no_objection(
    tmp_path: Path, made: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = register_of(registered(key(), until=datetime(2026, 11, 21, tzinfo=UTC)))
    assert checked(tmp_path, made, trusted=ended).code == 1
    monkeypatch.setattr(register, "objection", lambda *_: None)
    assert checked(tmp_path, trusted=ended).code == 0
    assert checked(tmp_path, trusted=TRUST).code == 0


def _signed_as_it_is(files: Files, content: bytes) -> Files:
    """A manifest signed in the spelling that it has, and every statement about it."""
    plain = files["manifest.json"]
    found = files | {"manifest.json": content}
    names = sorted(name for name in files if name.endswith(".dsse.json"))
    for name in sorted(names, key=lambda name: name.endswith("summary.dsse.json")):
        text = payload(found[name]).decode().replace(sha256(plain), sha256(content))
        for other in names:
            text = text.replace(sha256(files[other]), sha256(found[other]))
        found[name] = dsse.seal(dsse.IN_TOTO, text.encode(), key())
    return found
