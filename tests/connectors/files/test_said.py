"""What of a text is taken for a sender's word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.said import Said, read

DIGEST = "0123456789abcdef" * 4


@given(
    st.from_regex(r"[a-z]{1,9}\.csv", fullmatch=True),
    st.integers(0, 10**18 - 1),
    st.integers(0, 10**18 - 1),
)
def test_what_is_written_in_a_form_is_read_from_it(name: str, rows: int, size: int) -> None:
    text = f"{DIGEST.upper()}  {name} ({rows} rows, {size} bytes)"
    said = Said(name=name, rows=rows, bytes=size, sha256=DIGEST)
    assert read("{sha256}  {name} ({rows} rows, {bytes} bytes)", text) == said


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("{rows}", ""),
        ("{rows}", "-1"),
        ("{rows}", "1.0"),
        ("{rows}", "1,000"),
        ("{rows}", "1" * 19),
        ("{rows}", "\u0661"),
        ("{rows};", "1"),
        ("{sha256}", DIGEST[1:]),
        ("{sha256}", f"{DIGEST[1:]}g"),
        ("a.b", "axb"),
        ("*", "x" * 4_097),
        ("*;{rows}", "a\n;1"),
    ],
)
def test_nothing_is_read_from_another_form(form: str, text: str) -> None:
    assert read(form, text) is None


def test_a_line_of_4096_characters_is_read_and_a_longer_one_is_not() -> None:
    assert read("*", "x" * 4_096) == Said()
