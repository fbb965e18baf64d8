"""Our own pages beside Dagster's: the start page, and files of the results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import dagster as dg
from dagster._core.workspace.context import WorkspaceRequestContext
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from harness.alerts.excused import as_they_counted
from harness.alerts.history import History, history_in
from harness.dagster import keys
from harness.dagster.web import results, told
from harness.dagster.web.access import VISITOR, Role, Visitor
from harness.dagster.web.addresses import RESULTS, START
from harness.dagster.web.nights import schedules
from harness.dagster.web.setup import Setup
from harness.errors import ConfigurationError, LedgerLost
from harness.ledger.ledger import Ledger, read_ledger
from harness.ledger.verdicts import last_verdicts
from harness.ledger.watched import Watched
from harness.report import start
from harness.result import Planned, RecordedVerdict

Open: TypeAlias = Callable[[HTTPConnection], AbstractContextManager[WorkspaceRequestContext]]
"""Dagster as one request sees it."""


def routes(setup: Setup, open_dagster: Open) -> list[Route]:
    """Where our pages are."""
    out = Path(setup.out)
    watched = Watched()

    def start_page(request: Request) -> Response:
        with open_dagster(request) as dagster:
            page = _start(setup, dagster, request.scope[VISITOR], watched=watched)
        return HTMLResponse(start.render(page), headers={"Cache-Control": "no-store"})

    def result(request: Request) -> Response:
        file = results.find(out, request.path_params["path"])
        if file is None:
            says = "seatrial: no such result: open a report or a bundle from the start page\n"
            return PlainTextResponse(says, status_code=404)
        shown = results.shown_as(file)
        return FileResponse(
            file,
            media_type=shown,
            filename=None if shown else file.name,
            headers=results.HEADERS,
        )

    return [Route(START, start_page), Route(f"{RESULTS}/{{path:path}}", result)]


def _recorded(
    setup: Setup, ledger: Ledger, wanted: Collection[Planned]
) -> tuple[Mapping[Planned, RecordedVerdict], History]:
    """The last verdict on each claim, as it counts now, and what alerts are decided from."""
    register = setup.register()
    last = last_verdicts(ledger, pilot=setup.pilot, environment=setup.environment, wanted=wanted)
    counting = as_they_counted(
        last.values(),
        ledger,
        pilot=setup.pilot,
        environment=setup.environment,
        register=register,
        at=datetime.now(UTC),
    )
    history = history_in(
        ledger, pilot=setup.pilot, environment=setup.environment, register=register
    )
    return dict(zip(last, counting, strict=True)), history


def _start(
    setup: Setup,
    dagster: WorkspaceRequestContext,
    visitor: Visitor,
    *,
    watched: Watched,
) -> start.Start:
    checks = {
        planned: key
        for key in dagster.asset_graph.asset_check_keys
        if (planned := keys.planned(key)) is not None
    }
    recorded: Mapping[Planned, RecordedVerdict] = {}
    history = History()
    problem = (
        None if checks else "The pilot does not load: Dagster's page of deployments says why."
    )
    try:
        with read_ledger(setup.ledger_at()) as ledger:
            watched.require_whole(ledger, setup.ledger_name, now=datetime.now(UTC))
            recorded, history = _recorded(setup, ledger, checks.keys())
    except (ConfigurationError, LedgerLost) as error:
        problem = problem or f"Nothing can be told: {error}."
    if not recorded:
        problem = problem or "No run has judged anything yet."
    return start.Start(
        pilot=setup.pilot,
        title=setup.title,
        environment=setup.environment,
        user=visitor.user,
        role=str(visitor.role),
        rows=start.rows(
            checks.keys(),
            recorded,
            _shown(dagster.instance, checks),
            {one: _link(key) for one, key in checks.items()},
        ),
        problem=problem,
        report=results.find(Path(setup.out), "report.html") is not None,
        bundles=tuple(results.bundles(Path(setup.out))),
        operates=visitor.role is Role.OPERATOR,
        incidents=told.open_incidents(history),
        tested=told.last_test(history),
        schedules=tuple(schedules(dagster, datetime.now(UTC))),
    )


def _shown(
    instance: dg.DagsterInstance, checks: Mapping[Planned, dg.AssetCheckKey]
) -> dict[Planned, start.Shown]:
    storage = instance.event_log_storage
    records = storage.get_latest_asset_check_execution_by_key(list(checks.values()))
    return {
        one: start.Shown(status=records[key].status.value, run=records[key].run_id)
        for one, key in checks.items()
        if key in records
    }


def _link(key: dg.AssetCheckKey) -> str:
    path = "/".join(quote(part, safe="") for part in key.asset_key.path)
    return f"/assets/{path}?view=checks&checkDetail={quote(key.name, safe='')}"
