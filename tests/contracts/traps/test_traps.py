"""Each engine answers each trap right, or refuses it. What it refuses is known by name."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.contracts.traps.engines import ENGINES, Engine
from tests.contracts.traps.rooms import TRAPS
from tests.contracts.traps.trap import Trap

by_engine = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)


@by_engine
@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.title)
def test_an_engine_answers_right_or_refuses(tmp_path, engine: Engine, trap: Trap):
    result = engine.evaluate(trap.contract, trap.land(tmp_path))
    count = trap.found(result.rules)
    refuses = trap.right is None or trap.title in engine.refused
    if refuses:
        assert (count.checked, count.failed) == (0, 0)
        assert count.error
    else:
        assert (count.checked, count.failed, count.error) == (result.rows, trap.right, None)


def test_no_two_traps_have_one_title():
    assert not [title for title, n in Counter(trap.title for trap in TRAPS).items() if n > 1]


@by_engine
def test_what_an_engine_refuses_is_a_trap_and_few_are(engine: Engine):
    titles = {trap.title for trap in TRAPS if trap.right is not None}
    assert engine.refused <= titles
    assert len(engine.refused) <= len(titles) / 10
