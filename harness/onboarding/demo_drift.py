"""The demo's nightly drift: it asks for columns alone, before anything is read, and tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from harness.alerts.incident import BAD
from harness.alerts.records import Step
from harness.claims import stable_schema
from harness.onboarding.demo_told import News
from harness.pilot.settings import Owner
from harness.report.summary import where
from harness.result import Result
from harness.run.config import Job, RunConfig, new_run_id
from harness.run.drift import look_for_drift, plan_drift
from harness.say import visible

_WORDS = {Step.OPENED: "it is bad", Step.MENDED: "it is mended"}


def drift(config: RunConfig) -> Result:
    """Look for drift in the night, place and ledger of a run."""
    planned = plan_drift(config.loaded.pilot)
    return look_for_drift(replace(config, job=Job.DRIFT, planned=planned, run_id=new_run_id()))


def show(
    result: Result, heard: Sequence[News], owners: Mapping[str, Owner], console: Console
) -> None:
    """Print what it found, and whom it told."""
    asked, bad = len(result.judged), [j for j in result.judged if j.original in BAD]
    console.print(
        f"Nightly drift: {asked} datasets asked for their columns, no row read, {len(bad)} bad"
    )
    found = (f"{j.original} {where(j.planned)}: {j.verdict.because}" for j in bad)
    told = (
        f"told {owners[one.source].owner}, that {_WORDS[one.step]}: {where(one.planned)}"
        for one in heard
    )
    for line in (*found, *told):
        console.print(Padding(Text(visible(line)), (0, 0, 0, 2)))
    console.print()


def shortfalls(step: Step, heard: Sequence[News], as_found: Result) -> list[str]:
    """Where it told anything but each schema that the trial as found calls bad."""
    names = {j.planned for j in as_found.judged if j.original in BAD}
    wanted = {one for one in names if one.claim == stable_schema.CLAIM.name}
    told = {one.planned for one in heard if one.step is step}
    return [
        f"nightly drift did not tell the truth of {where(one)}, {step}" for one in wanted ^ told
    ]
