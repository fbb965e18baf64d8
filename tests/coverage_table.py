"""The table of `docs/coverage.md`, written from the demands and from the known verdicts.

python -m tests.coverage_table
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.coverage import prover
from harness.coverage.table import Covered, cover, sentence
from harness.facts import EvidenceClass
from harness.result import Judged
from harness.verdict import Verdict
from tests.docs import REPOSITORY

PAGE = REPOSITORY / "docs" / "coverage.md"
_HEADINGS = ("#", "demand", "claims", "facts", "on the demo, repaired", "not tested")
_MARK = "<!-- written by python -m tests.coverage_table -->\n"
_TABLE = re.compile(re.escape(_MARK) + r".*\n\n(?:\|.*\n)*")


def rows() -> tuple[Covered, ...]:
    """What the demo's repaired servers show, as `prover.json` has it."""
    return cover(judged("repaired"), {})


def judged(trial: str) -> list[Judged]:
    """The known verdicts of one trial, without their reasons."""
    (known,) = (one for one in prover.expected().trials if one.name == trial)
    return [
        Judged(
            planned=one.planned,
            verdict=Verdict(
                claim=one.claim,
                outcome=one.outcome,
                because="",
                expected="",
                observed="",
                n=0,
                method="",
            ),
            evidence_class=EvidenceClass.SIMULATED,
        )
        for one in known.verdicts
    ]


def rewritten() -> str:
    """The page's text with its table written anew."""
    made = rows()
    lines = (_line(_HEADINGS), f"|{'---|' * len(_HEADINGS)}\n", *map(_row, made))
    table = f"{_MARK}{sentence(made)}\n\n{''.join(lines)}"
    text, times = _TABLE.subn(lambda _: table, PAGE.read_text())
    assert times == 1, f"{PAGE} has no table, or several"
    return text


def _row(row: Covered) -> str:
    demand = row.demand
    return _line(
        (
            f"{demand.id} {'/'.join(demand.source)}",
            "; ".join(f'"{words}"' for words in demand.words) + f": {demand.asks}",
            _code(demand.claims) or (f"`seatrial {demand.command}`" if demand.command else ""),
            ", ".join((*demand.facts, *(f"*{kind}*" for kind in demand.records))),
            ", ".join(f"{n} {outcome}" for outcome, n in row.outcomes.items()),
            demand.not_tested,
        )
    )


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(rewritten())
