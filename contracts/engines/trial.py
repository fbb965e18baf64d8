"""Tries each check once without data, so that one that can never run is told before the night."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from contracts.engines.answer import CRASHES, ask
from contracts.engines.strict import NotRun


def try_once(check: pa.Check, column: str | None, table: pl.DataFrame) -> str | None:
    """Why a check can run neither on no rows of `table` nor on one of nulls; None if it can."""
    problem = None
    for rows in (0, 1):
        try:
            ask(check, column, table.clear(rows))
        except NotRun as error:
            problem = str(error)
        except CRASHES:
            problem = "it raises even where there is nothing to check: correct it"
        else:
            return None
    return problem
