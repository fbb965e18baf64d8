"""What a bundle is of: the terms that were signed, and those that whoever checks it expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.evidence.verify import manifest
from harness.evidence.verify.chain import Chain
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


def recorded(listed: Manifest, chain: Chain) -> Iterator[Finding]:
    """Whether the window's runs were of the code, contracts and kinds of system that it says."""
    runs = [chain.runs[run] for run in listed.runs if run in chain.runs]
    starts = [run.started or {} for run in runs]
    contracts: dict[str, set[str]] = {}
    for place, digest in (one for run in runs for one in run.contracts):
        contracts.setdefault(place, set()).add(digest)
    entries = {
        "code": sorted({str(one.get("code")) for one in starts}),
        "configurations": sorted(
            {str(one["configuration"]) for one in starts if one.get("configuration")}
        ),
        "slots": sorted({str(one.get("slot")) for one in starts}),
        "contracts": {place: sorted(digests) for place, digests in contracts.items()},
    }
    wrong = [term for term, found in entries.items() if listed.whole.get(term) != found]
    classes = {str(said.get("evidence_class")) for run in runs for _, said in run.verdicts}
    more = set(listed.whole["evidence_classes"]) - classes
    whole = all(len(run.verdicts) >= len(run.planned) for run in runs)
    if not classes <= set(listed.whole["evidence_classes"]) or (more and whole):
        wrong.append("evidence_classes")
    for term in wrong:
        yield refused(
            CHECK,
            f"its {term} are not those of the entries",
            file=manifest.NAME,
            means="it claims to be of other code, contracts or systems than were recorded",
        )


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
