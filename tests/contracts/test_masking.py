"""What evidence shows of a value, by the class of its column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.classification import CLASSES, Class, class_of, classification_problems
from contracts.masking import LONGEST, Written, show

NOON = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)

values = (
    st.text()
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.binary()
    | st.dates()
    | st.decimals()
    | st.builds(Written, st.sampled_from(("1.0", "true", "[1, 2]", '{"a": "b"}')))
)


@pytest.mark.parametrize(
    ("value", "public", "internal", "confidential", "restricted"),
    [
        ("Anna-7", '"Anna-7"', 'like "Aaaa-9"', "text of 6 characters", "text"),
        ("", '""', "empty text", "empty text", "empty text"),
        (" \t", r'" \t"', r'like " \t"', "blank text of 2 characters", "blank text"),
        ('"\\', r'"\"\\"', 'like "##"', "text of 2 characters", "text"),
        ("ß5½ж", '"ß5½ж"', 'like "a99a"', "text of 4 characters", "text"),
        ("\x00\u202e", r'"\x00\u202e"', r'like "\x00#"', "text of 2 characters", "text"),
        (-42, "-42", "like -99", "whole number of 2 digits", "whole number"),
        (7, "7", "like 9", "whole number of 1 digit", "whole number"),
        (Decimal("0.10"), "0.10", "like 9.99", "number of 3 digits", "number"),
        (Decimal("1E+3"), "1000", "like 9999", "number of 4 digits", "number"),
        (1.5, "1.5", "like 9.9", "number of 2 digits", "number"),
        (True, "true", "boolean", "boolean", "boolean"),
        (date(2026, 11, 20), "2026-11-20", "like 9999-99-99", "date", "date"),
        (NOON, "2026-11-20 12:30:00+00:00", "like 9999-99-99 99:99:99+99:99", "time", "time"),
        (b"\x01\xff", "0x01ff", *["binary value of 2 bytes"] * 2, "binary value"),
        (Written("1.0"), "1.0", "like 9.9", "number of 2 digits", "number"),
        (Written("[1]"), "[1]", "like #9#", "list of 3 characters", "list"),
        (Written('{"a":1}'), '{"a":1}', "like ##a#:9#", "object of 7 characters", "object"),
        (None, *["missing"] * 4),
    ],
)
def test_each_class_shows_less_than_the_one_before(
    value, public, internal, confidential, restricted
):
    assert [show(value, of) for of in CLASSES] == [public, internal, confidential, restricted]


def test_a_long_value_is_cut_and_says_how_long_it_is():
    assert show("ab" * 500, "public") == f'"{"ab" * 30}…" (1,000 characters)'
    assert show("ab" * 500, "internal") == f'like "{"aa" * 30}…"'
    assert show(10**100, "public") == f"1{'0' * (LONGEST - 1)}…"


@given(values, st.sampled_from([*CLASSES, "secret", None]))
def test_any_value_is_one_short_line_that_hides_nothing(value: object, of: Class) -> None:
    shown = show(value, of)
    assert shown.isprintable() or set(filter(lambda c: not c.isprintable(), shown)) <= spaces()
    assert len(shown) <= 11 * LONGEST + 40


def spaces() -> set[str]:
    return set("\u00a0\u1680\u202f\u205f\u3000\u2007\u2008\u2009\u200a") | {
        chr(c) for c in range(0x2000, 0x2007)
    }


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=3))
def test_no_letter_and_no_digit_is_shown_unless_it_is_public(text: str) -> None:
    """Positive control: what is public is shown."""
    assert show(text[:LONGEST], "public") == f'"{text[:LONGEST]}"'
    assert set(show(text, "internal").removeprefix("like ")) <= set('"Aa9…')
    assert show(text, "confidential") == f"text of {len(text):,} characters"
    assert show(text, "restricted") == "text"


def test_a_class_that_is_none_shows_as_little_as_restricted():
    assert show("Anna", "secret") == "text"  # type: ignore[arg-type]


def test_what_nobody_classified_is_restricted():
    assert class_of({"a": "public"}, "a") == "public"
    assert class_of({"a": "public"}, "b") == "restricted" == get_args(Class)[-1]


def test_a_name_or_a_word_that_does_not_exist_says_what_to_write():
    given_ = {"emial": "public", "name": "pubic", "phone": "restricted", "zip": None}
    assert list(classification_problems(given_, {"email", "name", "phone", "zip"})) == [
        "classified names emial, which is not a column: correct the name",
        "classified says 'pubic' of name: write public, internal, confidential or restricted",
        "classified says None of zip: write public, internal, confidential or restricted",
    ]
