"""A machine's shared folder: our results and another user's plants, and how a run begins there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from harness.pilot.model import LoadedPilot
from harness.run.config import RunConfig
from harness.run.lifecycle import running
from tests.harness.acme_layout import Acme
from tests.other_user import as_other


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A folder as /tmp is, where we want our results in `out`, and they have a folder `theirs`."""

    shared: Path
    acme: Acme
    loaded: LoadedPilot

    @property
    def out(self) -> Path:
        return self.shared / "out"

    @property
    def theirs(self) -> Path:
        return self.shared / "theirs"

    def in_out(self, plant: Callable[[Path], object]) -> None:
        """They plant something while anybody may write `out`; then we close it."""
        self.out.mkdir(exist_ok=True)
        self.out.chmod(0o777)
        as_other(lambda: plant(self.out))
        self.out.chmod(0o700)

    def keeping(self, dataset: str) -> Scene:
        """The same, where the pilot keeps the rows of a dataset."""
        settings = self.loaded.settings.model_copy(update={"keep": (dataset,)})
        return replace(self, loaded=replace(self.loaded, settings=settings))

    def begin(self, out: Path) -> set[Path]:
        """Begin a run in `out`; where those files of it really are that it has by then."""
        config = RunConfig(
            loaded=self.loaded,
            environment="dev",
            slot=date(2026, 11, 1),
            planned=(),
            out=out,
            environ=self.acme.sources,
        )
        with running(config):
            (config.landed / "rows").touch()
            found = {file.resolve() for file in (config.landed / "rows", config.log)}
            return found | {(out / name).resolve() for name in ("run.lock", "ledger.sqlite")}


def open_folder(folder: Path) -> None:
    """A new one that everybody may write."""
    folder.mkdir()
    folder.chmod(0o777)


def open_file(file: Path, content: bytes) -> None:
    """A file that everybody may write."""
    file.write_bytes(content)
    file.chmod(0o666)


def as_one_whom_it_does_not_belong_to(us: int = os.geteuid()) -> int:
    """Without root all files of a test are its own. So that they are another's, we are another."""
    return us if us == 0 else us + 1
