"""COPY to nowhere by psycopg, row by row: `DSN`. As a script it prints what it took."""

from __future__ import annotations

import json
import sys
import time

import psycopg

COPY = b"copy (select * from lineitem) to stdout (format csv)"


def _thrown_away(dsn: str) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    rows = 0
    with (
        psycopg.connect(dsn) as connection,
        connection.cursor() as cursor,
        cursor.copy(COPY) as all_,
    ):
        for _ in all_:
            rows += 1
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return {**took, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(_thrown_away(sys.argv[1])))
