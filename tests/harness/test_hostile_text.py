"""Whatever a source, a file, a folder or an argument is called: no command lets it steer the
terminal, reorder a line or begin one of its own. Each case shows the name, escaped or
with marks in place of what steers: it got there.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.errors import one_line
from harness.say import visible
from tests.cli import seatrial
from tests.harness.acme_layout import Acme, lay_out
from tests.shell import Ended

NAME = "x\x1b[2J\x9b1m\u202e\u2066\u200b\ufeff\u2028\x07\x7f\nPROVEN"
"""Clears the screen, colours, reorders, hides, rings, and begins a line that says PROVEN."""
HIDDEN = ("C", "Zl", "Zp")


def steering(text: str) -> set[str]:
    """The characters of `text`, apart from ends of lines, that a terminal does not just show."""
    return {c for c in text if c != "\n" and unicodedata.category(c).startswith(HIDDEN)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Acme's engagement, whose outlet got a column of a hostile name since it was approved."""

    acme: Acme

    def run(self, *arguments: str | Path) -> Ended:
        return seatrial(arguments, cwd=self.acme.elsewhere, environ=self.acme.sources)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return prepared(tmp_path_factory.mktemp("hostile"))


def prepared(root: Path) -> Place:
    acme = lay_out(root)
    (acme.elsewhere / NAME).mkdir()
    place = Place(acme=acme)
    asked = ("--dataset", "outlet.orders", "--claim", "stable_schema")
    assert place.run("prove", *asked).code == 3
    assert place.run("baseline", "approve", "--by", "Ada", *asked[:2]).code == 0
    connection = sqlite3.connect(acme.sources["ACME_OUTLET"])
    connection.execute(f'alter table orders add column "{NAME}" text')
    connection.close()
    assert place.run("prove", *asked).code == 1
    return place


Command = Callable[[Place], Ended]
COMMANDS: dict[str, Command] = {
    "a column, in the table of prove": lambda at: at.run("prove", "--claim", "stable_schema"),
    "a column, in draft": lambda at: at.run("draft", "outlet", "--dataset", "orders"),
    "a folder of results, in prove": lambda at: at.run("prove", "--out", NAME),
    "a pilot that is not there, in data": lambda at: at.run("data", "o", f"{NAME}/gone"),
    "a folder of results, in doctor": lambda at: at.run("doctor", "--out", f"{NAME}/results"),
    "a folder, in init": lambda at: at.run("init", f"{NAME}/new", "--name", "new"),
    "a pilot that is not there, in prove": lambda at: at.run("prove", f"{NAME}/gone"),
    "a file, in profile": lambda at: at.run("profile", NAME, "--dataset", "outlet.orders"),
    "a file, in --json": lambda at: at.run("prove", "--json", f"{NAME}/gone/verdicts.json"),
    "an environment, in prove": lambda at: at.run("prove", "--env", NAME),
    "a dataset, in data": lambda at: at.run("data", NAME),
    "a source, in grants": lambda at: at.run("grants", NAME),
    "a reference, in --ledger": lambda at: at.run("prove", "--ledger", f"file:/{NAME}"),
    "a reference, in ui": lambda at: at.run("ui", "acme", "--storage", f"file:/{NAME}"),
    "a command": lambda at: at.run(NAME),
    "an option": lambda at: at.run("prove", f"--{NAME}"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_hostile_name_is_shown_and_steers_nothing(place: Place, command: str) -> None:
    require_harmless(COMMANDS[command](place))


def test_a_hostile_column_is_approved_by_a_line_that_steers_nothing(tmp_path: Path) -> None:
    """In a place of its own: the others see a column that nobody approved."""
    outlet = ("--dataset", "outlet.orders")
    require_harmless(prepared(tmp_path).run("baseline", "approve", "--by", "Ada", *outlet))


def test_the_refusal_of_a_package_in_a_hostile_folder_steers_nothing(tmp_path: Path) -> None:
    package = tmp_path / NAME / "contracts" / "__init__.py"
    package.parent.mkdir(parents=True)
    package.write_text("")
    ended = seatrial(["prove"], cwd=tmp_path / NAME)
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    require_harmless(ended)


def require_harmless(ended: Ended) -> None:
    shown = ended.out + ended.err
    assert not steering(shown)
    assert "PROVEN" not in [line.strip() for line in shown.splitlines()]
    assert "[2J" in "".join(shown.split())  # a table folds its lines


@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["told in one line", "with --debug"])
def test_what_a_pilot_raises_and_warns_of_steers_nothing(
    tmp_path: Path, debug: tuple[str, ...]
) -> None:
    """`pilot.py` is code; what it says may come from elsewhere all the same."""
    acme = lay_out(tmp_path)
    lines = f"import warnings\nwarnings.warn({NAME!r})\nraise ValueError({NAME!r})\n"
    (acme.folder / "pilot.py").write_text(lines)
    ended = seatrial(["prove", *debug], cwd=acme.elsewhere, environ=acme.sources)
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert not steering(ended.out + ended.err)
    assert r"\x1b[2J" in ended.err


def test_without_the_escape_each_of_them_would() -> None:
    """The guard's control: the name steers, and its escaped form does not."""
    assert len(steering(NAME)) == 9
    assert not steering(visible(NAME))
    assert "\n" not in visible(NAME)


def test_what_dagster_prints_of_an_error_steers_nothing() -> None:
    """Dagster shows the message of an error of ours as it is."""
    told = one_line(ValueError(NAME))
    assert not steering(told)
    assert "[2J" in told
