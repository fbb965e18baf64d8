"""What the door serves of the results: published files and bundles, and nothing else there."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.dagster.web import results


@pytest.fixture
def out(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    for file in (
        "report.html",
        "ledger.sqlite",
        "logs/one.jsonl",
        "data/logistics.shipments",
        "dagster/dagster.yaml",
        ".evidence.partial/manifest.json",
        "evidence-1/manifest.json",
        "evidence-1/report.html",
        "evidence-1/export/verdicts.csv",
        "evidence-1/.hidden",
    ):
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        (out / file).write_text(file)
    (tmp_path / "secret").write_text("secret")
    return out


@pytest.mark.parametrize(
    "path",
    [
        "report.html",
        "evidence-1/manifest.json",
        "evidence-1/report.html",
        "evidence-1/export/verdicts.csv",
    ],
)
def test_reports_and_bundles_are_served(out: Path, path: str) -> None:
    file = results.find(out, path)
    assert file is not None
    assert file.read_text() == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "/etc/passwd",
        "../secret",
        "evidence-1/../ledger.sqlite",
        "evidence-1/../../secret",
        "evidence-1//report.html",
        "evidence-1\\report.html",
        "evidence-1/report.html\0",
        "evidence-1/report.html\n",
        "evidence-1/%2e%2e/ledger.sqlite",
        "evidence-1",
        "evidence-1/",
        "evidence-1/export",
        "evidence-1/.hidden",
        ".evidence.partial/manifest.json",
        "ledger.sqlite",
        "logs/one.jsonl",
        "data/logistics.shipments",
        "dagster/dagster.yaml",
        "verdicts.json",
        "a/" * 5000,
    ],
)
def test_nothing_else_is(out: Path, path: str) -> None:
    assert results.find(out, path) is None


@pytest.mark.parametrize("link", ["evidence-1/export/x.csv", "evidence-1/more", "evidence-2"])
def test_no_link_is_followed(out: Path, tmp_path: Path, link: str) -> None:
    """Neither a file, nor a folder in a bundle, nor a bundle that is one."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "manifest.json").write_text("{}")
    (out / link).symlink_to(tmp_path / "secret" if link.endswith(".csv") else elsewhere)
    assert results.find(out, link) is None
    assert results.find(out, f"{link}/manifest.json") is None
    assert list(results.bundles(out)) == ["evidence-1"]


def test_a_file_of_somebody_else_is_not_served(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert results.find(out, "report.html") is None
    assert list(results.bundles(out)) == []


def test_results_that_are_not_there_yet_hold_no_bundle(tmp_path: Path) -> None:
    assert list(results.bundles(tmp_path / "none")) == []
