"""What a run is of."""

from __future__ import annotations

from pathlib import Path

from harness.ledger.ledger import utc_now
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from tests.harness.acme_layout import Acme


def configured(loaded: LoadedPilot, environ: dict[str, str]) -> RunConfig:
    return RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=plan(loaded.pilot),
        out=Path("out"),
        environ=environ,
    )


def test_no_secret_of_the_environment_is_shown(loaded: LoadedPilot, acme: Acme) -> None:
    config = configured(loaded, {**acme.sources, "SHOP_PASSWORD": "canary-51c2"})
    assert "canary-51c2" not in repr(config)


def test_every_run_has_a_name_of_its_own(loaded: LoadedPilot) -> None:
    one, other = configured(loaded, {}), configured(loaded, {})
    assert one.run_id != other.run_id
    assert one.header.run == one.log.stem == one.landed.name == one.run_id
