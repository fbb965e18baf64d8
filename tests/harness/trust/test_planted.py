"""Results go where nobody else may write or lead us, or nowhere. That is said before any source is
read.

Each attempt has its control: where nothing is looked at, it gets through, so that the run writes
where somebody else can read or change it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.folders import take_folder
from tests.harness.trust.scene import Scene, as_one_whom_it_does_not_belong_to, open_folder
from tests.other_user import as_other

BELONGS = r"belongs to [\w ]+: chown it, or use what is yours"


def theirs_itself(scene: Scene) -> Path:
    return scene.theirs


def below_theirs(scene: Scene) -> Path:
    return scene.theirs / "deep" / "out"


def below_a_link_of_theirs(scene: Scene) -> Path:
    """To a folder of ours: they would choose which."""
    (scene.shared / "mine").mkdir(mode=0o700)
    as_other(lambda: scene.out.symlink_to(scene.shared / "mine"))
    return scene.out / "deep"


def a_link_of_theirs(scene: Scene) -> Path:
    as_other(lambda: scene.out.symlink_to(scene.theirs))
    return scene.out


def open_to_all(scene: Scene) -> Path:
    open_folder(scene.out)
    return scene.out


def below_open_to_all(scene: Scene) -> Path:
    return open_to_all(scene) / "mine"


def open_to_a_group(scene: Scene) -> Path:
    """Group 1, which is `daemon` on Linux: it has not our name, whoever is in it."""
    scene.out.mkdir()
    os.chown(scene.out, -1, 1 if os.geteuid() == 0 else -1)
    scene.out.chmod(0o770 if os.geteuid() == 0 else 0o777)
    return scene.out / "mine"


@pytest.mark.attempt(5)
@pytest.mark.parametrize(
    ("lay", "said"),
    [
        (theirs_itself, BELONGS),
        (below_theirs, BELONGS),
        (below_a_link_of_theirs, BELONGS),
        (a_link_of_theirs, r"out is a link, not a folder: name the folder itself"),
        (open_to_all, r"others may write .+out \(mode 0777\): chmod go-w it, or use another"),
        (below_open_to_all, r"others may write .+out \(mode 0777\): chmod go-w it"),
        (open_to_a_group, r"others may write .+out \(mode 077[07]\): chmod go-w it"),
    ],
)
def test_results_go_where_nobody_else_may_write(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    looked_at: bool,  # noqa: FBT001
    lay: Callable[[Scene], Path],
    said: str,
) -> None:
    out = lay(scene)
    if not looked_at:
        assert all(out.resolve() in file.parents for file in scene.begin(out))
        return
    if said == BELONGS:
        us = as_one_whom_it_does_not_belong_to()
        monkeypatch.setattr(os, "geteuid", lambda: us)
    with pytest.raises(ConfigurationError) as error:
        scene.begin(out)
    assert re.search(said, str(error.value))
    assert "\n" not in str(error.value)
    assert not list(scene.theirs.iterdir())


@pytest.mark.attempt(5)
@pytest.mark.parametrize("name", ["landed", "logs", "run.lock", "ledger.sqlite"])
def test_no_link_among_the_results_is_followed(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    looked_at: bool,  # noqa: FBT001
    name: str,
) -> None:
    """One that leads to a folder or file of theirs: the run would write what they can read."""
    to = scene.theirs / name
    as_other(lambda: open_file_or_folder(to))
    scene.in_out(lambda out: (out / name).symlink_to(to))
    if not looked_at:
        monkeypatch.setattr(os, "O_NOFOLLOW", 0)  # the lock is opened without following, besides
        assert any(to in (file, *file.parents) for file in scene.begin(scene.out))
        return
    with pytest.raises(
        ConfigurationError, match=rf"{name} is a link, not a \w+ of ours: (move|restore)"
    ):
        scene.begin(scene.out)
    assert to.is_file() or not list(to.iterdir())


def open_file_or_folder(path: Path) -> None:
    if "." in path.name:
        path.touch()
        path.chmod(0o666)
    else:
        open_folder(path)


@pytest.mark.attempt(5)
@pytest.mark.parametrize("name", ["data", "data/web-shop.refunds", "dagster"])
def test_a_folder_for_what_stays_is_no_link(
    scene: Scene,
    looked_at: bool,  # noqa: FBT001
    name: str,
) -> None:
    def plant(out: Path) -> None:
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).symlink_to(scene.theirs)

    scene.in_out(plant)
    if not looked_at:
        take_folder(scene.out / name)
        assert (scene.out / name).resolve() == scene.theirs
        return
    with pytest.raises(ConfigurationError, match=r"is a link, not a folder of ours|belongs to"):
        take_folder(scene.out / name)
    if name != "dagster":
        with pytest.raises(ConfigurationError, match=r"is a link, not a folder|belongs to"):
            scene.keeping("web-shop.refunds").begin(scene.out)
