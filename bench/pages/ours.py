"""One reading of the paged API by the checkout on the path: `URL CA_FILE AT_ONCE`. As a script it
prints seconds of wall and CPU, and a digest of the rows as they came.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa

from connectors.rate_limiter import RateLimiter
from connectors.rest.auth.bearer import Bearer
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.page_number import page_number
from connectors.secrets import Secret

_FIELDS: list[pa.Field[pa.DataType]] = [
    pa.field("line_key", pa.int64()),
    pa.field("order_key", pa.int64()),
    pa.field("part_key", pa.int64()),
    pa.field("quantity", pa.int64()),
    pa.field("price", pa.decimal128(12, 2)),
    pa.field("discount", pa.decimal128(12, 2)),
    pa.field("flag", pa.string()),
    pa.field("shipped_on", pa.date32()),
    pa.field("changed_at", pa.timestamp("us", "UTC")),
    pa.field("comment", pa.string()),
]


def _read(url: str, ca_file: str, at_once: str) -> dict[str, float | str]:
    endpoint = partial(Endpoint, path="/rows", pages=page_number(), rows="rows", total="total")
    rest = Rest(
        base_url=url,
        auth=Bearer(token=Secret("env:TOKEN", "bench")),
        # An older build has no such word.
        endpoints={"rows": endpoint() if at_once == "1" else endpoint(at_once=int(at_once))},
        budget=RateLimiter(100_000, 1),
        ca_file=Path(ca_file),
    )
    began, cpu = time.monotonic(), time.process_time()
    batches = list(rest.read("rows", schema=pa.schema(_FIELDS), emit=lambda _: None))
    wall, cpu = time.monotonic() - began, time.process_time() - cpu
    rows = hashlib.sha256()
    for line in _lines(batches):
        rows.update(line.encode())
    return {"wall": wall, "cpu": cpu, "rows": rows.hexdigest()}


def _lines(batches: list[pa.RecordBatch]) -> Iterator[str]:
    """As the others writes them; a value that was rescued is missing."""
    for batch in batches:
        for row in batch.to_pylist():
            row["shipped_on"] = row["shipped_on"].isoformat()
            row["changed_at"] = f"{row['changed_at']:%Y-%m-%dT%H:%M:%SZ}"
            texts = (str(row[field.name]) for field in _FIELDS)
            yield "|".join(texts)


if __name__ == "__main__":
    print(json.dumps(_read(*sys.argv[1:])))
