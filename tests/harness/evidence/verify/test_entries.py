"""E02: entries edited in ten ways, and everything around them signed anew by the right key.

What is left to give a forger away is the chain, the tree, the census and the judgements. Each edit
is made without the others' mending first; then the chain is mended, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from harness.evidence.verify import chain as chains
from harness.evidence.verify import log
from harness.ledger.chain import GENESIS, Entry, breaks
from harness.signing import dsse, note, strict, tree
from tests.harness.evidence.bundles import key, payload
from tests.harness.evidence.verify.checking import (
    TRUST,
    Files,
    checked,
    edited,
    refused,
    register_of,
    registered,
    resealed,
    said,
    sha256,
)

ENTRIES = "facts/entries.jsonl"
Lines = list[bytes]


def _lines(files: Files) -> Lines:
    return files[ENTRIES].splitlines(keepends=True)


def _removed(lines: Lines) -> Lines:
    return lines[:6] + lines[7:]


def _three_removed(lines: Lines) -> Lines:
    return lines[:6] + lines[9:]


def _first_removed(lines: Lines) -> Lines:
    return lines[1:]


def _reordered(lines: Lines) -> Lines:
    return [*lines[:6], lines[7], lines[6], *lines[8:]]


def _repeated(lines: Lines) -> Lines:
    return [*lines[:7], lines[6], *lines[7:]]


def _changed(lines: Lines) -> Lines:
    return [line.replace(b'"UNPROVEN"', b'"PROVEN"') for line in lines]


def _kind_changed(lines: Lines) -> Lines:
    return [line.replace(b'"kind":"reading"', b'"kind":"declaration"') for line in lines]


def _of_another_run(lines: Lines) -> Lines:
    return [*lines[:6], lines[6].replace(b'"run":"run-1"', b'"run":"run-0"', 1), *lines[7:]]


def _withheld(lines: Lines) -> Lines:
    return [*lines[:6], re.sub(rb'"body":.*\}\n', b'"withheld":true}\n', lines[6]), *lines[7:]]


def _spelled_otherwise(lines: Lines) -> Lines:
    return [lines[0].replace(b'{"seq":1,', b'{ "seq":1,'), *lines[1:]]


def _without_end(lines: Lines) -> Lines:
    return [*lines[:-1], lines[-1].rstrip(b"\n")]


EDITS = {
    _removed: r"entry 7 is missing: entry 8 \(verdict of run run-1\) follows",
    _three_removed: r"entries 7 to 9 are missing",
    _first_removed: r"entry 1 is missing: entry 2",
    _reordered: r"entry 7 is missing: entry 8 (.|\n)*entry 7 .* is repeated or out of order",
    _repeated: r"entry 7 .* stands where entry 8 should be: it is repeated or out of order",
    _changed: r"entry 4 \(verdict of run run-0\) was changed",
    _kind_changed: r"entry 2 \(declaration of run run-0\) was changed",
    _of_another_run: r"entry 7 \(reading of run run-0\) was changed",
    _withheld: r"of this run some entries are withheld and some are not",
    _spelled_otherwise: r"line 1 is no entry of a ledger in its one form",
    _without_end: r"line 15 is no entry of a ledger in its one form",
}


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__.strip("_"))
def test_e02_an_edit_is_found_by_name_though_all_is_signed_anew(
    tmp_path: Path, made: Files, edit: Callable[[Lines], Lines]
) -> None:
    files = resealed(made | {ENTRIES: b"".join(edit(_lines(made)))})
    report = checked(tmp_path, files)
    assert ("entries", ENTRIES) in refused(report), said(report)
    assert "signature" not in {check for check, _ in refused(report)}  # it gives nothing away
    assert re.search(EDITS[edit], said(report)), said(report)


def test_the_chain_is_the_ledgers_own(made: Files) -> None:
    """Two implementations of one hash: a difference would refuse every bundle, or none."""
    entries = [
        Entry(body=line[line.index(b'"body":') + 7 : -2], **_head(line)) for line in _lines(made)
    ]
    assert not list(breaks(entries))
    assert not list(chains.breaks(_lines(made), chains.Chain()))


def _head(line: bytes) -> dict[str, Any]:
    said = json.loads(line)
    return {name: said[name] for name in ("seq", "run", "kind", "format", "prev", "sha256")}


def rechained(lines: Sequence[bytes]) -> bytes:
    """Entries whose hashes were computed anew from the first that was changed, as by a forger."""
    found, prev = [], GENESIS
    for seq, line in enumerate(lines, start=1):
        body = line[line.index(b'"body":') + 7 : -2]
        head = _head(line) | {"seq": seq, "prev": prev}
        hashed = {name: head[name] for name in ("seq", "run", "kind", "format", "prev")}
        prev = sha256(rfc8785.dumps(hashed) + b"\n" + body)
        start = json.dumps(head | {"sha256": prev}, separators=(",", ":")).encode()
        found.append(start[:-1] + b',"body":' + body + b"}\n")
    return b"".join(found)


@pytest.mark.parametrize(
    "edit", [_removed, _reordered, _repeated, _changed, _of_another_run, _first_removed]
)
def test_e02_an_edit_with_the_chain_mended_leaves_the_signed_tree(
    tmp_path: Path, made: Files, edit: Callable[[Lines], Lines]
) -> None:
    """The forger signs the manifest, but not the checkpoint of that night."""
    report = checked(tmp_path, resealed(made | {ENTRIES: rechained(edit(_lines(made)))}))
    assert ("log", "log/checkpoint") in refused(report), said(report)
    assert "have another root than was signed" in said(report)


def test_e02_a_tail_cut_at_a_runs_end_with_the_older_checkpoint_is_what_a_kept_copy_finds(
    tmp_path: Path, made: Files
) -> None:
    """A rollback to an older valid head is valid in itself: only a copy elsewhere shows more."""
    files = _rolled_back(made)
    alone = checked(tmp_path, files)
    assert alone.code == 0, said(alone)
    report = checked(tmp_path, kept=[("copy", made["log/checkpoint"])])
    assert report.code == 3
    assert "the copy is of 3 ended runs, the bundle of 2" in said(report)
    held = checked(tmp_path, kept=[("copy", files["log/checkpoint"])])
    assert held.code == 0


def test_e02_a_verdict_changed_and_all_signed_anew_is_what_a_kept_copy_finds(
    tmp_path: Path, made: Files
) -> None:
    """By whoever holds the key. `verify --recompute` finds it without a copy."""
    files = made | {ENTRIES: rechained(_changed(_lines(made)))}
    for run in range(3):
        files = edited(files, f"judgements/run-{run}.json", _prove)
    files = resealed(_checkpoint(files), signer=key())
    report = checked(tmp_path, files, kept=[("copy", made["log/checkpoint"])])
    assert ("log", "copy") in refused(report), said(report)
    assert "the ledger was written anew after the copy was made" in str(report.findings)


def test_a_copy_by_a_stranger_or_of_another_ledger_shows_nothing(
    tmp_path: Path, made: Files
) -> None:
    opened = note.parsed(note.text_of(made["log/checkpoint"]))
    strange = note.seal(opened, key("stranger"))
    report = checked(tmp_path, made, kept=[("copy", strange)])
    assert report.code == 3
    other = note.Checkpoint(origin="other", size=opened.size, root=opened.root)
    report = checked(tmp_path, kept=[("copy", note.seal(other, key()))])
    assert ("log", "copy") in refused(report)
    assert checked(tmp_path, kept=[("copy", b"not a note")]).code == 1


def test_an_older_checkpoint_leaves_the_newest_runs_unknown(tmp_path: Path, made: Files) -> None:
    files = resealed(_checkpoint(made, size=2))
    report = checked(tmp_path, files)
    assert report.code == 3, said(report)
    assert "1 runs ended after the checkpoint was signed" in said(report)


def test_an_unsigned_checkpoint_is_never_good(tmp_path: Path, made: Files) -> None:
    unsigned = note.text_of(made["log/checkpoint"])
    report = checked(tmp_path, resealed(made | {"log/checkpoint": unsigned}))
    assert report.code != 0
    other = registered(key("other"), roles=("prover",), name="other")
    opened = note.parsed(unsigned)
    foreign = resealed(made | {"log/checkpoint": note.seal(opened, key("other"))})
    assert checked(tmp_path, foreign).code == 3
    assert checked(tmp_path, trusted=register_of(*TRUST.values(), other)).code == 0


def test_proofs_of_another_tree_are_refused(tmp_path: Path, made: Files) -> None:
    def swap(proof: dict[str, dict[str, object]]) -> None:
        inside = proof["inclusion"]
        inside["run-0"], inside["run-1"] = inside["run-1"], inside["run-0"]

    for change in (swap, lambda of: of["leaves"].reverse(), lambda of: of["inclusion"].clear()):
        report = checked(tmp_path, resealed(edited(made, "log/proof.json", change)))
        assert refused(report) == {("log", "log/proof.json")}


def _rolled_back(made: Files) -> Files:
    files = made | {ENTRIES: b"".join(_lines(made)[:10])}
    del files["judgements/run-2.json"]
    files = edited(files, "manifest.json", _without_the_last)
    proof = json.loads(files["log/proof.json"])
    hashes = [bytes.fromhex(one) for one in proof["leaves"][:2]]
    proof["leaves"] = proof["leaves"][:2]
    proof["inclusion"] = {
        f"run-{at}": {"index": at, "proof": [one.hex() for one in tree.inclusion(hashes, at)]}
        for at in range(2)
    }
    files["log/proof.json"] = json.dumps(proof, sort_keys=True, separators=(",", ":")).encode()
    files = _checkpoint(files, size=2)
    window = json.loads(files["manifest.json"])["window"]
    for name in [name for name in files if name.endswith(".dsse.json")]:
        files = _with_window(files, name, window)
    return resealed(files)


def _with_window(files: Files, name: str, window: object) -> Files:
    statement = json.loads(payload(files[name]))
    if "window" in statement["predicate"]:
        statement["predicate"]["window"] = window
    return files | {name: dsse.seal(dsse.IN_TOTO, strict.canonical(statement), key())}


def _without_the_last(manifest: dict[str, object]) -> None:
    manifest["runs"] = ["run-0", "run-1"]
    manifest["slots"] = ["2026-11-20", "2026-11-21"]
    manifest["window"]["last"] = "2026-11-21"  # type: ignore[index]
    nights = manifest["census"]["nights"]  # type: ignore[index]
    nights |= {"planned": 2, "started": 2, "each": nights["each"][:2]}
    manifest["census"]["runs"][0] |= {"started": 2, "finished": 2}  # type: ignore[index]


def _checkpoint(files: Files, *, size: int | None = None) -> Files:
    """The checkpoint signed anew, over what the entries say now."""
    found = chains.Chain()
    list(chains.breaks(_lines(files), found))
    hashes = log.leaves(found)
    origin = note.parsed(note.text_of(files["log/checkpoint"])).origin
    whole = hashes[: size or len(hashes)]
    checkpoint = note.Checkpoint(origin=origin, size=len(whole), root=tree.root(whole))
    proof = json.loads(files["log/proof.json"])
    proof["leaves"] = [one.hex() for one in hashes]
    for at, run in enumerate(proof["inclusion"]):
        of = [one.hex() for one in tree.inclusion(hashes, at)]
        proof["inclusion"][run] = {"index": at, "proof": of}
    return files | {
        "log/checkpoint": note.seal(checkpoint, key()),
        "log/proof.json": json.dumps(proof, sort_keys=True, separators=(",", ":")).encode(),
    }


def _prove(judged: dict[str, list[dict[str, object]]]) -> None:
    for verdict in judged["verdicts"]:
        verdict["outcome"] = "PROVEN"


def test_the_key_signs_for_the_time_of_these_nights() -> None:
    assert registered(key()).since < datetime(2026, 11, 20, tzinfo=UTC)
