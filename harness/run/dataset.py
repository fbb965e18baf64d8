"""Reading one dataset: read, landed and summed up as a fact, whole or failed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from connectors.capabilities import read_whole
from connectors.connector import Connector
from contracts.arrow_schema import arrow_schema, with_formats
from contracts.evaluation import Profile
from harness import tags
from harness.facts import Failure, Reading
from harness.run.failure import failure_of
from harness.run.groups import GroupTally
from harness.run.landing import Landing, write_parquet
from harness.run.recorder import Recorder


def read_dataset(
    connector: Connector, recorder: Recorder, *, into: Path, grid: Profile | None = None
) -> tuple[Reading, Landing | None]:
    """Read the recorder's dataset, land it in the file `into` and count its values on `grid`.

    Never raises for what a source does: that is the fact's `failure`, also where rows were lost
    on the way. A failed reading leaves no file behind.
    """
    contract, tally = recorder.contract, None
    if grid is not None:
        from contracts.profile import Tally  # polars costs a tenth of a second to import

        tally = partial(Tally, contract, grid)

    promised, groups = contract.promises.groups, None
    if promised is not None:
        groups = partial(GroupTally, contract, promised.by)

    def land() -> Landing:
        recorder.begin_again()
        schema = with_formats(arrow_schema(contract.schema), contract.promises.times)
        return write_parquet(
            connector.read(contract.name, schema=schema, emit=recorder.emit),
            into,
            event_time=contract.promises.event_time,
            event_zone=contract.promises.event_zone,
            landed=recorder.landed,
            least_free=recorder.limits.free_disk,
            tally=tally,
            groups=groups,
        )

    landing: Landing | None = None
    failure: Failure | None = None
    try:
        landing = read_whole(connector, contract.name, land, emit=recorder.emit)
    except Exception as error:  # noqa: BLE001 - whatever ends a reading is a fact about it
        failure = failure_of(error)
    if landing is not None and (lacking := _lacking(recorder, landing)):
        landing.path.unlink()
        landing, failure = None, Failure(kind=tags.SOURCE_CHANGED, message=lacking)
    return recorder.reading(landing, failure), landing


def _lacking(recorder: Recorder, landing: Landing) -> str | None:
    """Why what landed differs from what the source holds; None if it does not."""
    completed = recorder.sums.completed
    if completed is None:
        return "the reader ended before the source did"
    if completed.rows != landing.whole.rows:
        return f"{completed.rows} rows were read and {landing.whole.rows} landed: report it"
    if not set(landing.columns).intersection(recorder.contract.schema.columns):
        # Where a header is missing, the first row takes its place: names would show data.
        return (
            "none of the contract's columns came: send their names, or correct the contract or "
            "how pilot.py reads them (seatrial draft says)"
        )
    return None
