"""The manifest: what a bundle is of, and the digest and size of every file in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from harness.evidence.verify import strict_json
from harness.evidence.verify.finding import NotReadable

FORMAT = 1
NAME, STATEMENT = "manifest.json", "manifest.dsse.json"
_OLDEST, _NEWEST = 1970, 9000
ENTRIES = "facts/entries.jsonl"
POLICY = "policy/pilot.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest that is read in one way."""

    files: Mapping[str, tuple[str, int]]
    """SHA-256 and size of each file, by its path."""
    pilot: str
    environment: str
    zone: str
    first: date
    last: date
    census: Mapping[str, Any]
    runs: tuple[str, ...]
    """Those of the window, in the ledger's order."""
    entries: int
    head: str
    """The hash of the ledger's last entry."""
    whole: Mapping[str, Any]

    @property
    def window(self) -> str:
        """Its nights, in words."""
        return f"nights {self.first} to {self.last} ({self.zone})"


def read(content: bytes) -> Manifest:
    """The manifest in the bytes that were signed. Raises NotReadable."""
    said = strict_json.parsed(content)
    if strict_json.canonical(said) != content:
        raise NotReadable("it is not in its one canonical form (RFC 8785)")
    if not isinstance(said, dict):
        raise NotReadable("it is no manifest")
    if (form := said.get("format")) != FORMAT:
        raise NotReadable(f"it has format {form!a:.20}; this verifier reads format {FORMAT}")
    _check_binding(said)
    match said:
        case {
            "pilot": str() as pilot,
            "environment": str() as environment,
            "window": {"first": str() as first, "last": str() as last, "zone": str() as zone},
            "ledger": {"entries": int() as entries, "head": str() as head},
            "runs": [*runs],
            "census": dict() as census,
            "files": dict() as files,
        }:
            return Manifest(
                files=dict(_files(files)),
                pilot=pilot,
                environment=environment,
                zone=zone,
                first=_day(first),
                last=_day(last),
                census=census,
                runs=tuple(runs),
                entries=entries,
                head=head,
                whole=said,
            )
        case _:
            raise NotReadable("it lacks what every manifest of a bundle has")


BINDING = (
    "pilot",
    "environment",
    "window",
    "contracts",
    "code",
    "configurations",
    "evidence_classes",
)
"""What binds a statement to one bundle, so that it says nothing of another."""


def terms(said: Mapping[str, Any]) -> Mapping[str, str]:
    """The terms of a manifest as text, by the names that `--expect` takes."""
    return {
        "pilot": said["pilot"],
        "environment": said["environment"],
        "first": said["window"]["first"],
        "last": said["window"]["last"],
        "code": ",".join(said["code"]),
        "class": ",".join(said["evidence_classes"]),
        **{f"contract.{place}": ",".join(of) for place, of in said["contracts"].items()},
    }


def _check_binding(said: Any) -> None:
    """The terms beside pilot, environment and window: lists of text, and of contracts by place."""
    lists = [said.get(term) for term in ("code", "configurations", "evidence_classes", "runs")]
    contracts = said.get("contracts")
    if isinstance(contracts, dict):
        lists += contracts.values()
    if not isinstance(contracts, dict) or not all(
        isinstance(one, list) and all(isinstance(text, str) for text in one) for one in lists
    ):
        raise NotReadable("its terms have another form than those of a bundle")


def _files(found: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, int]]]:
    for name, one in found.items():
        match one:
            case {"sha256": str() as digest, "bytes": int() as size, **rest} if not rest:
                yield name, (digest, size)
            case _:
                raise NotReadable(f"its file {name[:80]!a} has no sha256 and bytes")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not _OLDEST <= day.year <= _NEWEST:
        raise NotReadable("its window has no dates of this age")
    return day
