"""`make quick`: the tests that need neither a process nor a network socket, found by trying.

A pytest plugin (`-p tests.quick`). Python tells its audit hooks what is about to happen: the
moment a test or its fixture asks for more, it is skipped and so left to `make test`. No list is
kept by hand, and nothing that is run here can start a server.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

_PROCESS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
_NETWORK = {socket.AF_INET, socket.AF_INET6}
_running: list[pytest.Item] = []


def _leave_what_asks_for_more(event: str, arguments: tuple[Any, ...]) -> None:
    network = event == "socket.__new__" and arguments[1] in _NETWORK
    if _running and (event in _PROCESS or network):
        pytest.skip(f"{event}: left to `make test`")


sys.addaudithook(_leave_what_asks_for_more)


def pytest_configure() -> None:
    """Fewer examples for each property, and all else as conftest.py has it."""
    settings.register_profile("quick", max_examples=20)
    settings.load_profile("quick")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    _running.append(item)
    try:
        return (yield)
    finally:
        _running.remove(item)
