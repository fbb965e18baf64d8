"""One Dagster run in this process, and where it left its mark."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from harness import definitions
from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger
from harness.pilot.model import LoadedPilot
from harness.run.boxed import boxed


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a run of job `prove` came to."""

    loaded: LoadedPilot
    result: dg.ExecuteInProcessResult
    instance: dg.DagsterInstance
    out: Path

    @property
    def document(self) -> Any:
        return json.loads((self.out / "verdicts.json").read_text())

    @property
    def state(self) -> str | None:
        with open_ledger(self.out / "ledger.sqlite") as ledger:
            assert list(breaks(ledger.entries())) == []
            return ledger.state(self.result.run_id)

    def metadata(self, key: dg.AssetKey) -> dict[str, Any]:
        event = self.instance.get_latest_materialization_event(key)
        assert event is not None
        assert event.asset_materialization is not None
        return {name: v.value for name, v in event.asset_materialization.metadata.items()}

    def failures(self) -> str:
        return "\n".join(
            str(e.event_specific_data) for e in self.result.all_events if e.is_failure
        )


def run(
    loaded: LoadedPilot,
    instance: dg.DagsterInstance,
    out: Path,
    environ: Mapping[str, str],
    *,
    ledger: str | None = None,
    **choice: Any,
) -> Proven:
    with boxed():
        pass  # its helper begins here: Dagster would take a skipped test for a failed run
    made = definitions.build(loaded, out=out, environ=environ, ledger=ledger)
    result = made.resolve_job_def("prove").execute_in_process(
        instance=instance, raise_on_error=False, **choice
    )
    return Proven(loaded=loaded, result=result, instance=instance, out=out)
