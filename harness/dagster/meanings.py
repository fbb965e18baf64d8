"""What each outcome asks of whoever looks: Dagster has two colours for seven outcomes."""

from __future__ import annotations

from collections.abc import Mapping

from harness.verdict import Outcome

MEANINGS: Mapping[Outcome, str] = {
    Outcome.PROVEN: "the evidence is enough",
    Outcome.BROKEN: "a promise is broken: somebody must mend it",
    Outcome.UNPROVEN: "nothing was found wrong, and evidence is still missing",
    Outcome.ERROR: "it could not be judged: mend what stopped it, then prove again",
    Outcome.NOT_RUN: "it was not judged: nobody knows",
    Outcome.STALE: "it was judged too long ago: prove again",
    Outcome.WAIVED: "it is not proven, and a person signed for it until a day",
}
