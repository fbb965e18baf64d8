"""One reading of a bucket in a process of its own, by the checkout on the path: as a script it
prints wall and CPU seconds, memory over its imports, and a digest of the rows as they came.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time

import pyarrow as pa

from bench.memory import reset_peak, resident
from connectors.connector import DELIVERY
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.parquet import Parquet
from connectors.files.stores.s3 import S3
from connectors.secrets import Secret

_FIELDS: list[pa.Field[pa.DataType]] = [
    pa.field("key", pa.int64()),
    pa.field("value", pa.binary()),
]
SCHEMA = pa.schema(_FIELDS)


def _read(glob: str) -> dict[str, float | str]:
    store = S3(
        endpoint=os.environ["BILLING_ENDPOINT"],
        region="us-east-1",
        bucket=os.environ["BILLING_BUCKET"],
        access_key=Secret("env:BILLING_ACCESS_KEY", os.environ["BILLING_ACCESS_KEY"]),
        secret_key=Secret("env:BILLING_SECRET_KEY", os.environ["BILLING_SECRET_KEY"]),
    )
    files = Files(store=store, datasets={"it": FileSet(glob, Parquet())})
    rows = hashlib.sha256()
    reset_peak()
    floor, began, cpu = resident(), time.monotonic(), time.process_time()
    for batch in files.read("it", schema=SCHEMA, emit=lambda _: None):
        for name in ("key", DELIVERY):
            rows.update(repr(batch.column(name).to_pylist()).encode())
    return {
        "wall": time.monotonic() - began,
        "cpu": time.process_time() - cpu,
        "memory": resident("VmHWM") - floor,
        "rows": rows.hexdigest(),
    }


if __name__ == "__main__":
    print(json.dumps(_read(sys.argv[1])))
