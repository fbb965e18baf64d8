"""What the fonts have is shown, and what they lack is shown as its escape."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ConfigurationError
from harness.report import typeset
from harness.report.document import Bullets, Code, Paragraph, Strong
from harness.report.letters import SHOWN, printed
from tests.harness.report.printed import pdf, with_

ALL = [
    chr(one)
    for first, last in SHOWN
    for one in range(first, last + 1)
    if unicodedata.category(chr(one)) != "Cn"
]


def test_each_character_that_is_shown_has_a_glyph_in_every_face() -> None:
    """Typst refuses a document with one that has none."""
    some = [Paragraph((" ".join(ALL),)), Bullets(tuple((Strong(one),) for one in ALL))]
    assert pdf(with_(*some, Paragraph(tuple(map(Code, ALL)))))


@pytest.mark.parametrize("lacks", ["漢", "\N{PARTY POPPER}"])
def test_with_the_guard_off_a_character_without_a_glyph_is_refused(
    monkeypatch: pytest.MonkeyPatch, lacks: str
) -> None:
    assert printed(lacks) == lacks.encode("unicode_escape").decode()
    assert pdf(with_(Paragraph((lacks,))))
    monkeypatch.setattr(typeset, "printed", lambda text: text)
    with pytest.raises(ConfigurationError, match="could not be displayed"):
        pdf(with_(Paragraph((lacks,))))


@given(st.text())
def test_nothing_is_lost_and_nothing_else_is_left(text: str) -> None:
    seen = printed(text)
    assert set(seen) <= set(ALL)
    assert printed(seen) == seen
    escaped = "".join(c if c in ALL else c.encode("unicode_escape").decode() for c in text)
    assert seen == escaped


def test_no_mark_and_nothing_from_right_to_left_is_shown() -> None:
    """A pile of marks covers what stands above; letters from the right move their neighbours."""
    assert not [one for one in ALL if unicodedata.category(one) in {"Mn", "Me", "Cf", "Cc"}]
    assert not [one for one in ALL if unicodedata.bidirectional(one) in {"R", "AL", "AN"}]
