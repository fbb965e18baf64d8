"""dlt reads the paged API: with `URL CA_FILE pages` by its REST client, as Python values; with
`typed` as a pipeline that writes typed Parquet to a folder. As a script, in a venv of its own, it
prints seconds of wall and CPU, and a digest of the rows as they came.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

_CLIENT = "dlt.sources.helpers.rest_client"
_COLUMNS = ["line_key", "order_key", "part_key", "quantity", "price", "discount", "flag"]
_COLUMNS += ["shipped_on", "changed_at", "comment"]


def _pages(url: str) -> Iterator[list[dict[str, Any]]]:
    client = import_module(_CLIENT).RESTClient(
        base_url=url,
        auth=import_module(f"{_CLIENT}.auth").BearerTokenAuth("bench"),
        paginator=import_module(f"{_CLIENT}.paginators").PageNumberPaginator(
            base_page=1, total_path=None
        ),
        data_selector="rows",
    )
    yield from client.paginate("/rows")


def _read(url: str) -> dict[str, float | str]:
    rows: list[dict[str, Any]] = []
    began, cpu = time.monotonic(), time.process_time()
    for page in _pages(url):
        rows += page
    wall, cpu = time.monotonic() - began, time.process_time() - cpu
    for row in rows:
        for name in ("price", "discount"):  # floats, and so only as near as floats are
            row[name] = f"{row[name]:.2f}"
    return {"wall": wall, "cpu": cpu, "rows": _digest(rows)}


def _load(url: str, folder: str) -> dict[str, float | str]:
    import pyarrow.parquet

    dlt = import_module("dlt")
    columns = {
        "price": {"data_type": "decimal", "precision": 12, "scale": 2},
        "discount": {"data_type": "decimal", "precision": 12, "scale": 2},
        "shipped_on": {"data_type": "date"},
        "changed_at": {"data_type": "timestamp"},
    }
    began, cpu = time.monotonic(), time.process_time()
    there = dlt.destinations.filesystem(bucket_url=Path(folder, "out").as_uri())
    pipeline = dlt.pipeline("bench", destination=there, dataset_name="d", pipelines_dir=folder)
    resource = dlt.resource(_pages(url), name="rows", columns=columns)
    pipeline.run(resource, loader_file_format="parquet")
    wall, cpu = time.monotonic() - began, time.process_time() - cpu
    table = pyarrow.parquet.read_table(Path(folder, "out", "d", "rows")).select(_COLUMNS)
    rows = table.sort_by("line_key").to_pylist()
    for row in rows:
        row["shipped_on"] = row["shipped_on"].isoformat()
        row["changed_at"] = f"{row['changed_at']:%Y-%m-%dT%H:%M:%SZ}"
    return {"wall": wall, "cpu": cpu, "rows": _digest(rows)}


def _digest(rows: list[dict[str, Any]]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update("|".join(str(row[name]) for name in _COLUMNS).encode())
    return digest.hexdigest()


def _main(url: str, ca_file: str, how: str) -> dict[str, float | str]:
    with tempfile.TemporaryDirectory() as folder:
        # Before dlt is imported: nothing but the server is to be asked.
        os.environ |= {
            "REQUESTS_CA_BUNDLE": ca_file,
            "RUNTIME__DLTHUB_TELEMETRY": "false",
            "RUNTIME__LOG_LEVEL": "CRITICAL",
            "DLT_DATA_DIR": folder,
        }
        import_module(_CLIENT)  # not part of the reading
        return _read(url) if how == "pages" else _load(url, folder)


if __name__ == "__main__":
    print(json.dumps(_main(*sys.argv[1:])))
