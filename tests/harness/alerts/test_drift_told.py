"""A look for drift tells the owner once that columns changed, and once that they are approved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.connectors.scripted import Said, scripted
from tests.harness.acme_layout import lay_out
from tests.harness.alerts.story import headlines, said, story

pytestmark = pytest.mark.long

CHANGED = "BROKEN: outlet.orders stable_schema"
MENDED = "MENDED: outlet.orders stable_schema"


def test_the_owner_is_told_once_and_told_again_when_it_is_approved(tmp_path: Path) -> None:
    with scripted(lambda _: Said(b"ok")) as room, scripted(lambda _: Said(b"ok")) as pager:
        acme = story(lay_out(tmp_path), tmp_path, ROOM_URL=room.url, PAGER_URL=pager.url)
        acme.command("drift")
        acme.command("baseline", "approve", "--by", "Ada Okafor")
        assert acme.command("drift").code == 0
        assert headlines(room) == [], "what nobody approved yet is no alarm"

        with closing(sqlite3.connect(acme.acme.sources["ACME_OUTLET"])) as outlet, outlet:
            outlet.execute("alter table orders rename column voucher to coupon")
        assert acme.command("drift").code == 1
        assert headlines(room) == [CHANGED]
        assert acme.command("drift").code == 1
        assert headlines(room) == [CHANGED], "not every night anew"

        acme.command("baseline", "approve", "--by", "Ada Okafor")
        assert acme.command("drift").code == 0
        assert headlines(room) == [CHANGED, MENDED]
        assert said(pager) == []
        assert not acme.heartbeat.exists(), "it says nothing of the night that reads"
