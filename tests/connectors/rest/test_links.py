"""Link fields are read by RFC 8288's algorithm, and none is half read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.rest.links import Link, parse_links

TOKEN = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789!#$%&'*+.^_`|~-", min_size=1, max_size=8)
TARGET = st.text(st.characters(exclude_characters=">\n\r", codec="ascii"), max_size=20)
QUOTED = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
PLAIN = st.text("abcXYZ019/:;,?=&.%-_~".replace(";", "").replace(",", ""), min_size=1, max_size=9)
BLANK = st.sampled_from(["", " ", "\t", "  "])


@st.composite
def written(draw: st.DrawFn) -> tuple[str, Link]:
    """One link, and a way of many in which a sender may write it."""
    target = draw(TARGET)
    text, parameters = f"<{target}>", []
    for name in draw(st.lists(TOKEN, max_size=4)):
        quoted, value = draw(
            st.one_of(st.tuples(st.just(True), QUOTED), st.tuples(st.just(False), PLAIN))
        )
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        form = f'"{escaped}"' if quoted else value
        before, after, around = draw(BLANK), draw(BLANK), draw(BLANK)
        text += f"{before};{after}{name}{around}={around}{form}"
        parameters.append((name.lower(), value))
        if draw(st.booleans()):
            text += ";"
            parameters.append(("", ""))
    return text + draw(BLANK), Link(target, tuple(parameters))


@given(st.lists(written(), max_size=4), st.sampled_from([",", ", ", " ,, ", ",\t"]))
def test_what_was_written_is_read(links: list[tuple[str, Link]], between: str) -> None:
    field = between.join(text for text, _ in links)
    assert parse_links(field) == tuple(link for _, link in links)


@given(st.text('<>;,="\\ \tabrel/next', max_size=40))
def test_a_field_is_read_whole_or_not_at_all(field: str) -> None:
    """All that stands outside of links is white space and commas."""
    try:
        links = parse_links(field)
    except ValueError:
        return
    assert bool(links) is bool(field.strip(" \t,"))
    assert all(f"<{link.target}>" in field for link in links)


@pytest.mark.parametrize(
    ("field", "relations"),
    [
        ("</2>; rel=next; type=application/json", {"next"}),
        ("</2>; rel=next;", {"next"}),
        ("</2>;; rel=next", {"next"}),
        ("</2>; title; rel=next", {"next"}),
        ('</2>; rel="prev  next"', {"prev", "next"}),
        ("</2>; rel=next ; title=x", {"next"}),
        ('</2>; title="a \\" ; rel=last, b"; REL="Next"', {"next"}),
        ("</2>; title*=UTF-8''n%c3%a4chste; rel=next", {"next"}),
        ("</2>; rel=http://example.net/rel", {"http://example.net/rel"}),
        ("</2>; rel=prev; rel=next", {"prev"}),
        ("</2>", set()),
    ],
)
def test_relations_are_found_however_they_are_written(field: str, relations: set[str]) -> None:
    (link,) = parse_links(field)
    assert link.target == "/2"
    assert link.relations == relations


@pytest.mark.parametrize(
    "field",
    [
        "/2; rel=next",
        "</2; rel=next",
        '</2>; rel="next',
        "</2> rel=next",
        "</2>; a b",
        'x, </2>; rel="next"',
        '</2>; rel="next"x',
    ],
)
def test_a_field_that_is_none_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match="a link"):
        parse_links(field)
