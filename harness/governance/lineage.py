"""Source column → contract → field of the model, as a graph; pure.

What a contract does not have stays in the graph, with the word for what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.classification import Class
from contracts.promises import Contract
from harness.governance.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One column that a field of the model is made of."""

    source: str
    dataset: str
    column: str
    contract: str | None
    """The contract's digest; None where the pilot has no such data set, or cannot judge it."""
    type: str | None
    """As the contract has it; None where the contract has no such column."""
    described: str
    sensitivity: Class | None
    """As somebody classed it; None where nobody did."""
    read: bool
    """Whether the column was in the newest reading of its data set."""

    @property
    def name(self) -> str:
        """`source.dataset.column`."""
        return f"{self.source}.{self.dataset}.{self.column}"

    @property
    def wrong(self) -> str | None:
        """What the contract lacks, as a clause."""
        if self.type is None:
            return f"its contract has no {self.column}" if self.contract else "no contract has it"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the model, with the columns that it is made of."""

    name: str
    how: str | None
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """All fields of one model."""

    model: str
    fields: tuple[Field, ...]
    predicts: str | None = None
    """The field that it learns to predict, which no decision is given."""

    @property
    def given(self) -> Graph:
        """What a decision is made of alone."""
        fields = tuple(one for one in self.fields if one.name != self.predicts)
        return Graph(model=self.model, fields=fields)

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Every column once, in the order of the fields."""
        return tuple({one.name: one for field in self.fields for one in field.origins}.values())

    @property
    def datasets(self) -> tuple[tuple[str, str], ...]:
        """Every data set that the model needs, once, with its source."""
        return tuple(dict.fromkeys((one.source, one.dataset) for one in self.origins))


def graph(known: Known) -> Graph | None:
    """The lineage that the pilot declares, held against its contracts and newest readings; None
    where it declares none.
    """
    declared = known.governance.lineage
    if declared is None:
        return None
    contracts = {
        (source.name, contract.name): contract
        for source in known.loaded.pilot.sources
        for contract in source.contracts
    }
    return Graph(
        model=declared.model,
        predicts=declared.predicts,
        fields=tuple(
            Field(
                name=name,
                how=field.how,
                origins=tuple(_origin(known, contracts, column) for column in field.columns),
            )
            for name, field in declared.fields.items()
        ),
    )


def _origin(known: Known, contracts: Mapping[tuple[str, str], Contract], name: str) -> Origin:
    source, dataset, column = name.split(".", 2)
    where = (source, dataset)
    contract, digests = contracts.get(where), known.loaded.digests.get(where)
    found = contract.schema.columns.get(column) if contract and digests else None
    reading = known.readings.get(where)
    return Origin(
        source=source,
        dataset=dataset,
        column=column,
        contract=digests.current if digests else None,
        type=None if found is None or contract is None else _type(contract, column),
        described=(found.description or "") if found else "",
        sensitivity=contract.classified.get(column) if contract else None,
        read=reading is not None and column in reading[2].columns,
    )


def _type(contract: Contract, column: str) -> str:
    from contracts.arrow_schema import arrow_schema, type_text

    return type_text(arrow_schema(contract.schema).field(column).type)
