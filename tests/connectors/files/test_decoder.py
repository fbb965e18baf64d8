"""What the members of one delivery say of themselves is its word only if each of them speaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from connectors.capabilities import Described
from connectors.files.decoder import Decoded, Decoder
from connectors.files.formats import Block, Layout
from connectors.files.formats.csv import Csv

SCHEMA = pa.schema([("n", pa.int64())])
WITH_TRAILER = Csv(trailer="END;{rows}")


@dataclass(frozen=True, slots=True)
class SometimesSilent:
    """A format in which only some files have the sender's word, and an empty one has nothing."""

    silent: str

    def layout(self, path: Path, name: str) -> Layout | None:
        if not path.stat().st_size:
            return None
        found = WITH_TRAILER.layout(path, name)
        return replace(found, said=None) if found and name == self.silent else found

    def blocks(self, path: Path, name: str, layout: Layout, schema: pa.Schema) -> Iterator[Block]:
        return WITH_TRAILER.blocks(path, name, layout, schema)

    def describe(self, path: Path, name: str) -> Described | None:
        return WITH_TRAILER.describe(path, name)


def decoded(folder: Path, silent: str, *, empty: str = "") -> Decoded:
    parts = [(name, folder / name) for name in ("1", "2", "3") if name != "3" or empty]
    for name, path in parts:
        path.write_text("" if name == empty else "n\n7\nEND;1\n")
    decoder = Decoder(format=SometimesSilent(silent), schema=SCHEMA, emit=lambda _: None)
    ended: list[Decoded] = []

    def decoding() -> Iterator[pa.RecordBatch]:
        ended.append((yield from decoder.decode("it.zip", parts)))

    assert sum(batch.num_rows for batch in decoding()) == 2
    return ended[0]


def test_each_member_must_speak(tmp_path: Path) -> None:
    word = decoded(tmp_path, silent="").word
    assert word is not None
    assert word.said.rows == 2
    for silent in ("1", "2"):
        assert decoded(tmp_path, silent).word is None


def test_an_empty_member_ends_nothing(tmp_path: Path) -> None:
    for empty in ("1", "2", "3"):
        assert decoded(tmp_path, silent="", empty=empty).rows == 2
