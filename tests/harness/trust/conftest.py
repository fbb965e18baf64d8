"""Where two users of a machine meet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors import ownership
from harness import folders
from harness.pilot.model import LoadedPilot
from tests.harness.acme_layout import Acme
from tests.harness.trust.scene import Scene, open_folder
from tests.other_user import as_other, shared_folder


@pytest.fixture
def scene(acme: Acme, loaded: LoadedPilot) -> Iterator[Scene]:
    with shared_folder() as shared:
        scene = Scene(shared=shared, acme=acme, loaded=loaded)
        as_other(lambda: open_folder(scene.theirs))
        yield scene


@pytest.fixture(params=[True, False], ids=["looked at", "not looked at"])
def looked_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether we look at files and folders before we take them; False is a test's control."""
    if not request.param:
        monkeypatch.setattr(ownership, "danger", lambda _path, **_: None)
        for name in ("_require_kind", "_require_own"):
            monkeypatch.setattr(folders, name, lambda *_: None)
    return bool(request.param)
