"""A run that is told to end leaves nothing behind it, and writes nothing after `interrupted`."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.ledger.chain import breaks
from harness.ledger.ledger import entries
from tests.cli import HEARING, SEATRIAL
from tests.harness.dagster_ui import session, until
from tests.harness.engagement import write

PILOT = """
import time
from dataclasses import dataclass
from pathlib import Path
import pandera.polars as pa
import pyarrow as arrow
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.connector import Completed

SCHEMA = arrow.schema({"order_key": arrow.int64(), "_rescued": arrow.string()})

@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    endpoint: str

    def read(self, dataset, *, schema, emit):
        def batches():
            for number in range(3):
                rows = {"order_key": [number], "_rescued": [None]}
                yield arrow.RecordBatch.from_pydict(rows, SCHEMA)
            if dataset == "second":
                Path(self.endpoint).touch()
                time.sleep(300)
            emit(Completed(rows=3, bytes=24, witness=None))
        return arrow.RecordBatchReader.from_batches(SCHEMA, batches())

    def probe(self, *, emit):
        return ()

def promised(name):
    key = pa.Column("int64", description="The order's number")
    schema = pa.DataFrameSchema({"order_key": key}, strict=True)
    return Contract(name=name, promises=Promises(key=("order_key",)), schema=schema)

PILOT = Pilot(
    name="acme",
    sources=(
        Source(
            name="erp",
            connect=lambda at: Slow(endpoint=at.text("url")),
            contracts=(promised("first"), promised("second")),
        ),
    ),
)
"""
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A run that has read one dataset and waits for more of the other."""

    process: subprocess.Popen[str]
    out: Path

    def ends(self) -> str:
        said, _ = self.process.communicate(timeout=30)
        assert "Traceback" not in said
        return said

    def kinds(self) -> list[str]:
        recorded = entries(self.out / "ledger.sqlite")
        assert list(breaks(recorded)) == []
        return [entry.kind for entry in recorded]


@pytest.fixture
def begin(tmp_path: Path) -> Callable[..., Begun]:
    def begun(*before: str) -> Begun:
        folder = write(tmp_path, py=PILOT)
        reached, out = tmp_path / "reached", tmp_path / "out"
        process = subprocess.Popen(
            [*HEARING, *before, SEATRIAL, "prove", folder, "--out", out],
            cwd=tmp_path,
            env={
                "PATH": "/usr/bin:/bin",
                "HOME": str(tmp_path),
                "ERP_URL": str(reached),
                "ERP_PASSWORD": "none",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        until(lambda: reached.exists() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        return Begun(process=process, out=out)

    return begun


def to_all(begun: Begun, number: signal.Signals) -> None:
    """As a terminal does it."""
    os.killpg(begun.process.pid, number)


def to_it(begun: Begun, number: signal.Signals) -> None:
    """As a service manager or `kill` does it."""
    begun.process.send_signal(number)


def to_all_again_and_again(begun: Begun, number: signal.Signals) -> None:
    """As somebody does it who is in a hurry."""
    while begun.process.poll() is None:
        to_all(begun, number)
        time.sleep(0.01)


@pytest.mark.parametrize("tell", [to_all, to_it, to_all_again_and_again])
@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_run_that_is_told_to_end_leaves_nothing_behind(
    begin: Callable[..., Begun],
    number: signal.Signals,
    code: int,
    tell: Callable[[Begun, signal.Signals], None],
) -> None:
    begun = begin()
    assert any((begun.out / "landed").rglob("*.parquet"))
    assert len(session(begun.process.pid)) > 1
    tell(begun, number)
    said = begun.ends()
    assert begun.process.returncode == code, said
    assert said.splitlines()[-1].startswith("seatrial: interrupted")
    assert begun.kinds()[-1] == "interrupted"
    assert begun.kinds().count("reading") == 1
    assert not (begun.out / "landed").exists()
    assert not list(begun.out.glob("*.html")) + list(begun.out.glob("*.json"))
    until(lambda: not session(begun.process.pid), seconds=5)


def test_a_run_that_was_begun_by_nohup_outlives_its_terminal(
    begin: Callable[..., Begun],
) -> None:
    begun = begin("/usr/bin/nohup")
    to_it(begun, signal.SIGHUP)
    time.sleep(0.5)
    assert begun.process.poll() is None
    to_it(begun, signal.SIGTERM)
    begun.ends()
    assert begun.kinds()[-1] == "interrupted"
