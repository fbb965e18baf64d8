"""`seatrial doctor --trace SOURCE`: one exchange of a source, shown so that it is understood."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from connectors.capabilities import Describes
from connectors.events import Answered, Event
from connectors.traced import Traced, Traces
from harness.errors import ConfigurationError, unknown
from harness.onboarding.doctor import row
from harness.onboarding.examine import Check, Standing
from harness.pilot import loading as pilots
from harness.pilot.connect import connect


def trace(  # noqa: PLR0913 - what to ask, from where, and where to print
    folder: Path | None,
    *,
    source: str,
    start: Path,
    environment: str,
    environ: Mapping[str, str],
    console: Console,
) -> int:
    """Print the first exchange of a dataset, given as `source.dataset`, or of the source's first;
    returns 4 if it could not be read, else 0. Raises ConfigurationError for a source or dataset
    that the pilot does not have, and for a source that is no API.
    """
    loaded = pilots.load_chosen(folder, start=start)
    name, _, asked = source.partition(".")
    names = [one.name for one in loaded.pilot.sources]
    if name not in names:
        raise unknown("source", name, names)
    references = loaded.references(environment, environ)
    connector = connect(loaded, environment, {name}, references)[name]
    if not (isinstance(connector, Traces) and isinstance(connector, Describes)):
        raise ConfigurationError(f"{name} is no API: give --trace a source of Rest(…)")
    dataset = asked or next(iter(connector.datasets), None)
    if dataset is None:
        raise ConfigurationError(f"{name} has no endpoint: add one in pilot.py")
    if dataset not in connector.datasets:
        raise unknown("dataset", source, (f"{name}.{one}" for one in connector.datasets))
    told: list[Event] = []
    lines = [
        Traced(what="dataset", says=f"{name}.{dataset}, its first page"),
        *connector.trace(dataset, emit=told.append),
    ]
    times = [f"{event.seconds:.3f} s" for event in told if isinstance(event, Answered)]
    lines.append(Traced(what="time", says=", ".join(times) or "no answer"))
    for line in lines:
        standing = Standing.NO_ANSWER if line.is_wrong else Standing.OK
        console.print(row(Check(what=line.what, standing=standing, says=line.says)))
    return 4 if any(line.is_wrong for line in lines) else 0
