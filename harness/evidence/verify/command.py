"""What `seatrial verify` and `verify.pyz` share: what is asked, and what is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from harness.evidence.verify import bounds, folder, words
from harness.evidence.verify.finding import Grade, NotReadable, worst
from harness.evidence.verify.verify import Asked, Report, about
from harness.signing import register
from harness.signing.ed25519 import Unverified

_TERMS = ("pilot", "environment", "first", "last", "code", "class")
_ENDS = {
    Grade.GOOD: "VALID: it is what was signed, and the keys that signed it are trusted by you",
    Grade.UNKNOWN: "NOT KNOWN TO BE VALID: nothing is wrong, but not all is known; see above",
    Grade.REFUSED: "REFUSED: do not rely on this bundle, for what is said above",
}
_NOBODY = "SELF-CONSISTENT, SIGNER UNKNOWN: name the keys that you trust (--trust KEYS)"


def ask(
    *,
    trust: Path | None,
    expect: Sequence[str],
    checkpoints: Sequence[Path],
    now: datetime,
) -> Asked:
    """What to hold a bundle against. Raises NotReadable where it cannot be taken as such."""
    return Asked(
        trusted={} if trust is None else _register(trust),
        now=now,
        expected=tuple(_term(one) for one in expect),
        kept=tuple((str(path), _read(path, bounds.NOTE)) for path in checkpoints),
    )


def told(report: Report, root: Path) -> Iterator[str]:
    """The report for a terminal, line by line."""
    yield from words.paragraph("", f"Evidence in {root}")
    if report.manifest is not None:
        for name, says in about(report.manifest).items():
            yield from words.paragraph(f"  {name:12}", says)
    yield ""
    yield from words.lines(report.findings)
    yield ""
    yield from words.paragraph("", _end(report))


def _end(report: Report) -> str:
    grade = worst(report.findings)
    unknown = {one.check for one in report.findings if one.grade is Grade.UNKNOWN}
    nobody = grade is Grade.UNKNOWN and "signature" in unknown
    return _NOBODY if nobody else _ENDS[grade]


def _register(path: Path) -> register.Register:
    try:
        return register.read(_read(path, bounds.REGISTER))
    except Unverified as error:
        raise NotReadable(f"{path}: {error}") from error


def _read(path: Path, most: int) -> bytes:
    try:
        return folder.read_file(path, most)
    except NotReadable as error:
        raise NotReadable(f"{path}: {error}") from error


def _term(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not (name in _TERMS or name.startswith("contract.")):
        raise NotReadable(
            f"--expect {text}: write TERM=VALUE with a TERM of {', '.join(_TERMS)}, "
            "contract.SOURCE.DATASET"
        )
    return name, value
