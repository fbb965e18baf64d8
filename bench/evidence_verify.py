"""What it costs to check a bundle of thirty nights of twenty datasets, by `verify.pyz` alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.metric import Metric, Sample
from harness.evidence import bundle, folder
from harness.evidence.evidence import Scope, read
from harness.evidence.formats import FORMATS
from harness.evidence.verifier import archive, verify_text
from harness.ledger.chain import Entry, link
from harness.signing import register
from harness.signing.register import Key
from harness.signing.signer import PrivateKey, from_seed

LIBRARIES = ("cryptography",)
_NIGHTS, _DATASETS = 30, 20
_FIRST = datetime(2026, 11, 1, 2, tzinfo=UTC)
_CLAIMS = ("authenticated", "complete", "conforms", "fresh", "stable_schema", "within_budget")
_GOAL_SECONDS = 5.0
SHAPE = f"{_NIGHTS} nights x {_DATASETS} datasets"


def floors() -> list[str]:
    """What stands beside it."""
    floor = "Floor: sha256sum over all files of the same bundle, a fresh process."
    ours = "Ours is a fresh Python: signatures, files, chain, tree, census, judgements."
    return [f"{floor} {ours}"]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Both by turns."""
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        count = _prepare(here)
        say(f"{count:,} entries of {SHAPE}")
        samples = tuple(_sample(here) for _ in range(3 if quick else 15))
        size = sum(one.stat().st_size for one in (here / "bundle").rglob("*") if one.is_file())
    return [
        Metric(metric="verify.pyz", unit=f"seconds, {SHAPE}", samples=samples, goal=_GOAL_SECONDS),
        Metric(metric="its bundle", unit="MB", samples=(Sample(value=size / 1e6),)),
    ]


def _sample(here: Path) -> Sample:
    ours: list[str | Path] = [sys.executable, here / "verify.pyz", here / "bundle"]
    ours += ["--trust", here / "trust.json"]
    files = sorted(one for one in (here / "bundle").rglob("*") if one.is_file())
    return Sample(value=_seconds(ours), against=_seconds(["sha256sum", *files]))


def _seconds(command: Sequence[str | Path]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _prepare(here: Path) -> int:
    """The bundle, the register and the verifier; returns the number of entries."""
    signer = from_seed(os.urandom(32))
    entries = tuple(_entries())
    scope = Scope(pilot="bench", title="Bench", environment="dev", zone="UTC")
    files = bundle.build(
        read(entries, scope),
        signer=signer,
        formats=FORMATS,
        tool="bench",
        packages="0" * 64,
        verify_text=verify_text(),
    )
    folder.write(here / "bundle", files)
    (here / "trust.json").write_bytes(register.written(_register(signer)))
    (here / "verify.pyz").write_bytes(archive())
    return len(entries)


def _register(signer: PrivateKey) -> register.Register:
    key = Key(
        public=signer.public,
        name="bench",
        roles=("prover",),
        since=datetime(2026, 1, 1, tzinfo=UTC),
        until=datetime(2126, 1, 1, tzinfo=UTC),
    )
    return {key.id: key}


def _entries() -> Iterator[Entry]:
    """What nights leave: a start, of each dataset a reading and its verdicts, an end."""
    last: tuple[int, str] | None = None
    for run, kind, body in bodies():
        entry = link(last, run=run, kind=kind, body=body)
        last = entry.seq, entry.sha256
        yield entry


def bodies() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Run, kind and body of each entry of thirty nights."""
    datasets = [f"dataset{number}" for number in range(_DATASETS)]
    owed = [
        {"source": "shop", "dataset": name, "claim": claim}
        for name in datasets
        for claim in _CLAIMS
    ]
    for night in range(_NIGHTS):
        at, run = _FIRST + timedelta(days=night), f"run-{night}"
        common = {
            "pilot": "bench",
            "environment": "dev",
            "run": run,
            "slot": f"{at:%Y-%m-%d}",
            "code": "bench",
            "at": at,
        }
        begun = {"planned": owed, "due_at": at, "armed": ["nightly"]}
        yield run, "started", {**common, **begun}
        for name in datasets:
            origin = {"source": "shop", "dataset": name, "endpoint": "https://shop.example"}
            origin |= {"contract": "1" * 64, "evidence_class": "sandbox"}
            yield run, "reading", {**common, **origin, "reading": _reading(name, at)}
            for claim in _CLAIMS:
                yield run, "verdict", {**common, **origin, "verdict": _verdict(claim)}
        yield run, "finished", {**common, "planned": len(owed), "executed": len(owed)}


def _verdict(claim: str) -> dict[str, Any]:
    return {
        "claim": claim,
        "outcome": "PROVEN",
        "because": f"{claim} held on all 9 of 9 nights that were looked at until this one",
        "expected": "95 % within 24 h",
        "observed": "9 of 9 in time",
        "n": 9,
        "method": "exact binomial bound",
        "basis": "measured",
    }


def _reading(name: str, at: datetime) -> dict[str, Any]:
    return {
        "source": "shop",
        "dataset": name,
        "slot": at.date(),
        "started_at": at,
        "seconds": 1.5,
        "rows": 1_500,
        "bytes": 150_000,
        "columns": [f"column{number}" for number in range(12)],
        "rescued": 0,
        "newest_event_at": at,
        "oldest_event_at": at,
        "sha256": "2" * 64,
        "witness": None,
        "deliveries": [],
        "attempts": 12,
        "retries": 0,
        "waited_seconds": 0.0,
        "authentications": 1,
        "renewals": 0,
        "renewals_between_pages": 0,
        "refusals": [],
        "throttled": 0,
        "latency": {
            "n": 200,
            "p50": 3.1,
            "p95": 9.9,
            "maximum": 12.5,
            "samples": [number / 7 for number in range(200)],
        },
        "failure": None,
    }
