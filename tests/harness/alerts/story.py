"""Acme with people who are told, on real servers of this machine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli import seatrial
from tests.connectors.scripted import Scripted
from tests.harness.acme_layout import Acme
from tests.shell import Ended

OUTLET = """\
  outlet: {owner: ada@acme.example, deputy: Jonas Lind, escalation: shop-oncall}
"""
"""Nobody acknowledged it, so `owned` is BROKEN."""
ALERTS = """
    alerts:
      channels:
        room: {slack: env:ROOM_URL}
        pager: {webhook: env:PAGER_URL}
      people:
        ada@acme.example: [room]
        shop-oncall, within 30 minutes: [pager]
      heartbeat: {file: HEARTBEAT}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One pilot, night after night, into one folder."""

    acme: Acme
    environ: Mapping[str, str]
    out: Path
    heartbeat: Path

    def prove(self, *arguments: str) -> Ended:
        return self.command("prove", *arguments)

    def command(self, *arguments: str) -> Ended:
        where = [self.acme.folder, "--out", self.out]
        return seatrial([*arguments, *where], cwd=self.out.parent, environ=self.environ)

    def repair(self) -> None:
        """Give each order of the web shop its voucher."""
        with closing(sqlite3.connect(self.acme.sources["ACME_SHOP"])) as connection, connection:
            connection.execute("update orders set voucher = 'SPRING'")


def story(acme: Acme, root: Path, *, alerts: str = ALERTS, **urls: str) -> Story:
    """`urls` are what ROOM_URL and PAGER_URL hold."""
    heartbeat, settings = root / "heartbeat", acme.folder / "pilot.yaml"
    text = settings.read_text().replace("owners:\n", f"owners:\n{OUTLET}", 1)
    settings.write_text(text + alerts.replace("HEARTBEAT", str(heartbeat)))
    return Story(
        acme=acme,
        environ={**acme.environ, **urls},
        out=root / "out",
        heartbeat=heartbeat,
    )


def said(hook: Scripted) -> list[Any]:
    """The bodies of what was posted."""
    return [json.loads(asked.body) for asked in hook.asked]


def headlines(hook: Scripted) -> list[str]:
    """What was told of each incident, in order of the words."""
    lines = [line for body in said(hook) for line in body["text"].splitlines()[1:]]
    return sorted(line for line in lines if line.startswith(("BROKEN:", "ERROR:", "MENDED:")))
