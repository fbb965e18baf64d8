"""The demo's datasets, read as the product reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pyarrow as pa

import estate
from connectors.connector import Connector
from connectors.events import Event
from contracts.arrow_schema import arrow_schema
from contracts.promises import Contract
from harness.clock import Clock
from harness.facts import Reading
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.connect import connect
from harness.pilot.model import LoadedPilot
from harness.run.dataset import read_dataset
from harness.run.landing import Landing
from harness.run.recorder import Recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One dataset and how to read it."""

    source: str
    connector: Connector
    contract: Contract

    @property
    def schema(self) -> pa.Schema:
        """The types in which its rows land."""
        return arrow_schema(self.contract.schema)

    def at(self, connector: Connector) -> Subject:
        """The same dataset read from another place."""
        return replace(self, connector=connector)


@cache
def loaded() -> LoadedPilot:
    """The demo's pilot."""
    return loading.load(Path(estate.__file__).parent / "demo")


def subjects(environ: Mapping[str, str]) -> dict[str, Subject]:
    """All datasets of the demo by name, connected as `environ` says."""
    sources = loaded().pilot.sources
    references = loaded().references("dev", environ)
    connectors = connect(loaded(), "dev", {source.name for source in sources}, references)
    return {
        contract.name: Subject(
            source=source.name, connector=connectors[source.name], contract=contract
        )
        for source in sources
        for contract in source.contracts
    }


def taken(
    subject: Subject, into: Path, *, log: Callable[[Event], None] = lambda _: None
) -> tuple[Reading, Landing]:
    """Read and land one dataset; a reading that is not whole is no measurement."""
    recorder = Recorder(
        source=subject.source,
        contract=subject.contract,
        slot=utc_now().date(),
        clock=Clock(now=utc_now),
        on_event=log,
    )
    reading, landing = read_dataset(subject.connector, recorder, into=into)
    if landing is None or not reading.rows or reading.witness is None:
        raise RuntimeError(f"{subject.contract.name} could not be read: {reading.failure}")
    return reading, landing
