"""The running estate, started once for all tests of a process; and how a run goes and ends."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

from connectors import redaction
from estate.lifecycle import Running, running
from tests.servers import python_servers

# How long an example takes is no claim of ours: the machine may be busy, the first one imports.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@cache
def _one_day() -> datetime:
    """Both have the data of one day, although midnight may pass between their starts."""
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def estate() -> Iterator[Running]:
    """The five servers with the demo's data as found. Read from it; never repair this one."""
    with running(clock=_one_day) as started:
        yield started


@pytest.fixture(scope="session")
def repaired_estate() -> Iterator[Running]:
    """Another five servers beside them, repaired."""
    with running(clock=_one_day) as started:
        started.repair()
        yield started


@pytest.fixture(scope="session")
def servers_venv() -> Path:
    """The environment of `requirements-servers.lock`: Tryton, Kinto, pygeoapi, spyne."""
    return python_servers()


@pytest.fixture
def pilot_environ(estate: Running) -> dict[str, str]:
    """What a pilot of the estate as found gets; a test may change its copy."""
    return dict(estate.environ)


@pytest.fixture(autouse=True)
def engagements_apart() -> Iterator[None]:
    """A pilot that a test loads from a folder of its own is another one than everybody else's,
    though it may have the same name.
    """
    yield
    _forget_engagements()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
    """So is one that a fixture loads for several tests."""
    made = yield
    if fixturedef.scope != "function":
        _forget_engagements()
    return made


def _forget_engagements() -> None:
    for name in _engagements():
        del sys.modules[name]


def _engagements() -> list[str]:
    new = set(sys.modules) - _OTHERS
    found = [name for name in new if _is_of_a_test(sys.modules[name])]
    _OTHERS.update(new - set(found))
    return found


_OTHERS: set[str] = set()
"""Modules that are of no test; to look at them again would take a while."""
_TEMPORARY = f"{Path(tempfile.gettempdir()).resolve()}/"
_OURS = f"{Path(__file__).resolve().parent.parent}/"
"""In a copy of this repository (`tests/test_extending.py`) it is a temporary folder itself."""


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders for state that nobody has made yet."""
    parent = tmp_path_factory.mktemp("state")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def budgets_apart(states: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test spent of a budget is not spent in the next."""
    monkeypatch.setenv("XDG_STATE_HOME", str(next(states)))


@pytest.fixture(autouse=True)
def secrets_forgotten() -> Iterator[None]:
    """What one test took for a secret may be an ordinary word in the next."""
    yield
    redaction.KNOWN.clear()


def _is_of_a_test(module: ModuleType) -> bool:
    of = vars(module)
    places = [of["__file__"]] if of.get("__file__") else of.get("__path__", ())
    return any(place.startswith(_TEMPORARY) and not place.startswith(_OURS) for place in places)


_LEFT_OUT = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    """What a shell starts in the background is deaf to Ctrl-C, which tests send to their own."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[_LEFT_OUT] = {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`estate_full("chromium")` needs that program. Where it is not, the test is left out and
    named; in CI it runs and fails. What is marked `long` comes first.
    """
    left_out = [item for item in items if not os.environ.get("CI") and _lacking(item)]
    config.stash[_LEFT_OUT] = {item.nodeid: ", ".join(_lacking(item)) for item in left_out}
    config.hook.pytest_deselected(items=left_out)
    kept = [item for item in items if item not in left_out]
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("long") is None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist tells whoever started it what it left out."""
    told: dict[str, Any] = getattr(session.config, "workeroutput", {})
    told["left_out"] = session.config.stash[_LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_LEFT_OUT].update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for name, needs in sorted(config.stash[_LEFT_OUT].items()):
        terminalreporter.write_line(f"left out, needs {needs}: {name}")
    if seed := config.getoption("randomly_seed", None):
        terminalreporter.write_line(f"this order again: PYTEST_ADDOPTS=--randomly-seed={seed}")


def _lacking(item: pytest.Item) -> list[str]:
    """The programs that a test names in its marks and that are not here."""
    return [
        program
        for mark in item.iter_markers("estate_full")
        for program in mark.args
        if shutil.which(program) is None
    ]
