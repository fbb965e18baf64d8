"""`seatrial ui`: Dagster with our instance settings, bound to loopback."""

from __future__ import annotations

import os
import signal
import socket
import sys
from importlib.resources import files
from pathlib import Path

from harness.atomic_write import replace
from harness.dagster import storage as dagster_storage
from harness.errors import ConfigurationError
from harness.pilot.connect import led_to
from harness.pilot.place import handed_on, place
from harness.pilot.plan import plan

HOST = "127.0.0.1"
WORKSPACE = """\
load_from:
  - python_module: {{module_name: seatrial.dagster, location_name: {name}}}
"""


def ui(  # noqa: PLR0913 - the options of a command line
    folder: Path | None,
    *,
    out: Path | None,
    environment: str,
    port: int,
    storage: str | None,
    ledger: str | None,
) -> None:
    """Become `dagster dev` for one pilot: this process is replaced, so a signal ends it all."""
    here = place(folder, environment=environment, out=out, start=Path.cwd())
    plan(here.loaded.pilot)  # what it refuses, Dagster would tell in a traceback
    _free(port)
    environ = {**os.environ, **here.environ()}
    settings = (files("harness.dagster") / "instance.yaml").read_text()
    references = here.loaded.references(environment, os.environ)
    if ledger is not None:
        led_to("ledger", ledger, references)  # whether it leads anywhere
        environ |= handed_on(ledger)
    if storage is not None:
        at = led_to("storage", storage, references)
        held = dagster_storage.taken(at)  # noqa: F841 - closed, it would let go of the storage
        environ[dagster_storage.VARIABLE] = dagster_storage.url(at)
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


def _free(port: int) -> None:
    """Dagster would say so only after half a minute and in a traceback."""
    with socket.socket() as probe:
        # As the web server asks for it: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ConfigurationError(
                f"port {port} on {HOST} is taken: give another --port"
            ) from error
