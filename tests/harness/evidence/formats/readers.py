"""Reads each format as a consumer would: what passed, under which name, in which words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Read:
    """One thing, as a consumer takes it."""

    of: str
    passed: bool
    said: str
    """Outcome and reason."""


def junit(content: bytes) -> Iterator[Read]:
    for case in ET.fromstring(content).iter("testcase"):
        end = next(iter(case), None)
        assert end is None or end.tag in ("failure", "error")
        of = f"{case.get('classname')} {str(case.get('name')).split()[0]}".removeprefix("gaps ")
        said = "" if end is None else f"{end.get('type')}: {end.get('message')}"
        yield Read(of=of, passed=end is None, said=said)


def oscal(content: bytes) -> Iterator[Read]:
    for result in json.loads(content)["assessment-results"]["results"]:
        for finding in result["findings"]:
            status = finding["target"]["status"]
            assert (status["reason"] == "pass") is (status["state"] == "satisfied")
            yield Read(
                of=finding["title"],
                passed=status["state"] == "satisfied",
                said=status["remarks"],
            )


def cyclonedx(content: bytes) -> Iterator[Read]:
    document = json.loads(content)["declarations"]
    claims = {claim["bom-ref"]: claim for claim in document["claims"]}
    for attestation in document["attestations"]:
        for mapped in attestation["map"]:
            (ref,) = mapped.get("claims", ()) or mapped["counterClaims"]
            passed = mapped["conformance"]["score"] == 1
            assert passed is ("claims" in mapped) is ("evidence" in claims[ref])
            of = claims[ref]["predicate"].partition(" of 2026")[0]
            yield Read(of=of, passed=passed, said=mapped["conformance"]["rationale"])


def openlineage(content: bytes) -> Iterator[Read]:
    for event in map(json.loads, content.splitlines()):
        for test in event["run"].get("facets", {}).get("test", {}).get("tests", ()):
            passed = {"pass": True, "fail": False}[test["status"]]
            yield Read(of=test["name"], passed=passed, said=test["description"])
        for read in event["inputs"]:
            name = read["facets"]["documentation"]["description"]
            for one in read["inputFacets"]["dataQualityAssertions"]["assertions"]:
                assert one["success"] in (True, False)
                of = f"{name} {one['assertion']}"
                yield Read(of=of, passed=one["success"], said=one["description"])


def verdicts_csv(content: bytes) -> Iterator[Read]:
    for row in csv.DictReader(io.StringIO(content.decode(), newline="")):
        about = ".".join(filter(None, (row["source"], row["dataset"])))
        yield Read(
            of=" ".join(filter(None, (about, row["claim"]))),
            passed=row["outcome"] == "PROVEN",
            said=f"{row['outcome']}: {row['because']}",
        )


READERS: Mapping[str, Callable[[bytes], Iterator[Read]]] = {
    "junit.xml": junit,
    "oscal.json": oscal,
    "cyclonedx.json": cyclonedx,
    "openlineage.jsonl": openlineage,
    "verdicts.csv": verdicts_csv,
}


def values(document: Any) -> Iterator[Any]:
    """Every value within a JSON document, itself included."""
    yield document
    inside = document.values() if isinstance(document, dict) else document
    if isinstance(document, (dict, list)):
        for value in inside:
            yield from values(value)
