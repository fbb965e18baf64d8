"""JSON is told by its type alone (RFC 9110 8.3.1): parameters mean nothing, but for a charset."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceChanged
from connectors.rest.media_type import not_json
from tests.connectors.rest.keyed import ONE, keys, reading
from tests.connectors.scripted import Said

TOKEN = st.text("abcxyzABC019.-_!", min_size=1, max_size=8)
QUOTED = st.text('ab;=\\" ,é', max_size=8).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
SPACE = st.text(" \t", max_size=2)
CASE = st.sampled_from([str.lower, str.upper, str.title])
KIND = st.sampled_from(["application/json", "application/fhir+json", "application/vnd.a.b-1+json"])
PARAMETER = st.one_of(
    st.just(""),
    st.tuples(TOKEN.filter(lambda name: name.lower() != "charset"), TOKEN | QUOTED).map("=".join),
)
QUOTES = ["{}", '"{}"', "'{}'", '"\\{}"']


def joined(kind: str, parameters: list[str], space: str) -> str:
    return f"{space};{space}".join([kind, *parameters]) + space


@given(KIND, CASE, st.lists(PARAMETER, max_size=3), SPACE)
def test_parameters_that_mean_nothing_are_ignored(
    kind: str, case: type[str], parameters: list[str], space: str
) -> None:
    assert not_json(joined(case(kind), parameters, space)) is None


@given(
    st.lists(PARAMETER, max_size=2),
    st.sampled_from(QUOTES),
    st.sampled_from(["utf-8", "UTF-8", "UTF8", "Utf8"]),
    st.lists(PARAMETER, max_size=2),
    SPACE,
)
def test_utf_8_is_utf_8_in_any_quoting(
    before: list[str], quotes: str, charset: str, after: list[str], space: str
) -> None:
    parameters = [*before, f"Charset={quotes.format(charset)}", *after]
    assert not_json(joined("application/json", parameters, space)) is None


@given(KIND, st.lists(PARAMETER, max_size=2), st.sampled_from(QUOTES), st.lists(PARAMETER), SPACE)
def test_another_charset_is_refused_by_name_wherever_it_stands(
    kind: str, before: list[str], quotes: str, after: list[str], space: str
) -> None:
    parameters = ["charset=utf-8", *before, f"CHARSET={quotes.format('latin-1')}", *after]
    assert not_json(joined(kind, parameters, space)) == "JSON in latin-1"


@given(st.text(max_size=40))
def test_any_text_is_json_or_not(text: str) -> None:
    told = not_json(text)
    assert told is None or (told.isascii() and "\n" not in told)


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application",
        "application/jsonl",
        "application/json-seq",
        "application/jsonp; charset=utf-8",
        "application/+json",
        "application/json, text/html",
        "application/json charset=utf-8",
        "text/html; application/json",
        "text/html;x=application/json",
    ],
)
def test_h20_what_only_looks_like_json_is_none(kind: str) -> None:
    assert not_json(kind) == "something other than JSON"


def test_a_charset_that_is_no_name_is_not_repeated() -> None:
    assert not_json('application/json; charset="\x1b[2J"') == "JSON in another charset"


@pytest.mark.parametrize(
    "kind",
    [
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false",
        "application/json;version=1",
        "application/json;",
        "application/fhir+json; charset=UTF8",
    ],
)
def test_pages_of_such_types_are_read(kind: str) -> None:
    assert keys(reading({"/1": Said(ONE, headers={"content-type": kind})})) == [1]


def test_h18_a_byte_order_mark_is_told_by_name() -> None:
    page = Said(b"\xef\xbb\xbf" + b'{"rows": [], "total": 0, "next": null}')
    with pytest.raises(SourceChanged, match="its JSON begins with a byte order mark: have it"):
        reading({"/1": page})
