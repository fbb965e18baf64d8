"""`seatrial contract lint`: what is wrong with the contracts of a file, each with its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contracts.checks import check, problems
from harness.claims.wording import count
from harness.errors import ConfigurationError
from harness.pilot.contract_file import Written, load_contracts
from harness.pilot.loading import describe_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What was found in one file."""

    lines: list[str]
    """One for each problem, with file and line; for each good contract what it reads."""
    bad: int
    """Contracts with a problem."""
    contracts: int


def lint(file: Path) -> Linted:
    """All problems of all contracts in a file. Raises ConfigurationError where it makes none."""
    written = load_contracts(file)
    found = {id(one): _problems(one) for one in written}
    lines = [line for one in written for line in (found[id(one)] or [_good(one)])]
    bad = sum(bool(problems_of) for problems_of in found.values())
    return Linted(lines=lines, bad=bad, contracts=len(written))


def require_good(linted: Linted, file: Path) -> None:
    """Raise ConfigurationError if a contract is bad."""
    if linted.bad:
        raise ConfigurationError(
            f"{file}: {linted.bad} of {count(linted.contracts, 'contract')} cannot be judged: "
            "correct each line above"
        )


def _good(one: Written) -> str:
    columns = count(len(one.contract.schema.columns), "column")
    return f"{one.file}:{one.line}: contract {one.contract.name}: {columns}, nothing to correct"


def _problems(one: Written) -> list[str]:
    name = f"contract {one.contract.name}: "
    try:
        if found := problems(one.contract):
            return [f"{one.where(problem)}: {name}{problem}" for problem in found]
        check(one.contract)
    except Exception as error:  # noqa: BLE001 - a contract is a program
        told = describe_problem(one.contract, error)
        return [f"{one.where(told.removeprefix(name))}: {told}"]
    return []
