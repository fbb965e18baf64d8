"""A character that hides or ends a text is no text: it is counted, column by column."""

from __future__ import annotations

from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest

from contracts.engines import evaluate
from tests.contracts.landed import contract, failures, found, land, row

COMMENT = pa.Column(pl.String, nullable=True, description="what the customer said")
CONTRACT = contract(comment=COMMENT)
RULE = "no_control_characters"


def failed(folder: Path, *comments: str | None) -> int:
    rows = [row(n, comment=comment) for n, comment in enumerate(comments, 1)]
    result = evaluate(CONTRACT, land(folder, CONTRACT, rows))
    assert set(failures(result)) <= {(RULE, "comment")}
    one = found(result, RULE, "comment")
    assert (one.checked, one.error) == (len(rows), None)
    return one.failed


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0)], ids=hex)
def test_every_control_character_fails_but_tab_and_line_ends(code: int, tmp_path: Path) -> None:
    """Unicode's category Cc, from the standard's own ranges."""
    fails = chr(code) not in "\t\n\r"
    assert failed(tmp_path, f"a{chr(code)}b", "a", None) == fails


def test_what_people_write_is_no_control_character(tmp_path: Path) -> None:
    """Line ends, every script, what joins emoji, what marks the direction of writing."""
    plain = [
        "two\r\nlines\tand a tab",
        "Zürich",
        "Ελλάδα",
        "日本",
        "👩‍👧",
        "\u200fعربي",
        "a\u00a0b",
    ]
    assert failed(tmp_path, "", *plain) == 0


def test_each_text_column_is_looked_at(tmp_path: Path) -> None:
    path = land(
        tmp_path, CONTRACT, [row(1, comment="a\0"), row(2, comment="b", segment="\x1b[2J")]
    )
    assert failures(evaluate(CONTRACT, path)) == {(RULE, "comment"): 1, (RULE, "segment"): 1}


def test_a_contract_may_allow_them_by_name(tmp_path: Path) -> None:
    """Word processors write a line break as a vertical tab."""
    allowed = contract({"control_characters": ("comment",)}, comment=COMMENT)
    rows = [row(1, comment="one\x0btwo", segment="\0")]
    assert failures(evaluate(allowed, land(tmp_path, allowed, rows))) == {(RULE, "segment"): 1}
