"""`python -m harness.dagster.web`: the web process, told on its standard input what to serve."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress

import msgspec
import uvicorn
from dagster import DagsterInstance, __version__
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._utils.log import configure_loggers

from harness.dagster.web.server import application
from harness.dagster.web.setup import Setup

_STATEMENT_MILLISECONDS, _RECYCLE_SECONDS, _OVERFLOW = 15_000, 3600, 20
"""As Dagster's own server sets up its storage."""
_GRACE_SECONDS = 3
"""Browsers keep their WebSockets open for ever."""


def main() -> None:
    """Serve until a signal comes."""
    setup = msgspec.json.decode(sys.stdin.buffer.read(), type=Setup)
    configure_loggers(log_level="WARNING")
    with DagsterInstance.get() as instance:
        instance.optimize_for_webserver(_STATEMENT_MILLISECONDS, _RECYCLE_SECONDS, _OVERFLOW)
        with WorkspaceProcessContext(
            instance,
            workspace_load_target=WorkspaceFileTarget([setup.workspace]),
            version=__version__,
            code_server_log_level="WARNING",
        ) as context:
            app = application(context, setup)
            config = uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,  # it would hold the token
                proxy_headers=False,  # else whoever is here says which address they come from
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
            with suppress(KeyboardInterrupt):  # uvicorn raises the signal that ended it again
                uvicorn.Server(config).run(sockets=[socket.socket(fileno=setup.socket)])


if __name__ == "__main__":
    main()
