"""The heartbeat shows that a whole night was judged and told, and is silent otherwise."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.secrets import Secret
from harness.alerts.channels import Channels
from harness.alerts.heartbeat import beat
from harness.pilot.alert_settings import Alerts
from harness.result import Result
from tests.connectors.scripted import Said, scripted
from tests.harness.report.sample import as_found


@pytest.fixture
def night() -> Result:
    return replace(as_found(), omitted=0)


def channels(**heartbeat: str) -> Channels:
    url = heartbeat.get("url")
    given = {"url": "env:BEAT"} if url else heartbeat
    return Channels(
        settings=Alerts.model_validate({"heartbeat": given} if given else {}),
        deliver={},
        heartbeat=Secret("env:BEAT", f"{url}/canary-7f3a") if url else None,
    )


def test_an_address_is_asked_once(night: Result) -> None:
    with scripted(lambda _: Said(b"OK")) as hook:
        assert beat(channels(url=hook.url), night) is None
    assert [(asked.method, asked.path) for asked in hook.asked] == [("GET", "/canary-7f3a")]


def test_a_file_is_written_anew_for_others_to_read(night: Result, tmp_path: Path) -> None:
    file = tmp_path / "ran"
    file.write_text("old")
    assert beat(channels(file=str(file)), night) is None
    assert night.run in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) & 0o444


@pytest.mark.parametrize(
    ("change", "told"),
    [({"omitted": 3}, None), ({"untold": ("Ada by room: no",)}, "heartbeat: withheld")],
)
def test_a_part_of_a_plan_or_somebody_untold_keeps_it_silent(
    night: Result, change: dict[str, object], told: str | None
) -> None:
    with scripted(lambda _: Said(b"OK")) as hook:
        says = beat(channels(url=hook.url), replace(night, **change))
    assert hook.asked == []
    assert (says or "").startswith(told or "")
    assert (says is None) == (told is None)


def test_without_one_nothing_is_done(night: Result) -> None:
    assert beat(channels(), night) is None


def test_an_address_that_fails_is_one_line_without_its_token(night: Result) -> None:
    with scripted(lambda _: Said(status=404)) as hook:
        says = beat(channels(url=hook.url), night)
    assert says == ("heartbeat: GET heartbeat answered 404: correct the address behind env:BEAT")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda file: file.mkdir(), "is a folder"),
        (lambda file: file.symlink_to("/etc/passwd"), "is a link"),
        (lambda file: file.parent.joinpath("gone").write_text(""), "cannot be written"),
    ],
)
def test_a_file_that_cannot_be_written_is_one_line(
    night: Result, tmp_path: Path, make, told: str
) -> None:
    file = tmp_path / "ran"
    make(file)
    wanted = tmp_path / "gone" / "ran" if told == "cannot be written" else file
    says = beat(channels(file=str(wanted)), night)
    assert says is not None
    assert told in says
