"""The two runs to compare, from wherever they are: a file, a folder, a bundle, a ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from connectors.secrets import Secret
from harness.errors import ConfigurationError
from harness.evidence import judgements
from harness.evidence.compare import Said, Side
from harness.evidence.manifest import digest
from harness.evidence.runs import runs_in
from harness.facts import EvidenceClass
from harness.ledger.body import decoded
from harness.ledger.ledger import Header, read_ledger
from harness.ledger.opening import require_whole
from harness.report import verdicts_json
from harness.result import Planned, Result
from harness.run.config import Job
from harness.verdict import Basis, Outcome

VERDICTS, MANIFEST = "verdicts.json", "manifest.json"
MOST_BYTES = 64 << 20
"""Of one file; the verdicts of 10,000 datasets need less."""
MOST_SHOWN = 200
"""Characters of somebody else's file in a message."""
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
"""A run's id, which is also a file's name."""


class _Verdict(msgspec.Struct):
    source: str
    dataset: str | None
    claim: str
    outcome: Outcome
    because: str
    basis: Basis
    evidence_class: EvidenceClass


class _Contract(msgspec.Struct):
    source: str
    dataset: str
    digest: str


class _Document(msgspec.Struct):
    """What `verdicts.json`, `drift.json` and a bundle's `judgements/RUN.json` have in common."""

    format: int
    pilot: str
    environment: str
    run: str
    slot: str
    planned: int
    verdicts: list[_Verdict]
    code: str | None = None
    job: str = Job.PROVE
    contracts: tuple[_Contract, ...] = ()


class _Listed(msgspec.Struct):
    sha256: str


class _Manifest(msgspec.Struct):
    runs: list[str]
    files: dict[str, _Listed]


def side(name: str, ledger: Path | Secret, *, now: datetime) -> Side:
    """The run that `name` is: a file of verdicts, a folder of results, a bundle (its newest run
    that proves), or a run of `ledger` by its id. Of a bundle only the digests of what is read are
    checked; `seatrial verify` says whether it is intact and who signed it.

    Raises ConfigurationError if it is none of these, cannot be read, or if somebody changed the
    ledger.
    """
    path = Path(name)
    if path.is_dir():
        return _of_folder(path, name)
    if path.is_file():
        return _of_file(path, name)
    if _RUN.fullmatch(name) and not (isinstance(ledger, Path) and not ledger.exists()):
        return _of_ledger(name, ledger, now)
    raise ConfigurationError(
        f"{name} is not there: name a {VERDICTS}, a folder of results, a bundle, or the id of a "
        "run and its ledger by --out or --ledger"
    )


def of_result(result: Result, name: str) -> Side:
    """A run that has just ended."""
    return _side(msgspec.convert(verdicts_json.document(result), _Document), name, name)


def _of_folder(folder: Path, name: str) -> Side:
    if (folder / VERDICTS).exists():
        return _of_file(folder / VERDICTS, name)
    if not (folder / MANIFEST).exists():
        raise ConfigurationError(
            f"{folder} has neither a {VERDICTS} nor a {MANIFEST}: name a folder of results, or a "
            "bundle"
        )
    manifest: _Manifest = _decode(_bytes(folder / MANIFEST), _Manifest, folder / MANIFEST)
    for run in reversed(manifest.runs):
        if not _RUN.fullmatch(run):  # it becomes a file's name
            shown = run[:MOST_SHOWN]
            raise ConfigurationError(
                f"{folder / MANIFEST}: {shown!r} is no run's id: name a bundle that seatrial "
                "verify accepts"
            )
        document = _listed(folder, f"judgements/{run}.json", manifest)
        if document.verdicts and document.job == Job.PROVE:
            return _side(document, name, folder)
    raise ConfigurationError(
        f"{folder}: no run of this bundle was to prove anything: name a file of its judgements"
    )


def _listed(folder: Path, path: str, manifest: _Manifest) -> _Document:
    """A file of a bundle, if it is the one that its manifest lists."""
    data, listed = _bytes(folder / path), manifest.files.get(path)
    if listed is None or listed.sha256 != digest(data):
        raise ConfigurationError(
            f"{folder / path} is not the one that {MANIFEST} lists: run seatrial verify {folder}"
        )
    document: _Document = _decode(data, _Document, folder / path)
    return document


def _of_file(file: Path, name: str) -> Side:
    return _side(_document(file), name, file)


def _of_ledger(run: str, place: Path | Secret, now: datetime) -> Side:
    name = place.reference if isinstance(place, Secret) else str(place)
    with read_ledger(place) as ledger:
        require_whole(ledger, name, now=now)
        own = tuple(ledger.entries(run=run))
    if not own:
        raise ConfigurationError(
            f"{run} is neither a file nor a run of the ledger {name}: name one of them"
        )
    header = decoded(own[0], Header)
    (the_run,) = runs_in(own, pilot=header.pilot, environment=header.environment, zone="UTC")
    document = msgspec.convert(
        msgspec.to_builtins(judgements.document(the_run)), _Document, strict=False
    )
    judged_by = {
        f"{one.origin.source}.{one.origin.dataset}": one.origin.contract
        for one in the_run.facts
        if one.origin.dataset and one.origin.contract
    }
    return replace(_side(document, run, f"run {run}"), contracts=judged_by)


def _document(file: Path) -> _Document:
    document: _Document = _decode(_bytes(file), _Document, file)
    return document


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}: name one to read") from error
    if len(data) > MOST_BYTES:
        raise ConfigurationError(
            f"{file} is longer than {MOST_BYTES:,} bytes, so these are no verdicts: name others"
        )
    return data


def _decode(data: bytes, of: type[Any], file: Path) -> Any:
    try:
        return msgspec.json.decode(data, type=of)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        why = str(error)[:MOST_SHOWN]
        raise ConfigurationError(f"{file} holds no verdicts of ours: {why}") from error


def _side(document: _Document, name: str, where: object) -> Side:
    if document.format != verdicts_json.FORMAT:
        raise ConfigurationError(
            f"{where} has format {document.format}: install the release that wrote it"
        )
    return Side(
        name=name,
        pilot=document.pilot,
        environment=document.environment,
        run=document.run,
        slot=document.slot,
        owed=document.planned,
        code=document.code,
        contracts={f"{one.source}.{one.dataset}": one.digest for one in document.contracts},
        verdicts=_verdicts(document, where),
    )


def _verdicts(document: _Document, where: object) -> Mapping[Planned, Said]:
    found: dict[Planned, Said] = {}
    for one in document.verdicts:
        planned = Planned(source=one.source, dataset=one.dataset, claim=one.claim)
        if planned in found:
            raise ConfigurationError(
                f"{where} has two verdicts on {one.claim} of {one.dataset or one.source}: "
                "write it anew"
            )
        found[planned] = Said(
            outcome=one.outcome,
            because=one.because,
            evidence_class=one.evidence_class,
            basis=one.basis,
        )
    return found
