"""Nights of a real pilot: its owner is told once, and once more when it is mended."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from harness.ledger.chain import breaks
from harness.ledger.ledger import entries
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from tests.connectors.scripted import Said, scripted
from tests.harness.acme_layout import lay_out
from tests.harness.alerts.story import Story, headlines, said, story
from tests.harness.dagster_proven import run as run_in_dagster

pytestmark = pytest.mark.long

TAKEN = Said(b"ok")
BAD = [
    "BROKEN: outlet owned",
    "BROKEN: outlet.orders conforms",
    "BROKEN: web-shop.orders conforms",
]


def outcome(of: Story, source: str, claim: str) -> str:
    verdicts = json.loads((of.out / "verdicts.json").read_text())["verdicts"]
    [found] = [v for v in verdicts if (v["source"], v["claim"]) == (source, claim)]
    return found["outcome"]


def test_an_owner_is_told_once_and_told_again_when_it_is_mended(tmp_path: Path) -> None:
    with scripted(lambda _: TAKEN) as room, scripted(lambda _: TAKEN) as pager:
        acme = story(lay_out(tmp_path), tmp_path, ROOM_URL=room.url, PAGER_URL=pager.url)
        first = acme.prove()
        assert (first.code, headlines(room)) == (1, BAD)
        assert "not told" not in first.out
        beat = acme.heartbeat.read_text()
        acme.prove()
        assert headlines(room) == BAD
        assert acme.heartbeat.read_text() != beat

        acknowledged = acme.command("ack", "--by", "ada@acme.example")
        assert acknowledged.code == 0
        assert "web-shop: 1 incident acknowledged by ada@acme.example" in acknowledged.out
        acme.repair()
        acme.prove()
        mended = ["MENDED: outlet owned", "MENDED: web-shop.orders conforms"]
        assert headlines(room) == sorted([*BAD, *mended])
    assert outcome(acme, "outlet", "owned") == "PROVEN"
    assert said(pager) == []
    page = acme.command("incident").out
    assert "outlet.orders conforms: BROKEN, open" in page
    assert "web-shop" not in page
    whole = acme.command("incident", "--all").out
    assert "web-shop.orders conforms: MENDED" in whole
    for row in ("onset", "detected", "told", "acknowledged", "mended", "next"):
        assert f"\n  {row}" in whole
    assert list(breaks(entries(acme.out / "ledger.sqlite"))) == []


def test_a_hook_that_is_down_is_shown_escalated_and_tried_again(tmp_path: Path) -> None:
    answers = [Said(status=503)]
    with scripted(lambda _: answers[-1]) as room, scripted(lambda _: TAKEN) as pager:
        acme = story(lay_out(tmp_path), tmp_path, ROOM_URL=room.url, PAGER_URL=pager.url)
        down = acme.prove()
        says = "not told: ada@acme.example by room: POST channel room answered 503: try later"
        assert says in " ".join(down.out.split())
        assert down.code == 1
        assert "Not told" in (acme.out / "report.html").read_text()
        assert not acme.heartbeat.exists()
        assert "heartbeat: withheld" in down.err
        assert 2 <= len(room.asked) <= 3
        claims = sorted(news["claim"] for body in said(pager) for news in body["news"])
        assert claims == ["conforms"]

        answers.append(TAKEN)
        before = len(room.asked)
        up = acme.prove()
        assert "not told" not in up.out
        assert acme.heartbeat.exists()
        assert len(room.asked) == before + 1
        assert len(pager.asked) == 1


def test_a_missing_address_is_told_before_anything_is_read(tmp_path: Path) -> None:
    acme = story(lay_out(tmp_path), tmp_path, ROOM_URL="http://127.0.0.1:9")
    ended = acme.prove()
    assert ended.code == 2
    assert "environment variable PAGER_URL is missing or empty" in ended.complaint
    assert not (acme.out / "verdicts.json").exists()


def test_a_test_is_sent_and_acknowledged(tmp_path: Path) -> None:
    with scripted(lambda _: TAKEN) as room, scripted(lambda _: Said(status=404)) as pager:
        acme = story(lay_out(tmp_path), tmp_path, ROOM_URL=room.url, PAGER_URL=pager.url)
        ended = acme.command("alerts", "test")
    assert ended.code == 4
    assert "room (slack) took it, for ada@acme.example" in ended.out
    assert "answered 404: correct the address behind env:PAGER_URL" in ended.err
    assert "This is a test" in said(room)[0]["text"]
    acknowledged = acme.command("ack", "--by", "ada@acme.example", "--source", "outlet")
    assert acknowledged.out == "outlet: acknowledged by ada@acme.example; no incident is open\n"


def test_a_hook_that_cannot_be_reached_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    """Port 9 of this machine discards, and nobody listens there."""
    with scripted(lambda _: TAKEN) as room:
        nobody = "http://127.0.0.1:9/canary-7f3a"
        acme = story(lay_out(tmp_path), tmp_path, ROOM_URL=room.url, PAGER_URL=nobody)
        ended = acme.command("alerts", "test")
    remedy = "POST channel pager: no connection: check that the server runs"
    assert (ended.code, ended.err) == (
        4,
        f"pager (webhook) did not, for shop-oncall, within 30 minutes: {remedy}\n",
    )
    assert "canary" not in (acme.out / "ledger.sqlite").read_bytes().decode(errors="replace")


def test_dagster_tells_as_well(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    with scripted(lambda _: TAKEN) as room, scripted(lambda _: TAKEN) as pager:
        acme = story(lay_out(tmp_path), tmp_path, ROOM_URL=room.url, PAGER_URL=pager.url)
        loaded: LoadedPilot = loading.load(acme.acme.folder)
        run_in_dagster(loaded, instance, acme.out, acme.environ)
        assert headlines(room) == BAD
    assert acme.heartbeat.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ack", "--by", "ada@acme.exampel"), "did you mean ada@acme.example?"),
        (("ack", "--by", "Jonas Lind", "--source", "shop"), "unknown source 'shop'"),
        (("ack", "--by", "Jonas Lind", "--source", "web-shop"), "neither owner, deputy nor"),
        (("incident", "--source", "shop"), "unknown source 'shop'"),
        (("incident",), "there is no ledger"),
        (("alerts", "test", "--env", "prod"), "unknown environment 'prod'"),
        (("alerts", "test"), "names no channel: add alerts: to it"),
    ],
)
def test_a_wrong_name_is_one_line(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    acme = story(lay_out(tmp_path), tmp_path, alerts="")
    ended = acme.command(*arguments)
    assert ended.code == 2
    assert told in ended.complaint
