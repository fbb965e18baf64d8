"""The same rules in one DuckDB query and one more for the key: `by_hand.py FILE HOW [keyless]`.

HOW is `reads`, or `footer`: as DuckDB comes, it answers from the footer's statistics what it can.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

RULES = {
    **{
        f"not_null {name}": f"{name} is null"
        for name in (
            *("l_orderkey", "l_partkey", "l_suppkey", "l_linenumber"),
            *("l_quantity", "l_extendedprice", "l_discount", "l_tax"),
        )
    },
    "line": "l_linenumber < 1 or l_linenumber > 7",
    "quantity": "l_quantity < 1 or l_quantity > 50",
    "price": "l_extendedprice <= 0",
    "discount": "l_discount < 0 or l_discount > 0.10",
    "tax": "l_tax < 0 or l_tax > 0.08",
    "flag": "l_returnflag not in ('A', 'N', 'R')",
    "status": "l_linestatus not in ('F', 'O')",
    "shipped": "l_shipdate < date '1992-01-01' or l_shipdate > date '1998-12-31'",
    "note": "l_shipinstruct not in "
    "('DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN')",
    "mode": "l_shipmode not in ('AIR', 'FOB', 'MAIL', 'RAIL', 'REG AIR', 'SHIP', 'TRUCK')",
    "comment": "length(l_comment) < 1 or length(l_comment) > 44",
    "control": r"regexp_matches(l_comment, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')",
    "later": "l_receiptdate <= l_shipdate",
    "rescued": "_rescued is not null",
}
"""What fails. A rule counts and never filters: DuckDB answers a `where` from the footer."""
KEY = """
select coalesce(sum(n), 0) from (
  select count(*) as n from landed group by l_orderkey, l_linenumber
  having count(*) > 1 and l_orderkey is not null and l_linenumber is not null)
"""


def resident(name: str) -> float:
    """Millions of bytes, now (`VmRSS`) or at most (`VmHWM`)."""
    [kilobytes] = re.findall(rf"{name}:\s*(\d+)", Path("/proc/self/status").read_text())
    return int(kilobytes) * 1024 / 1e6


def main(file: str, how: str, *keyless: str) -> None:
    """Judge, and print what failed and what it took after the import."""
    duckdb: Any = importlib.import_module("duckdb")
    began, before = time.process_time(), resident("VmRSS")
    database = duckdb.connect()
    if how == "reads":
        database.execute("set disabled_optimizers = 'statistics_propagation'")
    database.execute(f"create view landed as select * from read_parquet('{file}')")
    types = dict(row[:2] for row in database.execute("describe landed").fetchall())
    counted = ", ".join(f"sum(case when {fails} then 1 else 0 end)" for fails in RULES.values())
    row = database.execute(f"select count(*), {counted} from landed").fetchone()
    failed = dict(zip(RULES, map(int, row[1:]), strict=True))
    if not keyless:
        failed["key"] = int(database.execute(KEY).fetchone()[0])
    found = {
        "failed": {rule: n for rule, n in failed.items() if n},
        "rows": row[0],
        "columns": len(types),
        "cpu": time.process_time() - began,
        "over_imports": resident("VmHWM") - before,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
