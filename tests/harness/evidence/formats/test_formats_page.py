"""The table in `docs/formats.md` is what the formats do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from harness.evidence.formats import FORMATS
from harness.evidence.formats.cases import GAPS
from harness.verdict import Outcome
from tests.docs import REPOSITORY
from tests.harness.evidence.formats.story import judged, one

PAGE = (REPOSITORY / "docs" / "formats.md").read_text()


def row(outcome: Outcome) -> Iterator[str]:
    """What becomes of one verdict of that outcome, in the words of the page."""
    yield outcome
    evidence = judged(one(outcome))
    (case,) = ET.fromstring(FORMATS["junit.xml"](evidence)).iter("testcase")
    yield next((end.tag for end in case), "pass")
    (result,) = json.loads(FORMATS["oscal.json"](evidence))["assessment-results"]["results"]
    yield result["findings"][0]["target"]["status"]["state"]
    bom = json.loads(FORMATS["cyclonedx.json"](evidence))["declarations"]
    (mapped,) = bom["attestations"][0]["map"]
    kind = "claim" if "claims" in mapped else "counter-claim"
    yield f"{kind}, conformance {mapped['conformance']['score']}"
    (read,) = json.loads(FORMATS["openlineage.jsonl"](evidence).splitlines()[1])["inputs"]
    (assertion,) = read["inputFacets"]["dataQualityAssertions"]["assertions"]
    yield "success" if assertion["success"] else "no success"


@pytest.mark.parametrize("outcome", Outcome)
def test_the_page_says_what_becomes_of_each_outcome(outcome: Outcome) -> None:
    assert f"| {' | '.join(row(outcome))} |\n" in PAGE


def test_the_page_names_every_file_and_every_gap() -> None:
    named = [*FORMATS, *(set(GAPS) - {"anything_planned"})]
    assert [name for name in named if f"`{name}`" not in PAGE] == []
