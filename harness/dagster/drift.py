"""Jobs beside `prove`: the nightly look for drift, and the approval of what it saw.

They have ops and no assets: nothing is read, so no evidence is made. What a look comes to shows at
the check `stable_schema` of each dataset, where `prove` shows it.
"""

# No `from __future__ import annotations`: Dagster reads the classes of `context` and `config`.
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from harness.dagster import keys, metadata, plain
from harness.dagster.sentence import Sentence, in_one_sentence
from harness.pilot.model import LoadedPilot, Pilot
from harness.report import excused
from harness.result import Judged

if TYPE_CHECKING:
    from harness.run.config import RunConfig

NIGHTLY_DRIFT = "nightly_drift"
APPROVE = "approve_baseline"
_NAMED = 10
"""Claims that one sentence names."""


class Approving(dg.Config):
    """Who approves what."""

    by: str = Field(description="Who answers for it: a name.")
    datasets: list[str] = Field(
        default=[], description="Only these, as source.dataset; all without one."
    )


def look(
    loaded: LoadedPilot, configure: Callable[[dg.DagsterRun], "RunConfig"]
) -> dg.JobDefinition:
    """The job that asks each source for its columns alone."""

    @dg.op(description="Ask each source for its columns, and for no row.")
    def look_for_drift(context: dg.OpExecutionContext) -> None:
        from harness.run.drift import look_for_drift as run_look  # definitions need no run

        with in_one_sentence():
            result = run_look(configure(context.run))
        for one in result.judged:
            # Dagster records it from an op, too; only its annotation says otherwise.
            context.log_event(_evaluation(loaded.pilot, one))  # type: ignore[arg-type]
        for line in result.untold:
            context.log.warning(plain.text(line))
        if wrong := metadata.wrong(result.judged):
            more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
            told = ", ".join([*wrong][:_NAMED])
            raise Sentence(
                f"{len(wrong)} of {len(result.judged)} datasets changed or could not be asked: "
                f"{told}{more}",
                metadata=wrong,
            )

    @dg.job(
        name=NIGHTLY_DRIFT,
        description="Hold the columns that each source declares against those approved and those "
        "of the night before. Reads no rows.",
        executor_def=dg.in_process_executor,
    )
    def nightly_drift() -> None:
        look_for_drift()

    return nightly_drift


def approval(
    loaded: LoadedPilot,
    *,
    environment: str,
    out: Path,
    ledger: str | None,
    environ: Mapping[str, str],
) -> dg.JobDefinition:
    """The job that pins what the newest run saw."""

    @dg.op(description="Approve the columns that the newest run saw, by the name of a person.")
    def approve_columns(context: dg.OpExecutionContext, config: Approving) -> None:
        from harness.ledger.ledger import utc_now
        from harness.pins import baseline

        with in_one_sentence():
            told = baseline.approve(
                loaded,
                environment=environment,
                by=config.by,
                today=utc_now().astimezone(loaded.zone).date(),
                datasets=config.datasets,
                out=out,
                ledger=ledger,
                environ=environ,
            )
        for one in told:
            context.log.info(plain.text(baseline.summarize(one)))
        left_out = [one.dataset for one in told if isinstance(one, baseline.NotApproved)]
        if left_out:
            raise Sentence(
                f"{len(left_out)} datasets not approved ({', '.join(left_out)}): do what is said "
                "of each in the log, and approve again"
            )

    @dg.job(
        name=APPROVE,
        description="Approve the columns that the newest run saw. Launch it with a name in `by`.",
        executor_def=dg.in_process_executor,
    )
    def approve_baseline() -> None:
        approve_columns()

    return approve_baseline


def _evaluation(pilot: Pilot, one: Judged) -> dg.AssetCheckEvaluation:
    key = keys.check(pilot, one.planned)
    return dg.AssetCheckEvaluation(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=metadata.passed(one.outcome),
        severity=metadata.severity(one.outcome),
        description=plain.markdown(f"{one.outcome}: {excused.because(one)}"),
        metadata=metadata.of_verdict(one),
    )
