"""Elements become rows by the XSD, and nothing in them is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.rest.soap.content import NotAsDescribed
from connectors.rest.soap.texts import value_of
from tests.connectors.soap.parts import content, part

KEYED = "<key>1</key><cost>1.50</cost>"


def test_a_row_has_each_field_of_its_type_also_those_that_did_not_come() -> None:
    assert part(KEYED) == {
        "state": None,
        "key": 1,
        "cost": b"1.50",
        "made": None,
        "price": None,
        "tag": [],
        "colour": None,
        "size": None,
        "inside": None,
    }


def test_what_must_come_and_did_not_is_absent_and_no_null() -> None:
    assert "cost" not in part("<key>1</key>")


def test_null_is_what_the_source_says_it_is() -> None:
    assert part("<key>1</key><cost xsi:nil='true'/>")["cost"] is None
    assert part("<key>1</key><cost/>")["cost"] == ""


def test_attributes_lists_and_elements_in_elements_are_kept() -> None:
    row = part(
        f"{KEYED}<price currency='EUR'>2.00</price><tag>a</tag><tag/><inside>{KEYED}</inside>",
        "state='new' more='x'",
    )
    assert row["state"] == "new"
    assert row["more"] == "x"
    assert row["price"] == {"currency": "EUR", "value": b"2.00"}
    assert row["tag"] == ["a", ""]
    assert row["inside"]["cost"] == b"1.50"


@pytest.mark.parametrize(
    ("inner", "attributes"),
    [
        (KEYED, "key='2'"),
        (f"{KEYED}<tag>a</tag>", "tag='b'"),
        (KEYED, "xmlns:o='urn:other' state='new' o:state='old'"),
        (f"{KEYED}<price value='3'>2.00</price>", ""),
    ],
)
def test_an_attribute_takes_the_place_of_nothing(inner: str, attributes: str) -> None:
    with pytest.raises(NotAsDescribed, match="twice in one element"):
        part(inner, attributes)


def test_a_list_of_one_and_of_none_are_lists() -> None:
    assert content("<Listed xmlns='urn:parts'><total>0</total></Listed>")["part"] == []
    assert part(f"{KEYED}<tag>a</tag>")["tag"] == ["a"]


def test_the_type_that_an_element_names_counts() -> None:
    row = part(f"{KEYED}<power>18446744073709551615</power>", "xsi:type='Tool'")
    assert row["power"] == 2**64 - 1
    assert part(f"{KEYED}<power>7</power>")["power"] == "7"  # else it is a text


def test_a_comment_in_a_text_cuts_nothing_off() -> None:
    row = part("<key>1<!-- 2 -->3</key><cost>1<?pi?>.50</cost><tag>a<![CDATA[<b>]]>c</tag>")
    assert (row["key"], row["cost"], row["tag"]) == (13, b"1.50", ["a<b>c"])


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        (f"{KEYED}<key>2</key>", "has key twice in one element"),
        (f"{KEYED} 12", "has text between elements"),
        ("<key>1<cost>2</cost></key>", "has elements in key, which has none"),
        (f"{KEYED}<key xmlns='urn:other'>2</key>", "has key of another namespace"),
        ("<key xsi:type='NoSuch'>1</key>", "names a type of key that is not there"),
        (f"{KEYED}{'<inside>' * 70}{'</inside>' * 70}", "is nested more than 64 deep"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(inner: str, told: str) -> None:
    with pytest.raises(NotAsDescribed, match=told):
        part(inner)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9))
def test_a_decimal_keeps_each_digit(number: Decimal) -> None:
    came = value_of(f" {number:f} ", "decimal")
    assert isinstance(came, bytes)
    assert Decimal(came.decode()) == number


@given(st.integers())
def test_a_whole_number_has_no_bound(number: int) -> None:
    assert value_of(f"{number}", "integer") == number
    assert value_of(f"+{abs(number)}", "nonNegativeInteger") == abs(number)


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("+012.50", "decimal", b"12.50"),
        (".5", "decimal", b"0.5"),
        ("-7.", "decimal", b"-7"),
        ("1E3", "double", b"1E3"),
        ("INF", "double", "INF"),
        ("", "decimal", ""),
        (".", "decimal", "."),
        ("12", "boolean", "12"),
        ("1", "boolean", True),
        (" 007 ", "string", " 007 "),
        (" 2026-11-29T10:00:00.1234567+01:00\n", "dateTime", "2026-11-29T10:00:00.1234567+01:00"),
        ("2026-11-29Z", "date", "2026-11-29Z"),
        ("9" * 401, "integer", "9" * 401),
    ],
)
def test_what_a_type_does_not_allow_stays_the_text_that_came(
    text: str, type_: str, value: object
) -> None:
    assert value_of(text, type_) == value
