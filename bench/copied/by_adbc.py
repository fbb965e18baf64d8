"""ADBC's PostgreSQL driver to Arrow, batch by batch: `DSN`. As a script it prints what it took."""

from __future__ import annotations

import json
import sys
import time

import adbc_driver_postgresql.dbapi as adbc  # type: ignore[import-not-found]  # in a venv of its own


def _read(dsn: str) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    with adbc.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("select * from lineitem")
        rows = sum(batch.num_rows for batch in cursor.fetch_record_batch())
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return {**took, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(_read(sys.argv[1])))
