"""The doctor says who would be told of each source, and how, and sends nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.onboarding.examine import Check, Standing
from harness.onboarding.examine_alerts import examine_alerts
from harness.pilot import loading
from tests.connectors.scripted import Said, scripted
from tests.harness.engagement import PILOT_YAML, write

BOTH = """\
    alerts:
      channels: {room: {slack: env:ROOM_URL}, pager: {webhook: env:ROOM_URL}}
      people: {A: [room], C: [pager]}
      heartbeat: {file: /var/lib/ran}
"""


def checks(root: Path, alerts: str, **environ: str) -> list[tuple[Standing, str, str]]:
    loaded = loading.load(write(root, yaml=PILOT_YAML + alerts))
    found: list[Check] = [*examine_alerts(loaded, "dev", loaded.references("dev", environ))]
    return [(one.standing, one.what, one.says) for one in found]


def test_it_names_people_channels_and_the_heartbeat(tmp_path: Path) -> None:
    with scripted(lambda _: Said(b"ok")) as hook:
        found = checks(tmp_path, BOTH, ROOM_URL=hook.url)
        assert hook.asked == []
    assert found == [
        (Standing.OK, "alerts.room.slack", "ROOM_URL is set"),
        (Standing.OK, "alerts.pager.webhook", "ROOM_URL is set"),
        (Standing.OK, "erp alerts", "A by room (slack); after 20 h C by pager (webhook)"),
        (Standing.OK, "heartbeat", "/var/lib/ran, after each whole run"),
    ]


@pytest.mark.parametrize(
    ("good", "bad", "standing", "told"),
    [
        (BOTH, "", Standing.NOTE, "nobody is told: add alerts: to dev"),
        ("{A: [room], C: [pager]}", "{}", Standing.NOTE, "nobody can be told: name a channel"),
        ("A: [room], ", "", Standing.NOTE, "at once, for neither owner nor deputy has a channel"),
        (", C: [pager]", "", Standing.NOTE, "nobody after that: name a channel of escalation"),
        ("      heartbeat: {file: /var/lib/ran}\n", "", Standing.NOTE, "does not run; add"),
        ("webhook: env:ROOM_URL", "webhook: env:GONE", Standing.WRONG, "GONE is missing or empty"),
    ],
)
def test_it_says_what_is_missing(
    tmp_path: Path, good: str, bad: str, standing: Standing, told: str
) -> None:
    found = checks(tmp_path, BOTH.replace(good, bad), ROOM_URL="https://hooks.example/x")
    assert [one for one, _, says in found if told in says] == [standing]
