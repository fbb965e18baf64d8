"""Runs are compared from wherever they are: a file, a folder, a bundle, a ledger."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ConfigurationError
from harness.evidence import folder, sides
from harness.evidence.compare import Side
from harness.evidence.sides import of_result
from harness.report import verdicts_json
from harness.result import Planned
from harness.verdict import Outcome
from tests.cli import seatrial
from tests.harness.evidence.bundles import bundle
from tests.harness.evidence.ledgers import FRESH, OWNED, night, nights, open_ledger
from tests.harness.report import sample

NOW = datetime(2026, 11, 29, tzinfo=UTC)
NO_LEDGER = Path("no-ledger.sqlite")
VERDICT = {
    "source": "shop",
    "dataset": "orders",
    "claim": "fresh",
    "outcome": "PROVEN",
    "because": "in time",
    "basis": "measured",
    "evidence_class": "staging",
}


def side(name: str, ledger: Path) -> Side:
    return sides.side(name, ledger, now=NOW)


def document(*verdicts: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A `verdicts.json` of these verdicts."""
    return {
        "format": 1,
        "pilot": "acme",
        "environment": "dev",
        "run": "run-0",
        "slot": "2026-11-29",
        "planned": len(verdicts),
        "verdicts": [{**VERDICT, **one} for one in verdicts],
        **changed,
    }


def written(file: Path, content: dict[str, Any] | str) -> str:
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(file)


def outcomes(one: Side) -> dict[Planned, Outcome]:
    return {planned: said.outcome for planned, said in one.verdicts.items()}


def exported(to: Path, ledger: Path) -> str:
    folder.write(to, bundle(ledger))
    return str(to)


def test_a_file_and_its_folder_are_the_same_run(tmp_path: Path) -> None:
    result = sample.as_found()
    verdicts_json.write(result, tmp_path / "verdicts.json")
    by_file = side(str(tmp_path / "verdicts.json"), NO_LEDGER)
    by_folder = side(str(tmp_path), NO_LEDGER)
    assert by_file.verdicts == by_folder.verdicts == of_result(result, "it").verdicts
    assert list(by_file.verdicts) == [one.planned for one in result.judged]
    assert (by_file.pilot, by_file.owed) == (result.pilot, result.planned)


def test_a_ledgers_run_and_a_bundles_newest_are_what_they_recorded(tmp_path: Path) -> None:
    ledger = nights(tmp_path / "ledger.sqlite")
    with open_ledger(ledger) as opened:
        night(opened, "run-3", 3, outcomes=(Outcome.BROKEN,))
        night(opened, "look", 3, job="drift")
    recorded = side("run-3", ledger)
    assert outcomes(recorded) == {FRESH: Outcome.BROKEN, OWNED: Outcome.NOT_RUN}
    assert recorded.contracts == {"shop.orders": "12" * 32}
    newest = side(exported(tmp_path / "bundle", ledger), NO_LEDGER)
    assert outcomes(newest) == outcomes(recorded)
    assert (newest.run, newest.code, newest.slot) == ("run-3", "0.1.0+abc", "2026-11-23")
    first = side(str(tmp_path / "bundle" / "judgements" / "run-0.json"), NO_LEDGER)
    assert outcomes(first) == {FRESH: Outcome.PROVEN, OWNED: Outcome.UNPROVEN}


def test_a_broken_ledger_is_not_compared(tmp_path: Path) -> None:
    ledger = nights(tmp_path / "ledger.sqlite")
    assert side("run-0", ledger).verdicts
    with closing(sqlite3.connect(ledger)) as edited, edited:
        edited.execute("UPDATE entries SET body = body || ' ' WHERE run_id = 'run-2'")
    with pytest.raises(ConfigurationError, match=r"entry \d+ was changed"):
        side("run-0", ledger)


def test_what_a_file_says_of_its_contracts_is_taken(tmp_path: Path) -> None:
    contracts = [{"source": "shop", "dataset": "orders", "digest": "12"}]
    file = written(tmp_path / "v.json", document({}, contracts=contracts, code="0.1.0+aa"))
    found = side(file, NO_LEDGER)
    assert (found.contracts, found.code) == ({"shop.orders": "12"}, "0.1.0+aa")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "holds no verdicts of ours"),
        ("[" * 100_000, "holds no verdicts of ours"),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "holds no verdicts of ours"),
        (document({"outcome": "GOOD" * 10_000}), "holds no verdicts of ours.{,220}$"),
        (document({}, format=2), "has format 2: install the release that wrote it"),
        (document({}, {"outcome": "BROKEN"}), "two verdicts on fresh of orders: write it anew"),
    ],
    ids=["empty", "deep", "no text", "no outcome", "a newer format", "one verdict twice"],
)
def test_what_is_no_file_of_ours_is_refused(
    content: dict[str, Any] | str, why: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=why):
        side(written(tmp_path / "v.json", content), NO_LEDGER)
    assert side(written(tmp_path / "v.json", document({})), NO_LEDGER).ready


def test_what_is_too_long_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "v.json", document({}))
    monkeypatch.setattr(sides, "MOST_BYTES", 100)
    with pytest.raises(ConfigurationError, match="longer than 100 bytes"):
        side(file, NO_LEDGER)


def test_a_judgement_that_its_manifest_does_not_list_is_not_compared(tmp_path: Path) -> None:
    to = exported(tmp_path / "bundle", nights(tmp_path / "ledger.sqlite"))
    assert side(to, NO_LEDGER).run == "run-2"
    judged = tmp_path / "bundle" / "judgements" / "run-2.json"
    written(judged, judged.read_text().replace("PROVEN", "WAIVED", 1))
    with pytest.raises(ConfigurationError, match=r"run-2\.json is not the one that manifest"):
        side(to, NO_LEDGER)


@pytest.mark.parametrize("run", ["../../secret", "/etc/passwd", "", "a/b", "a" * 10_000])
def test_x09_a_bundle_names_no_file_outside_itself(run: str, tmp_path: Path) -> None:
    written(tmp_path / "manifest.json", {"runs": [run], "files": {}})
    with pytest.raises(ConfigurationError, match="is no run's id") as error:
        side(str(tmp_path), NO_LEDGER)
    assert len(str(error.value)) < 500


def test_what_is_not_there_is_told_with_what_may_be(tmp_path: Path) -> None:
    ledger = nights(tmp_path / "ledger.sqlite", count=1)
    with pytest.raises(ConfigurationError, match=r"monday\.json is not there: name a verdicts"):
        side("monday.json", NO_LEDGER)
    with pytest.raises(ConfigurationError, match="is neither a file nor a run of the ledger"):
        side("monday", ledger)
    with pytest.raises(ConfigurationError, match=r"has neither a verdicts\.json nor a manifest"):
        side(str(tmp_path), ledger)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigurationError, match="is not there: name a verdicts"):
        side(str(tmp_path / "pipe"), NO_LEDGER)


def test_the_command_ends_with_1_if_anything_is_worse(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        night(opened, "good", 0, outcomes=(Outcome.PROVEN, Outcome.PROVEN))
        night(opened, "bad", 1, outcomes=(Outcome.BROKEN, Outcome.PROVEN))
    worse = seatrial(["compare", "good", "bad", "--out", tmp_path], cwd=tmp_path)
    assert worse.code == 1
    assert "1 of 2 changed: 1 worse\nas before: 1 PROVEN\n" in worse.out
    assert all(len(line) <= 80 for line in worse.out.splitlines())
    assert seatrial(["compare", "bad", "good", "--out", tmp_path], cwd=tmp_path).code == 0
    gone = seatrial(["compare", "good", "ugly", "--out", tmp_path], cwd=tmp_path)
    assert (gone.code, gone.out) == (2, "")
