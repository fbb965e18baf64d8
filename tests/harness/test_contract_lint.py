"""`seatrial contract lint`: all that is wrong with a contract, each with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.onboarding.contract_lint import lint
from tests.cli import DEMO, seatrial
from tests.harness.contract_files import ORDERS, line_of, write

BAD: dict[str, tuple[tuple[str, str], str, str]] = {
    "a lag of nothing": (
        ("timedelta(hours=24)", "timedelta()"),
        "lag=",
        "lag must be longer than nothing",
    ),
    "a lag of another type": (
        ("timedelta(hours=24)", '"24h"'),
        "lag=",
        "lag is of type str: write lag=timedelta(hours=24)",
    ),
    "a schema that is not strict": (
        ("strict=True", "strict=False"),
        "schema=",
        "its schema is not strict: say strict=True, or new columns go unseen",
    ),
    "a column without a type": (
        (
            'pa.Column(pl.String, pa.Check.isin(["AIR", "RAIL"]), description="way")',
            'pa.Column(description="way")',
        ),
        '"mode"',
        "column mode has no type: give it one",
    ),
    "a key that is no column": (
        ('key=("order_key",)', 'key=("order_kye",)'),
        "key=",
        "key names order_kye, which is not a column: correct the name",
    ),
    "a share of more than all": (
        ('{"amount": 0.01}', '{"amount": 1.5}'),
        '{"amount": 1.5}',
        "the missing share promised for amount must be at least 0 and under 1",
    ),
    "a pattern that takes for ever": (
        ('pa.Check.isin(["AIR", "RAIL"])', 'pa.Check.str_matches(r"(?=a)b")'),
        '"mode"',
        (
            "column mode has a check: str_matches has a pattern that the linear-time engine "
            "refuses: use no look-around"
        ),
    ),
    "a volume upside down": (
        ("minimum=10, maximum=1_000", "minimum=10, maximum=1"),
        "volume=",
        "volume must run from a minimum of at least 0 up to its maximum",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_contract_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    edit, place, problem = BAD[name]
    file = write(tmp_path, edit)
    linted = lint(file)
    assert linted.lines == [f"{file}:{line_of(file, place)}: contract orders: {problem}"]
    assert (linted.bad, linted.contracts) == (1, 1)


def test_all_problems_are_told_at_once_one_on_a_line(tmp_path: Path) -> None:
    edits = [BAD[name][0] for name in ("a lag of nothing", "a volume upside down")]
    file = write(tmp_path, *edits, ('description="euros"', 'title="euros"'))
    assert [line.rpartition("contract orders: ")[2] for line in lint(file).lines] == [
        "column amount has no description: say what it means and in which unit",
        "lag must be longer than nothing",
        "volume must run from a minimum of at least 0 up to its maximum",
    ]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (("lag=timedelta", "lagg=timedelta"), "Promises takes no lagg: did you mean lag?"),
        (('key=("order_key",),', ""), "Promises needs key: write key=…"),
        (
            ("strict=True,\n    ),\n)", "strict=True,\n    ),\n"),
            "SyntaxError: '(' was never closed (orders.py, line 10)",
        ),
        (("pl.Int64", "pl.Int46"), "AttributeError: module 'polars' has no attribute 'Int46'"),
    ],
)
def test_what_does_not_import_is_told_with_its_line(
    tmp_path: Path, edit: tuple[str, str], told: str
) -> None:
    file = write(tmp_path, edit)
    with pytest.raises(ConfigurationError) as raised:
        lint(file)
    path, line, problem = str(raised.value).split(":", 2)
    assert (path, problem.strip()) == (str(file), told)
    assert 1 < int(line) <= len(ORDERS.splitlines())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "there is no file"),
        ("", "it makes no Contract(…): name a file that does"),
        (
            ORDERS + ORDERS.partition("Volume\n")[2].replace("CONTRACT =", "OTHER ="),
            "two contracts",
        ),
    ],
)
def test_a_file_that_is_not_there_or_holds_none_is_no_good_file(
    tmp_path: Path, text: str | None, told: str
) -> None:
    """Absence never passes."""
    file = tmp_path / "orders.py"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ConfigurationError, match=told.replace("(", r"\(").replace(")", r"\)")):
        lint(file)


def test_the_command_ends_with_2_for_a_bad_contract_and_0_for_a_good_one(tmp_path: Path) -> None:
    edit, place, problem = BAD["a lag of nothing"]
    file = write(tmp_path / "odd", edit)
    bad = seatrial(["contract", "lint", "odd/orders.py"], cwd=tmp_path)
    where = f"odd/orders.py:{line_of(file, place)}"
    assert (bad.code, bad.out) == (2, f"{where}: contract orders: {problem}\n")
    assert "1 of 1 contract cannot be judged" in bad.err
    good = seatrial(["contract", "lint", DEMO / "contracts" / "orders.py"], cwd=tmp_path)
    assert (good.code, good.err) == (0, "")
    assert good.out.endswith("contract orders: 6 columns, nothing to correct\n")
