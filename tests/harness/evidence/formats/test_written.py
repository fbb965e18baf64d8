"""What is written quickly has the bytes that RFC 8785 asks for."""

from __future__ import annotations

import json

import pytest

from contracts.canonical import canonical
from harness.evidence.formats import FORMATS, plain
from tests.harness.evidence.formats.story import story


@pytest.mark.parametrize("name", ["oscal.json", "cyclonedx.json", "croissant.json"])
def test_a_document_is_canonical(name: str) -> None:
    content = FORMATS[name](story())
    assert content == canonical(json.loads(content)) + b"\n"


@pytest.mark.parametrize("number", [2**53 - 1, 2**53, -(2**53), 10**30])
def test_a_whole_number_is_a_number_or_text_as_it_is_large(number: int) -> None:
    for document in ({"n": number}, [1, number]):
        assert plain.written(document) == canonical(document) + b"\n"
