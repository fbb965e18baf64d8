"""Many draws at once, each the very number that Python's own generator would draw one by one."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa

_WORD = 32
"""Bits of one draw of the Mersenne Twister, on which `random.Random` builds all others."""


def draw_below(seed: str, below: int, count: int) -> pa.Array[Any]:
    """As `randrange(below)`, `count` times: draws that are too large do not count."""
    generator = random.Random(seed)
    drawn = np.empty(0, np.int64)
    while len(drawn) < count:
        words = _words(generator, 2 * (count - len(drawn)) + 1)
        short = (words >> (_WORD - below.bit_length())).astype(np.int64)
        drawn = np.concatenate([drawn, short[short < below]])
    return pa.array(drawn[:count])


def draw_places(seed: str, of: int, count: int) -> pa.Array[Any]:
    """As `choices(range(of), k=count)`: of two draws, 27 bits and 26 make a double."""
    words = _words(random.Random(seed), 2 * count).reshape(-1, 2)
    share = ((words[:, 0] >> 5) * 2.0**26 + (words[:, 1] >> 6)) / 2.0**53
    return pa.array(np.floor(share * of).astype(np.int32))


def _words(generator: random.Random, count: int) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return np.frombuffer(generator.randbytes(count * _WORD // 8), "<u4")
