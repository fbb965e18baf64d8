"""A Dagster run is one run of ours: one ledger entry chain, one lock, one plan.

It opens when Dagster sets up its resources and ends when Dagster tears them down. FINISHED means
that every verdict planned for the selection was judged, with or without evidence written from it;
anything less, be it a failed step, a cancelled or a killed run, is INTERRUPTED.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import dagster as dg

from harness.dagster.sentence import in_one_sentence
from harness.errors import ConfigurationError, Unfinished

if TYPE_CHECKING:
    from harness.run.config import RunConfig
    from harness.run.run import Run

SLOT_TAG = "seatrial/slot"
"""A run's tag with the night it is recorded for; without it, the one on which it was due."""

DUE_TAG = "seatrial/due"
"""A scheduled run's tag with its tick. A run that is executed again has it, too: it then comes too
late to be of that night (`harness/claims/nights.py`)."""

USER_TAG = "seatrial/user"
"""A run's tag with the person who started it, as `seatrial ui` knows them."""

_LAUNCHERS = {"schedule": "dagster/schedule_name", "sensor": "dagster/sensor_name"}

Configure: TypeAlias = "Callable[[dg.DagsterRun], RunConfig]"
"""What a Dagster run is of; ConfigurationError for one that cannot be."""


def due_at(tags: Mapping[str, str], *, now: datetime) -> datetime:
    """When the schedule was due; now, for a run by hand. ConfigurationError for a tag that is no
    time with a zone.
    """
    due = tags.get(DUE_TAG)
    if due is None:
        return now
    try:
        at = datetime.fromisoformat(due)
    except ValueError:
        at = datetime.min  # noqa: DTZ901 - refused below
    if at.tzinfo is None:
        raise ConfigurationError(f"tag {DUE_TAG} {due!r} is no time with a zone: remove the tag")
    return at


def launcher(tags: Mapping[str, str]) -> str:
    """What started a run, as `schedule nightly` or `Dagster`, and the person if one did."""
    named = [f"{kind} {tags[tag]}" for kind, tag in _LAUNCHERS.items() if tag in tags]
    return ", ".join([*(named or ["Dagster"]), *([tags[USER_TAG]] if USER_TAG in tags else [])])


def resource(configure: Configure) -> dg.ResourceDefinition:
    """The open run, for the steps of one Dagster run; None once that has ended.

    Dagster sets its resources up again to give out the results of a run that has ended: `dagster
    job execute` does so. There is nothing left to open then.
    """

    @dg.resource(description="The open run of Seatrial: its ledger, lock and plan.")
    def run(context: dg.InitResourceContext) -> Iterator[Run | None]:
        assert context.run is not None
        if _has_ended(context):
            yield None
            return
        with in_one_sentence(), attended(configure(context.run)) as opened:
            yield opened

    return run


def _has_ended(context: dg.InitResourceContext) -> bool:
    assert context.run is not None
    known = context.instance and context.instance.get_run_by_id(context.run.run_id)
    return bool(known and known.is_finished)


@contextmanager
def attended(config: RunConfig) -> Iterator[Run]:
    """A run that Dagster's steps work on: finished at the end if all was judged, else
    interrupted.
    """
    from harness.run.lifecycle import finish, running  # loading definitions needs no run

    with suppress(Unfinished), running(config) as run:
        yield run
        if not run.state.ended:
            if run.state.unjudged():
                raise Unfinished
            finish(run)
