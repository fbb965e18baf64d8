"""Each export is imported by its consumer's own library; none takes UNPROVEN for a pass.

The libraries do not fit our lock: they have one of their own, and an environment of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.evidence import Evidence
from harness.evidence.formats import FORMATS
from harness.evidence.formats.cases import cases
from harness.governance import openlineage
from harness.governance.known import Known
from harness.governance.lineage import graph
from harness.pilot import loading
from harness.verdict import GOOD, Outcome
from tests.cli import DEMO
from tests.docs import REPOSITORY, snippets
from tests.harness.evidence.formats.story import hostile, told

pytestmark = [pytest.mark.estate_full, pytest.mark.long, pytest.mark.timeout(600)]
CONSUMERS = Path(__file__).with_name("consumers.py")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The Python of an environment that has the consumers."""
    place = tmp_path_factory.mktemp("consumers")
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    install = [place / "bin" / "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    lock = REPOSITORY / "requirements-consumers.lock"
    subprocess.run([*install, "--require-hashes", "--requirement", lock], check=True)
    (place / "junit-10.xsd").write_bytes(_junit_schema(place))
    yield place / "bin" / "python"
    shutil.rmtree(place)  # half a gigabyte


def _junit_schema(place: Path) -> bytes:
    """That of Jenkins' plugin for xUnit, which is in the sources of pytest."""
    download = [place / "bin" / "pip", "download", "--quiet", "--no-deps", "--no-binary", "pytest"]
    subprocess.run([*download, "--dest", place, f"pytest=={pytest.__version__}"], check=True)
    (archive,) = place.glob("pytest-*.tar.gz")
    with tarfile.open(archive) as sources:
        (name,) = (name for name in sources.getnames() if name.endswith("/junit-10.xsd"))
        found = sources.extractfile(name)
        assert found is not None
        return found.read()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Evidence]:
    """A folder of results with the exports in it, and what they are of."""
    folder = tmp_path_factory.mktemp("story")
    evidence = told(folder)
    for name, render in FORMATS.items():
        (folder / name).write_bytes(render(evidence))
    return folder, evidence


def said(python: Path, name: str, folder: Path) -> dict[str, Any]:
    """What the consumer says of the export of that name."""
    done = subprocess.run(
        [python, CONSUMERS, name, folder],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore", "HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_the_page_shows_reads_them(
    python: Path, story: tuple[Path, Evidence], tmp_path: Path
) -> None:
    for name in FORMATS:
        (tmp_path / "export").mkdir(exist_ok=True)
        shutil.copy(story[0] / name, tmp_path / "export")
    shutil.copy(story[0] / "croissant.json", tmp_path)
    shutil.copytree(story[0] / "data", tmp_path / "data")
    text = "\n".join(snippets(REPOSITORY / "docs" / "formats.md", "python"))
    done = subprocess.run([python, "-c", text], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for line in (
        "23 cases, 13 of them bad, 0 skipped",
        "shop.orders fresh not-satisfied UNPROVEN: fresh is UNPROVEN",
        "strictly valid",
        "2026-11-21T02:01:00Z COMPLETE prove",
        "shop.orders/good/rows 2 rows",
    ):
        assert line in done.stdout.splitlines()


@pytest.mark.parametrize("name", ["junit.xml", "oscal.json", "openlineage.jsonl"])
def test_names_that_deceive_are_imported_as_text(name: str, python: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FORMATS[name](hostile()))
    found = said(python, name.partition(".")[0], tmp_path)
    passed = {"junit.xml": "passed", "oscal.json": "satisfied", "openlineage.jsonl": "problems"}
    assert found[passed[name]] == []


def test_junit_passes_what_is_good_and_skips_nothing(
    python: Path, story: tuple[Path, Evidence]
) -> None:
    folder, evidence = story
    found = said(python, "junit", folder)
    every = list(cases(evidence))
    good = [case for case in every if case.verdict.outcome in GOOD]
    assert len(found["passed"]) == len(good)
    assert found["skipped"] == 0
    assert found["bad"] == len(every) - len(good)
    assert found["counted"] == [len(every), len(every) - len(good)]
    assert found["names"] == len(every), "of two cases with one name consumers show one"
    assert "shop.orders fresh 2026-11-23 doubtful" not in found["passed"]


def test_trestle_imports_and_validates_and_finds_only_proven_satisfied(
    python: Path, story: tuple[Path, Evidence]
) -> None:
    folder, evidence = story
    found = said(python, "oscal", folder)
    every = list(cases(evidence))
    assert found["valid"]
    assert len(found["satisfied"]) == sum(case.proven for case in every)
    assert sorted(found["not-satisfied"]) == sorted(c.said for c in every if not c.proven)
    assert "UNPROVEN: fresh is UNPROVEN" in found["not-satisfied"]


def test_cyclonedx_is_strictly_valid_and_its_library_still_drops_the_declarations(
    python: Path, story: tuple[Path, Evidence]
) -> None:
    """The day it keeps them, the document could be made by the library."""
    found = said(python, "cyclonedx", story[0])
    assert (found["1.6"], found["1.7"], found["refused"]) == ("None", "None", True)
    assert found["kept"] is False
    assert found["serial"] in (story[0] / "cyclonedx.json").read_text()


def test_openlineage_takes_every_event_and_only_proven_succeeds(
    python: Path, story: tuple[Path, Evidence]
) -> None:
    folder, evidence = story
    found = said(python, "openlineage", folder)
    assert found["problems"] == []
    assert found["refused"] == ["no zone", "null", "text"]
    events = found["events"]
    assert {status for event in events for status in event["tests"]} == {"pass", "fail"}
    assert "UNPROVEN: fresh is UNPROVEN" in [text for e in events for text in e["failed"]]
    ended = [case for case in cases(evidence) if case.run and case.run.ended_at]
    told = sum(len(e["succeeded"]) + e["tests"].count("pass") for e in events)
    assert told == sum(case.proven for case in ended)
    whole = {"good", "waived"}
    runs = [run for run in evidence.runs if run.ended_at]
    types = [event["type"] for event in events if event["type"] != "START"]
    assert [one == "COMPLETE" for one in types[: len(runs)]] == [
        run.header.run in whole for run in runs
    ]


def test_openlineage_takes_the_declared_lineage_of_every_field(
    python: Path, tmp_path: Path
) -> None:
    """As a job's, for nobody ran it."""
    loaded = loading.load(DEMO)
    today = date(2026, 11, 20)
    known = Known(loaded=loaded, environment="dev", evidence=None, today=today)
    declared = graph(known)
    assert declared is not None
    event = openlineage.render(known, declared, at=datetime(2026, 11, 20, tzinfo=UTC))
    (tmp_path / "lineage.openlineage.jsonl").write_bytes(event)
    found = said(python, "lineage", tmp_path)
    assert found["problems"] == []
    assert found["refused"] is True
    assert found["fields"] == sorted(one.name for one in declared.fields)


def test_mlcroissant_loads_the_proven_rows_alone_and_refuses_changed_ones(
    python: Path, story: tuple[Path, Evidence], tmp_path: Path
) -> None:
    shutil.copytree(story[0], tmp_path / "copy")
    found = said(python, "croissant", tmp_path / "copy")
    assert found["errors"] == []
    assert found["files"] == ["data/shop.orders/good.parquet"]
    (rows,) = found["rows"].values()
    assert "9007199254740993" in rows[1]
    assert "doubtful.parquet" in found["description"]
    assert f"fresh is {Outcome.UNPROVEN}" in found["description"]
    assert "Hash of downloaded file" in found["refused"]
