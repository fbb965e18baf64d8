"""`verdicts.csv`, for spreadsheets (RFC 4180): a row for each planned verdict and for each gap.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula; where `;` separates
cells, also what follows one. An apostrophe before it makes text of it, and so of digits that a
spreadsheet would write in another way: of 16 and more it keeps 15, and no zero before them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from harness.evidence.evidence import Evidence
from harness.evidence.formats.cases import Case, cases
from harness.evidence.formats.plain import moment
from harness.say import visible

COLUMNS = (
    "pilot",
    "environment",
    "night",
    "run",
    "source",
    "dataset",
    "claim",
    "outcome",
    "because",
    "expected",
    "observed",
    "n",
    "method",
    "basis",
    "evidence_class",
    "judged_at",
    "entry",
    "original",
)
_FORMULA = re.compile(r'(^|;)([\s"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20|%])')
_REWRITTEN = re.compile(r"0\d+|[\d.]+[eE]\d+|[\d.]{16,}")


def render(evidence: Evidence) -> bytes:
    """One line for each case, the names of the columns before. UTF-8, every cell quoted."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for case in cases(evidence):
        writer.writerow([cell(value) for value in _row(evidence, case)])
    return text.getvalue().encode()


def cell(value: object) -> str:
    """A value as a cell that no spreadsheet calculates or rounds; empty for None."""
    text = visible("" if value is None else str(value))
    return f"'{text}" if _REWRITTEN.fullmatch(text) else _FORMULA.sub(r"\1\2'", text)


def _row(evidence: Evidence, case: Case) -> Iterator[object]:
    verdict = case.verdict
    yield from (evidence.pilot, evidence.environment, case.night, case.run_id)
    yield from (case.source, case.dataset, case.claim, case.outcome, case.because)
    yield from (verdict.expected, verdict.observed, verdict.n, verdict.method, verdict.basis)
    yield from (case.evidence_class, moment(case.at), case.seq, verdict.outcome)
