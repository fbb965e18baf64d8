"""`seatrial ui`: Dagster with our instance settings, bound to loopback, behind a door of ours.

    seatrial ui ── code server    loads the pilot; answers on a socket in a folder of ours
                ├─ web server     ours over Dagster's; the only port
                └─ daemon         Dagster's: schedules, and the queue of runs

None of them imports a module or reads a `.env` of the folder where it was started.
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace as replace_fields
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import msgspec

from connectors.secrets import variable
from harness.atomic_write import replace
from harness.dagster import storage as dagster_storage
from harness.dagster.processes import Part, run_together
from harness.dagster.web.setup import ProxySetup, Setup
from harness.errors import ConfigurationError, ProcessDied
from harness.folders import take_folder, take_results
from harness.pilot.connect import resolve_url
from harness.pilot.place import Place, pass_on
from harness.pilot.plan import plan
from harness.pilot.references import References
from harness.pilot.settings import Settings
from harness.say import say
from harness.timetable import Schedule, describe_all

HOST = "127.0.0.1"
WORKSPACE = """\
load_from:
  - grpc_server: {{socket: "{socket}", location_name: {name}}}
"""
_PYTHON = (sys.executable, "-P")
"""Without the current folder on its path."""
_SECRET_CHARACTERS = 32
_SOCKET_BYTES = 107
"""The longest path of a socket (unix(7))."""
_SOCKET_OF_DAGSTER = "tmp/tmpxxxxxxxx"
"""The code server makes another one behind ours, as long as this."""


def ui(here: Place, *, port: int, storage: str | None, ledger: str | None) -> None:
    """Serve one pilot until a signal comes.

    Raises ConfigurationError for whatever Dagster would report late, and ProcessDied if one of the
    processes ends by itself.
    """
    plan(here.loaded.pilot)  # Dagster would report a refusal in a traceback
    with _listening(port) as listener, _room() as room, _private_files():
        references = here.loaded.references(here.environment, os.environ)
        environ = {**os.environ, **here.environ(), "PYTHONSAFEPATH": "1"}
        settings = (files("harness.dagster") / "instance.yaml").read_text()
        ledger_at = None
        if ledger is not None:
            ledger_at = resolve_url("ledger", ledger, references)
            environ |= pass_on(ledger)
        if storage is not None:
            at = resolve_url("storage", storage, references)
            locked = dagster_storage.lock_storage(at)  # the lock ends with this object
            environ.pop(variable(storage) or "", None)  # from here on one variable has the URL
            environ = locked.environ(environ)
            settings += dagster_storage.SETTINGS
        home = here.out / "dagster"
        take_results(here.out)
        take_folder(home)
        replace(home / "dagster.yaml", settings)
        name, code = here.loaded.pilot.name, room / "code"
        replace(home / "workspace.yaml", WORKSPACE.format(socket=code, name=name))
        environ |= {"DAGSTER_HOME": str(home), "TMPDIR": str(room / "tmp")}
        setup = Setup(
            socket=listener.fileno(),
            port=port,
            operator=secrets.token_urlsafe(),
            reader=secrets.token_urlsafe(),
            local_user=_local_user(),
            workspace=str(home / "workspace.yaml"),
            pilot=name,
            title=here.loaded.settings.title,
            environment=here.environment,
            out=str(here.out),
            ledger=None if ledger_at is None else (ledger_at.reference, ledger_at.reveal()),
            proxy=_proxy(here, references),
            trust=_trust(here),
        )
        _tell(setup, here.loaded.schedules)
        code_server = [
            *("dagster", "code-server", "start", "--socket", str(code), "--location-name", name),
            *("--log-level", "warning", "-m", "seatrial.dagster"),
        ]
        daemon = ["dagster._daemon", "run", "--log-level", "warning"]
        bare = _without_references(environ, here.loaded.settings)
        if storage is not None or (home / "history").exists():
            _end_leftovers(here.out, bare, room)
        run_together(
            _dagster("Dagster's code server", code_server, environ, room),
            code,
            (
                _web_server(setup, bare, room),
                _dagster(
                    "Dagster's daemon", [*daemon, "--workspace", setup.workspace], bare, room
                ),
            ),
        )


def _without_references(environ: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """For processes that read no source: without the variables that `pilot.yaml` refers to."""
    named = set(re.findall(r'"env:([^"]+)"', settings.model_dump_json()))
    return {name: value for name, value in environ.items() if name not in named}


def _end_leftovers(out: Path, environ: Mapping[str, str], room: Path) -> None:
    """In a process of its own: this one, which stays, does not load Dagster."""
    command = [*_PYTHON, "-m", "harness.dagster.leftovers", str(out.absolute())]
    ended = subprocess.run(
        command, env=environ, cwd=room / "empty", stdout=subprocess.DEVNULL, check=False
    )
    if ended.returncode:
        raise ProcessDied(
            f"{out / 'dagster'}: runs that an earlier seatrial ui left could not be ended: "
            "correct what stands above, and start it again"
        )


def _dagster(name: str, words: Sequence[str], environ: Mapping[str, str], room: Path) -> Part:
    """In an empty folder: Dagster reads a `.env` of the one where it starts."""
    return Part(
        name=name, command=[*_PYTHON, "-m", *words], environ=environ, folder=room / "empty"
    )


def _web_server(setup: Setup, environ: Mapping[str, str], room: Path) -> Part:
    part = _dagster("the web server", ["harness.dagster.web"], environ, room)
    return replace_fields(part, told=msgspec.json.encode(setup), socket=setup.socket)


def _tell(setup: Setup, schedules: tuple[Schedule, ...]) -> None:
    address = f"http://{HOST}:{setup.port}/?token="
    say(f"{setup.title}: {address}{setup.operator} (Ctrl-C ends it), results in {setup.out}")
    say(f"to look only: {address}{setup.reader}")
    if setup.proxy is not None:
        say(f"by the reverse proxy: {setup.proxy.origin}")
    for name, says in describe_all(schedules, datetime.now(UTC)):
        say(f"{name} {says}")


def _trust(here: Place) -> str | None:
    signing = here.loaded.environment(here.environment).signing
    return None if signing is None else signing.trust


def _proxy(here: Place, references: References) -> ProxySetup | None:
    ui = here.loaded.settings.ui
    if ui is None:
        return None
    secret = resolve_url("ui: proxy: secret", ui.proxy.secret, references)
    if len(secret.reveal()) < _SECRET_CHARACTERS:
        raise ConfigurationError(
            f"{secret.reference}, the secret of the reverse proxy, can be guessed: "
            f"give it {_SECRET_CHARACTERS} random characters or more"
        )
    return ProxySetup(
        address=ui.proxy.address,
        origin=ui.proxy.origin,
        user_header=ui.proxy.user_header,
        operators=ui.proxy.operators,
        reference=secret.reference,
        secret=secret.reveal(),
    )


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """The port, ours from now on: a browser that is early waits, and nobody else can take it.

    Raises ConfigurationError if it is taken.
    """
    with socket.socket() as listener:
        # As web servers do: a port in TIME_WAIT is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            raise ConfigurationError(
                f"port {port} on {HOST} is taken: give another --port"
            ) from error
        yield listener


@contextmanager
def _room() -> Iterator[Path]:
    """A folder of our own with sockets and temporary files, gone afterwards.

    Raises ConfigurationError if a socket in it would have too long a path.
    """
    with tempfile.TemporaryDirectory(prefix="seatrial-ui-", ignore_cleanup_errors=True) as name:
        room = Path(name)
        if len(os.fsencode(room / _SOCKET_OF_DAGSTER)) > _SOCKET_BYTES:
            raise ConfigurationError(
                f"TMPDIR {room.parent} is too long for a socket in it: name a shorter one"
            )
        (room / "tmp").mkdir(mode=0o700)
        (room / "empty").mkdir(mode=0o500)
        yield room


@contextmanager
def _private_files() -> Iterator[None]:
    """Whatever is made here, and by what is started here, is for us alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _local_user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run as a number without a name
        return str(os.getuid())
