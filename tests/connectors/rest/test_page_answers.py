"""An answer that is no page is refused."""

from __future__ import annotations

import pytest

from connectors.errors import SourceChanged
from tests.connectors.rest.keyed import ONE, keys, reading
from tests.connectors.scripted import Said

HTML = {"content-type": "text/html"}


ANSWERS: dict[str, Said] = {
    "H11 error document": Said({"error": "no"}),
    "H11 rows null": Said({**ONE, "rows": None}),
    "H11 rows of scalars": Said({**ONE, "rows": [1, 2]}),
    "H11 log-in page": Said(b"<html>", headers=HTML),
    "H12 no content": Said(status=204),
    "H12 partial": Said(ONE, status=206),
    "H12 multi-status": Said(ONE, status=207),
    "H12 not modified": Said(status=304),
    "H11 SOAP fault": Said(b"<Envelope/>", headers={"content-type": "application/soap+xml"}),
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
    "total text": Said({**ONE, "total": "one"}),
    "total negative": Said({**ONE, "total": -1}),
    "total true": Said({**ONE, "total": True}),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_h11_h12_an_answer_that_is_no_page_is_refused(case: str) -> None:
    with pytest.raises(SourceChanged) as raised:
        reading({"/1": ANSWERS[case]})
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "kind",
    [
        'application/hal+json; charset="UTF-8"',
        "application/json;odata.metadata=minimal;charset=utf-8",
        "application/json; charset=utf-8; version=2",
        "application/vnd.api+json",
    ],
)
def test_json_is_json_with_any_suffix_and_parameters(kind: str) -> None:
    assert keys(reading({"/1": Said(ONE, headers={"content-type": kind})})) == [1]


@pytest.mark.parametrize(
    ("kind", "came"),
    [
        ("application/jsonl", "something other than JSON"),
        ("text/json", "something other than JSON"),
        ("application/json; charset=latin-1", "JSON in latin-1"),
    ],
)
def test_h19_h20_another_kind_or_charset_is_refused_by_name(kind: str, came: str) -> None:
    with pytest.raises(SourceChanged, match=f"/1 answered {came}, not JSON in UTF-8"):
        reading({"/1": Said(ONE, headers={"content-type": kind})})
