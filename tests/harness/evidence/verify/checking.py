"""Bundles on disk, whose signer a register knows, and what the verifier says of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.evidence.verify.finding import Grade
from harness.evidence.verify.verify import Asked, Report, verify
from harness.signing import dsse, strict
from harness.signing.register import Key, Register
from harness.signing.signer import PrivateKey
from tests.harness.evidence.bundles import key, payload

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SINCE, UNTIL = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)
Files = dict[str, bytes]


def registered(
    signer: PrivateKey,
    *,
    roles: tuple[str, ...] = ("prover",),
    since: datetime = SINCE,
    until: datetime = UNTIL,
    name: str = "nightly run",
) -> Key:
    return Key(public=signer.public, name=name, roles=roles, since=since, until=until)


def register_of(*keys: Key) -> Register:
    return {one.id: one for one in keys}


TRUST = register_of(registered(key()))


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def checked(  # noqa: PLR0913 - all that a bundle may be held against
    folder: Path,
    files: Mapping[str, bytes] | None = None,
    *,
    trusted: Register = TRUST,
    now: datetime = NOW,
    expected: Iterable[tuple[str, str]] = (),
    kept: Iterable[tuple[str, bytes]] = (),
) -> Report:
    """The report on a folder, or on files that are written there first."""
    if files is not None:
        write(folder, files)
    asked = Asked(trusted=trusted, now=now, expected=tuple(expected), kept=tuple(kept))
    return verify(folder, asked)


def refused(report: Report) -> set[tuple[str, str]]:
    """The check and the file of each finding that refuses."""
    return {(one.check, one.file) for one in report.findings if one.grade is Grade.REFUSED}


def said(report: Report) -> str:
    return "\n".join(
        f"{one.grade.name} {one.check} {one.file}: {one.found}" for one in report.findings
    )


def resealed(
    files: Files, *, signer: PrivateKey | None = None, terms: Mapping[str, object] | None = None
) -> Files:
    """The manifest and every statement made anew over changed files, as a forger would who holds
    a key: of all that is inside, only what it says can still give it away. `terms` are written
    into every statement that has them.
    """
    files, signer = dict(files), signer or key()
    files["manifest.json"] = _manifest(files)
    for name in _by_dependence(files):
        if name.startswith("policy/"):
            continue  # people's own
        statement = json.loads(payload(files[name]))
        _renew(statement, files)
        predicate = statement["predicate"]
        predicate |= {term: of for term, of in (terms or {}).items() if term in predicate}
        files[name] = dsse.seal(dsse.IN_TOTO, strict.canonical(statement), signer)
    return files


def edited(files: Files, name: str, change: Callable[[Any], None]) -> Files:
    """A JSON file changed, in its canonical form."""
    content = json.loads(files[name])
    change(content)
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return files | {name: written.encode()}


def _manifest(files: Files) -> bytes:
    manifest = json.loads(files["manifest.json"])
    entries = files["facts/entries.jsonl"].splitlines()
    manifest["ledger"] = {
        "entries": len(entries),
        "head": json.loads(entries[-1])["sha256"] if entries else "",
    }
    manifest["policy"] = sha256(files["policy/pilot.json"])
    manifest["files"] = {
        name: {"bytes": len(files[name]), "sha256": sha256(files[name])}
        for name in manifest["files"]
        if name in files
    }
    return strict.canonical(manifest)


def _by_dependence(files: Files) -> list[str]:
    """The summary rests on all others."""
    names = sorted(name for name in files if name.endswith(".dsse.json"))
    return sorted(names, key=lambda name: name.endswith("summary.dsse.json"))


def _renew(found: Any, files: Files) -> None:
    """Every digest of a named file, wherever it stands in a statement."""
    if isinstance(found, dict):
        name = found.get("name") or found.get("uri")
        if name in files and "digest" in found:
            found["digest"] = {"sha256": sha256(files[name])}
        if isinstance(found.get("manifest"), dict):
            found["manifest"] = {"sha256": sha256(files["manifest.json"])}
    for inner in found.values() if isinstance(found, dict) else found:
        if isinstance(inner, (dict, list)):
            _renew(inner, files)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
