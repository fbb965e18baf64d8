"""What it costs to export a bundle of thirty nights of twenty datasets, by `seatrial export`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from bench.evidence_verify import SHAPE, bodies
from bench.metric import Metric, Sample
from harness.ledger.ledger import Header, Ledger, Origin, open_ledger
from harness.signing import key_file
from harness.signing.signer import from_seed

LIBRARIES = ("cryptography", "msgspec", "jinja2")
_GOAL_SECONDS = 3.0
_SEATRIAL = Path(sys.executable).parent / "seatrial"
_PILOT = """
from seatrial import Pilot, Source
from seatrial.sql import Sql

def shop(at):
    return Sql(url=at.text("url"), password=at.secret("password"), tables={})

PILOT = Pilot(name="bench", sources=(Source(name="shop", connect=shop, contracts=()),))
"""
_SETTINGS = """\
title: Bench
zone: UTC
owners:
  shop: {{owner: A, deputy: B, escalation: C, acknowledged: {{by: A, on: 2026-11-01}}}}
environments:
  dev:
    evidence_class: sandbox
    sources:
      shop: {{url: env:SHOP_URL, password: env:SHOP_PASSWORD}}
    signing: {{key: "file:{key}"}}
"""
_OWN = ("pilot", "environment", "run", "slot", "code", "at")
_ORIGIN = ("source", "dataset", "endpoint", "contract", "evidence_class")


def floors() -> list[str]:
    """What stands beside it."""
    floor = "Floor: seatrial --help, a fresh process that imports little."
    ours = (
        "Ours is a fresh process, too: it loads the pilot, checks every entry of the ledger, "
        "renders every format, signs and waits for the disk."
    )
    return [f"{floor} {ours}"]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Both by turns."""
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        _prepare(here)
        say(f"a ledger of {SHAPE}")
        samples = tuple(_sample(here, number) for number in range(3 if quick else 15))
    return [
        Metric(
            metric="seatrial export", unit=f"seconds, {SHAPE}", samples=samples, goal=_GOAL_SECONDS
        )
    ]


def _sample(here: Path, number: int) -> Sample:
    out = here / f"bundle-{number}"
    ours = _seconds(_SEATRIAL, "export", here / "pilot", "--results", here, "--out", out)
    return Sample(value=ours, against=_seconds(_SEATRIAL, "--help"))


def _seconds(*command: str | Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _prepare(here: Path) -> None:
    """The pilot with its key, and its ledger."""
    (here / "pilot").mkdir()
    (here / "pilot" / "pilot.py").write_text(_PILOT)
    (here / "pilot" / "pilot.yaml").write_text(_SETTINGS.format(key=here / "key.pem"))
    key_file.write(here / "key.pem", from_seed(os.urandom(32)))
    with open_ledger(here / "ledger.sqlite") as ledger:
        for _, entries in groupby(bodies(), key=lambda entry: entry[0]):
            _night(ledger, ((kind, body) for _, kind, body in entries))


def _night(ledger: Ledger, entries: Iterator[tuple[str, dict[str, Any]]]) -> None:
    with ledger.together():
        for kind, body in entries:
            own: dict[str, Any] = {name: body.pop(name) for name in _OWN}
            at: datetime = own.pop("at")
            header = Header(**own)
            if kind == "started":
                ledger.begin(header, body, at=at)
            elif kind == "finished":
                ledger.end(header, "FINISHED", body, at=at)
            else:
                origin = Origin(**{name: body.get(name) for name in _ORIGIN})
                cursor = at.isoformat() if kind == "reading" else None
                ledger.append(header, kind, body[kind], at=at, origin=origin, cursor=cursor)
