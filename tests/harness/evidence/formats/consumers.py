"""What the consumers' own libraries say of an export, as JSON: run by `test_consumers.py` with the
Python of an environment that has them (`requirements-consumers.lock`).

    python consumers.py NAME FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def junit(folder: Path) -> dict[str, Any]:
    """junitparser's counts and lxml's word on the schema of Jenkins' plugin for xUnit."""
    from junitparser import JUnitXml
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(Path(sys.prefix, "junit-10.xsd")))
    schema.assertValid(etree.parse(folder / "junit.xml"))
    read = JUnitXml.fromfile(str(folder / "junit.xml"))
    cases = [case for suite in read for case in suite]
    return {
        "passed": [f"{case.classname} {case.name}" for case in cases if case.is_passed],
        "skipped": read.skipped + sum(case.is_skipped for case in cases),
        "bad": sum(not case.is_passed for case in cases),
        "counted": [read.tests, read.failures + read.errors],
        "names": len({(case.classname, case.name) for case in cases}),
    }


def oscal(folder: Path) -> dict[str, Any]:
    """compliance-trestle imports it into a workspace of its own and validates it there."""
    import subprocess

    trestle = [sys.executable, "-m", "trestle"]
    place = folder / "workspace"
    place.mkdir()
    said = ""
    for words in (
        ["init", "--local"],
        ["import", "--file", str(folder / "oscal.json"), "--output", "seatrial"],
        ["validate", "--all"],
    ):
        done = subprocess.run([*trestle, *words], cwd=place, capture_output=True, text=True)
        said += done.stdout + done.stderr
        assert done.returncode == 0, said
    from trestle.oscal.assessment_results import AssessmentResults

    file = place / "assessment-results" / "seatrial" / "assessment-results.json"
    read = AssessmentResults.oscal_read(file)
    found = [finding for result in read.results for finding in result.findings]
    return {
        "valid": "VALID: " in said and "NOT VALID" not in said,
        "satisfied": [f.title for f in found if f.target.status.state.value == "satisfied"],
        "not-satisfied": [
            f.target.status.remarks for f in found if f.target.status.state.value != "satisfied"
        ],
    }


def cyclonedx(folder: Path) -> dict[str, Any]:
    """The strict JSON schemas of two versions; and what the library keeps of the declarations."""
    from cyclonedx.model.bom import Bom
    from cyclonedx.output.json import JsonV1Dot6
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = (folder / "cyclonedx.json").read_text()
    newer = text.replace('"specVersion":"1.6"', '"specVersion":"1.7"')
    broken = text.replace('"conformance"', '"conformity"', 1)
    bom = Bom.from_json(json.loads(text))
    again = json.loads(JsonV1Dot6(bom).output_as_string())
    v1_6 = JsonStrictValidator(SchemaVersion.V1_6)
    return {
        "1.6": str(v1_6.validate_str(text)),
        "1.7": str(JsonStrictValidator(SchemaVersion.V1_7).validate_str(newer)),
        "refused": v1_6.validate_str(broken) is not None,
        "serial": str(bom.serial_number),
        "kept": "declarations" in again,
    }


def openlineage(folder: Path) -> dict[str, Any]:
    """The schemas of the client's own types; and what they say of three broken events."""
    from openlineage_schema import problems

    lines = (folder / "openlineage.jsonl").read_text().splitlines()
    said, found = [], []
    for event in map(json.loads, lines):
        found += problems(event)
        tests = event["run"].get("facets", {}).get("test", {}).get("tests", [])
        asserted = [
            one
            for read in event["inputs"]
            for one in read["inputFacets"]["dataQualityAssertions"]["assertions"]
        ]
        said.append(
            {
                "type": event["eventType"],
                "succeeded": [one["assertion"] for one in asserted if one["success"]],
                "failed": [one["description"] for one in asserted if not one["success"]],
                "tests": [one["status"] for one in tests],
            }
        )
    line = next((line for line in lines if '"success":true' in line), "{}")
    broken = {
        "no zone": line.replace('Z","eventType"', '","eventType"'),
        "null": line.replace('"success":true', '"success":null'),
        "text": line.replace('"success":true', '"success":"false"'),
    }
    refused = [name for name, text in broken.items() if problems(json.loads(text))]
    return {"problems": found, "events": said, "refused": refused}


def croissant(folder: Path) -> dict[str, Any]:
    """mlcroissant: its issues, the rows that it loads, and its word on a file that was changed."""
    import mlcroissant

    file = folder / "croissant.json"
    read = mlcroissant.Dataset(jsonld=str(file))
    files = [one.content_url for one in read.metadata.distribution]
    sets = [one.id for one in read.metadata.record_sets]
    loaded = {one: [str(row) for row in read.records(one)] for one in sets}
    changed = folder / files[0]
    changed.write_bytes(changed.read_bytes() + b"x")
    refused = ""
    try:
        list(mlcroissant.Dataset(jsonld=str(file)).records(sets[0]))
    except mlcroissant.GenerationError as error:
        refused = repr(error.__cause__)
    return {
        "errors": sorted(read.metadata.issues.errors),
        "files": files,
        "rows": loaded,
        "description": read.metadata.description,
        "refused": refused,
    }


def lineage(folder: Path) -> dict[str, Any]:
    """The same schemas, of the declared lineage; and of one whose columns have no data set."""
    from openlineage_schema import problems

    (line,) = (folder / "lineage.openlineage.jsonl").read_text().splitlines()
    event = json.loads(line)
    fields = event["outputs"][0]["facets"]["columnLineage"]["fields"]
    found = problems(event)
    for one in fields.values():
        one["inputFields"][0].pop("name")
    return {"problems": found, "fields": sorted(fields), "refused": problems(event) != []}


NAMES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "junit": junit,
    "oscal": oscal,
    "cyclonedx": cyclonedx,
    "openlineage": openlineage,
    "lineage": lineage,
    "croissant": croissant,
}
if __name__ == "__main__":
    json.dump(NAMES[sys.argv[1]](Path(sys.argv[2])), sys.stdout)
