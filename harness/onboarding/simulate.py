"""`seatrial simulate`: tries a pilot's promises on a virtual calendar, and asks no source."""

from __future__ import annotations

import typing
from collections.abc import Callable, Sequence
from datetime import date, time

from connectors.files.connector import Files
from harness.pilot.model import LoadedPilot, Source
from harness.pilot.plan import select_datasets
from harness.pins import baseline, reference
from harness.simulate.figures import Outlook, exit_code, look_ahead
from harness.simulate.page import dataset_lines, end_lines
from harness.simulate.subject import Subject
from harness.simulate.trials import PLANTED


def simulate(  # noqa: PLR0913 - which nights of which datasets
    loaded: LoadedPilot,
    *,
    datasets: Sequence[str],
    nights: int,
    seed: int,
    first: date,
    say: Callable[[str], None],
) -> int:
    """Say how each dataset's faults would ring; returns the exit code, 4 where a contract cannot
    be judged.

    Raises ConfigurationError for an unknown dataset and for a damaged pin.
    """
    chosen = select_datasets(loaded.pilot, datasets)
    subjects = {one.name: one for one in subjects_of(loaded, nights=nights, first=first)}
    say(
        f"{loaded.pilot.name}: {nights} virtual nights from {first}, {PLANTED} faults of each kind"
    )
    say(f"seed {seed}: --nights {nights} --seed {seed} repeats it")
    outlooks = list[Outlook]()
    problems = 0
    for source, dataset in chosen:
        say("")
        if problem := loaded.problems.get((source, dataset)):
            problems += 1
            say(f"{source}.{dataset} cannot be judged: {problem}")
            continue
        outlooks.append(look_ahead(subjects[f"{source}.{dataset}"], seed=seed))
        for line in dataset_lines(outlooks[-1]):
            say(line)
    say("")
    for line in end_lines(outlooks):
        say(line)
    return 4 if problems else exit_code(outlooks)


def subjects_of(loaded: LoadedPilot, *, nights: int, first: date) -> list[Subject]:
    """Every dataset of the pilot that can be judged."""
    approved, pinned = baseline.baselines(loaded), reference.load(loaded)
    return [
        Subject(
            source=source.name,
            dataset=contract.name,
            promises=contract.promises,
            columns=tuple(contract.schema.columns),
            is_files=brings_files(source),
            first=first,
            nights=nights,
            read_at=time.fromisoformat(loaded.settings.nightly.at),
            zone=loaded.zone,
            baseline=approved.get((source.name, contract.name)),
            reference=pinned.get(f"{source.name}.{contract.name}"),
        )
        for source in loaded.pilot.sources
        for contract in source.contracts
        if (source.name, contract.name) not in loaded.problems
    ]


def brings_files(source: Source) -> bool:
    """Whether the source says in the type of its `connect` that it brings files: building the
    connector would need its address and variables.
    """
    try:
        returns = typing.get_type_hints(source.connect).get("return")
    except (NameError, TypeError, AttributeError):
        return False
    return isinstance(returns, type) and issubclass(returns, Files)
