"""JSON as the page decoder takes it, held against a slow reading that looks at every key."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors import bounds
from connectors.convert.json import columns
from connectors.convert.strict_json import NotStrictJson, Unread, decoded, decoded_lines

SPACE = st.text(" \t\n\r", max_size=2)
KEY = st.sampled_from(["a", "b", "k:", '":', "ü", ""])
TEXT = st.one_of(KEY, st.text(st.sampled_from('a":,{}[]\\ \tü\U0001f600'), max_size=6))


def written(text: str) -> st.SearchStrategy[str]:
    """A string in one of the ways in which JSON may write it."""
    plain = json.dumps(text, ensure_ascii=False)
    escaped = '"' + "".join(f"\\u{ord(c):04x}" for c in text if ord(c) < 1 << 16) + '"'
    return st.sampled_from([plain, json.dumps(text), *([escaped] if text.isascii() else [])])


STRING = TEXT.flatmap(written)
NUMBER = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from(["-0", "-0.0", "1.10", "1e0", "1E-5", "0.1e+400", "1e99999999999999999999"]),
)


def joined(parts: list[str], opened: str, closed: str) -> st.SearchStrategy[str]:
    return SPACE.map(lambda space: f"{opened}{space}{f',{space}'.join(parts)}{space}{closed}")


def pair(value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.tuples(KEY.flatmap(written), SPACE, st.just(":"), SPACE, value)
    return parts.map("".join)


def nested(value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Objects whose keys may stand twice, and lists."""
    objects = st.lists(pair(value), max_size=4).flatmap(lambda some: joined(some, "{", "}"))
    lists = st.lists(value, max_size=4).flatmap(lambda some: joined(some, "[", "]"))
    return objects | lists | st.lists(objects, max_size=3).flatmap(lambda o: joined(o, "[", "]"))


DOCUMENT = st.recursive(
    STRING | NUMBER | st.sampled_from(["null", "true", "false"]), nested, max_leaves=20
)


def number(text: str) -> Decimal | Unread:
    """The number, if its first digit stands within our bound of exponents."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return Unread(text)
    return value if abs(value.adjusted()) < 10**bounds.EXPONENT_DIGITS else Unread(text)


def slowly(body: bytes) -> str:
    """What the text says, each key in its place; a refusal for what has one twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    def refused(name: str) -> None:
        raise ValueError(name)

    try:
        return repr(
            json.loads(
                body.decode("utf-8"),
                object_pairs_hook=once,
                parse_float=number,
                parse_constant=refused,
            )
        )
    except (ValueError, ArithmeticError):
        return "refused"


def ours(body: bytes) -> str:
    try:
        return repr(decoded(body))
    except NotStrictJson:
        return "refused"


@given(DOCUMENT)
@example('{"a": 1, "\\u0061": 2}')
@example('{"rows": [{"a": 1, "a": 2, "b": "\\":"}]}')
@example('{"rows": [{"a": {"b": 1, "b": 2}}]}')
@example('{"a": "\\ud800"}')
def test_what_a_text_says_is_the_same_fast_and_slowly(text: str) -> None:
    body = text.encode()
    assert ours(body) == slowly(body)


@given(DOCUMENT, st.data())
def test_a_text_that_was_damaged_is_the_same_fast_and_slowly(
    text: str, data: st.DataObject
) -> None:
    body = bytearray(text.encode())
    at = data.draw(st.integers(0, len(body) - 1))
    body[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    assert ours(bytes(body)) == slowly(bytes(body))


TWICE = [
    '{"key": 1, "key": 2}',
    '{"key" : 1, "key" : 2}',
    '{"key" : 1, "key": 2}',
    '{"key"\n:1,"key"\t:1}',
    '{"key": 1, "k\\u0065y": 2}',
    '{"rows": [{"key": 1}], "rows": [{"key": 1}]}',
    '{"rows": [{"key": 1}, {"key": 1, "key": 1}]}',
    '{"rows": [{"key": {"deep": 1, "deep": 2}}]}',
    '{"rows": [{"key": [{"deep": 1, "deep": 2}]}]}',
    '{"rows": [], "meta": [1, {"key": 1, "key": 2}]}',
    '{"key": "\\":", "key": "\\":"}',
    '{"key": 1, "key": "a\\u003ab:c"}',
]


@pytest.mark.parametrize("text", TWICE)
def test_a_key_that_stands_twice_is_refused_wherever_it_stands(text: str) -> None:
    with pytest.raises(ValueError, match="has a key twice in one object"):
        decoded(text.encode())


ROW = st.dictionaries(st.sampled_from("abc"), st.integers(), max_size=3)


@given(st.lists(ROW, min_size=1))
def test_rows_of_any_shapes_become_columns_and_none_is_lost(rows: list[dict[str, Any]]) -> None:
    found, omitted = columns(rows, "a page")
    assert set(found) == {name for row in rows for name in row}
    for name, values in found.items():
        assert values == [row.get(name) for row in rows]
        assert (name in omitted) is any(name not in row for row in rows)


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["without its last end", "with it"])
def test_lines_are_decoded_at_once_where_each_is_one_document(end: bytes) -> None:
    assert decoded_lines(b'{"a": 1}\n{"a": 2}' + end) == [{"a": 1}, {"a": 2}]
    assert decoded_lines(b'{"a": 1}\n\n{"a": 2}' + end) is None
    assert decoded_lines(b'{"a": 1} {"a": 2}' + end) is None
