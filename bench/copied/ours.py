"""One reading of lineitem by the checkout on the path: `STAGE URL PASSWORD FOLDER`.

STAGE is `read`, `land` (read and land), `judge` (55 rules, too), or `digest` of the values. As a
script it prints what the stage took after the imports.
"""

from __future__ import annotations

import hashlib
import json
import runpy
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.secrets import Secret
from connectors.sql.connector import Sql

MONEY = pa.decimal128(15, 2)
_COLUMNS: list[tuple[str, pa.DataType]] = [
    *((f"l_{name}key", pa.int64()) for name in ("order", "part", "supp")),
    ("l_linenumber", pa.int32()),
    *((f"l_{name}", MONEY) for name in ("quantity", "extendedprice", "discount", "tax")),
    *((f"l_{name}", pa.string()) for name in ("returnflag", "linestatus")),
    *((f"l_{name}date", pa.date32()) for name in ("ship", "commit", "receipt")),
    *((f"l_{name}", pa.string()) for name in ("shipinstruct", "shipmode", "comment")),
]
SCHEMA = pa.schema(_COLUMNS)
_Stage = Callable[[], Mapping[str, Any]]


def _stages(source: Sql, folder: Path) -> dict[str, Callable[[], _Stage]]:
    """By name, each after the imports of its own."""
    return {
        "read": lambda: lambda: {"rows": sum(batch.num_rows for batch in _batches(source))},
        "land": lambda: _landing(source, folder, judged=False),
        "judge": lambda: _landing(source, folder, judged=True),
        "digest": lambda: lambda: _digest(_batches(source)),
    }


def _batches(source: Sql) -> Iterator[pa.RecordBatch]:
    return iter(source.read("lineitem", schema=SCHEMA, emit=lambda _: None))


def _digest(batches: Iterator[pa.RecordBatch]) -> Mapping[str, Any]:
    """Equal for equal values in the same order, however they are cut."""
    table = pa.Table.from_batches(batches).combine_chunks()
    digest = hashlib.sha256(str(table.schema).encode())
    for name in table.column_names:
        digest.update(repr(table[name].to_pylist()).encode())
    return {"rows": table.num_rows, "digest": digest.hexdigest()}


def _landing(source: Sql, folder: Path, *, judged: bool) -> _Stage:
    from contracts.engines import evaluate
    from harness.clock import Clock
    from harness.run.dataset import read_dataset
    from harness.run.recorder import Recorder

    def now() -> datetime:
        return datetime.now(UTC)

    rules = runpy.run_path(str(Path(__file__).parent.parent / "judging" / "ours.py"))
    contract = rules["contract"](("l_orderkey", "l_linenumber"))
    takes_digest = "sha256" in signature(evaluate).parameters

    def stage() -> Mapping[str, Any]:
        path = folder / "lineitem.parquet"
        recorder = Recorder(
            source="crm", contract=contract, slot=now().date(), clock=Clock(now=now)
        )
        reading, landing = read_dataset(source, recorder, into=path)
        if landing is None:
            raise RuntimeError(reading.failure)
        if judged:
            digest: dict[str, Any] = {"sha256": landing.sha256} if takes_digest else {}
            result = evaluate(contract, landing.path, **digest)
            if failed := [rule for rule in result.rules if rule.failed or rule.error]:
                raise RuntimeError(failed)
        path.unlink()
        return {"rows": reading.rows}

    return stage


def _main(stage: str, url: str, password: str, folder: str) -> None:
    source = Sql(
        url=url,
        password=Secret("env:CRM_PASSWORD", password),
        tables={"lineitem": "public.lineitem"},
    )
    run = _stages(source, Path(folder))[stage]()
    wall, cpu = time.perf_counter(), time.process_time()
    found = run()
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps({**took, **found}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
