"""Digests that ledgers hold: the numbers of the first form and of today's, for fixed contracts.

`digests_v1.json` was written before the second form was; neither file is ever written again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from importlib import import_module
from pathlib import Path

import pytest

from contracts.digest import digests
from contracts.digest_v1 import digest_v1
from contracts.promises import Contract, Promises
from tests.golden.contract import CONTRACT

HERE = Path(__file__).parent
FORMER, CURRENT = (json.loads((HERE / f"digests_v{n}.json").read_text()) for n in (1, 2))


def named(name: str) -> Contract:
    if name == "golden":
        return CONTRACT
    found = import_module(f"estate.demo.contracts.{name}").CONTRACT
    assert isinstance(found, Contract)
    return found


@pytest.mark.parametrize("name", FORMER)
def test_the_digests_of_a_contract_stay_what_they_were(name: str) -> None:
    found = digests(named(name))
    assert (found.former, found.current) == (FORMER[name], CURRENT[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Later(Promises):
    retention: int | None = None


@pytest.mark.parametrize(("retention", "former"), [(None, FORMER["golden"]), (7, None)])
def test_the_first_form_is_offered_only_for_what_it_can_say(
    retention: int | None, former: str | None
) -> None:
    now = CONTRACT.promises
    kept = {field.name: getattr(now, field.name) for field in fields(now)}
    later = replace(CONTRACT, promises=Later(**kept, retention=retention))
    assert digest_v1(later) == former
