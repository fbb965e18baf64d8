"""A situation: something real that happens to a source, and the one thing that may be said of it.

A room of situations is a file beside this one with `SITUATIONS`; `tests/truth/rooms.py` lists
them. Each is proven by a whole run against a real server: in the tests, and by `bench truth`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import pandera.polars as pa
import polars as pl

from connectors.connector import Connector
from contracts.checks import check
from contracts.promises import Contract, Promises, SourcePromises
from harness.clock import Clock
from harness.facts import EvidenceClass
from harness.pilot.model import LoadedPilot, Pilot, Source
from harness.pilot.plan import plan
from harness.pilot.settings import Environment, Settings
from harness.pilot.strict_yaml import Document
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.verdict import Outcome, Verdict
from tests.connectors.crm_fixture import Database, database

KINDS: Mapping[int, str] = {
    1: "a count over something that moves",
    2: "a listing instead of a delivery",
    3: "a snapshot older than its lock",
    4: "a reading that was not whole",
    5: "not understood is not no more",
    6: "what is left of one exchange",
    7: "the commonest case was not tried",
    8: "no answer taken as yes",
    9: "a conversion before we look",
    10: "a rule that is not the rule",
    11: "the same rule written twice",
}


class Ground:
    """Where situations happen: fresh folders, and one PostgreSQL, started when first asked for."""

    def __init__(self) -> None:
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def folder(self) -> Path:
        """A new folder."""
        return Path(self._ends.enter_context(TemporaryDirectory(prefix="st-")))

    @cached_property
    def postgresql(self) -> Database:
        """A database and its owner's way in; give each situation tables of its own."""
        return self._ends.enter_context(database())


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One row of the table."""

    kind: int
    """Of KINDS."""
    source: str
    """`REST`, `PostgreSQL`, `CSV`, `Parquet`, `S3`, `SFTP`, `any`."""
    name: str
    """What is so, in a few words; unique."""
    claim: str
    right: Outcome
    judge: Callable[[Ground], Verdict]
    """Makes it so on a real server, proves, and gives the verdict of `claim`."""


def contract(
    name: str, columns: Mapping[str, pa.Column], promises: Promises | None = None, **schema: object
) -> Contract:
    """A contract of these columns, whose first is the key; each gets a description."""
    described = {column: _described(held) for column, held in columns.items()}
    return Contract(
        name=name,
        promises=promises or Promises(key=(next(iter(columns)),)),
        schema=pa.DataFrameSchema(described, strict=True, **schema),
    )


NUMBER = pa.Column(pl.Int64)


@dataclass(slots=True, kw_only=True)
class Trial:
    """A pilot of one source, proven as often as a situation needs; its ledger stays in `out`."""

    ground: Ground
    connector: Connector
    contracts: tuple[Contract, ...]
    promises: SourcePromises = field(default_factory=SourcePromises)
    out: Path = field(init=False)

    def __post_init__(self) -> None:
        self.out = self.ground.folder()

    def prove(
        self, *, claim: str, dataset: str | None = None, at: datetime | None = None, **run: Any
    ) -> Verdict:
        """The verdict of one claim, of a whole run of all claims; `at` stands in for now, and
        `run` changes what else the run is of.
        """
        loaded = self._loaded()
        now = datetime.now(UTC) if at is None else at
        config = RunConfig(
            loaded=loaded,
            environment="dev",
            slot=now.date(),
            planned=plan(loaded.pilot),
            out=self.out,
            environ={},
            clock=Clock(now=(lambda: now) if at else (lambda: datetime.now(UTC))),
        )
        config = replace(config, **run)
        return next(
            judged.verdict
            for judged in prove(config, workplace=in_process).judged
            if judged.planned.claim == claim and dataset in (None, judged.planned.dataset)
        )

    def _loaded(self) -> LoadedPilot:
        source = Source(
            name="it",
            connect=lambda _: self.connector,
            contracts=self.contracts,
            promises=self.promises,
        )
        environment = Environment(evidence_class=EvidenceClass.SIMULATED, sources={"it": {}})
        return LoadedPilot(
            pilot=Pilot(name="truth", sources=(source,)),
            settings=Settings(title="Truth", environments={"dev": environment}),
            document=Document(path=Path("pilot.yaml"), value=None),
            folder=self.out,
            digests={("it", one.name): check(one) for one in self.contracts},
            problems={},
        )


def proven(
    ground: Ground, connector: Connector, held: Contract, *, claim: str, **promises: object
) -> Verdict:
    """One run over one dataset."""
    of_source = SourcePromises(**promises)
    trial = Trial(ground=ground, connector=connector, contracts=(held,), promises=of_source)
    return trial.prove(claim=claim)


def _described(column: pa.Column) -> pa.Column:
    if not column.description:
        column.description = "As the source writes it"
    return column
