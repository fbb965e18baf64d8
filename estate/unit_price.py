"""What a part costs: TPC-H's own price (clause 4.2.3), of a number among its first 2,000 parts.

TPC-H's prices depend on the part's number, so more parts at a larger scale have other prices, and
what the model learned at one scale would not hold at another.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

PARTS = 2_000
"""At the smallest scale these are all."""
_CENTS = pa.decimal128(12, 0)
_CENT = pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))


def unit_price(part_keys: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """The list price of each part in dollars, with two digits behind the point."""
    number = (part_keys.to_numpy() - 1) % PARTS + 1
    cents = pa.chunked_array([90_000 + number // 10 % 20_001 + 100 * (number % 1_000)])
    return pc.multiply(cents.cast(pa.decimal128(19, 0)).cast(_CENTS), _CENT).cast(
        pa.decimal128(12, 2)
    )
