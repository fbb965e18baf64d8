"""What the commands say where somebody else may write: one line that names the place."""

from __future__ import annotations

import errno
import os
from datetime import date
from pathlib import Path

import pytest

from connectors import ownership
from harness.errors import ConfigurationError
from harness.onboarding.init import init
from harness.run.config import RunConfig
from harness.run.keep import keep
from tests.cli import seatrial
from tests.harness.trust.scene import Scene, open_folder

REFUNDS = "web-shop.refunds"


@pytest.mark.parametrize("command", ["prove", "ui"])
def test_results_that_others_may_write_end_a_command_with_2(scene: Scene, command: str) -> None:
    open_folder(scene.out)
    arguments = [command, scene.acme.folder, "--out", scene.out]
    ended = seatrial(arguments, cwd=scene.shared, environ=scene.acme.sources)
    assert ended.code == 2
    assert f"others may write {scene.out} (mode 0777): chmod go-w it" in ended.complaint
    assert not list(scene.out.iterdir())


def test_a_pilot_that_others_may_write_is_named_and_how_to_run_it_all_the_same(
    scene: Scene,
) -> None:
    open_folder(scene.out)
    (scene.out / "pilot.yaml").touch()
    ended = seatrial(["prove"], cwd=scene.shared)
    assert ended.code == 2
    assert f"others may write {scene.out} (mode 0777): chmod go-w it" in ended.complaint
    assert "or name the pilot's folder, if you trust whoever may write it" in ended.complaint


@pytest.mark.attempt(5)
@pytest.mark.parametrize("looked", [True, False], ids=["looked at", "not looked at"])
def test_no_engagement_is_laid_out_where_others_may_write(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    looked: bool,  # noqa: FBT001
) -> None:
    """They could change the program before it first runs. The control: nobody looks."""
    open_folder(scene.out)
    if not looked:
        monkeypatch.setattr(ownership, "danger", lambda _path, **_: None)
        assert init(scene.out, name="acme-open")
        return
    with pytest.raises(ConfigurationError, match="others may write"):
        init(scene.out, name="acme-open")
    assert not list(scene.out.iterdir())


def test_rows_are_kept_on_another_disk_by_a_copy_for_us_alone(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    keeping = scene.keeping(REFUNDS)
    landed = tmp_path / "landed.parquet"
    landed.write_bytes(b"rows")
    scene.begin(scene.out)
    config = RunConfig(
        loaded=keeping.loaded,
        environment="dev",
        slot=date(2026, 11, 1),
        planned=(),
        out=scene.out,
        environ={},
    )
    monkeypatch.setattr(os, "link", refuse)
    kept = keep(config, REFUNDS, landed, "of the rows")
    assert kept is not None
    file = scene.out / kept.file
    assert file.read_bytes() == b"rows"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keep(config, REFUNDS, landed, "of the rows")
