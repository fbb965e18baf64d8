"""Whatever a verdict says, people read the same words on the page as machines in `judgements/`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.defaults import persisted_fields
from harness import tags
from harness.evidence import judgements, page
from harness.evidence.evidence import Evidence, read
from harness.ledger.chain import Entry, link
from harness.say import visible
from harness.verdict import Outcome, Verdict
from tests.harness.evidence.ledgers import FIRST, FRESH, ORIGIN, SCOPE, header
from tests.harness.evidence.test_evidence_page import texts
from tests.harness.report.page import parse

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VERDICTS = st.builds(
    Verdict,
    claim=st.just(FRESH.claim),
    outcome=st.sampled_from(Outcome),
    because=WORDS,
    expected=WORDS,
    observed=WORDS,
    n=st.integers(0, 2**60),
    method=WORDS,
)


def chained(bodies: Sequence[tuple[str, object]]) -> Iterator[Entry]:
    last: tuple[int, str] | None = None
    for kind, body in bodies:
        entry = link(last, run="run", kind=kind, body=body)
        last = entry.seq, entry.sha256
        yield entry


def evidence_of(verdict: Verdict) -> Evidence:
    common = {**persisted_fields(header("run")), "at": FIRST}
    said = {**common, **persisted_fields(ORIGIN), tags.VERDICT: persisted_fields(verdict)}
    bodies = [("started", {**common, "planned": [FRESH]}), (tags.VERDICT, said)]
    return read(tuple(chained([*bodies, ("finished", {**common, "planned": 1})])), SCOPE)


@settings(max_examples=40, deadline=None)
@given(VERDICTS)
def test_e09_the_words_are_the_same(verdict: Verdict) -> None:
    evidence = evidence_of(verdict)
    (machine,) = judgements.document(evidence.runs[0])["verdicts"]
    (shown,) = texts(parse(page.render(evidence, b"", key="key")))
    assert shown == {name: visible(str(machine[name])) for name in shown}
    assert machine["outcome"] == verdict.outcome
