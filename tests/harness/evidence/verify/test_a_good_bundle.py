"""A bundle is valid where everything holds and trusted keys signed it; absence never passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.evidence.verify.finding import Grade, NotReadable
from harness.evidence.verify.verify import ORDER
from tests.harness.evidence.bundles import key
from tests.harness.evidence.verify.checking import (
    Files,
    checked,
    refused,
    register_of,
    registered,
    resealed,
    said,
)


def test_every_check_is_made_and_holds(tmp_path: Path, made: Files) -> None:
    report = checked(tmp_path, made)
    assert report.code == 0, said(report)
    assert {one.check for one in report.findings} == set(ORDER)
    assert {one.grade for one in report.findings} == {Grade.GOOD}


def test_missed_killed_failed_and_running_runs_are_counted_again(
    tmp_path: Path, shared: Files
) -> None:
    report = checked(tmp_path, shared)
    assert report.code == 0, said(report)
    assert "5 planned = 4 started + 1 missed" in said(report)
    assert "4 started = 1 finished, 1 failed, 1 interrupted, 1 running" in said(report)
    assert "of 1 runs only hashes are here" in said(report)
    assert "1 of them began between those of the window" in said(report)


def test_without_trusted_keys_it_is_self_consistent_and_the_signer_unknown(
    tmp_path: Path, made: Files
) -> None:
    nobody = checked(tmp_path, made, trusted={})
    stranger = checked(tmp_path, trusted=register_of(registered(key("somebody else"))))
    for report in (nobody, stranger):
        assert report.code == 3
        assert not refused(report)
        assert "SIGNER" not in said(report)


def test_a_rewritten_bundle_with_a_new_key_is_never_valid(tmp_path: Path, made: Files) -> None:
    changed = resealed(made | {"policy/pilot.json": b"{}"}, signer=key("forger"))
    report = checked(tmp_path, changed)
    assert report.code == 3, said(report)
    assert not refused(report)


def test_an_empty_folder_is_refused_and_nothing_is_taken_as_good(tmp_path: Path) -> None:
    report = checked(tmp_path)
    assert report.code == 1
    assert {one.check for one in report.findings} == set(ORDER)
    assert Grade.GOOD not in {one.grade for one in report.findings}


def test_no_folder_is_a_wrong_command(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="cannot be listed"):
        checked(tmp_path / "none")
