"""connectorx to Arrow, in one partition: `DSN`. As a script it prints what it took."""

from __future__ import annotations

import json
import sys
import time

import connectorx  # type: ignore[import-not-found]  # in a venv of its own


def _read(dsn: str) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    table = connectorx.read_sql(dsn, "select * from lineitem", return_type="arrow")
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return {**took, "rows": table.num_rows}


if __name__ == "__main__":
    print(json.dumps(_read(sys.argv[1])))
