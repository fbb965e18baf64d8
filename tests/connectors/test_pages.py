"""Pages that do not hang together, and values as they stand in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import count

import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Answered, Completed, Retried
from connectors.rest.paginators.link_header import link_header
from tests.connectors.scripted import TOKEN, Asked, Said, documents, paged, scripted
from tests.connectors.vendor_fixture import Run, read

SCHEMA = pa.schema([("key", pa.int64()), ("cost", pa.decimal128(12, 2))])
HTML = {"content-type": "text/html"}
ONE = {"rows": [{"key": 1}], "total": 1, "next": None}


def reading(pages: Mapping[str, Said], schema: pa.Schema = SCHEMA) -> Run:
    with scripted(paged(pages)) as source:
        return read(source.rest(), schema=schema)


def keys(run: Run) -> list[int]:
    assert run.table is not None
    return run.table["key"].to_pylist()


def test_whole_pages_are_read_in_order() -> None:
    """Control to all that follows."""
    run = reading(documents([{"key": 1}, {"key": 2}], [{"key": 3}]))
    assert keys(run) == [1, 2, 3]
    (completed,) = run.of(Completed)
    assert (completed.rows, completed.witness.declared) == (3, 3)


def test_a_declared_total_that_was_not_delivered_is_told_and_not_judged() -> None:
    (completed,) = reading(documents([{"key": 1}], total=2)).of(Completed)
    assert (completed.rows, completed.witness.declared) == (1, 2)


def test_more_rows_than_declared_end_the_reading_at_once() -> None:
    """A source that always names a next page would be asked for ever."""

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        number = int(asked.path[1:])
        following = f"/{number + 1}" if number < 50 else None
        return Said({"rows": [{"key": number}], "total": 4, "next": following})

    run = Run()
    with scripted(answers) as source:
        reader = source.rest().read("parts", schema=SCHEMA, emit=run.events.append)
        with pytest.raises(
            SourceChanged, match="/1 page 5: 5 rows so far, and the source declared 4"
        ):
            reader.read_all()
        assert source.paths() == ["/token", "/1", "/2", "/3", "/4", "/5"]
    assert not run.of(Completed)


def test_a_total_that_comes_late_still_ends_the_reading() -> None:
    pages = documents([{"key": 1}, {"key": 2}], [], [{"key": 3}])
    pages["/1"] = Said({"rows": [{"key": 1}, {"key": 2}], "total": None, "next": "/2"})
    pages["/2"] = Said({"rows": [], "total": 1, "next": "/3"})
    with scripted(paged(pages)) as source:
        with pytest.raises(
            SourceChanged, match="/1 page 2: 2 rows so far, and the source declared 1"
        ):
            read(source.rest(), schema=SCHEMA)
        assert source.paths() == ["/token", "/1", "/2"]


def test_a_short_or_empty_page_is_not_the_last() -> None:
    assert keys(reading(documents([], [{"key": 1}], [], [], [{"key": 2}]))) == [1, 2]


ANSWERS: dict[str, Said] = {
    "H11 error document": Said({"error": "no"}),
    "H11 rows null": Said({**ONE, "rows": None}),
    "H11 rows of scalars": Said({**ONE, "rows": [1, 2]}),
    "H11 log-in page": Said(b"<html>", headers=HTML),
    "H12 no content": Said(status=204),
    "H12 partial": Said(ONE, status=206),
    "H18 truncated": Said(b'{"rows": [{"key": 1}'),
    "H18 NaN": Said(b'{"rows": [{"key": NaN}], "total": 1, "next": null}'),
    "H18 infinity": Said(b'{"rows": [{"key": -Infinity}], "total": 1, "next": null}'),
    "H18 key twice": Said(b'{"rows": [{"key": 1, "key": 2}], "total": 1, "next": null}'),
    "H18 deep": Said(b"[" * 100_000),
    "H18 long integer": Said(b'{"rows": [{"key": ' + b"9" * 5_000 + b"}]}"),
    "H18 mark": Said(b"\xef\xbb\xbf" + b'{"rows": [], "total": 0, "next": null}'),
    "H18 list": Said([ONE]),
    "H19 UTF-16": Said('{"rows": [], "total": 0, "next": null}'.encode("utf-16")),
    "H19 Latin-1": Said(b'{"rows": [{"key": "\xfc"}], "total": 1, "next": null}'),
    "H19 another charset": Said(
        ONE, headers={"content-type": "application/json; charset=latin-1"}
    ),
    "H20 HTML": Said(ONE, headers=HTML),
    "H20 no type": Said(ONE, headers={}),
    "404": Said({"error": "none"}, status=404),
    "400": Said({"error": "bad"}, status=400),
    "no next": Said({"rows": [{"key": 1}], "total": 1}),
    "next number": Said({**ONE, "next": 2}),
    "no total": Said({"rows": [{"key": 1}], "next": None}),
    "total text": Said({**ONE, "total": "1"}),
    "total negative": Said({**ONE, "total": -1}),
    "total true": Said({**ONE, "total": True}),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_that_is_no_page_is_refused(case: str) -> None:
    with pytest.raises(SourceChanged) as raised:
        reading({"/1": ANSWERS[case]})
    assert "\n" not in str(raised.value)


def test_a_type_with_a_suffix_and_a_charset_is_json() -> None:
    typed = Said(ONE, headers={"content-type": 'application/hal+json; charset="UTF-8"'})
    assert keys(reading({"/1": typed})) == [1]


def test_a_cursor_that_comes_back_is_noticed_before_it_is_read_again() -> None:
    pages = documents([{"key": 1}], [{"key": 2}], [{"key": 3}])
    pages["/2"] = Said({"rows": [{"key": 2}], "total": 3, "next": "/1"})
    with scripted(paged(pages)) as source:
        with pytest.raises(SourceChanged, match="/1 page 2 leads back to an earlier page"):
            read(source.rest())
        assert source.paths() == ["/token", "/1", "/2"]


def test_three_empty_pages_with_a_next_one_are_the_end_of_patience() -> None:
    numbers = count(2)

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        return Said({"rows": [], "total": 9, "next": f"/{next(numbers)}"})

    with scripted(answers) as source:
        with pytest.raises(SourceChanged, match="3 empty pages in a row"):
            read(source.rest())
        assert source.paths() == ["/token", "/1", "/2", "/3"]


def test_a_total_that_moves_means_different_moments() -> None:
    pages = documents([{"key": 1}], [{"key": 2}])
    pages["/2"] = Said({"rows": [{"key": 2}], "total": 3, "next": None})
    with pytest.raises(SourceChanged, match="the total moved from 2 to 3"):
        reading(pages)


@pytest.mark.parametrize("way", ["next_url", "link_header"])
@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:{other}/2",
        "//127.0.0.1:{other}/2",
        "http://user@127.0.0.1/2",
        "https://127.0.0.1:{own}/2",
        "file:///etc/passwd",
        "http://127.0.0.1:99999/",
        "http://[",
    ],
)
def test_a_link_to_another_origin_is_not_followed(way: str, link: str) -> None:
    with scripted(paged({})) as other:
        pages: dict[str, Said] = {}
        with scripted(paged(pages)) as source:
            ports = {"other": other.url.rpartition(":")[2], "own": source.url.rpartition(":")[2]}
            target = link.format(**ports)
            headers = {"content-type": "application/json"}
            rest = source.rest()
            if way == "link_header":
                headers["link"] = f'<{target}>; rel="next"'
                parts = replace(rest.endpoints["parts"], pages=link_header())
                rest = replace(rest, endpoints={"parts": parts})
            pages["/1"] = Said({"rows": [{"key": 1}], "total": 2, "next": target}, headers=headers)
            with pytest.raises(SourceChanged, match="another origin: it was not followed"):
                read(rest)
            assert source.paths() == ["/token", "/1"]
        assert other.asked == []


@pytest.mark.parametrize(
    "link",
    ["/canary" + "x" * 70_000, "/canary\x7f", "/canary\x00", "/canary?\x01", "/canary\ud800"],
    ids=["long", "delete", "null", "control", "surrogate"],
)
def test_a_link_that_no_request_can_hold_is_refused_without_it(link: str) -> None:
    pages = {"/1": Said({"rows": [{"key": 1}], "total": 2, "next": link})}
    with scripted(paged(pages)) as source:
        with pytest.raises(
            SourceChanged, match="/1 page 2: no request can hold its address"
        ) as raised:
            read(source.rest())
        assert source.paths() == ["/token", "/1"]
    assert "canary" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("link", "follows"),
    [
        ('</2>; rel="next"', True),
        ("</2>; rel=next", True),
        ("</2>;rel=NEXT", True),
        ('</2>; title="a, b; c"; rel="prev next"', True),
        ('</0>; rel="prev", </2>; rel="next"', True),
        ('</2>; rel="prev"', False),
        ('</2>; rel="nextish"', False),
        ('</2>; rel="prev"; rel="next"', False),
        ('</0>; title="</2>; rel=next"; rel=prev', False),
        ("", False),
    ],
)
def test_links_are_read_as_rfc_8288_writes_them(link: str, *, follows: bool) -> None:
    headers = {"content-type": "application/json", "link": link}
    pages = {"/1": Said(ONE, headers=headers), "/2": Said({**ONE, "rows": [{"key": 2}]})}
    with scripted(paged(pages)) as source:
        rest = source.rest()
        parts = replace(rest.endpoints["parts"], pages=link_header(), total=None)
        run = read(replace(rest, endpoints={"parts": parts}), schema=SCHEMA)
    assert keys(run) == ([1, 2] if follows else [1])


CURSOR = "/after/ada@example.com"
FOLLOWED: dict[str, Said] = {
    "whole": Said({**ONE, "rows": [{"key": 2}], "total": 2}),
    "a total that moves": Said({**ONE, "rows": [{"key": 2}], "total": 3}),
    "a new field": Said({**ONE, "rows": [{"key": 2, "new": 1}], "total": 2}),
    "too many rows": Said({**ONE, "rows": [{"key": 2}, {"key": 3}], "total": 2}),
    "back": Said({**ONE, "rows": [{"key": 2}], "total": 2, "next": "/1"}),
    "elsewhere": Said({**ONE, "rows": [{"key": 2}], "total": 2, "next": "//ada@example.com"}),
    "no next": Said({"rows": [{"key": 2}], "total": 2}),
    "no page": Said(b"<html>"),
    "not found": Said(status=404),
    "refused": Said(status=401),
    "forbidden": Said(status=403),
    "redirect": Said(status=302),
    "unavailable": Said(status=503),
    "no length": Said(headers={"content-encoding": "br"}),
}


@pytest.mark.parametrize("case", FOLLOWED)
def test_the_path_of_a_further_page_is_told_nowhere(case: str) -> None:
    """A cursor in a path is a value from the data; the page's number says which it was."""
    first = Said({"rows": [{"key": 1}], "total": 2, "next": CURSOR})
    run = Run()
    said = ""
    with scripted(paged({"/1": first, CURSOR: FOLLOWED[case]})) as source:
        reader = source.rest().read("parts", schema=SCHEMA, emit=run.events.append)
        try:
            reader.read_all()
        except SourceError as error:
            said = str(error)
        assert CURSOR in source.paths()
    assert bool(said) is (case != "whole")
    assert "ada" not in said + repr(run.events)
    assert "/1 page 2" in said + repr(run.events)


def test_a_field_of_later_pages_only_is_refused() -> None:
    pages = documents([{"key": 1}], [{"key": 2, "cost": "1.00"}])
    with pytest.raises(
        SourceChanged, match="/1 page 2: 1 fields that the first page did not have"
    ):
        reading(pages)


def test_a_field_that_a_row_or_page_leaves_out_is_missing_there() -> None:
    run = reading(documents([{"key": 1, "cost": "1.50"}, {"key": 2}], [{"key": 3}]))
    assert run.table is not None
    assert run.table["cost"].to_pylist() == [Decimal("1.50"), None, None]


@pytest.mark.parametrize("lacking", [1, 40])
def test_a_field_that_every_row_had_and_a_page_is_without_was_dropped(lacking: int) -> None:
    """It would land as nulls, and a nullable column would conform."""
    rest: list[dict[str, object]] = [{"key": key} for key in range(lacking)]
    pages = documents([{"key": 1, "cost": "1.50"}], [{"key": 2, "cost": None}], rest)
    told = "/1 page 3: 1 fields that all rows had until now are in no row here"
    with pytest.raises(SourceChanged, match=told):
        reading(pages)


def test_a_source_that_leaves_nulls_out_may_do_so_for_a_whole_page() -> None:
    """Control to the test above: that rows leave the field out was seen before."""
    some: list[dict[str, object]] = [{"key": 1, "cost": "1.50"}]
    run = reading(documents(some, [*some, {"key": 2}], [{"key": 3}] * 40, some))
    assert run.table is not None
    assert run.table["cost"].null_count == 41


def test_money_is_exact_however_it_is_written() -> None:
    rows = (
        b'[{"key":1,"cost":0.10},{"key":2,"cost":"0.20"},{"key":3,"cost":3},{"key":4,"cost":4e0}]'
    )
    page = Said(b'{"total":4,"next":null,"rows":' + rows + b"}")
    run = reading({"/1": page})
    assert run.table is not None
    assert [str(cost) for cost in run.table["cost"].to_pylist()] == [
        "0.10",
        "0.20",
        "3.00",
        "4.00",
    ]


def test_large_integers_are_exact() -> None:
    run = reading(documents([{"key": 2**53 + 1}, {"key": None}, {"key": -(2**63)}]))
    assert keys(run) == [2**53 + 1, None, -(2**63)]


def test_what_does_not_fit_is_rescued_as_it_came() -> None:
    rows = b'[{"key":1.5,"cost":"1.234"},{"key":true,"cost":"n/a"},{"key":3,"cost":3.999}]'
    run = reading({"/1": Said(b'{"total":3,"next":null,"rows":' + rows + b"}")})
    assert run.table is not None
    assert keys(run) == [None, None, 3]
    assert run.table["cost"].to_pylist() == [None, None, None]
    assert run.table[RESCUED].null_count == 0
    assert run.table[RESCUED][2].as_py() == '{"cost": "3.999"}'


def test_what_the_contract_does_not_name_stands_as_text() -> None:
    extra = {"key": 1, "note": "x", "tags": ["a", 1], "size": 7, "none": None}
    run = reading(documents([extra]))
    assert run.table is not None
    (row,) = run.table.to_pylist()
    assert {**extra, "tags": '["a", 1]', "size": "7", RESCUED: None} == row


def test_a_failure_that_passes_is_read_again_and_nothing_is_lost() -> None:
    pages = documents([{"key": 1}], [{"key": 2}], [{"key": 3}])
    failures = [Said(status=500), Said(status=503, headers={"retry-after": "0"})]

    def answers(asked: Asked) -> Said:
        return failures.pop() if asked.path == "/2" and failures else paged(pages)(asked)

    with scripted(answers) as source:
        run = read(source.rest(), schema=SCHEMA)
    assert keys(run) == [1, 2, 3]
    assert [event.attempt for event in run.of(Retried)] == [2, 3]
    assert [event.attempt for event in run.of(Answered)][-2:] == [3, 1]


def test_a_source_that_always_throttles_is_asked_five_times() -> None:
    with scripted(paged({"/1": Said(status=429)})) as source:
        with pytest.raises(SourceUnavailable, match="answered 429: try later"):
            read(source.rest())
        assert source.paths().count("/1") == 5


def test_an_endpoint_that_is_open_to_the_world_is_seen_wherever_it_stands() -> None:
    """Each address gets one forged token, however many datasets it serves."""

    def answers(asked: Asked) -> Said:
        return Said(ONE) if asked.path == "/3" else Said({"error": "invalid_client"}, status=401)

    with scripted(answers) as source:
        rest = source.rest(stranger_allowed=True)
        parts = rest.endpoints["parts"]
        paths = {"parts": "/1", "same": "/1", "prices": "/2", "open": "/3", "last": "/4"}
        endpoints = {name: replace(parts, path=path) for name, path in paths.items()}
        probes = replace(rest, endpoints=endpoints).probe(emit=lambda _: None)
        assert source.paths() == ["/token", "/1", "/2", "/3", "/4"]
    assert [(probe.refused, probe.status) for probe in probes] == [
        (True, "401"),
        (True, "401"),
        (True, "401"),
        (False, "200"),
        (True, "401"),
    ]
    assert [probe.name for probe in probes] == ["stranger_refused", *["forged_token_refused"] * 4]
    assert probes[3].detail.endswith("/3")


def test_a_permission_taken_away_half_way_ends_the_reading() -> None:
    pages = {**documents([{"key": 1}], [{"key": 2}]), "/2": Said(status=403)}
    run = Run()
    with scripted(paged(pages)) as source:
        reader = source.rest().read("parts", schema=SCHEMA, emit=run.events.append)
        assert reader.read_next_batch().num_rows == 1
        with pytest.raises(AccessDenied, match="answered 403: check the client's grants"):
            reader.read_next_batch()
        assert source.paths().count("/2") == 1
    assert not run.of(Completed)
