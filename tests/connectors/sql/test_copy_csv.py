"""What a server sends as CSV is taken exactly, or refused without its words."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.errors import SourceChanged
from connectors.sql.copy_csv import columns
from connectors.sql.copy_out import Lines

WHAT = "SELECT a, b FROM t"


def taken(text: bytes, rows: int, **types: pa.DataType) -> list[list[object]]:
    found = columns(Lines(text=bytearray(text), rows=rows), types, WHAT)
    return [array.to_pylist() for array in found.values()]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (b"\n", [None]),
        (b'""\n', [""]),
        (b"\n\n\n", [None, None, None]),
        (b'"\\."\n', ["\\."]),
        (b"\xef\xbb\xbf7\nx\n", ["\ufeff7", "x"]),
        (b"\xef\xbb\xbf\n", ["\ufeff"]),
        (b"\xef\xbb\xbf\xef\xbb\xbf\n", ["\ufeff\ufeff"]),
        (b'"\r\n"\n"\n"\n"\r"\n', ["\r\n", "\n", "\r"]),
        (b'"a""b,"\n\'\n', ['a"b,', "'"]),
        (b"NULL\nNA\n \n#N/A\nnan\n", ["NULL", "NA", " ", "#N/A", "nan"]),
        ("🤷\u2028\n".encode(), ["🤷\u2028"]),
    ],
)
def test_a_text_alone_in_its_row(text: bytes, values: list[object]) -> None:
    assert taken(text, len(values), a=pa.string()) == [values]


@pytest.mark.parametrize(
    ("type_", "text", "values"),
    [
        (pa.bool_(), b"t\nf\n\n", [True, False, None]),
        (pa.int64(), b"-9223372036854775808\n\n0\n", [-9223372036854775808, None, 0]),
        (pa.binary(), b"\\x\n\n\\x00ff\n\\x37\n", [b"", None, b"\x00\xff", b"7"]),
        (pa.binary(), b"\n\n", [None, None]),
        (pa.float64(), b"5e-324\n-1.7976931348623157e+308\n\n", [5e-324, -1.7976931348623157e308]),
    ],
)
def test_values_that_are_no_text(type_: pa.DataType, text: bytes, values: list[object]) -> None:
    ((*found,),) = taken(text, text.count(b"\n"), a=type_)
    assert found[: len(values)] == values


def test_doubles_keep_what_is_no_number_and_the_sign_of_zero() -> None:
    text = b"NaN\nInfinity\n-Infinity\n-0\n"
    assert list(map(repr, taken(text, 4, a=pa.float64())[0])) == ["nan", "inf", "-inf", "-0.0"]


@pytest.mark.parametrize(
    ("text", "rows", "said"),
    [
        (b"1,canary\xff\n", 1, ": column b: 22021, text that is not UTF-8: "),
        (b"canary,x\n", 1, ": column a: the server sent what PostgreSQL does not write: "),
        (b"1\n", 1, ": the server sent what PostgreSQL does not write: "),
        (b"1,canary,x\n", 1, ": the server sent what"),
        (b"1,canary\n", 2, ": the server sent what"),
        (b'1,"canary\n2,x\n', 2, ": the server sent what"),
        (b"1,a\n2,b\n", 1, ": the server sent what"),
        (b"99999999999999999999,canary\n", 1, ": column a: the server sent what"),
    ],
)
def test_what_no_postgresql_writes_is_refused(text: bytes, rows: int, said: str) -> None:
    """A row is one message: rows that a quote has joined are seen."""
    with pytest.raises(SourceChanged) as raised:
        taken(text, rows, a=pa.int64(), b=pa.string())
    assert str(raised.value).startswith(WHAT + said)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("text", [b"\\x7\n", b"\\xzz\n", b"\\x0\n\\x0\n", b"canary\n"])
def test_digits_that_are_no_bytes_are_refused(text: bytes) -> None:
    with pytest.raises(SourceChanged, match="does not write") as raised:
        taken(text, text.count(b"\n"), a=pa.binary())
    assert "canary" not in str(raised.value)
