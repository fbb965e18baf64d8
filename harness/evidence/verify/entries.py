"""The ledger's entries in a bundle: the chain of all, and as many as the manifest says."""

from __future__ import annotations

from collections.abc import Generator

from harness.evidence.verify import chain as chains
from harness.evidence.verify.chain import Chain
from harness.evidence.verify.finding import Finding, NotReadable, good, refused
from harness.evidence.verify.folder import Folder
from harness.evidence.verify.manifest import ENTRIES, Manifest

CHECK = "entries"
_CHANGED = "the record of what was observed was changed after it was written"


def check(of: Folder, listed: Manifest) -> Generator[Finding, None, Chain | None]:
    """Follow the chain; None where the file is not the one that was signed."""
    if ENTRIES not in listed.files:
        yield refused(CHECK, "it is not in the manifest", file=ENTRIES, means="there are no facts")
        return None
    digest, _ = listed.files[ENTRIES]
    found = Chain()
    try:
        if of.digest(ENTRIES) != digest:  # verify before parse
            yield refused(
                CHECK,
                "it was not looked into: it is not the file that was signed",
                file=ENTRIES,
                means="what is in it proves nothing",
            )
            return None
        wrong = list(chains.breaks(of.lines(ENTRIES, digest), found))
    except NotReadable as error:
        yield refused(CHECK, str(error), file=ENTRIES, means="what is in it proves nothing")
        return None
    if not wrong and (found.entries, found.head) != (listed.entries, listed.head):
        wrong = ["its last entry is not the one that the manifest names"]
    for says in wrong:
        yield refused(CHECK, says, file=ENTRIES, means=_CHANGED)
    if not wrong:
        yield good(
            CHECK,
            f"{found.entries:,} entries of {len(found.runs):,} runs follow one another"
            + _withheld(found, listed),
            file=ENTRIES,
        )
    return found


def _withheld(found: Chain, listed: Manifest) -> str:
    """Runs of which only the hashes are there, and how many a reader should ask about."""
    runs = [run.number for run in found.runs.values() if run.withheld]
    if not runs:
        return ""
    shown = [found.runs[run].number for run in listed.runs if run in found.runs]
    between = sum(min(shown, default=0) < number < max(shown, default=0) for number in runs)
    return (
        f"; of {len(runs):,} runs only hashes are here, as of another pilot, environment or time. "
        f"{between:,} of them began between those of the window: whether they are another's, only "
        "the ledger's owner can show"
    )
