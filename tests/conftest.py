"""The running estate, started once for all tests that need it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator

import pytest

from estate.lifecycle import Running, running


@pytest.fixture(scope="session")
def estate() -> Iterator[Running]:
    """The five servers with the demo's data as found. Read from it; never repair this one."""
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def repaired_estate() -> Iterator[Running]:
    """Another five servers beside them, repaired."""
    with running() as started:
        started.repair()
        yield started


@pytest.fixture
def pilot_environ(estate: Running) -> dict[str, str]:
    """What a pilot of the estate as found gets; a test may change its copy."""
    return dict(estate.environ)


def pytest_configure() -> None:
    """What a shell starts in the background is deaf to Ctrl-C, which tests send to their own."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


_LEFT_OUT = pytest.StashKey[list[pytest.Item]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`estate_full("chromium")` needs that program. Where it is not, the test is left out and
    named; in CI it runs and fails.
    """
    left_out = [item for item in items if not os.environ.get("CI") and _lacking(item)]
    config.stash[_LEFT_OUT] = left_out
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for item in config.stash.get(_LEFT_OUT, []):
        needs = ", ".join(_lacking(item))
        terminalreporter.write_line(f"left out, needs {needs}: {item.nodeid}")


def _lacking(item: pytest.Item) -> list[str]:
    """The programs that a test names in its marks and that are not here."""
    return [
        program
        for mark in item.iter_markers("estate_full")
        for program in mark.args
        if shutil.which(program) is None
    ]
