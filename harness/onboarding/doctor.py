"""`seatrial doctor`: checks whether a run is possible here. It requests no rows.

machine ─▶ variables ─▶ pilot ─▶ for each source: settings ─▶ contracts ─▶ TCP ─▶ log-in
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from rich.text import Text

from connectors.capabilities import Describes, Experimental, LogsIn, Prices
from connectors.connector import Connector
from connectors.errors import AccessDenied, SourceError
from connectors.events import Authenticated, Event
from connectors.host_names import is_unknown
from connectors.http.proxy import Proxy
from harness.errors import ConfigurationError, unknown
from harness.limits import describe
from harness.onboarding.examine import (
    Check,
    Standing,
    engagement,
    machine,
    neighbours,
    ok,
    schedules,
    settings,
    variables,
    wrong,
)
from harness.onboarding.examine_alerts import examine_alerts
from harness.onboarding.examine_ledger import examine_ledger
from harness.onboarding.examine_signing import examine_signing
from harness.pilot import loading as pilots
from harness.pilot.connect import connect
from harness.pilot.model import LoadedPilot, Source
from harness.pilot.place import ledger
from harness.pilot.plan import uncovered
from harness.pilot.privileges import described, require_unaskable
from harness.pilot.references import References
from harness.say import visible

_CONNECT_SECONDS = 5.0
_PORTS = {"http": 80, "https": 443, "postgresql": 5432, "sftp": 22, "mysql": 3306, "mssql": 1433}
_COLOURS = {
    Standing.OK: "green",
    Standing.NOTE: "yellow",
    Standing.WRONG: "bold red",
    Standing.NO_ANSWER: "bold magenta",
}


def doctor(  # noqa: PLR0913 - what to check, from where, and where to print
    folder: Path | None,
    *,
    start: Path,
    environment: str,
    out: Path | None,
    environ: Mapping[str, str],
    now: datetime,
    console: Console,
) -> int:
    """Print every check as it runs; returns the exit code: 2 if something must be corrected here,
    4 if a source does not answer or refuses our log-in, else 0.
    """
    loaded: LoadedPilot | None = None
    try:
        loaded = pilots.load_chosen(folder, start=start)
        pilot_check = ok("pilot", _count(loaded))
    except ConfigurationError as error:
        pilot_check = wrong("pilot", str(error))
    results = out or Path("out") / (loaded.pilot.name if loaded else "")
    printed: list[Check] = []

    def show(checks: Iterable[Check]) -> None:
        for check in checks:
            printed.append(check)
            console.print(row(check))

    show(machine(out=results, now=now))
    show(variables(environ))
    show([pilot_check])
    if loaded is not None:
        show([ok("limits", describe(loaded.limits))])
        show(schedules(loaded.schedules, now))
        show(neighbours(loaded.folder))
        show(engagement(loaded.folder))
        show(examine_ledger(loaded, environment, environ, out=results, now=now))
        show(sources(loaded, environment, environ, now=now))
    return exit_code(printed)


def exit_code(checks: Iterable[Check]) -> int:
    """The exit code for all checks."""
    standings = {check.standing for check in checks}
    if Standing.WRONG in standings:
        return 2
    return 4 if Standing.NO_ANSWER in standings else 0


def sources(
    loaded: LoadedPilot, environment: str, environ: Mapping[str, str], *, now: datetime
) -> Iterator[Check]:
    """Check every source of the pilot in one environment."""
    if environment not in loaded.settings.environments:
        error = unknown("environment", environment, loaded.settings.environments)
        yield wrong("environment", str(error))
        return
    references = loaded.references(environment, environ)
    with references.kept_alive():
        yield from _environment(loaded, environment, environ, references, now)


def _environment(
    loaded: LoadedPilot,
    environment: str,
    environ: Mapping[str, str],
    references: References,
    now: datetime,
) -> Iterator[Check]:
    chosen = loaded.settings.environments[environment]
    yield ok("environment", f"{environment}, declared {chosen.evidence_class}")
    if chosen.vault is not None:
        yield from settings("vault", chosen.vault.given, references)
    if reference := ledger(environ):
        yield from settings("run", {"ledger": reference}, references)
    yield from examine_alerts(loaded, environment, references)
    yield from examine_signing(loaded, environment, references)
    for source in loaded.pilot.sources:
        today = now.astimezone(loaded.zone).date()
        yield from _source(loaded, environment, source, references, today)


def _source(
    loaded: LoadedPilot,
    environment: str,
    source: Source,
    references: References,
    today: date,
) -> Iterator[Check]:
    for (of, dataset), problem in loaded.problems.items():
        if of == source.name:
            yield wrong(f"{source.name}.{dataset}", problem)
    try:
        address = loaded.address(environment, source.name, references)
        checks = list(settings(source.name, address.values, references))
        yield from checks
        unanswered = any(check.standing is Standing.NO_ANSWER for check in checks)
        if unanswered or address.missing():
            says = "not tried: settings are missing"
            yield Check(what=source.name, standing=Standing.NOTE, says=says)
            return
        connector = connect(loaded, environment, {source.name}, references)[source.name]
    except ConfigurationError as error:
        yield wrong(source.name, str(error))
        return
    yield _contracts(loaded, source, connector)
    yield from _prices(source, connector)
    if isinstance(connector, Experimental) and (part := connector.experimental) is not None:
        yield Check(what=f"{source.name} experimental", standing=Standing.NOTE, says=part)
    if names := uncovered(source, connector):
        says = f"{', '.join(names)}: no contract is held against it, so the pilot is never ready: "
        says += f"seatrial draft {source.name}, or take it out of pilot.py"
        yield Check(what=f"{source.name} not covered", standing=Standing.NOTE, says=says)
    yield _rights(loaded, environment, source, connector, today)
    yield from _reach(source.name, connector)


def _rights(
    loaded: LoadedPilot, environment: str, source: Source, connector: Connector, today: date
) -> Check:
    """How it is asked what our log-in may do; nothing is asked here."""
    what = f"{source.name} rights"
    try:
        require_unaskable(loaded, {source.name: connector})
    except ConfigurationError as error:
        return wrong(what, str(error))
    says, to_do = described(loaded, environment, source, connector, on=today)
    return Check(what=what, standing=Standing.NOTE if to_do else Standing.OK, says=says)


def _contracts(loaded: LoadedPilot, source: Source, connector: Connector) -> Check:
    what = f"{source.name} contracts"
    names = [contract.name for contract in source.contracts]
    if not names:
        return wrong(what, f"none: seatrial draft {source.name}, then list it in pilot.py")
    usable = [name for name in names if (source.name, name) not in loaded.problems]
    for name in names:
        if isinstance(connector, Describes) and name not in connector.datasets:
            return wrong(what, str(unknown("dataset", name, connector.datasets)))
    says = ", ".join(usable) or "none that can be judged"
    return Check(what=what, standing=Standing.OK if usable else Standing.NOTE, says=says)


def _prices(source: Source, connector: Connector) -> Iterator[Check]:
    """Say what costs a source more than one reading: once, where it is the same for all."""
    if not (isinstance(connector, Prices) and isinstance(connector, Describes)):
        return
    known = [one.name for one in source.contracts if one.name in connector.datasets]
    prices = {name: price for name in known if (price := connector.price(name)) is not None}
    if len(prices) == len(known) > 1 and len(set(prices.values())) == 1:
        yield ok(f"{source.name} each dataset", prices[known[0]])
        return
    for name, price in prices.items():
        yield ok(f"{source.name}.{name}", price)


def _reach(source: str, connector: Connector) -> Iterator[Check]:
    """Check TCP to the source or its proxy, then the log-in: different people correct a firewall
    and a wrong password.
    """
    proxy = getattr(connector, "proxy", None)
    where = urlsplit(proxy.url if isinstance(proxy, Proxy) else connector.endpoint)
    port = where.port or _PORTS.get(where.scheme)
    if where.hostname is None or port is None:
        says = f"{connector.endpoint} names no host and port: not tried"
        yield Check(what=f"{source} address", standing=Standing.NOTE, says=says)
        return
    what = f"{source} proxy" if isinstance(proxy, Proxy) else f"{source} address"
    at = f"{where.hostname}:{port}"
    try:
        socket.create_connection((where.hostname, port), _CONNECT_SECONDS).close()
    except (OSError, UnicodeError) as error:
        says = f"{at}: {_why(error)}"
        yield Check(what=what, standing=Standing.NO_ANSWER, says=says)
        return
    yield ok(what, f"{at} answers")
    yield _log_in(source, connector)


def _log_in(source: str, connector: Connector) -> Check:
    what = f"{source} log-in"
    if not isinstance(connector, LogsIn):
        return Check(
            what=what, standing=Standing.NOTE, says="not tried: this connector only reads"
        )
    told: list[Event] = []
    try:
        connector.log_in(emit=told.append)
    except AccessDenied as error:
        return Check(what=what, standing=Standing.NO_ANSWER, says=f"refused: {error}")
    except SourceError as error:
        return Check(what=what, standing=Standing.NO_ANSWER, says=str(error))
    if not any(isinstance(event, Authenticated) for event in told):
        says = "not refused, and not said to be accepted: the first reading shows it"
        return Check(what=what, standing=Standing.NOTE, says=says)
    return ok(what, "accepted")


def _why(error: Exception) -> str:
    if is_unknown(error):
        return "no host has this name: correct it in pilot.yaml, or let this machine know the name"
    if isinstance(error, socket.gaierror):
        return "the name server does not answer: is the network up?"
    why = "no connection in time" if isinstance(error, TimeoutError) else "no connection"
    return f"{why}: is it up, and does a firewall let us through?"


def _count(loaded: LoadedPilot) -> str:
    sources = len(loaded.pilot.sources)
    contracts = sum(len(source.contracts) for source in loaded.pilot.sources)
    return f"{loaded.pilot.name}: sources {sources}, contracts {contracts}"


def row(check: Check) -> Table:
    """One check, as it is printed."""
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(width=max(len(one) for one in Standing), no_wrap=True)
    grid.add_column(width=20, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(
        Text(check.standing, style=_COLOURS[check.standing]),
        Text(visible(check.what)),
        Text(visible(check.says)),
    )
    return grid
