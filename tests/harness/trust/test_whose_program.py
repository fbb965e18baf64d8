"""An engagement is a program. Without PILOT none runs that somebody else put there or may change.

Each attempt has its control: somebody named the folder, which is to trust it, and the program
runs.
"""

from __future__ import annotations

import importlib.util
import os
import py_compile
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot import loading
from tests.harness.engagement import PILOT_PY, write
from tests.harness.trust.scene import Scene, as_one_whom_it_does_not_belong_to
from tests.other_user import OTHER

BELONGS = r"belongs to [\w ]+: chown it, or use what is yours"
OPEN = r"others may write .+: chmod go-w it, or use another"


def give(path: Path) -> Path:
    """Make it theirs, and all that is in it."""
    if os.geteuid() == 0:
        for each in (path, *path.rglob("*")):
            os.chown(each, OTHER, OTHER, follow_symlinks=False)
    return path


def open_to_all(path: Path) -> None:
    path.chmod(0o777 if path.is_dir() else 0o666)


def theirs_below_here(scene: Scene) -> Path:
    return give(write(scene.shared))


def theirs_two_folders_below_here(scene: Scene) -> Path:
    return write(scene.theirs)


def a_file_of_theirs(scene: Scene) -> Path:
    folder = write(scene.shared)
    give(folder / "pilot.py")
    return folder


def their_link_to_one_of_ours(scene: Scene) -> Path:
    """They would choose which of our pilots runs here."""
    (scene.shared / "a" / "b" / "c").mkdir(parents=True)
    folder = write(scene.shared / "a" / "b" / "c")
    (scene.shared / "pilot").symlink_to(folder)
    give(scene.shared / "pilot")
    return folder


def an_open_folder(scene: Scene) -> Path:
    folder = write(scene.shared)
    open_to_all(folder)
    return folder


def an_open_pilot(scene: Scene) -> Path:
    folder = write(scene.shared)
    open_to_all(folder / "pilot.py")
    return folder


def open_settings(scene: Scene) -> Path:
    """They would say where our passwords are sent."""
    folder = write(scene.shared)
    open_to_all(folder / "pilot.yaml")
    return folder


def an_open_pin(scene: Scene) -> Path:
    """They would say what counts as approved."""
    folder = write(scene.shared)
    (folder / "baseline.json").write_text('{"format": 1, "datasets": {}}')
    open_to_all(folder / "baseline.json")
    return folder


def an_open_module(scene: Scene) -> Path:
    folder = write(scene.shared, py=f"from . import more as more\n{PILOT_PY}")
    (folder / "more.py").touch()
    open_to_all(folder / "more.py")
    return folder


def an_open_folder_of_contracts(scene: Scene) -> Path:
    folder = write(scene.shared, py=f"from .contracts import more as more\n{PILOT_PY}")
    (folder / "contracts").mkdir()
    (folder / "contracts" / "more.py").touch()
    open_to_all(folder / "contracts")
    return folder


def an_open_cache(scene: Scene) -> Path:
    """Python executes what is in it in place of a module, if size and time are the module's."""
    folder = write(scene.shared)
    py_compile.compile(str(folder / "pilot.py"))
    open_to_all(folder / "__pycache__")
    return folder


def an_open_package_above(scene: Scene) -> Path:
    package = scene.shared / f"package_{scene.shared.name}"
    package.mkdir()
    folder = write(package)
    for each in (package, folder):
        (each / "__init__.py").touch()
    open_to_all(package / "__init__.py")
    return folder


@pytest.mark.attempt(6)
@pytest.mark.parametrize("named", [False, True], ids=["not named", "named"])
@pytest.mark.parametrize(
    ("lay", "said"),
    [
        (theirs_below_here, BELONGS),
        (theirs_two_folders_below_here, BELONGS),
        (a_file_of_theirs, BELONGS),
        (their_link_to_one_of_ours, BELONGS),
        (an_open_folder, OPEN),
        (an_open_pilot, OPEN),
        (open_settings, OPEN),
        (an_open_pin, OPEN),
        (an_open_module, OPEN),
        (an_open_folder_of_contracts, OPEN),
        (an_open_cache, OPEN),
        (an_open_package_above, OPEN),
    ],
)
def test_what_is_found_here_runs_only_if_nobody_else_could_change_it(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    lay: Callable[[Scene], Path],
    said: str,
    *,
    named: bool,
) -> None:
    folder = lay(scene)
    if said == BELONGS:
        us = as_one_whom_it_does_not_belong_to()
        monkeypatch.setattr(os, "geteuid", lambda: us)
    if named:
        assert loading.load_chosen(folder, start=scene.shared).folder == folder
        return
    with pytest.raises(ConfigurationError) as error:
        loading.load_chosen(None, start=scene.shared)
    assert re.search(said, str(error.value))
    assert "\n" not in str(error.value)
    assert f"{folder.name}.pilot" not in sys.modules


@pytest.mark.attempt(6)
@pytest.mark.parametrize("sticky", [True, False], ids=["as /tmp", "a folder of ours"])
def test_a_folder_in_which_all_may_make_files_is_no_engagement(
    scene: Scene,
    sticky: bool,  # noqa: FBT001
) -> None:
    """A module that pilot.py asks for could be anybody's. The control: the folder is closed."""
    folder = write(scene.shared)
    folder.chmod(0o1777 if sticky else 0o755)
    if not sticky:
        assert loading.load_chosen(None, start=folder).folder == folder
        return
    with pytest.raises(ConfigurationError, match=r"others may write .+ \(mode 1777\)"):
        loading.load_chosen(None, start=folder)


@pytest.mark.attempt(6)
@pytest.mark.parametrize("named", [True, False], ids=["named", "not named"])
def test_a_package_that_all_may_write_is_never_imported_from_above(
    scene: Scene,
    named: bool,  # noqa: FBT001
) -> None:
    """They laid `__init__.py` into the folder above: naming ours says nothing of theirs. The
    control: without it the pilot runs.
    """
    folder = write(scene.shared)
    (folder / "__init__.py").touch()
    give_init = scene.shared / "__init__.py"
    give_init.write_text("raise SystemExit('theirs')")
    give(give_init)
    with pytest.raises(ConfigurationError, match=r"everybody may write|belongs to"):
        loading.load_chosen(folder if named else None, start=scene.shared)
    give_init.unlink()
    assert loading.load_chosen(folder if named else None, start=scene.shared).folder == folder


@pytest.mark.attempt(6)
@pytest.mark.parametrize("beside", [True, False], ids=["beside", "in it"])
def test_what_is_beside_an_engagement_is_not_imported(
    scene: Scene,
    beside: bool,  # noqa: FBT001
) -> None:
    """A library that is tried and not there: they lay one of its name beside our folder. The
    control: it is in the engagement.
    """
    name = f"maybe_{scene.shared.name}"
    tried = f"from . import {name}" if not beside else f"import {name}"
    folder = write(scene.shared, py=f"try:\n    {tried}\nexcept ImportError:\n    ...\n{PILOT_PY}")
    (folder.parent if beside else folder).joinpath(f"{name}.py").touch()
    loading.load_chosen(folder, start=scene.shared)
    loaded = name if beside else f"{folder.name}.{name}"
    assert (loaded in sys.modules) != beside
    assert importlib.util.find_spec(name) is None


def test_what_only_we_may_write_is_found_and_runs(scene: Scene) -> None:
    """In a folder as /tmp is, too: nobody else may exchange what is ours there."""
    folder = write(scene.shared)
    assert loading.load_chosen(None, start=scene.shared).folder == folder
