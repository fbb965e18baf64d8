"""What a pilot calls a secret is redacted, and no other setting: a user's name is a word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from connectors.redaction import redact
from harness.pilot import loading
from harness.run.config import RunConfig
from harness.run.system import connect_systems
from tests.harness import engagement

ENVIRON = {
    "ERP_URL": "postgresql://reader@erp.example/seatrial",
    "ERP_PASSWORD": "canary-of-the-erp",
}


def test_only_what_the_pilot_calls_a_secret_is_redacted(tmp_path: Path) -> None:
    loaded = loading.load(engagement.write(tmp_path))
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=date(2026, 11, 20),
        planned=(),
        out=tmp_path,
        environ=ENVIRON,
    )
    systems = connect_systems(config, {"erp"}, loaded.references("dev", ENVIRON))
    assert "canary" not in repr(systems["erp"])
    assert (
        redact("postgresql://reader@erp.example/seatrial")
        == "postgresql://reader@erp.example/seatrial"
    )
    assert redact("canary-of-the-erp") == "[the secret env:ERP_PASSWORD]"
