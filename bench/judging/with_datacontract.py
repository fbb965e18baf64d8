"""The same rules as an ODCS contract, tested by datacontract-cli: `with_datacontract.py FILE`."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NOTES = ["DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"]
MODES = ["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"]
COLUMNS: dict[str, tuple[str, dict[str, Any]]] = {
    "l_orderkey": ("integer", {}),
    "l_partkey": ("integer", {}),
    "l_suppkey": ("integer", {}),
    "l_linenumber": ("integer", {"minimum": 1, "maximum": 7}),
    "l_quantity": ("number", {"minimum": 1, "maximum": 50}),
    "l_extendedprice": ("number", {"minimum": 0.01}),
    "l_discount": ("number", {"minimum": 0, "maximum": 0.10}),
    "l_tax": ("number", {"minimum": 0, "maximum": 0.08}),
    "l_returnflag": ("string", {"enum": ["A", "N", "R"]}),
    "l_linestatus": ("string", {"enum": ["F", "O"]}),
    "l_shipdate": ("date", {}),
    "l_commitdate": ("date", {}),
    "l_receiptdate": ("date", {}),
    "l_shipinstruct": ("string", {"enum": NOTES}),
    "l_shipmode": ("string", {"enum": MODES}),
    "l_comment": ("string", {"minLength": 1, "maxLength": 44}),
    "_delivery": ("string", {}),
    "_rescued": ("string", {}),
}
_BAD = ("failed", "error")
REQUIRED = 8
"""So many of the first columns are never null."""
FAILS = {
    "later": "l_receiptdate <= l_shipdate",
    "shipped": "l_shipdate < date '1992-01-01' or l_shipdate > date '1998-12-31'",
    "control": r"regexp_matches(l_comment, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')",
    "rescued": "_rescued is not null",
}


def contract(file: str) -> dict[str, Any]:
    """As datacontract-cli reads it; JSON is YAML."""
    properties = [
        {
            "name": name,
            "logicalType": kind,
            "required": place < REQUIRED,
            "logicalTypeOptions": {k: v for k, v in options.items() if k != "enum"},
            **({"quality": [_listed(options["enum"])]} if "enum" in options else {}),
            **({"primaryKey": True, "primaryKeyPosition": place} if place in (0, 3) else {}),
        }
        for place, (name, (kind, options)) in enumerate(COLUMNS.items())
    ]
    quality = [
        {
            "type": "sql",
            "description": name,
            "query": f"select count(*) from lineitem where {fails}",
            "mustBe": 0,
        }
        for name, fails in FAILS.items()
    ]
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "lineitem",
        "version": "1.0.0",
        "status": "active",
        "servers": [{"server": "local", "type": "local", "path": file, "format": "parquet"}],
        "schema": [{"name": "lineitem", "properties": properties, "quality": quality}],
    }


def _listed(values: list[str]) -> dict[str, Any]:
    return {
        "type": "library",
        "metric": "invalidValues",
        "arguments": {"validValues": values},
        "mustBe": 0,
    }


def main(file: str) -> None:
    """Test, and print what did not pass."""
    api: Any = importlib.import_module("datacontract.data_contract")
    with TemporaryDirectory() as folder:
        written = Path(folder, "lineitem.yaml")
        written.write_text(json.dumps(contract(file)))
        run = api.DataContract(data_contract_file=str(written)).test()
    found = {
        "failed": {one.name: str(one.reason) for one in run.checks if one.result.value in _BAD},
        "not_run": sum(one.result.value == "warning" for one in run.checks),
        "checks": len(run.checks),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
