"""The command line: its commands, and how each ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
import warnings
from typing import Annotated, NoReturn

import typer

from connectors.errors import SourceError
from harness.box.process import leave_no_core
from harness.cli import contract as contracts
from harness.cli import governance as governing
from harness.cli import policy as policies
from harness.cli.ack import ack
from harness.cli.alerts import send_test
from harness.cli.amend import accept, attest, waive
from harness.cli.approve import approve
from harness.cli.compare import compare
from harness.cli.data import data
from harness.cli.demo import demo
from harness.cli.doctor import doctor
from harness.cli.draft import draft
from harness.cli.drift import drift
from harness.cli.export import export
from harness.cli.gate import gate
from harness.cli.grants import grants
from harness.cli.incident import incident
from harness.cli.init import init
from harness.cli.key import new as new_key
from harness.cli.key import show as show_key
from harness.cli.ledger import archive
from harness.cli.profile import profile
from harness.cli.prove import prove
from harness.cli.sign import sign
from harness.cli.simulate import simulate
from harness.cli.status import status
from harness.cli.ui import ui
from harness.cli.verify import verify
from harness.errors import ConfigurationError, LedgerLost, ProcessDied, of_disk
from harness.say import complain, say

app = typer.Typer(
    name="seatrial",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - the value of a flag
    if asked:
        from harness.run import code_version

        say(f"seatrial {code_version.text()}")
        raise typer.Exit


@app.callback()
def seatrial(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show the release with a digest of its code, as ledger and report hold it.",
        ),
    ] = False,
) -> None:
    """Prove a data pipeline on its real sources before any model is trained.

    Exit codes: 0 all proven - 1 something is broken - 2 the command or the configuration is
    wrong - 3 something is unproven, was not run or is stale - 4 something could not be judged.
    """


for command in (
    *(demo, init, draft, grants, doctor, simulate, prove, drift),
    *(status, waive, accept, attest),
    *(incident, ack, export, verify, sign, gate, compare, ui, profile, data),
):
    app.command()(command)
baseline = typer.Typer(help="What a source's columns are held against.")
baseline.command()(approve)
app.add_typer(baseline, name="baseline")
contract = typer.Typer(help="What a contract says, without a source.")
contract.command()(contracts.lint)
contract.command()(contracts.diff)
app.add_typer(contract, name="contract")
ledger = typer.Typer(help="What was recorded, and where it goes.")
ledger.command()(archive)
app.add_typer(ledger, name="ledger")
key = typer.Typer(help="The key that what was proven is signed by.")
key.command("new")(new_key)
key.command("show")(show_key)
app.add_typer(key, name="key")
policy = typer.Typer(help="What security and Legal agree to before anything is read.")
policy.command()(policies.sign)
policy.command()(policies.show)
app.add_typer(policy, name="policy")
governance = typer.Typer(help="What people agree about the system, beside its data.")
governance.command()(governing.show)
governance.command()(governing.log)
governance.command()(governing.trace)
governance.command()(governing.letter)
governance.command()(governing.closing)
app.add_typer(governance, name="governance")
alerts = typer.Typer(help="Who is told when a claim turns bad.")
alerts.command("test")(send_test)
app.add_typer(alerts, name="alerts")


def main() -> None:
    """Run the command. Every expected error is one line on stderr, with its exit code."""
    # What a command imports stays until it ends. By default a tenth of its start is the collector.
    gc.set_threshold(10_000)
    leave_no_core()
    sys.excepthook = _show_traceback
    if not sys.warnoptions:  # -W and PYTHONWARNINGS: what libraries warn of may show data
        warnings.simplefilter("ignore")
    try:
        code = app(standalone_mode=False)
    except ConfigurationError as error:
        _end(str(error), 2)
    except (LedgerLost, ProcessDied, SourceError) as error:
        _end(str(error), 4)
    except SystemExit as end:  # a signal, from here or from the estate
        _interrupt(end.code if isinstance(end.code, int) else 1)
    except Exception as error:
        _end_expected(error)
        if "--debug" in sys.argv:
            raise
        _end(f"unexpected {type(error).__name__}: run again with --debug and report it", 4)
    if code == 128 + signal.SIGINT:  # typer's answer to Ctrl-C
        _interrupt(code)
    sys.exit(code)


def _show_traceback(_type: object, error: BaseException, _traceback: object) -> None:
    for line in "".join(traceback.format_exception(error)).splitlines():
        complain(line)


def _end_expected(error: Exception) -> None:
    """End by an error of the command line's own library, or of a disk; return for any other."""
    usage = getattr(error, "format_message", None)  # typer's own errors, a private class
    if usage is not None and len(sys.argv) == 1:
        complain("seatrial: name a command")
        typer.echo(f"\n{usage()}", err=True)  # noqa: TID251 - our own help
        sys.exit(2)
    if usage is not None:
        _end(f"{usage()} (see seatrial --help)", 2)
    if isinstance(error, OSError) and (says := of_disk(error)):
        _end(says, 4)


def _end(message: str, code: int) -> NoReturn:
    complain(f"seatrial: {message}")
    sys.exit(code)


def _interrupt(code: int) -> NoReturn:
    """End at once: a reading thread may be inside Arrow, and a normal end would abort there."""
    from harness.box.client import helpers  # --help needs none

    for helper in helpers():
        helper.end()
    complain("seatrial: interrupted; a run that had begun is marked so and keeps its facts")
    sys.stdout.flush()
    os._exit(code)
