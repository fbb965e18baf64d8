"""Text from a source is shown in Dagster, and does nothing there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.dagster import plain

TOLD = {
    "rows: 20 % missing, 10 % promised (40 of 200).": None,
    "a-b + c = d # e": None,
    "![p](http://evil.example/p.png)": r"!\[p\](http`:`//evil.example/p.png)",
    "**bold** _it_ `code`": r"\*\*bold\*\* \_it\_ \`code\`",
    "<img src=x>": r"\<img src=x\>",
    "# head": r"\# head",
    "1. one": r"1\. one",
    "- one": r"\- one",
    "www.evil.example": r"www`.`evil.example",
    "ada@evil.example": r"ada`@`evil.example",
    "one\n\ntwo": r"one\\n\\ntwo",
    "\x1b[31m \u202egnp": r"\\x1b\[31m \\u202egnp",
}


@pytest.mark.parametrize(("words", "shown"), TOLD.items())
def test_words_are_shown_and_nothing_else(words: str, shown: str | None) -> None:
    """In a browser: tests/browser/test_another_page_in_a_browser.py."""
    assert plain.markdown(words) == (shown or words)


@given(st.text())
def test_whatever_it_is_it_is_one_line_without_a_picture_or_a_link(words: str) -> None:
    shown = plain.markdown(words)
    assert len(shown.splitlines()) <= 1
    assert "://" not in shown
    assert "](" not in shown.replace(r"\](", "")


@given(st.text())
def test_text_hides_nothing(words: str) -> None:
    assert all(c.isprintable() or c.isspace() for c in plain.text(words))
