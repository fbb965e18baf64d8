"""A store that lists without end, or sends more than it listed, ends the reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from connectors import bounds
from connectors.errors import SourceChanged
from connectors.files.formats.csv import Csv
from connectors.files.formats.csv_text import BLOCK_BYTES
from connectors.files.formats.jsonl import JsonLines
from connectors.files.listing import Listed
from connectors.files.stores.local import Local
from connectors.files.stores.sftp import Sftp
from tests.connectors.drop_fixture import SHIPMENTS, showing_links
from tests.connectors.folder_fixture import Folder

STORES = ("local", "sftp")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A store of the folder `there`, in which three files lie."""
    (tmp_path / "there").mkdir()
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / "there" / name).write_text("n\n1\n")
    if request.param == "local":
        yield Local(tmp_path)
        return
    ours = asyncssh.generate_private_key("ssh-ed25519")
    ours.write_private_key(tmp_path / "key")
    ours.write_public_key(tmp_path / "key.pub")
    (tmp_path / "key").chmod(0o600)
    with showing_links(tmp_path, tmp_path / "key.pub") as (port, host_key):
        yield Sftp(
            host="127.0.0.1", port=port, user="it", host_key=host_key, key_file=tmp_path / "key"
        )


@pytest.mark.attempt(4)
def test_a_folder_of_too_many_names_is_refused(
    store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the last lines, where the bound is as high as the names are many."""
    with store.session(lambda _: None) as session:
        monkeypatch.setattr(bounds, "NAMES", 2)
        with pytest.raises(SourceChanged, match=r"^there holds more than 2 names: give the data"):
            list(session.entries("there", "*.csv"))
        monkeypatch.setattr(bounds, "NAMES", 5)  # SFTP lists . and .. as well
        assert len({entry.name for entry in session.entries("there", "*.csv")}) == 3


@pytest.mark.attempt(4)
def test_a_file_that_is_longer_than_it_was_listed_is_not_fetched(store: Any) -> None:
    """Control: the file beside it, which is as long as it was listed."""
    with store.session(lambda _: None) as session:
        listed = {one.name: one for one in session.entries("there", "*.csv")}
        a, b = listed["a.csv"], listed["b.csv"]
        short = Listed(name=a.name, bytes=a.bytes - 1, modified=a.modified)
        with pytest.raises(SourceChanged, match=r"^a\.csv changed while it was read: read again$"):
            session.fetch("there", short)
        with session.fetch("there", b) as copy:
            copy.seek(0)
            assert copy.read() == b"n\n1\n"


HEADER = "order_key,ship_mode,quantity,shipped_at"
ROW = f"{HEADER}\n7,TRUCK,2.50,2026-11-01T13:05:00Z\n"
LONG = "7," + "T" * (BLOCK_BYTES + (1 << 19)) + ",2.50,2026-11-01T13:05:00Z"
LINES = "TRUCK\n" * (BLOCK_BYTES // 5)
TOO_LONG = {
    "a plain row": (Csv(), f"{HEADER}\n{LONG}\n", r"a row is longer than 4 MiB"),
    "a quoted field": (
        Csv(),
        f'{HEADER}\n7,"{LONG}",2.50,2026-11-01T13:05:00Z\n',
        r"a row is longer than 4 MiB",
    ),
    "a quoted field of lines": (
        Csv(),
        f'{HEADER}\n7,"{LINES}",2.50,2026-11-01T13:05:00Z\n',
        r"the row that ends in line \d+ is longer than 4 MiB",
    ),
    "the first line of JSON": (
        JsonLines(),
        '{"ship_mode": "' + "T" * BLOCK_BYTES + '"}\n',
        r"row 1 is longer than 4 MiB",
    ),
    "another line of JSON": (
        JsonLines(),
        '{"ship_mode": "T"}\n{"ship_mode": "' + "T" * 2 * BLOCK_BYTES + '"}\n',
        r"row 2 is longer than 4 MiB",
    ),
}


@pytest.mark.attempt(4)
@pytest.mark.parametrize(("format_", "text", "said"), TOO_LONG.values(), ids=TOO_LONG)
def test_a_row_without_end_is_refused(tmp_path: Path, format_: Any, text: str, said: str) -> None:
    """Control: `test_a_row_of_three_mebibytes_is_read`."""
    folder = Folder(tmp_path, format_)
    folder.put("a.it", text)
    folder.refused(SHIPMENTS, rf"^a\.it: {said}")


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        (Csv(), ROW.replace("TRUCK", "T" * 3_000_000)),
        (Csv(), ROW.replace("TRUCK", '"' + "T\n" * 1_500_000 + '"')),
        (JsonLines(), '{"ship_mode": "' + "T" * 3_000_000 + '"}\n'),
    ],
    ids=["plain", "quoted", "JSON"],
)
def test_a_row_of_three_mebibytes_is_read(tmp_path: Path, format_: Any, text: str) -> None:
    folder = Folder(tmp_path, format_)
    folder.put("a.it", text)
    [mode] = folder.read(SHIPMENTS).table.column("ship_mode").to_pylist()
    assert len(mode) == 3_000_000
