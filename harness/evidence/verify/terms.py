"""What a bundle is of: the terms that were signed, and those that whoever checks it expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.evidence.verify import manifest
from harness.evidence.verify.finding import Finding, good, refused
from harness.evidence.verify.manifest import Manifest
from harness.evidence.verify.signed import Statement

CHECK = "terms"


def check(
    own: Statement, listed: Manifest, expected: Sequence[tuple[str, str]]
) -> Iterator[Finding]:
    """What the bundle is of, as signed, and as whoever checks it expects."""
    wrong = [*_other_terms(own, listed), *_unexpected(listed, expected)]
    yield from wrong
    if not wrong:
        told = "as you expect" if expected else "hold that against what you asked for (--expect)"
        yield good(CHECK, f"of {listed.pilot}, {listed.environment}, {listed.window}: {told}")


def _other_terms(own: Statement, listed: Manifest) -> Iterator[Finding]:
    for term in manifest.BINDING:
        if own.predicate.get(term) != listed.whole.get(term):
            yield refused(
                CHECK,
                f"its {term} is not the one that was signed",
                file=manifest.NAME,
                means="the statement is of another bundle",
            )
    policy = listed.files.get(manifest.POLICY, ("", 0))[0]
    if listed.whole.get("policy") != policy:
        yield refused(
            CHECK,
            "its policy's digest is not that of the file",
            file=manifest.POLICY,
            means="the promises shown are not those that the bundle is of",
        )


def _unexpected(listed: Manifest, expected: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    found = manifest.terms(listed.whole)
    for name, value in expected:
        if found.get(name) != value:
            yield refused(
                CHECK,
                f"{name} is {found.get(name, 'not in it')}; you expect {value}",
                file=manifest.NAME,
                means="this is evidence of something else",
            )
