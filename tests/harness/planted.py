"""A pilot whose rows hold planted values and fail a rule of each kind, and all that a run leaves.

letters ─ five rows in a file ─▶ seatrial prove, Dagster ─▶ every file, line and event
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import dagster as dg

from harness.pilot import loading
from tests.cli import seatrial
from tests.harness.dagster_proven import run
from tests.harness.engagement import write

PILOT_PY = """
from pathlib import Path
import pandera.polars as pa
import polars as pl
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.files import Csv, Files, FileSet, Local

CLASSIFIED = __CLASSIFIED__

def settled(data):
    return data.lazyframe.select(pl.col("salary") < pl.col("tax"))

LETTERS = Contract(
    name="letters",
    classified=CLASSIFIED,
    promises=Promises(key=("number",), missing={"phone": 0.0}),
    schema=pa.DataFrameSchema(
        {
            "number": pa.Column(pl.String, pa.Check.str_length(1, 3), description="Its number"),
            "town": pa.Column(pl.String, pa.Check.isin(["Bonn"]), description="To where"),
            "name": pa.Column(pl.String, pa.Check.isin(["-"]), unique=True, description="To whom"),
            "password": pa.Column(pl.String, pa.Check.str_matches("^-$"), description="Secret"),
            "born": pa.Column(pl.Date, description="When born"),
            "salary": pa.Column(pl.Float64, pa.Check.le(1.0), description="In euros"),
            "tax": pa.Column(pl.Int64, pa.Check.le(1), description="In euros"),
            "phone": pa.Column(pl.String, nullable=True, description="Telephone"),
        },
        checks=pa.Check(settled, name="settled"),
        strict=True,
    ),
)

def post(at: Address) -> Files:
    files = {"letters": FileSet("letters_*.csv", Csv())}
    return Files(store=Local(Path(at.text("folder"))), datasets=files)

PILOT = Pilot(name="letters", sources=(Source(name="post", connect=post, contracts=(LETTERS,)),))
"""
PILOT_YAML = """\
title: Letters
environments:
  dev:
    evidence_class: sandbox
    sources:
      post: {folder: FOLDER}
"""
COLUMNS = ("number", "town", "name", "password", "born", "salary", "tax", "phone", "other")
ROWS = (
    (
        "Nr-81723",
        "Zwolle",
        "Anneliese Q.",
        "tr0ub4dor",
        "1961-02-30",
        "91234.75",
        "47110815",
        "",
        "?",
    ),
    ("Nr-81723", "Zwolle", "Anneliese Q.", "hunter\x1b2!", "17.3.1961", "9.1e4x", "5.5", "", "?"),
    ("Nr-91823", "Zwolle", "Bo\u202eris-Zephyrin", "", "", "", "0815-4711", "", "Zx-unpromised"),
)
SECRETS = (
    *("Nr-81723", "Nr-91823", "Anneliese", "ris-Zephyrin", "tr0ub4dor", "hunter", "1961-02-30"),
    *("17.3.1961", "91234.75", "91234", "9.1e4x", "47110815", "0815-4711", "Zx-unpromised"),
)
"""What stands in the rows, apart from the town."""
PUBLIC = "Zwolle"
"""In no column but the town's."""
ALL_PUBLIC = dict.fromkeys(COLUMNS[:-1], "public")


class Left:
    """All that a run leaves behind, by name."""

    def __init__(self, root: Path, classified: Mapping[str, str]) -> None:
        source = root / "source"
        source.mkdir(parents=True)
        lines = [",".join(fields) for fields in (COLUMNS, *ROWS)]
        (source / "letters_20261120.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.folder = write(
            root,
            py=PILOT_PY.replace("__CLASSIFIED__", repr(dict(classified))),
            yaml=PILOT_YAML.replace("FOLDER", str(source)),
        )
        self.out = root / "out"
        self.out.mkdir()
        self.parts: dict[str, str] = {}

    def prove(self) -> None:
        """By the command line."""
        files = ("--json", self.out / "asked.json", "--junit", self.out / "junit.xml")
        ended = seatrial(("prove", self.folder, "--out", self.out, *files), cwd=self.out.parent)
        assert ended.code == 1, ended
        self.parts["terminal"] = ended.out + ended.err
        self._take(self.out)

    def prove_in_dagster(self) -> None:
        """By Dagster, whose events hold its metadata."""
        with dg.DagsterInstance.ephemeral() as instance:
            proven = run(loading.load(self.folder), instance, self.out, {})
            logs = instance.all_logs(proven.result.run_id)
        assert proven.state == "FINISHED", proven.failures()
        self.parts["dagster"] = "\n".join(entry.to_json() for entry in logs)
        self._take(self.out)

    def _take(self, folder: Path) -> None:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = str(file.relative_to(folder))
            self.parts[name] = file.read_bytes().decode("utf-8", "surrogateescape")

    def hits(self, values: Iterable[str]) -> list[tuple[str, str]]:
        """Where any of the values is, in any of its forms."""
        return [
            (name, value)
            for name, text in self.parts.items()
            for value in values
            if any(form in text for form in forms(value))
        ]


def forms(value: str) -> Iterator[str]:
    """A value as it is, and as base64, URLs, JSON and hexadecimal have it."""
    raw = value.encode()
    yield value
    yield from (b64encode(b"\0" * shift + raw)[shift + 1 : -4].decode() for shift in range(3))
    yield from (quote(value, safe=""), json.dumps(value)[1:-1], raw.hex())
