"""A drafted module is Python that holds what the source said, and no more."""

from __future__ import annotations

import ast
import keyword
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.capabilities import ColumnRule, Described, DescribedColumn, ForeignKey
from contracts.arrow_schema import arrow_schema
from contracts.checks import check
from contracts.promises import Contract, ContractError
from harness.onboarding.draft_literals import comment, literal
from harness.onboarding.draft_text import contract_text, module_name

INSTANT = pa.timestamp("us", "UTC")
TYPES = [
    *(pa.bool_(), pa.int16(), pa.int32(), pa.int64(), pa.float32(), pa.float64(), pa.date32()),
    *(pa.timestamp("us"), INSTANT, pa.binary(), pa.string(), pa.decimal128(12, 2)),
    *(pa.decimal128(38, 9), pa.decimal128(5, 0)),
]
NAMES = st.text(min_size=1, max_size=12)


def column(name: str, type_: pa.DataType = TYPES[0], **changes: object) -> DescribedColumn:
    given = {"type": "some type", "nullable": False, **changes}
    return DescribedColumn(name=name, lands_as=type_, **given)


def described(*columns: DescribedColumn, **changes: object) -> Described:
    given = {"what": "table t", "key": (columns[0].name,), "estimated_rows": None}
    return Described(columns=columns, **{**given, "sampled_rows": None, **changes})


def loaded(text: str) -> Contract:
    module: dict[str, Contract] = {}
    exec(compile(text, "drafted", "exec"), module)
    return module["CONTRACT"]


def confirmed(text: str) -> str:
    """As if an owner had answered every question."""
    return text.replace('description=""', 'description="As its owner says"')


def test_a_draft_is_refused_until_its_columns_are_described() -> None:
    text = contract_text("it", described(column("a")))
    with pytest.raises(ContractError, match="column a has no description"):
        check(loaded(text))
    check(loaded(confirmed(text)))


def test_a_hint_stands_above_the_contract_for_its_owner_to_confirm() -> None:
    hinted = contract_text("it", described(column("a"), hint="it may be\nof another dialect"))
    assert "# CONFIRM it may be?of another dialect, and draft anew\nCONTRACT" in hinted
    assert loaded(hinted).name == "it"
    assert "another dialect" not in contract_text("it", described(column("a")))


def test_a_draft_without_a_key_is_refused_until_somebody_names_one() -> None:
    text = confirmed(contract_text("it", described(column("a"), key=())))
    with pytest.raises(ContractError, match="it needs a key"):
        check(loaded(text))


def test_every_type_that_a_source_can_tell_lands_as_that_type() -> None:
    columns = [column(f"c{n}", type_) for n, type_ in enumerate(TYPES)]
    contract = loaded(confirmed(contract_text("it", described(*columns))))
    check(contract)
    assert list(arrow_schema(contract.schema).types) == TYPES


def test_nothing_is_promised_that_only_an_owner_can_promise() -> None:
    """One instant is the event time, to be confirmed; of two, none is chosen."""
    one = loaded(contract_text("it", described(column("at", INSTANT))))
    two = loaded(contract_text("it", described(column("at", INSTANT), column("on", INSTANT))))
    assert (one.promises.event_time, two.promises.event_time) == ("at", None)
    assert one.promises.lag is one.promises.cadence is None
    assert not one.promises.missing


def test_what_may_be_missing_is_nullable_and_asks_how_much() -> None:
    text = contract_text("it", described(column("a"), column("b", nullable=True)))
    assert [c.nullable for c in loaded(text).schema.columns.values()] == [False, True]
    assert "missing={…: 0.02}, the share that may be missing of what a model needs:" in text


@given(
    names=st.lists(NAMES, min_size=1, max_size=4, unique=True),
    what=st.text(max_size=30),
    said=st.text(max_size=30),
)
def test_no_name_of_a_source_becomes_anything_but_a_name(
    names: list[str], what: str, said: str
) -> None:
    """Quotes, newlines, braces, code: all of it is data."""
    given = {"type": said, "comment": said, "rules": (ColumnRule(check="ne", values=(said,)),)}
    columns = [column(name, pa.string(), **given) for name in names]
    keys = (ForeignKey(column=what, dataset=said, theirs=said, unsaid=None),) * 2
    told = {"what": what, "key": tuple(names[:2]), "comment": said, "unsaid": (said,)}
    told |= {"doubt": said, "foreign_keys": (keys[0], replace(keys[0], unsaid=what))}
    text = contract_text("it", described(*columns, **told), reconcilable={said: said})
    text.encode()  # no lone surrogate
    contract = loaded(text)
    assert list(contract.schema.columns) == names
    assert [c.checks[0].statistics["value"] for c in contract.schema.columns.values()] == [
        said for _ in names
    ]
    assert contract.promises.reconciles[0].ours == what
    assert contract.promises.key == tuple(names[:2])
    assert len(text.splitlines()) == len(
        contract_text(
            "it",
            described(
                *(column(str(n), pa.string()) for n in range(len(names))),
                unsaid=("a",),
                doubt="a",
                foreign_keys=(keys[0], replace(keys[0], unsaid=what)),
            ),
            reconcilable={said: "a"},
        ).splitlines()
    )


@given(st.text())
def test_a_literal_is_one_line_of_python_for_any_text(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert len(literal(text).splitlines()) == 1


@given(st.text(alphabet=st.characters()))
def test_a_comment_is_one_line(text: str) -> None:
    assert len(f"# {comment(text)}".splitlines()) == 1


@given(st.from_regex(r"[a-z][a-z0-9_-]{0,62}", fullmatch=True) | st.sampled_from(keyword.kwlist))
def test_every_dataset_has_a_module_that_can_be_imported(dataset: str) -> None:
    name = module_name(dataset)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)


def test_a_column_that_no_type_holds_is_refused_until_somebody_decides() -> None:
    nan = column("b", None, rules=(ColumnRule(check="gt", values=(0.5,)),))
    text = confirmed(contract_text("it", described(column("a"), nan)))
    with pytest.raises(ContractError, match="column b has no type: give it one"):
        check(loaded(text))


def test_values_of_every_kind_are_written_as_they_are() -> None:
    values: list[object] = [
        *(5, Decimal("0.10"), 0.1, "a'b", date(2026, 1, 31)),
        *(datetime(2026, 1, 31, 1, 2, 3, 4), datetime(2026, 1, 31, tzinfo=UTC)),  # noqa: DTZ001
    ]
    rules = tuple(ColumnRule(check="isin", values=([value],)) for value in values)
    contract = loaded(contract_text("it", described(column("a", rules=rules))))
    checks = contract.schema.columns["a"].checks
    assert [one.statistics["allowed_values"] for one in checks] == [[value] for value in values]


def test_a_foreign_key_to_a_dataset_without_a_contract_is_said_and_not_promised() -> None:
    key = ForeignKey(column="a", dataset="customers", theirs="id", unsaid=None)
    text = contract_text("it", described(column("a"), foreign_keys=(key,)))
    assert not loaded(text).promises.reconciles
    assert "# TODO no reconciles says that a refers to customers.id: customers has no" in text


def test_control_characters_and_an_empty_table_are_allowed_and_to_be_confirmed() -> None:
    dirty = column("a", pa.string(), has_control_characters=True)
    promises = loaded(contract_text("it", described(dirty, is_empty=True))).promises
    assert promises.control_characters == ("a",)
    assert promises.volume.minimum == 0


def test_what_may_be_times_is_for_its_owner_to_confirm_and_never_promised() -> None:
    numbers = column("a", pa.int64(), time_written="epoch_ms")
    text = contract_text("it", described(numbers))
    assert '# CONFIRM times={"a": TimeFormat(written="epoch_ms")} and a type of times' in text
    assert not loaded(text).promises.times
