"""What is read through a proxy, and what a proxy that refuses is held to."""

from __future__ import annotations

import pyarrow as pa

ROWS = [{"part_key": n} for n in range(5)]


SCHEMA = pa.schema([("part_key", pa.int64())])
