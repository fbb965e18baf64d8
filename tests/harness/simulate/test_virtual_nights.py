"""The virtual nights are what a run would have recorded, and what a good source promised."""

from __future__ import annotations

from random import Random

import pytest

from connectors.events import DeclaredColumn, declare_names
from harness.claims.judge import judge_dataset
from harness.simulate import schema, values
from harness.simulate.dues import DAY
from harness.simulate.faults import Fault
from harness.simulate.feed import moments, sent
from harness.simulate.night import reading
from harness.simulate.planting import plant
from harness.simulate.trials import places, run_clean
from tests.harness.simulate.subjects import DECLARED, HOUR, PINNED, subject


@pytest.mark.parametrize("fault", [Fault.EMPTY, Fault.REPEATED, Fault.MISSING, Fault.STILL])
@pytest.mark.parametrize("claim", ["arrives", "fresh"])
def test_the_latest_reading_of_files_tells_what_all_of_them_do(fault: Fault, claim: str) -> None:
    one = subject(is_files=True, nights=60)
    clean = run_clean(one, Random(1))
    n, night = places(clean, fault)[0]
    seen, now = plant(fault, clean.seen, n, Random(1)), moments(one)
    made = [reading(seen, one.first + k * DAY, now[k]) for k in range(night + 3)]
    taken = [each for each in made if each is not None]
    alone = judge_dataset(claim, one.promises, taken[-1:])
    assert judge_dataset(claim, one.promises, taken).outcome is alone.outcome


@pytest.mark.parametrize("is_files", [True, False])
def test_a_good_source_uses_its_promises_up(*, is_files: bool) -> None:
    """Files three quarters of the lag at most, a table always the same of it; rows over the whole
    promised volume.
    """
    one = subject(is_files=is_files, nights=400)
    came = [each for seed in range(8) for each in sent(one, Random(seed))]
    waited = [each.available - each.newest for each in came]
    assert 12 * HOUR < max(waited) < 24 * HOUR
    assert min(each.rows for each in came) < 150
    assert max(each.rows for each in came) > 950


def test_a_changed_column_is_another_declaration() -> None:
    chance = Random(1)
    new, name = schema.renamed(DECLARED, chance)
    assert name not in {column.name for column in new.columns}
    less, name = schema.removed(DECLARED, chance)
    assert len(less.columns) == len(DECLARED.columns) - 1
    assert name not in {column.name for column in less.columns}
    assert len(schema.added(DECLARED).columns) == len(DECLARED.columns) + 1
    assert schema.narrowed(DECLARED, chance) != DECLARED
    untyped = declare_names(["a", "b"], by="header")
    assert schema.narrowed(untyped, chance) == untyped


@pytest.mark.parametrize(
    ("type_", "can"),
    [
        ("bigint", True),
        ("varchar(15)", True),
        ("numeric(12, 2)", True),
        ("timestamp with time zone", False),
        ("varchar(1)", False),
        (None, False),
    ],
)
def test_a_type_is_narrowed_where_there_is_a_narrower_one(type_: str | None, *, can: bool) -> None:
    assert schema.narrowable(DeclaredColumn(name="a", type=type_, nullable=None)) is can


def test_drifted_values_are_as_many_as_before() -> None:
    moved = values.drift(PINNED.profile, Random(1))
    [before], [after] = PINNED.profile.columns, values.draw(moved, Random(1)).columns
    assert before.categories is not None
    assert after.categories is not None
    assert sum(after.categories.counts) == sum(before.categories.counts)
    assert after.categories.counts[-1] > 1_500
