"""A secret that is not there, or that others may read, ends a run before any connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.result import Result
from harness.run.config import RunConfig
from harness.run.prove import prove
from tests.connectors.scripted import Said, Scripted, scripted
from tests.harness.engagement import write
from tests.harness.pilot.test_secret_in_an_address import PILOT, SETTINGS

pytestmark = pytest.mark.long


def proven(root: Path, source: Scripted, reference: str, environ: dict[str, str]) -> Result:
    folder = write(root, py=PILOT, yaml=SETTINGS.replace("env:CRM_KEY", reference))
    loaded = loading.load(folder)
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=tuple(plan(loaded.pilot, claims=("conforms",))),
        out=root / "out",
        environ={"CRM_URL": source.url, **environ},
    )
    return prove(config)


@pytest.mark.parametrize(
    ("reference", "environ", "said"),
    [
        ("env:CRM_KEY", {}, "CRM_KEY is missing or empty"),
        ("env:CRM_KEY", {"CRM_KEY": ""}, "CRM_KEY is missing or empty"),
        ("file:{root}/nothing", {}, "nothing cannot be read"),
        ("file:{root}/open", {}, "open has mode 0644: chmod 600 it"),
    ],
)
def test_a13_a_secret_that_is_not_there_or_open_to_others_ends_a_run_before_it_connects(
    tmp_path: Path, reference: str, environ: dict[str, str], said: str
) -> None:
    (tmp_path / "open").write_text("canary-5e1f")
    (tmp_path / "open").chmod(0o644)
    with scripted(lambda _: Said({})) as source:
        with pytest.raises(ConfigurationError, match=said) as told:
            proven(tmp_path, source, reference.format(root=tmp_path), environ)
        assert source.asked == []
    assert "canary" not in str(told.value)
    assert not (tmp_path / "out").exists()


def test_a13_one_that_is_there_is_shown_to_the_source(tmp_path: Path) -> None:
    """Control."""
    (tmp_path / "open").write_text("canary-5e1f")
    (tmp_path / "open").chmod(0o600)
    with scripted(lambda _: Said({"rows": [{"customer_key": 1}], "total": 1})) as source:
        proven(tmp_path, source, f"file:{tmp_path}/open", {})
        assert source.paths() == ["/it?key=canary-5e1f"]
