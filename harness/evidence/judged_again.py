"""`seatrial verify --recompute`: the verdicts of a bundle follow from its facts and promises, and
its policy was signed before the first reading. Only the installed command looks at this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from harness.claims.wording import count, first
from harness.errors import one_line
from harness.evidence import disclosed
from harness.evidence.recompute import How, Recomputed, recompute
from harness.evidence.verify import folder
from harness.evidence.verify.finding import (
    Finding,
    Grade,
    NotReadable,
    good,
    refused,
    unknown,
)
from harness.evidence.verify.manifest import ENTRIES, Manifest
from harness.evidence.verify.verify import Report
from harness.ledger.promised import place
from harness.policy.state import State, state
from harness.policy.words import describe
from harness.signing.register import Register

CHECK = "recomputed"
POLICY = "policy"
_BEFORE = {"signature", "files", "entries"}
"""What must hold first: promises of a stranger could keep the proofs busy for ever."""
_CHANGED = "a verdict was changed after it was given, or facts or promises were"
_NAMED = 3


def with_recomputed(report: Report, root: Path, trusted: Register, *, code: str) -> Report:
    """The report with what recomputing found. `code` is the release that judges now."""
    return replace(report, findings=(*report.findings, *_look(report, root, trusted, code=code)))


def _look(report: Report, root: Path, trusted: Register, *, code: str) -> Iterator[Finding]:
    wrong = {one.check for one in report.findings if one.grade is not Grade.GOOD}
    if report.manifest is None or wrong & _BEFORE:
        yield unknown(CHECK, "not recomputed, because of what is said above", means=_NOTHING)
        return
    try:
        entries = list(disclosed.entries(folder.listed(root), report.manifest))
        yield from _verdicts(recompute(entries, code=code), report.manifest)
        found = state(
            entries,
            pilot=report.manifest.pilot,
            environment=report.manifest.environment,
            register=trusted or None,
        )
        yield from _policy(found)
    except (NotReadable, ValueError, LookupError) as error:
        why = f"an entry is not as this release reads it: {one_line(error)}"
        yield unknown(CHECK, why, file=ENTRIES, means=_NOTHING)


_NOTHING = "no verdict is known to follow from the facts"


def _verdicts(found: Sequence[Recomputed], listed: Manifest) -> Iterator[Finding]:
    """Of the runs of the window; those before it only have readings that count."""
    own = [one for one in found if one.run in set(listed.runs)]
    equal = sum(one.how is How.EQUAL for one in own)
    for one in own:
        if one.how is How.DIFFERS:
            says = f"{_name(one)}: {one.why}"
            yield refused(CHECK, says, file=f"judgements/{one.run}.json", means=_CHANGED)
    lacking = defaultdict[str, list[str]](list)
    for one in own:
        if one.how is How.NOT_RECOMPUTABLE:
            lacking[one.why].append(_name(one))
    for why, names in lacking.items():
        says = f"{count(len(names), 'verdict')} not recomputable: {why}"
        yield unknown(CHECK, f"{says} ({first(names, at_most=_NAMED)})", means=_NOTHING)
    if equal or not own:
        yield good(CHECK, f"{count(equal, 'verdict')} of {len(own):,} given by facts and promises")


def _name(one: Recomputed) -> str:
    if one.planned is None:
        return "all verdicts of the run"
    return f"{one.planned.claim} of {place(one.planned.source, one.planned.dataset)}"


def _policy(found: State) -> Iterator[Finding]:
    """What was agreed before anything was read, if anybody signed it."""
    said = "; ".join(line.strip() for line in describe(found))
    if found.good:
        yield good(POLICY, said)
    elif found.agreed:
        yield unknown(POLICY, said, means="what is measured is not wholly what was agreed before")
