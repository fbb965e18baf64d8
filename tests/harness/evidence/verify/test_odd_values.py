"""Whoever signs may write anything: no value of another type crashes the verifier, and none that
it relies on passes.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.signing import dsse, strict
from tests.harness.evidence.bundles import key, payload
from tests.harness.evidence.verify.checking import Files, checked, resealed, write
from tests.harness.evidence.verify.test_entries import rechained

ODD = (None, True, 0, -1, "x", [], {}, [[]], [{}], {"a": 1}, [1])
Path_ = tuple[str | int, ...]


def paths(value: Any, above: Path_ = ()) -> Iterator[Path_]:
    """Every place in a document."""
    if above:
        yield above
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, (*above, name))
    elif isinstance(value, list):
        for at, inner in enumerate(value[:2]):
            yield from paths(inner, (*above, at))


def changed(value: Any, path: Path_, odd: object) -> Any:
    copy = json.loads(json.dumps(value))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = odd
    return copy


def drawn(document: Any, *, count: int, seed: int) -> Iterator[tuple[Path_, Any]]:
    draw = random.Random(seed)
    places = [(path, odd) for path in paths(document) for odd in ODD]
    for path, odd in draw.sample(places, min(count, len(places))):
        if (found := changed(document, path, odd)) != document:
            yield path, found


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


COUNT = 30


@pytest.mark.parametrize(
    "name", ["manifest.json", "judgements/run-0.json", "log/proof.json", "policy/pilot.json"]
)
def test_a_file_with_an_odd_value_is_told(tmp_path: Path, made: Files, name: str) -> None:
    for path, odd in drawn(json.loads(made[name]), count=COUNT, seed=len(name)):
        files = made | {name: canonical(odd)}
        is_manifest = name == "manifest.json"
        sealed = _resealed_as_it_is(files, made) if is_manifest else resealed(files)
        report = checked(tmp_path, sealed)
        assert report.findings, path


def _resealed_as_it_is(files: Files, made: Files) -> Files:
    """Over a manifest that no reader of ours could have written."""
    found = dict(files)
    before, now = (hashlib.sha256(one["manifest.json"]).hexdigest() for one in (made, files))
    for name in (name for name in files if name.endswith(".dsse.json")):
        text = payload(files[name]).decode().replace(before, now)
        found[name] = dsse.seal(dsse.IN_TOTO, text.encode(), key())
    return found


@pytest.mark.parametrize(
    "name",
    [
        "manifest.dsse.json",
        "report.dsse.json",
        "attestations/verification-summary.dsse.json",
        "attestations/pipeline-reliability.dsse.json",
    ],
)
def test_a_statement_with_an_odd_value_is_told(tmp_path: Path, made: Files, name: str) -> None:
    write(tmp_path, made)
    for path, odd in drawn(json.loads(payload(made[name])), count=COUNT, seed=len(name)):
        sealed = dsse.seal(dsse.IN_TOTO, strict.canonical(odd), key())
        (tmp_path / name).write_bytes(sealed)
        assert checked(tmp_path).findings, path
    for path, odd in drawn(json.loads(made[name]), count=COUNT // 2, seed=1):
        (tmp_path / name).write_bytes(canonical(odd))
        assert checked(tmp_path).code != 0, path


def test_an_entry_with_an_odd_value_is_told(tmp_path: Path, made: Files) -> None:
    lines = made["facts/entries.jsonl"].splitlines(keepends=True)
    for at in (0, 2, 4):  # a start, a verdict, an end
        body = lines[at][lines[at].index(b'"body":') + 7 : -2]
        for path, odd in drawn(json.loads(body), count=COUNT, seed=at):
            line = lines[at].replace(body, canonical(odd))
            entries = rechained([*lines[:at], line, *lines[at + 1 :]])
            report = checked(tmp_path, resealed(made | {"facts/entries.jsonl": entries}))
            assert report.code == 1, path  # at least the signed tree is another
