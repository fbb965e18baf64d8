"""`seatrial ui`: Dagster with our instance settings, bound to loopback."""

from __future__ import annotations

import os
import signal
import socket
import sys
from importlib.resources import files

from harness.atomic_write import replace
from harness.dagster import storage as dagster_storage
from harness.errors import ConfigurationError
from harness.pilot.connect import resolve_url
from harness.pilot.place import Place, pass_on
from harness.pilot.plan import plan

HOST = "127.0.0.1"
WORKSPACE = """\
load_from:
  - python_module: {{module_name: seatrial.dagster, location_name: {name}}}
"""


def ui(here: Place, *, port: int, storage: str | None, ledger: str | None) -> None:
    """Become `dagster dev` for one pilot. This process is replaced, so one signal ends all of it.

    Raises ConfigurationError before that for whatever Dagster would report late.
    """
    plan(here.loaded.pilot)  # Dagster would report a refusal in a traceback
    _check_free(port)
    environ = {**os.environ, **here.environ()}
    settings = (files("harness.dagster") / "instance.yaml").read_text()
    references = here.loaded.references(here.environment, os.environ)
    if ledger is not None:
        resolve_url("ledger", ledger, references)  # raises if it does not resolve
        environ |= pass_on(ledger)
    if storage is not None:
        at = resolve_url("storage", storage, references)
        locked = dagster_storage.lock_storage(at)  # the lock ends with this object
        environ = locked.environ(environ)
        settings += dagster_storage.SETTINGS
    home = here.out / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    replace(home / "dagster.yaml", settings)
    replace(home / "workspace.yaml", WORKSPACE.format(name=here.loaded.pilot.name))
    sys.stdout.write(
        f"{here.loaded.settings.title}: http://{HOST}:{port} (Ctrl-C ends it), "
        f"results in {here.out}\n"
    )
    sys.stdout.flush()
    # Shells start background jobs with SIGINT ignored; Dagster would then ignore SIGTERM as well.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvpe(  # noqa: S606 - no shell is what we want
        sys.executable,
        [
            *(sys.executable, "-m", "dagster", "dev", "--workspace", str(home / "workspace.yaml")),
            *("--host", HOST, "--port", str(port), "--log-level", "warning"),
        ],
        {**environ, "DAGSTER_HOME": str(home)},
    )


def _check_free(port: int) -> None:
    """Raise ConfigurationError if the port is taken. Dagster would say so after half a minute."""
    with socket.socket() as probe:
        # As the web server does: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ConfigurationError(
                f"port {port} on {HOST} is taken: give another --port"
            ) from error
