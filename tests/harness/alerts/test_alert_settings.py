"""What `alerts:` may say, and one line for what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.alerts.channels import connect_channels
from harness.errors import ConfigurationError
from harness.pilot import loading
from tests.harness.engagement import PILOT_YAML, write

GOOD = """\
    alerts:
      channels:
        room: {slack: env:ROOM_URL}
        ours: {webhook: file:/run/secrets/hook, ca_file: /etc/ca.pem}
        mail: {email: ada@acme.example}
      people:
        A: [room, mail]
        C: [ours]
      smtp: {host: mail.acme.example, sender: seatrial@acme.example}
      heartbeat: {file: /var/run/seatrial}
"""


def lay_out(root: Path, alerts: str) -> Path:
    return write(root, yaml=PILOT_YAML + alerts)


def test_channels_people_and_a_heartbeat_are_read(tmp_path: Path) -> None:
    loaded = loading.load(lay_out(tmp_path, GOOD))
    alerts = loaded.environment("dev").alerts
    assert alerts is not None
    assert [one.kind for one in alerts.channels.values()] == ["slack", "webhook", "email"]
    assert alerts.references == ("env:ROOM_URL", "file:/run/secrets/hook")


WRONG = {
    "slack: env:ROOM_URL": (
        ("slack: https://hooks.slack.example/canary", "holds a secret itself: write env:NAME"),
        ("slack: env:X, teams: env:Y", "name one of slack, teams, webhook, email"),
        ("ca_file: /etc/ca.pem", "name one of slack, teams, webhook, email"),
        ("slak: env:ROOM_URL", "unknown key"),
    ),
    "ada@acme.example": (
        ("ada", "'ada' is no mail address: write it as ada@acme.example"),
        ('"ada@acme.example\\nBcc: all@acme.example"', "is no mail address"),
        ("ada@acme.example, ca_file: /etc/ca.pem", "belongs to smtp"),
    ),
    "A: [room, mail]": (
        ("A: [rom, mail]", "unknown channel 'rom': did you mean room?"),
        ("Adam: [room]", "unknown owner 'Adam'"),
    ),
    "      smtp: {host: mail.acme.example, sender: seatrial@acme.example}\n": (
        ("", "channel mail is mail, and no server takes it: add smtp"),
    ),
    "sender: seatrial@acme.example": (
        ("sender: me", "is no mail address"),
        ("sender: a@b.example, tls: none", "would get mail in clear: write tls: starttls or tls"),
        ("sender: a@b.example, user: me", "name user and password, or neither"),
        ("sender: a@b.example, user: me, password: canary", "holds a secret itself"),
        ("sender: a@b.example, port: 70000", "less than or equal to 65535"),
    ),
    "{file: /var/run/seatrial}": (
        ("{file: run/seatrial}", "begin it with /"),
        ("{url: https://beat.example/canary}", "holds a secret itself"),
        ("{}", "name url or file"),
    ),
    "room: {": (("Room 1: {", "is no name: use a-z, 0-9, _ and -"),),
}


@pytest.mark.parametrize(
    ("good", "bad", "told"), [(good, *one) for good, wrong in WRONG.items() for one in wrong]
)
def test_a_mistake_is_one_line_with_its_place_and_the_remedy(
    tmp_path: Path, good: str, bad: str, told: str
) -> None:
    assert GOOD.count(good) == 1
    with pytest.raises(ConfigurationError) as refused:
        loading.load(lay_out(tmp_path, GOOD.replace(good, bad)))
    said = str(refused.value)
    assert told in said
    assert "pilot.yaml:" in said
    assert "\n" not in said
    assert "canary" not in said


URL = """\
    alerts:
      channels: {room: {slack: env:ROOM_URL}}
"""


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (None, "environment variable ROOM_URL is missing or empty: set it"),
        ("hooks.slack.example/canary", "an address begins with https://"),
        ("http://hooks.slack.example/canary", "use https"),
        ("https://me:canary@hooks.slack.example", "holds no user and no password"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_before_anything_is_read(
    tmp_path: Path, url: str | None, told: str
) -> None:
    loaded = loading.load(lay_out(tmp_path, URL))
    environ = {} if url is None else {"ROOM_URL": url}
    with pytest.raises(ConfigurationError) as refused:
        connect_channels(loaded, "dev", loaded.references("dev", environ))
    assert told in str(refused.value)
    assert "canary" not in str(refused.value)


def test_plain_http_is_for_this_machine_alone(tmp_path: Path) -> None:
    loaded = loading.load(lay_out(tmp_path, URL))
    environ = {"ROOM_URL": "http://127.0.0.1:8080/hook"}
    channels = connect_channels(loaded, "dev", loaded.references("dev", environ))
    assert channels is not None
    assert [*channels.deliver] == ["room"]
