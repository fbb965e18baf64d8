"""`seatrial draft`: ask a source what its datasets look like; write contracts' first form."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.capabilities import Describes, DescribesSchemas, in_one_session
from connectors.connector import Connector
from connectors.errors import SourceError, SourceUnavailable
from connectors.events import Emit, Event
from harness.atomic_write import BY_UMASK
from harness.errors import ConfigurationError, one_line, unknown
from harness.folders import make_file
from harness.limits import HOUR, reached
from harness.onboarding.draft_literals import literal
from harness.onboarding.draft_text import MARK, contract_text, module_name
from harness.pilot.connect import connect
from harness.pilot.model import LoadedPilot
from harness.say import complain, say

__all__ = ["Draft", "Drafts", "plan_drafts", "show", "show_tables", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The contract of one dataset, as Python text."""

    dataset: str
    text: str
    doubt: str | None
    """Why it was not held against all rows; None where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What to draft of one source."""

    source: str
    connector: Connector
    datasets: Sequence[str]
    covered: frozenset[str]
    """Datasets that have a contract already."""
    fresh: Mapping[str, str]
    """Of datasets that pilot.py does not name yet, the table."""
    hours: float
    """How long one of them may take: `limits:` of pilot.yaml."""
    clock: Callable[[], float] = time.monotonic

    def texts(self, tell: Callable[[str], None] = complain) -> Iterator[Draft]:
        """The draft of each dataset. What could not be drafted comes after the others, a line
        for each reason: a single one is raised as SourceError, several are told before it.
        """
        beside = {name: f"{self.source}.{name}" for name in {*self.datasets, *self.covered}}
        failures: dict[str, list[str]] = {}
        with in_one_session(self.connector) as kept:
            describes = _describing(self.source, kept)
            for dataset in self.datasets:
                try:
                    described = describes.describe(dataset, emit=self._limited())
                except SourceError as error:
                    failures.setdefault(one_line(error), []).append(beside[dataset])
                    continue
                text = contract_text(dataset, described, reconcilable=beside)
                yield Draft(dataset=dataset, text=text, doubt=described.doubt)
        told = [f"{', '.join(names)}: {why}" for why, names in failures.items()]
        if len(told) == 1:
            raise SourceError(told[0])
        if told:
            for line in told:
                tell(line)
            count = sum(map(len, failures.values()))
            raise SourceError(f"{count} datasets could not be drafted: see each above")

    def _limited(self) -> Emit:
        """End a description that takes too long at the source's next answer."""
        end = self.clock() + self.hours * HOUR

        def emit(_event: Event) -> None:
            if self.clock() > end:
                raise SourceUnavailable(reached("hours", f"{self.hours:g}"))

        return emit


def plan_drafts(  # noqa: PLR0913 - the options of the command
    loaded: LoadedPilot,
    *,
    environment: str,
    source: str,
    datasets: Sequence[str],
    schema: str | None,
    environ: Mapping[str, str],
) -> Drafts:
    """The datasets named, or all of a schema, or all that have no contract yet.

    Raises ConfigurationError for a name that the pilot does not have, SourceError where the source
    gives no answer to draft from.
    """
    if schema is not None and datasets:
        raise ConfigurationError("give --dataset or --schema, not both")
    names = [one.name for one in loaded.pilot.sources]
    if source not in names:
        raise unknown("source", source, names)
    references = loaded.references(environment, environ)
    connector = connect(loaded, environment, {source}, references)[source]
    known = _describing(source, connector).datasets
    promised = frozenset(contract.name for contract in loaded.source(source).contracts)
    tables: Mapping[str, str] = {}
    if schema is not None:
        if not isinstance(connector, DescribesSchemas):
            raise ConfigurationError(f"{source} has no schemas: leave --schema out")
        connector, tables = connector.of_schema(schema, emit=_unheard)
    fresh = {name: table for name, table in tables.items() if name not in known}
    # prove and its report name a dataset with its source
    datasets = [d if d in known else d.removeprefix(f"{source}.") for d in datasets]
    for dataset in datasets:
        if dataset not in known:
            raise unknown(f"dataset of {source}", dataset, known)
    offered = known if schema is None else tables
    chosen = datasets or [name for name in offered if name not in promised]
    if not chosen:
        raise ConfigurationError(_nothing_left(source, schema))
    return Drafts(
        source=source,
        connector=connector,
        datasets=chosen,
        covered=promised,
        fresh=fresh,
        hours=loaded.limits.hours,
    )


def _describing(source: str, connector: Connector) -> Describes:
    if not isinstance(connector, Describes):
        raise SourceError(f"{source} cannot say what it holds: write its contracts by hand")
    return connector


def _nothing_left(source: str, schema: str | None) -> str:
    if schema is not None:
        return f"every table of {schema} has a contract: say --dataset to draft one anew"
    return (
        f"source {source} names no dataset without a contract: name one more in pilot.py, "
        "add --schema NAME to draft all tables of one, or --dataset D to draft one anew"
    )


def write(drafts: Iterator[Draft], folder: Path) -> Iterator[tuple[Path, str]]:
    """Put each draft into `folder`, as a module of its own. A module that is there is left as it
    is: each path comes with what was done and what is to do.
    """
    if not (folder / "__init__.py").is_file():
        raise ConfigurationError(f"{folder} is no package: make it with an empty __init__.py")
    for draft in drafts:
        path = folder / f"{module_name(draft.dataset)}.py"
        try:
            with os.fdopen(make_file(path, BY_UMASK), "w", encoding="utf-8") as file:
                file.write(draft.text)
        except FileExistsError:
            yield path, "is there already, and left as it is"
        except OSError as error:
            raise ConfigurationError(f"{path}: {error.strerror}: correct that") from error
        else:
            yield path, f"answer what says {MARK}, then list it in pilot.py"
            if draft.doubt is not None:
                yield path, f"not all rows were looked at: {draft.doubt}, and draft anew"


def show(drafts: Iterator[Draft]) -> None:
    """Print the drafts."""
    for draft in drafts:
        for line in draft.text.splitlines():
            say(line)


def show_tables(tables: Mapping[str, str]) -> None:
    """Say how pilot.py names the tables of a schema."""
    say("# in pilot.py, among the tables of this source:")
    for dataset, table in tables.items():
        say(f"#     {literal(dataset)}: {literal(table)},")


def _unheard(_event: Event) -> None:
    """Nothing of it belongs to a run."""
