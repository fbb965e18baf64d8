"""Training data become the reference that later nights are held against."""

from __future__ import annotations

import csv
import json
import random
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.evaluation import Profile, Reference
from harness.claims import stable_values
from harness.errors import ConfigurationError
from harness.facts import Reading
from harness.ledger.ledger import open_ledger
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from harness.pins import reference
from harness.pins.file import save
from tests.cli import seatrial
from tests.connectors.files.encrypted import encrypted
from tests.harness import engagement
from tests.harness.acme_layout import Acme, lay_out
from tests.shell import Ended

pytestmark = pytest.mark.long

NOW = datetime.now(UTC)
HEADER = ("order_key", "total", "voucher", "ordered_at")


def orders(n: int, *, seed: int, times: float = 1.0) -> list[tuple[int, float, str | None, str]]:
    """Totals from 0 to 100 euros, or `times` as much; one voucher in ten is missing."""
    draw = random.Random(seed)
    return [
        (
            key,
            round(draw.random() * 100 * times, 2),
            None if draw.random() < 0.05 else draw.choice(("SPRING", "SUMMER")),
            f"{NOW - timedelta(minutes=key):%Y-%m-%dT%H:%M:%SZ}",
        )
        for key in range(1, n + 1)
    ]


def write(path: Path, rows: Iterable[tuple[Any, ...]], header: Iterable[str] = HEADER) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def deliver(own: Acme, rows: Iterable[tuple[Any, ...]]) -> None:
    """Have the web shop hold these orders alone."""
    connection = sqlite3.connect(own.sources["ACME_SHOP"])
    connection.execute("delete from orders")
    connection.executemany("insert into orders values (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


def pinned(loaded: LoadedPilot, own: Acme) -> dict[str, Reference]:
    """What the copy holds: `acme` is imported once and from elsewhere."""
    return reference.load(replace(loaded, folder=own.folder))


@pytest.fixture
def own(tmp_path: Path) -> Acme:
    return lay_out(tmp_path)


def profile(own: Acme, *arguments: str | Path) -> Ended:
    return seatrial(
        ["profile", *arguments, "--dataset", "web-shop.orders"],
        cwd=own.elsewhere,
        environ=own.sources,
    )


def proven(own: Acme) -> dict[str, Any]:
    asked = ["--dataset", "web-shop.orders", "--claim", "stable_values", "--out", "out"]
    ended = seatrial(["prove", *asked], cwd=own.elsewhere, environ=own.environ)
    assert ended.code in (0, 1, 3), ended.err
    [found] = json.loads((own.elsewhere / "out" / "verdicts.json").read_text())["verdicts"]
    return found


def test_a_night_like_the_training_data_is_proven_and_one_that_is_not_is_broken(
    own: Acme, tmp_path: Path
) -> None:
    assert "seatrial profile FILE --dataset web-shop.orders" in proven(own)["because"]
    ended = profile(own, write(tmp_path / "train.csv", orders(2_000, seed=1)))
    assert ended.code == 0, ended.err
    assert [line.split(",")[0] for line in ended.out.splitlines()[:-1]] == [
        "order_key: values not compared: part of the key",
        "total: numbers between 63 edges",
        "voucher: 2 categories",
        "ordered_at: values not compared: the event time moves on",
    ]
    assert "2,000 rows pinned in " in ended.out.splitlines()[-1]
    deliver(own, orders(2_000, seed=2))
    assert proven(own)["outcome"] == "PROVEN"
    deliver(own, orders(2_000, seed=3, times=1.5))
    verdict = proven(own)
    assert (verdict["outcome"], verdict["n"]) == ("BROKEN", 2_000)
    assert verdict["because"].startswith("total: D 0.3")
    page = (own.elsewhere / "out" / "report.html").read_text()
    assert "Values against the reference of" in page
    assert "<strong>drifted</strong>" in page
    deliver(own, orders(300, seed=4))
    assert "too few values to see one" in proven(own)["because"]


def test_the_verdict_can_be_worked_out_from_the_ledger_alone(
    own: Acme, loaded: LoadedPilot, tmp_path: Path
) -> None:
    profile(own, write(tmp_path / "train.csv", orders(2_000, seed=1)))
    deliver(own, orders(2_000, seed=3, times=1.5))
    told = proven(own)
    with open_ledger(own.elsewhere / "out" / "ledger.sqlite") as book:
        entries = list(book.entries())
    facts: list[Any] = []
    for kind, type_ in (("reading", Reading), ("reference", Reference), ("profile", Profile)):
        [body] = [json.loads(entry.body)[kind] for entry in entries if entry.kind == kind]
        facts.append(msgspec.convert(body, type_, strict=False))
    promises = loaded.source("web-shop").contracts[0].promises
    again = stable_values.prove(promises, facts)
    assert (again.outcome, again.because) == (told["outcome"], told["because"])
    assert not any("SPRING" in str(entry.body) for entry in entries if entry.kind == "verdict")


def test_parquet_and_csv_of_the_same_data_make_the_same_profile(
    own: Acme, loaded: LoadedPilot, tmp_path: Path
) -> None:
    rows = orders(1_000, seed=5)
    assert profile(own, write(tmp_path / "train.csv", rows)).code == 0
    [from_csv] = pinned(loaded, own).values()
    columns = dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True))
    columns["ordered_at"] = [datetime.fromisoformat(text) for text in columns["ordered_at"]]
    pq.write_table(pa.table({**columns, "label": [1] * 1_000}), tmp_path / "train.parquet")
    assert profile(own, tmp_path / "train.parquet").code == 0
    [from_parquet] = pinned(loaded, own).values()
    assert from_csv.profile == from_parquet.profile
    assert from_csv.sha256 != from_parquet.sha256


def test_the_file_is_the_same_bytes_again_and_other_datasets_stay(
    own: Acme, loaded: LoadedPilot, tmp_path: Path
) -> None:
    train = write(tmp_path / "train.csv", orders(500, seed=1))
    profile(own, train)
    first = (own.folder / "reference.json").read_bytes()
    refunds = write(
        tmp_path / "refunds.csv", [(k, k / 2) for k in range(99)], ("order_key", "amount")
    )
    ended = seatrial(["profile", refunds, "--dataset", "web-shop.refunds"], cwd=own.elsewhere)
    assert ended.code == 0, ended.err
    assert set(pinned(loaded, own)) == {"web-shop.orders", "web-shop.refunds"}
    (own.folder / "reference.json").unlink()
    profile(own, train)
    assert (own.folder / "reference.json").read_bytes() == first


def test_a_column_that_the_training_data_lack_is_said_and_not_compared(
    own: Acme, tmp_path: Path
) -> None:
    rows = [(key, total) for key, total, _, _ in orders(2_000, seed=1)]
    ended = profile(own, write(tmp_path / "train.csv", rows, HEADER[:2]))
    assert "voucher: values not compared: it was not sent" in ended.out
    deliver(own, orders(2_000, seed=2))
    verdict = proven(own)
    assert verdict["outcome"] == "PROVEN"
    assert "not compared by value: order_key, voucher and ordered_at" in verdict["because"]


BAD_FILES = {
    "order_key,total\n1,2.5\nx,2.5\n2,y\n": "2 of 3 rows hold a value that is not of the",
    "a,b\n1,2\n": "none of the columns of orders",
    "order_key,total\n": "has no rows",
    "": "none of the columns of orders",
    "order_key,total\n1,2,3\n": "too few or too many fields",
    "order_key,order_key\n1,2\n": "the header must name each column, and once",
    "PAR1 and no more": "it is cut, or no Parquet file",
    'order_key,total\n"1,2\n': "a quote",
}


@pytest.mark.parametrize(("text", "said"), BAD_FILES.items())
def test_a_bad_file_is_one_line_and_pins_nothing(
    own: Acme, tmp_path: Path, text: str, said: str
) -> None:
    bad = tmp_path / "train"
    bad.write_text(text)
    ended = profile(own, bad)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.complaint
    assert not (own.folder / "reference.json").exists()


def test_a_wrong_name_is_one_line(own: Acme, tmp_path: Path) -> None:
    assert "No such file" in profile(own, tmp_path / "nowhere.csv").complaint
    assert "Is a directory" in profile(own, tmp_path).complaint
    ended = seatrial(["profile", "x.csv", "--dataset", "web-shop.ordres"], cwd=own.elsewhere)
    assert ended.code == 2
    assert "did you mean web-shop.orders?" in ended.complaint


def changed(loaded: LoadedPilot, own: Acme, old: str, new: str) -> str:
    path = own.folder / "reference.json"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(ConfigurationError) as error:
        pinned(loaded, own)
    path.write_text(text)
    return str(error.value)


def test_a_file_that_was_edited_is_refused_before_anything_is_read(
    own: Acme, loaded: LoadedPilot, tmp_path: Path
) -> None:
    profile(own, write(tmp_path / "train.csv", orders(100, seed=1)))
    for old, new, said in (
        ('"rows": 100', '"rows": "many"', "Expected `int`"),
        ('"rows": 100', '"rows": 100, "x": 1', "keys that nobody reads"),
        ('"rows": 100', '"rows": 100, "rows": 100', "keys that nobody reads"),
        ('"format": 1', '"format": 2', "has format 2"),
        ("web-shop.orders", "web-shop.invoices", "unknown dataset"),
        ("{", "", "or remove it and pin anew"),
    ):
        complaint = changed(loaded, own, old, new)
        assert said in complaint
        assert str(own.folder / "reference.json") in complaint
    (own.folder / "reference.json").write_text("{}")
    asked = ["prove", "--claim", "complete", "--out", "out"]
    ended = seatrial(asked, cwd=own.elsewhere, environ=own.environ)
    assert ended.code == 2
    assert "pin anew" in ended.complaint
    assert not (own.elsewhere / "out").exists()


def test_a_folder_in_which_nothing_can_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _: "its-name")
    folder = engagement.write(tmp_path)
    (folder / ".reference.json.its-name.partial").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be written: File exists: "):
        save(loading.load(folder), "reference.json", {})


def test_training_data_that_are_encrypted_are_told_as_such(own: Acme, tmp_path: Path) -> None:
    (tmp_path / "train.parquet").write_bytes(encrypted(order_key=[1]))
    ended = profile(own, tmp_path / "train.parquet")
    assert ended.code == 2
    assert "train.parquet: it is encrypted, and nothing here holds its key" in ended.complaint
