"""E06: JSON is read in one way alone, and its canonical bytes are RFC 8785's."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from harness.evidence.verify.finding import NotReadable
from harness.evidence.verify.strict_json import canonical, parsed
from harness.signing import dsse
from tests.harness.evidence.bundles import key, payload
from tests.harness.evidence.verify.checking import Files, checked, refused, said

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@given(JSON)
def test_e06_the_canonical_bytes_are_those_of_the_reference(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(JSON)
def test_e06_every_spelling_of_a_value_has_the_same_canonical_bytes(value: object) -> None:
    escaped = json.dumps(value, ensure_ascii=True, indent=1).encode()
    plain = json.dumps(value, ensure_ascii=False).encode()
    assert canonical(parsed(escaped)) == canonical(parsed(plain)) == canonical(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_as_ecmascript_writes_it(value: float) -> None:
    """RFC 8785 3.2.2.3; its appendix B has the vectors below."""
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("41b3de4355555554", "333333333.33333325"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
    ],
)
def test_the_published_vectors_of_rfc_8785(bits: str, text: str) -> None:
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(value).decode() == text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"a":1,"a":1}', "'a' stands twice"),
        (b'{"a":1,"\\u0061":2}', "'a' stands twice"),
        (b'[{"b":{"a":1,"a":2}}]', "'a' stands twice"),
        (b"[NaN]", "NaN is no number"),
        (b"[-Infinity]", "-Infinity is no number"),
        (b"[1e999]", "too large for a double"),
        (b"[9007199254740993]", "must be text"),
        (b"[1" + b"0" * 400 + b"]", "must be text"),
        (b'["\xff"]', "byte 2 is no UTF-8"),
        (b"\xef\xbb\xbf[]", "it is no JSON"),
        (b"[] []", "it is no JSON"),
        (b"", "it is no JSON"),
        (b"[" * 5000 + b"]" * 5000, "nested too deep"),
        (b"{'a': 1}", "it is no JSON"),
        (b'["\x01"]', "it is no JSON"),
    ],
    ids=lambda given: (
        given[:16].decode("latin-1").encode("ascii", "replace").decode()
        if isinstance(given, bytes)
        else None
    ),
)
def test_e06_what_readers_take_differently_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(NotReadable, match=says):
        parsed(content)


def test_half_a_character_is_refused_where_it_would_be_written() -> None:
    with pytest.raises(NotReadable, match="half a character"):
        canonical(parsed(b'["\\ud800"]'))


def test_a_double_of_2_to_the_53_and_more_is_read_where_nothing_is_rounded() -> None:
    assert parsed(b"[9007199254740992]") == [2.0**53]
    assert parsed(b"[9007199254740991]") == [2**53 - 1]
    assert math.isclose(parsed(b"[295147905179352830000]")[0], 2.9514790517935283e20)


@pytest.mark.parametrize("spelled", ["indented", "reordered", "escaped"])
def test_e06_a_manifest_in_another_spelling_is_refused_though_it_was_signed(
    tmp_path: Path, made: Files, spelled: str
) -> None:
    value = json.loads(made["manifest.json"])
    texts = {
        "indented": json.dumps(value, sort_keys=True, indent=1),
        "reordered": json.dumps(dict(reversed(value.items())), separators=(",", ":")),
        "escaped": made["manifest.json"].decode().replace("acme", "\\u0061cme"),
    }
    content = texts[spelled].encode()
    unsigned = checked(tmp_path / "unsigned", made | {"manifest.json": content})
    assert ("signature", "manifest.json") in refused(unsigned)
    statement = json.loads(payload(made["manifest.dsse.json"]))
    statement["subject"][0]["digest"]["sha256"] = hashlib.sha256(content).hexdigest()
    sealed = dsse.seal(dsse.IN_TOTO, json.dumps(statement).encode(), key())
    files = made | {"manifest.json": content, "manifest.dsse.json": sealed}
    report = checked(tmp_path / "signed", files)
    assert ("files", "manifest.json") in refused(report)
    assert "it is not in its one canonical form" in said(report)
