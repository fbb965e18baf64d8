"""The page on alerts works as it stands: its commands, its settings, its message."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.alerts.channels import connect_channels
from harness.pilot import loading
from tests.connectors.scripted import Said, scripted
from tests.docs import REPOSITORY, snippets
from tests.harness.acme_layout import lay_out
from tests.harness.alerts.story import said
from tests.harness.engagement import PILOT_YAML, write
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "alerts.md"


@pytest.mark.long
def test_the_page_runs_from_top_to_bottom(tmp_path: Path) -> None:
    acme = lay_out(tmp_path)
    with scripted(lambda _: Said(b"ok")) as room, scripted(lambda _: Said(b"ok")) as other:
        urls = {"SHOP_ROOM_URL": room.url, "ON_CALL_URL": other.url, "HEARTBEAT_URL": other.url}
        typed(PAGE, acme.elsewhere, {**acme.environ, **urls})
    test, alert = said(room)
    assert "This is a test" in test["text"]
    told = snippets(PAGE, "console")[0].splitlines()
    assert [words.split(" 2026")[0] for words in told[:4]] == alert["text"].splitlines()[:4]
    assert [asked.method for asked in other.asked] == ["POST"]


def test_its_settings_for_mail_and_teams_are_read(tmp_path: Path) -> None:
    [shown] = snippets(PAGE, "yaml")
    yaml = PILOT_YAML.replace("{owner: A,", "{owner: Ada Okafor,") + shown
    loaded = loading.load(write(tmp_path, yaml=yaml.replace("/etc/ssl", str(tmp_path))))
    environ = {"TEAMS_URL": "https://teams.example/x", "SMTP_PASSWORD": "p"}
    channels = connect_channels(loaded, "dev", loaded.references("dev", environ))
    assert channels is not None
    assert {*channels.deliver} == {"ada", "room"}
