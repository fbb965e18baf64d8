"""Every entry of a ledger says who began its run, where and how, and what the pilot was."""

from __future__ import annotations

import os
import pwd
import socket
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.dagster.run import launcher
from harness.ledger.ledger import Launch, entries
from harness.pilot import loading
from harness.run.launch import launch_by
from tests.cli import seatrial
from tests.harness.acme_layout import Acme
from tests.harness.dagster_proven import Proven
from tests.harness.engagement import PILOT_PY, PILOT_YAML, write


def said(out: Path) -> list[dict[str, Any]]:
    return [msgspec.json.decode(entry.body) for entry in entries(out / "ledger.sqlite")]


def test_each_entry_of_a_run_by_hand_says_so(acme: Acme, tmp_path: Path) -> None:
    chosen = ["--claim", "owned", "--out", tmp_path / "out"]
    seatrial(["prove", acme.folder, *chosen], cwd=tmp_path, environ=acme.sources)
    bodies = said(tmp_path / "out")
    us = f"{pwd.getpwuid(os.getuid()).pw_name} ({os.getuid()})"
    assert len(bodies) > 2
    for body in bodies:
        launch = {"host": socket.gethostname(), "launcher": "command line", "user": us}
        assert body["launch"] == launch
        assert body["configuration"] == loading.load(acme.folder).configuration
    assert f"begun by {us} on" in (tmp_path / "out" / "report.html").read_text()


def test_each_entry_of_a_run_of_dagsters_says_so(proven: Proven) -> None:
    assert {body["launch"]["launcher"] for body in said(proven.out)} == {"Dagster"}
    assert "begun by" in (proven.out / "report.html").read_text()


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({}, "Dagster"),
        ({"seatrial/user": "alice"}, "Dagster, alice"),
        ({"dagster/schedule_name": "nightly"}, "schedule nightly"),
        ({"dagster/sensor_name": "files"}, "sensor files"),
        ({"dagster/schedule_name": "nightly", "seatrial/user": "eve"}, "schedule nightly, eve"),
    ],
)
def test_dagsters_tags_say_what_started_a_run_and_who(tags: dict[str, str], says: str) -> None:
    """A person who starts a run with a schedule's tag is named all the same."""
    assert launcher(tags) == says


def test_a_user_without_a_name_is_a_number() -> None:
    assert launch_by("x", uid=4_000_000_001, host="h") == Launch(
        user="4000000001", host="h", launcher="x"
    )


def test_what_a_tag_says_is_bounded_and_shows() -> None:
    launch = launch_by("a\x1b[31m\u202eb" + 10_000 * "c", uid=0, host="h\n")
    assert launch.launcher.startswith("a?[31m?bccc")
    assert len(launch.launcher) == 120
    assert launch.host == "h?"


@pytest.mark.parametrize(
    ("py", "yaml", "same"),
    [
        (PILOT_PY, PILOT_YAML + "# a remark\n", True),
        (PILOT_PY, PILOT_YAML.replace("Europe/Berlin", "UTC"), False),
        (PILOT_PY, PILOT_YAML.replace("env:ERP_URL", "env:OTHER_URL"), False),
        (PILOT_PY.replace('"orders": "orders"', '"orders": "others"'), PILOT_YAML, False),
    ],
)
def test_a_configuration_is_told_from_another(
    tmp_path: Path, py: str, yaml: str, *, same: bool
) -> None:
    """By what pilot.yaml means and by each byte of the modules."""
    digests = set()
    for place, (code, settings) in enumerate([(PILOT_PY, PILOT_YAML), (py, yaml)]):
        (tmp_path / str(place)).mkdir()
        loaded = loading.load(write(tmp_path / str(place), py=code, yaml=settings))
        digests.add(loaded.configuration)
    assert (len(digests) == 1) == same


def test_a_module_of_the_engagement_counts(tmp_path: Path) -> None:
    found = []
    for content in ("A = 1\n", "A = 2\n", "A = 2\n"):
        folder = write(tmp_path, py=f"from .more import A as A\n{PILOT_PY}")
        (folder / "more.py").write_text(content)
        found.append(loading.load(folder).configuration)
    assert found[0] != found[1] == found[2]
