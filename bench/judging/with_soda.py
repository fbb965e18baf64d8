"""The same rules as a Soda contract, on a view of the file in DuckDB: `with_soda.py FILE`."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

DAY = {"valid_min": "1992-01-01", "valid_max": "1998-12-31"}
COLUMNS: dict[str, tuple[str, list[Any]]] = {
    "l_orderkey": ("bigint", [{"missing": None}]),
    "l_partkey": ("bigint", [{"missing": None}]),
    "l_suppkey": ("bigint", [{"missing": None}]),
    "l_linenumber": ("integer", [{"missing": None}, {"valid_min": 1, "valid_max": 7}]),
    "l_quantity": ("decimal", [{"missing": None}, {"valid_min": 1, "valid_max": 50}]),
    "l_extendedprice": ("decimal", [{"missing": None}, {"valid_min": 0.01}]),
    "l_discount": ("decimal", [{"missing": None}, {"valid_min": 0, "valid_max": 0.10}]),
    "l_tax": ("decimal", [{"missing": None}, {"valid_min": 0, "valid_max": 0.08}]),
    "l_returnflag": ("varchar", [{"valid_values": ["A", "N", "R"]}]),
    "l_linestatus": ("varchar", [{"valid_values": ["F", "O"]}]),
    "l_shipdate": ("date", []),
    "l_commitdate": ("date", []),
    "l_receiptdate": ("date", []),
    "l_shipinstruct": (
        "varchar",
        [{"valid_values": ["DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"]}],
    ),
    "l_shipmode": (
        "varchar",
        [{"valid_values": ["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"]}],
    ),
    "l_comment": ("varchar", [{"valid_min_length": 1, "valid_max_length": 44}]),
    "_delivery": ("varchar", []),
    "_rescued": ("varchar", []),
}
FAILS = {
    "later": "l_receiptdate <= l_shipdate",
    "shipped": "l_shipdate < date '1992-01-01' or l_shipdate > date '1998-12-31'",
    "control": r"regexp_matches(l_comment, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')",
    "rescued": "_rescued is not null",
}


def contract() -> dict[str, Any]:
    """As Soda reads it; JSON is YAML."""
    return {
        "dataset": "bench/main/lineitem",
        "checks": [
            {"schema": {}},
            {"duplicate": {"columns": ["l_orderkey", "l_linenumber"]}},
            *(
                {"failed_rows": {"name": name, "qualifier": name, "expression": fails}}
                for name, fails in FAILS.items()
            ),
        ],
        "columns": [
            {
                "name": name,
                "data_type": kind,
                **({"checks": [_check(one) for one in checks]} if checks else {}),
            }
            for name, (kind, checks) in COLUMNS.items()
        ],
    }


def _check(given: dict[str, Any]) -> dict[str, Any]:
    return given if "missing" in given else {"invalid": given}


def main(file: str) -> None:
    """Verify, and print what did not pass."""
    duckdb: Any = importlib.import_module("duckdb")
    api: Any = importlib.import_module(
        "soda_core.contracts"
    )  # before the source: they are a circle
    source: Any = importlib.import_module("soda_duckdb.common.data_sources.duckdb_data_source")
    database = duckdb.connect()
    database.execute(f"create view lineitem as select * from read_parquet('{file}')")
    bench = source.DuckDBDataSourceImpl.from_existing_cursor(database, name="bench")
    with TemporaryDirectory() as folder:
        written = Path(folder, "lineitem.yml")
        written.write_text(json.dumps(contract()))
        session = api.verify_contract_locally(
            data_sources=[bench], contract_file_path=str(written), publish=False
        )
    [result] = session.contract_verification_results
    outcomes = {one.check.relative_path: one.outcome.name for one in result.check_results}
    found = {
        "failed": {name: outcome for name, outcome in outcomes.items() if outcome != "PASSED"},
        "checks": len(outcomes),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
