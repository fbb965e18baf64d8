"""Two versions of a file of contracts, loaded one after the other and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.checks import check
from contracts.digest import Digests
from contracts.promises import Contract
from harness.onboarding.contract_diff import Difference, differences
from harness.onboarding.contract_lint import lint, require_good
from harness.pilot.contract_file import load_contracts


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What is to be told, and whether it breaks who relies on the first version."""

    lines: list[str]
    is_breaking: bool


def compare(before: Path, now: Path) -> Compared:
    """Compare the contracts of two files. Raises ConfigurationError if one cannot be judged."""
    old, new = _good(before), _good(now)
    found = differences(old, new)
    lines = [_tell(one) for one in found]
    lines += _digests(old, new, is_told=bool(found))
    return Compared(lines=lines, is_breaking=any(one.is_breaking for one in found))


def _good(file: Path) -> list[Contract]:
    require_good(lint(file), file)
    return [one.contract for one in load_contracts(file)]


def _tell(one: Difference) -> str:
    effect = "breaking" if one.is_breaking else "compatible"
    return f"contract {one.contract}: {one.text} ({effect})"


def _digests(
    before: Sequence[Contract], now: Sequence[Contract], *, is_told: bool
) -> Iterator[str]:
    """What becomes of the nights that were recorded under the first version."""
    old = {contract.name: check(contract) for contract in before}
    both = [contract for contract in now if contract.name in old]
    for contract in both:
        if _are_other(old[contract.name], check(contract)):
            yield (
                f"contract {contract.name}: its digest is another: nights that were proven under "
                "the first version count no longer under the second"
            )
        elif not is_told:
            yield f"contract {contract.name}: as before; what was proven still counts"


def _are_other(before: Digests, now: Digests) -> bool:
    return before.current != now.current
