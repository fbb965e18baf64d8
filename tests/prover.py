"""Writes `harness/coverage/prover.json` from servers that are really run.

seatrial demo --out out/demo && python -m tests.prover out/demo
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from harness.coverage.prover import FILE, FORMAT
from harness.say import say
from tests.truth.rooms import SITUATIONS
from tests.truth.situation import KINDS, Ground, Situation

TRIALS: Mapping[str, str] = {
    "as-found": "five practice servers with ten planted faults: known to be bad",
    "repaired": "the same servers repaired: known to be good, and too young to prove all",
}
SCALE = 0.01
"""The demo's, unless somebody says otherwise."""
Row = Mapping[str, str | None]


def trial(verdicts: Path) -> list[Row]:
    """The outcome of each verdict in a `verdicts.json`."""
    document = json.loads(verdicts.read_text())
    parts = ("source", "dataset", "claim", "outcome")
    return [{part: one[part] for part in parts} for one in document["verdicts"]]


def situations(outcomes: Iterable[str]) -> list[Row]:
    """A row for each situation, with what was said of it."""
    return [
        {
            "name": one.name,
            "about": KINDS[one.kind],
            "source": one.source,
            "claim": one.claim,
            "outcome": outcome,
        }
        for one, outcome in zip(SITUATIONS, outcomes, strict=True)
    ]


def text(trials: Mapping[str, Sequence[Row]], situations: Sequence[Row]) -> str:
    """The file: one verdict a line, so that a difference shows."""
    told = ",\n".join(
        f'{{"name": {_json(name)}, "about": {_json(TRIALS[name])}, '
        f'"verdicts": [\n{_lines(rows)}\n]}}'
        for name, rows in trials.items()
    )
    return (
        f'{{"format": {FORMAT},\n"scale": {SCALE},\n"trials": [\n{told}\n],\n'
        f'"situations": [\n{_lines(situations)}\n]}}\n'
    )


def _lines(rows: Iterable[Row]) -> str:
    return ",\n".join(f" {_json(row)}" for row in rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _run(ground: Ground, one: Situation) -> str:
    """What is said of a situation, which is right: a wrong one never becomes the expected one."""
    verdict = one.judge(ground)
    if (verdict.claim, verdict.outcome) != (one.claim, one.right):
        raise SystemExit(f"{one.name}: {verdict.outcome} of {verdict.claim}: {verdict.because}")
    return str(verdict.outcome)


if __name__ == "__main__":
    (folder,) = sys.argv[1:]
    found = {name: trial(Path(folder) / name / "verdicts.json") for name in TRIALS}
    with Ground() as ground:
        judged = situations(_run(ground, one) for one in SITUATIONS)
    FILE.write_text(text(found, judged))
    say(f"{FILE.name}: {sum(map(len, found.values()))} verdicts, {len(judged)} situations")
