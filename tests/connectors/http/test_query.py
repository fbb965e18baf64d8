"""Query parameters are set and dropped, and the others stay byte for byte."""

from __future__ import annotations

import pytest

from connectors.http.query import drop_parameters, set_parameters

AT = "https://h.example/p"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (AT, f"{AT}?page=2"),
        (f"{AT}?page=1", f"{AT}?page=2"),
        (f"{AT}?a=%2f+%20&flag&page=1&b=", f"{AT}?a=%2f+%20&flag&b=&page=2"),
        (f"{AT}?page=1&page=7", f"{AT}?page=2"),
        (f"{AT}?p%61ge=1", f"{AT}?page=2"),
        (f"{AT}?pages=1", f"{AT}?pages=1&page=2"),
    ],
)
def test_a_parameter_is_set_once_in_place_of_its_like(url: str, expected: str) -> None:
    assert set_parameters(url, {"page": "2"}) == expected


def test_a_value_is_encoded() -> None:
    assert set_parameters(AT, {"page[after]": "a&b=c \u00fc"}) == (
        f"{AT}?page%5Bafter%5D=a%26b%3Dc%20%C3%BC"
    )


@pytest.mark.parametrize("url", [AT, f"{AT}?", f"{AT}?a=1&&b#f", "/relative?x=%zz", "/canary\x00"])
def test_what_has_nothing_to_change_stays_as_it_is(url: str) -> None:
    assert drop_parameters(url, {"key"}) == url
    assert set_parameters(url, {}) == url


def test_a_parameter_is_dropped_wherever_it_stands() -> None:
    assert drop_parameters(f"{AT}?key=1&a=2&ke%79=3", {"key"}) == f"{AT}?a=2"
