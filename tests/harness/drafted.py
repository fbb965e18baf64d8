"""A draft as its owner answers it, held against the very table that it was drafted from."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.capabilities import Described
from connectors.sql.connector import Sql
from contracts.arrow_schema import arrow_schema
from contracts.checks import check
from contracts.engines import evaluate
from contracts.evaluation import RuleCount
from contracts.promises import Contract, ContractError
from contracts.rules import Kind, plan_rules
from harness.onboarding.draft_text import contract_text
from tests.conformance import read


@dataclass(frozen=True, kw_only=True)
class Held:
    """What came of it."""

    described: Described
    contract: Contract
    refused: str | None = None
    """Why the contract is refused before anything is read."""
    failed: tuple[tuple[str, str | None, int], ...] = ()
    """Rules that did not pass on every row."""

    @property
    def types(self) -> dict[str, str]:
        return {name: str(column.dtype) for name, column in self.contract.schema.columns.items()}


def loaded(text: str) -> Contract:
    """The contract of a module whose descriptions somebody filled in."""
    module: dict[str, Contract] = {}
    filled = text.replace('description=""', 'description="As its owner says"')
    exec(compile(filled, "drafted", "exec"), module)
    return module["CONTRACT"]


def hold(connector: Sql) -> Held:
    """Draft the dataset `it`, fill it in, read it and hold it against its contract."""
    described = connector.describe("it", emit=lambda _: None)
    contract = loaded(contract_text("it", described))
    try:
        check(contract)
    except ContractError as error:
        return Held(described=described, contract=contract, refused=str(error))
    table = read(connector, "it", arrow_schema(contract.schema)).table
    rules = _judged(contract, table)
    failed = tuple((r.rule, r.column, r.failed) for r in rules if r.failed or r.error)
    return Held(described=described, contract=contract, failed=failed)


def rejected(connector: Sql, contract: Contract) -> int:
    """How many values of the table's columns the contract's checks reject."""
    table = read(connector, "it", arrow_schema(contract.schema)).table
    counted = zip(_judged(contract, table), plan_rules(contract), strict=True)
    return sum(count.failed for count, rule in counted if rule.kind is Kind.CHECK)


def _judged(contract: Contract, table: pa.Table) -> Sequence[RuleCount]:
    with tempfile.TemporaryDirectory(prefix="st-") as folder:
        path = Path(folder) / "it.parquet"
        pq.write_table(table, path)
        return evaluate(contract, path).rules
