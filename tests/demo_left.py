"""What a demo leaves: its verdicts, what it said and whom it told."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema

from harness.ledger.ledger import entries

SCHEMA = json.loads((files("harness.report") / "verdicts.schema.json").read_text())


def verdicts(folder: Path) -> dict[str, Any]:
    document = json.loads((folder / "verdicts.json").read_text())
    jsonschema.validate(document, SCHEMA)
    return document


def said(demo: Path) -> str:
    return (demo / "said").read_text()


def outcomes(document: dict[str, Any]) -> dict[tuple[str, str | None, str], tuple[str, str]]:
    return {
        (v["source"], v["dataset"], v["claim"]): (v["outcome"], v["because"])
        for v in document["verdicts"]
    }


def told(ledger: Path) -> list[tuple[str, str, str | None, str]]:
    """Step, source, dataset and claim of all that was told, oldest first."""
    bodies = [json.loads(e.body)["told"] for e in entries(ledger) if e.kind == "told"]
    assert all(body["failure"] is None for body in bodies)
    return [
        (news["step"], news["source"], news["dataset"], news["claim"])
        for body in bodies
        for news in body["news"]
    ]
