"""The gate in Dagster: a check on its own asset, and models that are not made until it opens.

    job train:   gate ─▶ each model

The check blocks what stands below the evidence. That alone is not enough: Dagster 1.13 makes a
model all the same where the check is not selected, or is selected and yields nothing. So a model
asks first whether the gate did yield, in its own run, and yielded that it is open.
"""

# No `from __future__ import annotations`: Dagster compares the class of `context`, not its name.
from collections.abc import Callable, Iterator

import dagster as dg

from harness.dagster import keys, plain
from harness.dagster.assets import GROUP
from harness.dagster.sentence import Sentence, in_one_sentence
from harness.pilot.model import Pilot
from harness.signoff.decision import Decision, State

TRAIN = "train"
"""The job that asks the gate and makes the models."""


def asset(pilot: Pilot) -> dg.AssetSpec:
    """What the models are below; nothing makes it."""
    return dg.AssetSpec(
        keys.gate(pilot).asset_key,
        deps=[keys.evidence(pilot)],
        description="Models are below it: its check holds them back, and no run.",
        group_name=GROUP,
    )


def check(pilot: Pilot, decide: Callable[[], Decision]) -> dg.AssetChecksDefinition:
    """The check `gate`, which `decide` answers."""
    key = keys.gate(pilot)

    @dg.multi_asset_check(
        name="gate",
        specs=[
            dg.AssetCheckSpec(
                key.name,
                asset=key.asset_key,
                blocking=True,
                description="True when every role has signed and the newest night is still ready.",
            )
        ],
    )
    def gate(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        del context
        with in_one_sentence():
            yield result(pilot, decide())

    return gate


def result(pilot: Pilot, decision: Decision) -> dg.AssetCheckResult:
    """What Dagster shows of a decision. It blocks whenever the gate is not open: a warning would
    let the models be made.
    """
    key = keys.gate(pilot)
    refused = {one.name: plain.text(one.says) for one in decision.refusals}
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=decision.open,
        severity=dg.AssetCheckSeverity.ERROR,
        description=plain.markdown("; ".join([_headline(decision), *refused.values()])),
        metadata={
            "state": str(decision.state),
            **({"practice": "for practice alone: no client's model"} if decision.practice else {}),
            **{str(name): says for name, says in refused.items()},
        },
    )


def _headline(decision: Decision) -> str:
    match decision.state:
        case State.OPEN:
            return "OPEN, for practice alone" if decision.practice else "OPEN"
        case State.INCOMPLETE:
            return "CLOSED: something is still missing"
        case State.REFUSED:
            return "CLOSED: something is wrong"


def require_open(context: dg.AssetExecutionContext, pilot: Pilot) -> None:
    """Fail the step unless the check `gate` yielded in this very run that the gate is open."""
    key = keys.gate(pilot)
    logs = context.instance.all_logs(
        context.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    )
    said = [
        evaluated.passed
        for one in logs
        if one.dagster_event is not None
        for evaluated in [one.dagster_event.asset_check_evaluation_data]
        if evaluated.asset_check_key == key
    ]
    if not said:
        raise Sentence(
            f"the check gate said nothing in this run, so no model is made: run job {TRAIN}, "
            "or select the check with the model"
        )
    if not all(said):
        raise Sentence("the gate is not open: see what the check gate says")
