"""`seatrial draft`: ask a source what its datasets look like; write contracts' first form."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from connectors.capabilities import Describes
from connectors.errors import SourceError
from connectors.events import Event
from harness.atomic_write import BY_UMASK
from harness.errors import ConfigurationError, unknown
from harness.folders import make_file
from harness.onboarding.draft_text import MARK, contract_text, module_name
from harness.pilot.connect import connect
from harness.pilot.model import LoadedPilot
from harness.say import say

__all__ = ["MARK", "draft", "show", "write"]


def draft(
    loaded: LoadedPilot,
    *,
    environment: str,
    source: str,
    datasets: Sequence[str],
    environ: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Each dataset with its module's text: those named, or all that have no contract yet.

    Raises ConfigurationError for a name that the pilot does not have, SourceError where the source
    gives no answer to draft from.
    """
    names = [one.name for one in loaded.pilot.sources]
    if source not in names:
        raise unknown("source", source, names)
    references = loaded.references(environment, environ)
    connector = connect(loaded, environment, {source}, references)[source]
    if not isinstance(connector, Describes):
        raise SourceError(f"{source} cannot say what it holds: write its contracts by hand")
    for dataset in datasets:
        if dataset not in connector.datasets:
            raise unknown(f"dataset of {source}", dataset, connector.datasets)
    promised = {contract.name for contract in loaded.source(source).contracts}
    chosen = datasets or [name for name in connector.datasets if name not in promised]
    if not chosen:
        raise ConfigurationError(
            f"source {source} names no dataset without a contract: name one more in pilot.py, "
            "or say --dataset to draft one anew"
        )
    for dataset in chosen:
        yield dataset, contract_text(dataset, connector.describe(dataset, emit=_unheard))


def write(drafts: Iterator[tuple[str, str]], folder: Path) -> Iterator[Path]:
    """Put each draft into `folder`, as a module of its own; nothing is overwritten."""
    if not (folder / "__init__.py").is_file():
        raise ConfigurationError(f"{folder} is no package: make it with an empty __init__.py")
    for dataset, text in drafts:
        path = folder / f"{module_name(dataset)}.py"
        try:
            with os.fdopen(make_file(path, BY_UMASK), "w", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError as error:
            raise ConfigurationError(f"{path} is there already: remove it first") from error
        except OSError as error:
            raise ConfigurationError(f"{path}: {error.strerror}") from error
        yield path


def show(drafts: Iterator[tuple[str, str]]) -> None:
    """Print the drafts."""
    for _, text in drafts:
        for line in text.splitlines():
            say(line)


def _unheard(_event: Event) -> None:
    """Nothing of it belongs to a run."""
