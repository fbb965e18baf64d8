"""The command line. Each command is a thin shell over a function of its own module."""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from connectors.interface import SourceError
from harness.cli_data import data
from harness.cli_options import (
    Debug,
    Environment,
    LedgerReference,
    Out,
    PilotFolder,
    SourceName,
)
from harness.errors import ConfigurationError, LedgerLost

app = typer.Typer(
    name="seatrial",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="""Prove a data pipeline on its real sources before any model is trained.

    Exit codes: 0 all proven - 1 something is broken - 2 the command or the configuration is
    wrong - 3 something is unproven, was not run or is stale - 4 something could not be judged.
    """,
)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where results go.")] = Path("out/demo"),
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the servers running.")] = False,
    scale: Annotated[
        float, typer.Option(min=0.01, max=1, metavar="SF", help="TPC-H scale factor.")
    ] = 0.01,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Moves every fault.")] = 7,
    debug: Debug = False,
) -> None:
    """Start five real servers, prove them as found, repair them, prove them again.

    Exit code 0 when every planted fault was found, nothing else was, and the repaired sources
    show nothing broken; 1 otherwise.
    """
    _logging(debug)
    from rich.console import Console

    from harness.demo import demo as run_demo

    found = run_demo(out=out, keep=keep, scale=scale, seed=seed, console=Console())
    for shortfall in found:
        typer.echo(f"seatrial: the demo fell short: {shortfall}", err=True)
    raise typer.Exit(1 if found else 0)


@app.command()
def prove(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    dataset: Annotated[
        list[str] | None, typer.Option(metavar="D", help="Only this dataset; repeatable.")
    ] = None,
    claim: Annotated[
        list[str] | None, typer.Option(metavar="C", help="Only this claim; repeatable.")
    ] = None,
    slot: Annotated[
        str | None, typer.Option(metavar="DATE", help="The night it belongs to; today.")
    ] = None,
    out: Out = None,
    ledger: LedgerReference = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write verdicts.json here as well.")
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write JUnit XML for a CI server.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Read a pilot's sources, hold them against their contracts, and judge every claim."""
    _logging(debug)
    from rich.console import Console

    from harness import pilot as pilots
    from harness import verdict
    from harness.ledger import utc_now
    from harness.progress import shown
    from harness.prove import prove as run_prove
    from harness.report import junit as junit_report
    from harness.report import terminal, verdicts_json
    from harness.report.files import replace
    from harness.slot import slot as night
    from harness.take import Clock

    for option, file in (("--json", json), ("--junit", junit)):
        if file is not None and (file.is_dir() or not file.parent.is_dir()):
            raise ConfigurationError(f"{option} {file} is no file in a folder that exists")
    engagement = pilots.load(pilot or pilots.find(Path.cwd()))
    out = out or Path("out") / engagement.pilot.name
    console = Console()
    with shown(Console(stderr=True)) as progress:
        result = run_prove(
            engagement,
            environment=environment,
            slot=night(slot, zone=engagement.zone, now=utc_now()),
            out=out,
            environ=os.environ,
            clock=Clock(now=utc_now),
            progress=progress,
            datasets=dataset or (),
            claims=claim or (),
            ledger=ledger,
        )
    terminal.table(result, console)
    console.print(f"Open the report: {out / 'report.html'}", soft_wrap=True, highlight=False)
    if json is not None:
        verdicts_json.write(result, json)
    if junit is not None:
        replace(junit, junit_report.render(result))
    raise typer.Exit(verdict.exit_code([j.verdict.outcome for j in result.judged]))


@app.command()
def ui(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    out: Out = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
    storage: Annotated[
        str | None,
        typer.Option(
            metavar="REF",
            help="Dagster's own records: where PostgreSQL's URL is; SQLite files in --out.",
        ),
    ] = None,
    ledger: LedgerReference = None,
) -> None:
    """Open the pilot in Dagster on loopback: run proofs, read checks, schedule nights."""
    from harness.ui import ui as run_ui

    run_ui(pilot, out=out, environment=environment, port=port, storage=storage, ledger=ledger)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where it goes; made if need be.")],
    *,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The pilot's name; the folder's.")
    ] = None,
) -> None:
    """Lay out an engagement of your own; nothing that is there is overwritten."""
    from harness.init import init as run_init

    for path in run_init(folder, name=name):
        typer.echo(path)


@app.command()
def draft(  # noqa: PLR0913 - the options of a command line
    source: SourceName,
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    dataset: Annotated[
        list[str] | None,
        typer.Option(metavar="D", help="Only this dataset; repeatable. All without a contract."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write contracts/D.py instead of printing it.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Ask a source what its datasets look like; draft contracts for their owners to confirm."""
    _logging(debug)
    from harness import draft as drafts
    from harness import pilot as pilots

    folder = pilot or pilots.find(Path.cwd())
    found = drafts.draft(
        pilots.load(folder),
        environment=environment,
        source=source,
        datasets=dataset or (),
        environ=os.environ,
    )
    if not write:
        drafts.show(found)
        return
    for path in drafts.write(found, folder / "contracts"):
        shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        typer.echo(f"{shown}: answer what says {drafts.MARK}, then list it in pilot.py")


baseline = typer.Typer(help="What a source's columns are held against.")
app.add_typer(baseline, name="baseline")


@baseline.command()
def approve(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers for it.")],
    environment: Environment = "dev",
    dataset: Annotated[
        list[str] | None, typer.Option(metavar="D", help="Only this dataset; repeatable.")
    ] = None,
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Approve the columns that the newest run saw; what changed since the last time is shown."""
    from harness import baseline as baselines
    from harness import pilot as pilots
    from harness.ledger import utc_now

    engagement = pilots.load(pilot or pilots.find(Path.cwd()))
    for approval in baselines.approve(
        engagement,
        environment=environment,
        by=by,
        today=utc_now().astimezone(engagement.zone).date(),
        datasets=dataset or (),
        out=out or Path("out") / engagement.pilot.name,
        ledger=ledger,
        environ=os.environ,
    ):
        typer.echo(baselines.told(approval))


@app.command()
def grants(source: SourceName, pilot: PilotFolder = None, *, env: Environment = "dev") -> None:
    """Print the SQL that lets the pilot read a source, and nothing else; no source is asked."""
    from harness import pilot as pilots
    from harness.grants_script import grants_script

    engagement = pilots.load(pilot or pilots.find(Path.cwd()))
    script = grants_script(engagement, environment=env, source=source, environ=os.environ)
    typer.echo(script, nl=False)


@app.command()
def profile(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Training data, Parquet or CSV.")],
    pilot: PilotFolder = None,
    *,
    dataset: Annotated[str, typer.Option(metavar="D", help="The dataset that it was drawn from.")],
    debug: Debug = False,
) -> None:
    """Pin the training data's profile: later values are held against it by stable_values."""
    _logging(debug)
    from harness.ledger import utc_now
    from harness.profile import profile as run_profile

    for line in run_profile(pilot, file, dataset=dataset, start=Path.cwd(), now=utc_now()):
        typer.echo(line)


@app.command()
def doctor(
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results would go; out/PILOT.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Check the set-up: machine, pilot, variables, secret files, log-ins; no data is read."""
    _logging(debug)
    from rich.console import Console

    from harness.doctor import doctor as run_doctor
    from harness.ledger import utc_now

    raise typer.Exit(
        run_doctor(
            pilot,
            start=Path.cwd(),
            environment=environment,
            out=out,
            environ=os.environ,
            now=utc_now(),
            console=Console(),
        )
    )


app.command()(data)


def main() -> None:
    """Run the command; every foreseen error is one line on stderr and its own exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        code = app(standalone_mode=False)
    except ConfigurationError as error:
        _end(str(error), 2)
    except (LedgerLost, SourceError) as error:
        _end(str(error), 4)
    except SystemExit as end:  # a signal, from here or from the estate
        _interrupted(end.code if isinstance(end.code, int) else 1)
    except Exception as error:
        usage = getattr(error, "format_message", None)  # typer's own errors, a private class
        if usage is not None and len(sys.argv) == 1:
            _end(f"name a command\n\n{usage()}", 2)
        if usage is not None:
            _end(f"{usage()} (see seatrial --help)", 2)
        if "--debug" in sys.argv:
            raise
        _end(f"unexpected {type(error).__name__}: run again with --debug and report it", 4)
    if code == 128 + signal.SIGINT:  # typer's answer to Ctrl-C
        _interrupted(code)
    sys.exit(code)


def _terminated(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _logging(debug: bool) -> None:  # noqa: FBT001 - the value of a flag
    if debug:
        logging.basicConfig(level=logging.WARNING)
        logging.getLogger("seatrial").setLevel(logging.DEBUG)


def _end(message: str, code: int) -> NoReturn:
    typer.echo(f"seatrial: {message}", err=True)
    sys.exit(code)


def _interrupted(code: int) -> NoReturn:
    """End at once: a thread that still reads is inside Arrow, which the interpreter's own end
    would abort.
    """
    typer.echo(
        "seatrial: interrupted; a run that had begun is marked so and keeps its facts", err=True
    )
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
