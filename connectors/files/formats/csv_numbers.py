"""Numbers as people write them, `1.234,50`, brought to their plain writing, `1234.50`; pure.

A number that is not written as the dialect says must not be taken for another one: under a decimal
comma `1.5` is no number, and comes to the rescued column as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.convert.cast import kind_of

_NUMBERS = ("integer", "decimal", "floating")
_NO_NUMBER = "?"
"""Stands where a text is no number of this writing: it fits no column of numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Which marks stand in a number."""

    decimal: str
    thousands: str | None

    def __post_init__(self) -> None:
        if self.decimal not in (".", ","):
            raise ValueError("decimal is a point or a comma")
        if self.thousands is not None and (
            len(self.thousands) != 1 or self.thousands in (self.decimal, *"+-0123456789eE")
        ):
            raise ValueError("thousands is one character, another one than decimal, and no digit")

    def plain(
        self, columns: Mapping[str, pa.Array[Any]], schema: pa.Schema
    ) -> dict[str, pa.Array[Any]]:
        """The columns that `schema` has as numbers, in plain writing; none where they are so."""
        if self.decimal == "." and self.thousands is None:
            return {}
        numbers = [field.name for field in schema if kind_of(field.type) in _NUMBERS]
        return {name: self.rewritten(columns[name]) for name in numbers if name in columns}

    def sampled(self, text: Any) -> Any:
        """A column in plain writing where all of it are numbers, else as it is."""
        if not isinstance(text, pa.Array):  # no rows
            return text
        plain = self.rewritten(text)
        return text if _NO_NUMBER in plain.to_pylist() else plain

    def rewritten(self, text: Any) -> pa.Array[Any]:
        """Each text in plain writing."""
        plain = text
        if self.thousands is not None:
            plain = pc.replace_substring(plain, self.thousands, "")
        plain = pc.replace_substring(plain, self.decimal, ".")
        is_number = pc.match_substring_regex(text, self._writing)
        result: pa.Array[Any] = pc.if_else(is_number, plain, _NO_NUMBER)
        return result

    @property
    def _writing(self) -> str:
        whole = "[0-9]+"
        if self.thousands is not None:
            whole = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{re.escape(self.thousands)}[0-9]{{3}})+)"
        point = re.escape(self.decimal)
        return rf"^[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?$"
