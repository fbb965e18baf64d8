"""The census, the measurements, the coverage and the digests, in print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.coverage.table import Covered
from harness.evidence import covered, page
from harness.evidence.census import job_of
from harness.evidence.evidence import Evidence
from harness.evidence.manifest import binding
from harness.evidence.page import Measured
from harness.evidence.paper.cells import joined, paragraph, pill, rows
from harness.report import words
from harness.report.document import Block, Bullets, Code, Row, Table, Words


def census(evidence: Evidence) -> Iterator[Block]:
    """Every night and every run."""
    yield paragraph(
        "Nothing is left out: nights are counted by the calendar and by what was armed, runs by "
        "the ledger."
    )
    lines = (page.nights_line(evidence.census), *page.runs_lines(evidence.census))
    yield Bullets(tuple((line,) for line in lines))
    yield Table(
        caption="Each run, in the order of the ledger. A run that only records a person's word "
        "judges nothing.",
        heads=("Night", "Run", "Job", "State", "Verdicts"),
        widths=(1.1, 1.6, 1, 1, 2.4),
        rows=rows(
            (
                run.night.isoformat(),
                Code(run.header.run),
                job_of(run),
                run.state,
                page.counted(run) or "none",
            )
            for run in evidence.runs
        ),
    )


def measured(found: Sequence[Measured]) -> Iterator[Block]:
    """How each dataset was read, under the anchors that verdicts name."""
    if not found:
        yield paragraph("Nothing was read in this window.")
        return
    yield Table(
        caption="Each dataset that was read: what was asked, when (UTC), by which code, and how "
        "often. Each reading for itself stands in attestations/pipeline-reliability.dsse.json.",
        heads=("Dataset", "Asked for", "First and last reading", "By", "How often"),
        widths=(1.4, 2, 1.7, 1.5, 1.4),
        rows=tuple(_of_dataset(one, place) for place, one in enumerate(found, 1)),
    )


def _of_dataset(one: Measured, place: int) -> Row:
    counts = (
        f"{words.count(one.readings)} readings, {words.count(one.failed)} failed, "
        f"{words.count(one.requests)} requests, {words.count(one.rows)} rows"
    )
    asked = joined(map(Code, one.queries)) if one.queries else (words.UNKNOWN,)
    cells: tuple[Words, ...] = (
        (Code(f"{one.source}.{one.dataset}"),),
        asked,
        (f"{words.instant(one.first)}, {words.instant(one.last)}",),
        joined(map(Code, one.collectors)),
        (counts,),
    )
    return Row(cells, f"measured-{place}")


def demands(evidence: Evidence) -> Iterator[Block]:
    """What is asked before a model is built, and what is shown of it."""
    found = covered.rows(evidence)
    yield paragraph(
        f"{covered.sentence(found)} How much is tested is no result: the outcomes stand beside "
        "it, and no number is made of both."
    )
    yield Table(
        caption="Each demand, the claims that test it, the facts that they are judged by, their "
        "outcomes in the newest run, and what is not tested of it.",
        heads=("Demand", "Claims", "Facts", "Outcomes", "Not tested because"),
        widths=(2.6, 1.3, 1.1, 1.2, 2.4),
        rows=tuple(map(_of_demand, found)),
    )


def _of_demand(row: Covered) -> Row:
    demand = row.demand
    said = "; ".join(f"\u201c{one}\u201d" for one in demand.words)
    command = (f"seatrial {demand.command}",) if demand.command else ()
    recorded = (f"{n} recorded as {kind}" for kind, n in row.recorded.items())
    outcomes = [part for one, n in row.outcomes.items() for part in (f"{n} ", pill(one), " ")]
    cells: tuple[Words, ...] = (
        (f"{demand.id}. {said}: {demand.asks}",),
        joined(map(Code, (*demand.claims, *command))),
        joined((*demand.facts, *recorded)),
        tuple(outcomes) or ("none",),
        ("; ".join(row.not_tested),),
    )
    return Row(cells)


def provenance(evidence: Evidence, digest: str, key: str) -> Iterator[Block]:
    """What ties the report to ledger, code, settings and contracts. `digest` is the manifest's."""
    bound = binding(evidence)
    yield Table(
        caption="The signature holds for these alone: another contract, code or setting is other "
        "evidence.",
        heads=("What", "Digest or version"),
        widths=(1, 2.6),
        rows=rows(
            [
                ("SHA-256 of manifest.json", Code(digest)),
                ("Signed by the key", Code(key)),
                (
                    f"Ledger head, the digest of entry {len(evidence.entries)}",
                    Code(evidence.entries[-1].sha256),
                ),
                ("Checkpoints of the ledger in this bundle", str(len(evidence.checkpoints))),
                ("Judged by Seatrial", joined(map(Code, bound["code"]))),
                ("Digest of the pilot", joined(map(Code, bound["configurations"]))),
                *(
                    (f"Contract {place}", joined(map(Code, each)))
                    for place, each in bound["contracts"].items()
                ),
            ]
        ),
    )
