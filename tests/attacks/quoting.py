"""A pilot whose own connector quotes its password, in each way in which a run could show it."""

from __future__ import annotations

import base64
import html
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import dagster as dg
import pyarrow as pa

from connectors.connector import Probe
from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Emit, Refused
from connectors.secrets import Secret
from harness.pilot import loading
from tests.attacks.canary import canary
from tests.cli import SEATRIAL
from tests.harness.dagster_proven import run
from tests.harness.engagement import write

CANARY = "quoted"
PILOT_PY = """
import pandera.polars as pa
import polars as pl
from seatrial import Address, Contract, Pilot, Promises, Source
from tests.attacks import quoting

GUARDED
def contract(name):
    column = pa.Column(pl.Int64, description="A number")
    schema = pa.DataFrameSchema({"id": column}, strict=True)
    return Contract(name=name, promises=Promises(key=("id",)), schema=schema)

def it(at: Address) -> quoting.Quoting:
    return quoting.Quoting(password=at.secret("password"))

PILOT = Pilot(
    name="quoting",
    sources=tuple(
        Source(name=way, connect=it, contracts=(contract(way),)) for way in THE_WAYS
    ),
)
"""
PILOT_YAML = """\
title: Quoting
environments:
  dev:
    evidence_class: simulated
    sources:
"""


def _raise(kind: type[Exception], written: Callable[[str], str] = str) -> Callable[..., NoReturn]:
    def way(secret: str, _emit: Emit) -> NoReturn:
        raise kind(f"no log-in with {written(secret)}")

    return way


def _base64(secret: str) -> str:
    return base64.b64encode(f"user:{secret}".encode()).decode()


def _print(secret: str, _emit: Emit) -> NoReturn:
    print(secret)
    print(secret, file=sys.stderr)
    raise SourceUnavailable("it printed")


def _log(secret: str, _emit: Emit) -> NoReturn:
    logging.getLogger("seatrial").debug("log-in with %s", secret)
    logging.getLogger("a library").warning("log-in with %s", secret)
    warnings.warn(f"log-in with {secret}", stacklevel=1)
    raise SourceUnavailable("it logged")


def _from(secret: str, _emit: Emit) -> NoReturn:
    try:
        int(secret)
    except ValueError as error:
        raise RuntimeError("no log-in") from error


def _emit(secret: str, emit: Emit) -> NoReturn:
    emit(Refused(what=f"log-in with {secret}", status="401"))
    raise AccessDenied("it emitted")


WAYS: Mapping[str, Callable[[str, Emit], NoReturn]] = {
    "raised": _raise(SourceUnavailable),
    "refused": _raise(AccessDenied),
    "changed": _raise(SourceChanged),
    "in_a_url": _raise(SourceError, lambda it: f"https://x/?key={quote(it, safe='')}"),
    "in_base64": _raise(SourceUnavailable, _base64),
    "in_json": _raise(SourceUnavailable, lambda it: json.dumps({"password": it})),
    "in_html": _raise(SourceUnavailable, html.escape),
    "in_python": _raise(SourceUnavailable, repr),
    "a_defect": _raise(RuntimeError),
    "a_defects_cause": _from,
    "a_disk": _raise(OSError),
    "printed": _print,
    "logged": _log,
    "emitted": _emit,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoting:
    """A connector that fails as the dataset's name says."""

    password: Secret
    endpoint: str = "none://here"

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        def batches() -> Iterator[pa.RecordBatch]:
            WAYS[dataset](self.password.reveal(), emit)
            yield from ()

        return pa.RecordBatchReader.from_batches(schema, batches())

    def probe(self, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Connector
        raise AccessDenied(f"no probe with {self.password.reveal()}")


def _yaml(ways: Iterable[str]) -> str:
    return PILOT_YAML + "".join(f"      {way}: {{password: env:IT_PASSWORD}}\n" for way in ways)


def laid_out(root: Path, ways: Iterable[str], *, guarded: bool) -> Path:
    """The pilot's folder."""
    root.mkdir(exist_ok=True)
    off = "import connectors.redaction as it\nit._SHORTEST = 10**9\n"
    py = PILOT_PY.replace("GUARDED", "" if guarded else off).replace("THE_WAYS", repr((*ways,)))
    return write(root, py=py, yaml=_yaml(ways))


def left_in_dagster(root: Path, *, guarded: bool) -> list[str]:
    """The events of a run in Dagster, with their metadata."""
    loaded = loading.load(laid_out(root, ("raised", "in_base64"), guarded=guarded))
    with dg.DagsterInstance.ephemeral() as instance:
        proven = run(loaded, instance, root / "out", {"IT_PASSWORD": canary(CANARY)})
        logs = instance.all_logs(proven.result.run_id)
    assert proven.state == "FINISHED", proven.failures()
    return [entry.to_json() for entry in logs]


def left_by(root: Path, *, guarded: bool) -> dict[str, str]:
    """All that a run with --debug leaves, by name."""
    folder = laid_out(root, WAYS, guarded=guarded)
    out = root / "out"
    files = ["--json", out / "asked.json", "--junit", out / "junit.xml"]
    out.mkdir()
    ended = subprocess.run(
        [SEATRIAL, "prove", folder, "--out", out, "--debug", *files],
        cwd=root,
        env={"PATH": "/usr/bin:/bin", "HOME": str(root), "IT_PASSWORD": canary(CANARY)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode in (1, 4), ended.stderr
    left = {"terminal": ended.stdout + ended.stderr}
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        left[str(path.relative_to(out))] = path.read_bytes()
    return {name: found.decode("utf-8", "surrogateescape") for name, found in left.items()}
