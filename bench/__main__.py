"""`python -m bench NAME [--quick] [--json FILE]`: measure, and print the figures as they are."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
import time
from pathlib import Path

from bench import (
    alerts,
    box,
    contracts,
    demo,
    detect,
    drift,
    evidence_attacks,
    evidence_export,
    evidence_opening,
    evidence_verify,
    extract,
    harm,
    http,
    http_json,
    http_limits,
    ledger,
    line,
    machine,
    nightly,
    report,
    rings,
    s3,
    scale,
    schemas,
    table,
    truth,
)

BENCHES = {
    "line": line,
    "ledger": ledger,
    "scale": scale,
    "schemas": schemas,
    "drift": drift,
    "nightly": nightly,
    "truth": truth,
    "rings": rings,
    "box": box,
    "demo": demo,
    "detect": detect,
    "harm": harm,
    "s3": s3,
    "contracts": contracts,
    "http": http,
    "http_json": http_json,
    "http_limits": http_limits,
    "extract": extract,
    "alerts": alerts,
    "evidence_opening": evidence_opening,
    "evidence_export": evidence_export,
    "evidence_attacks": evidence_attacks,
    "evidence_verify": evidence_verify,
    "report": report,
}


def main() -> None:
    """Measure one bench; a goal that is not met is printed as such and is no error."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=BENCHES, help="what to measure")
    parser.add_argument(
        "--quick", action="store_true", help="under a minute; says what it did not measure"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="DIR",
        help="an older checkout to measure beside, for a bench that does",
    )
    asked = parser.parse_args()
    bench = BENCHES[asked.name]
    head = machine.lines(bench.LIBRARIES)
    began = time.monotonic()
    if asked.against is not None:
        box.AGAINST.append(asked.against.resolve())
    metrics = bench.measured(quick=asked.quick, say=_say)
    for paragraph in [*head, *bench.floors()]:
        print(textwrap.fill(paragraph, table.WIDTH))
    print(*table.lines(metrics), sep="\n")
    print(f"Measured in {time.monotonic() - began:.0f} s.")
    if asked.json is not None:
        asked.json.write_text(json.dumps([metric.record() for metric in metrics], indent=1) + "\n")


def _say(progress: str) -> None:
    sys.stderr.write(f"{progress}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
