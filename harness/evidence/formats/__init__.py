"""Evidence in the formats that auditors and their tools import. Each is one file, one `render`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.evidence import covered
from harness.evidence.evidence import Evidence
from harness.evidence.formats import (
    croissant,
    cyclonedx,
    junit,
    openlineage,
    oscal,
    verdicts_csv,
)

FORMATS: Mapping[str, Callable[[Evidence], bytes]] = {
    "junit.xml": junit.render,
    "oscal.json": oscal.render,
    "cyclonedx.json": cyclonedx.render,
    "openlineage.jsonl": openlineage.render,
    "croissant.json": croissant.render,
    "verdicts.csv": verdicts_csv.render,
    "coverage.json": covered.render,
    "prover.json": covered.known,
}
"""What lies in `export/`, by name. A new format is one line here and one file."""
