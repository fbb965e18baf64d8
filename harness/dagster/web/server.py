"""Dagster's web server for several people: what each may do, and who did it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext
from dagster_webserver.webserver import DagsterWebserver
from graphql import GraphQLFormattedError
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from harness.dagster.web import operations, pages
from harness.dagster.web.access import VISITOR, Role, Visitor
from harness.dagster.web.addresses import START
from harness.dagster.web.guard import Guard
from harness.dagster.web.setup import Setup


class Webserver(DagsterWebserver[WorkspaceProcessContext, WorkspaceRequestContext]):
    """Dagster's server, with pages of ours before its own."""

    def __init__(self, context: WorkspaceProcessContext, setup: Setup) -> None:
        self._setup = setup
        super().__init__(context, live_data_poll_rate=2000)

    def build_routes(self) -> list[BaseRoute]:
        """Ours first: Dagster answers every address with its own page."""
        dagsters: list[BaseRoute] = super().build_routes()  # type: ignore[no-untyped-call]
        return [*pages.routes(self._setup, self.request_context), *dagsters]

    def _make_request_context(self, conn: HTTPConnection) -> WorkspaceRequestContext:
        """What Dagster asks for permissions: a reader has none, and its pages show that."""
        process = self._process_context
        return WorkspaceRequestContext(
            instance=process.instance,
            current_workspace=process.get_current_workspace(),
            process_context=process,
            version=process.version,
            source=conn,
            read_only=visitor(conn).role is not Role.OPERATOR,
        )

    async def execute_graphql_request(
        self,
        request: Request,
        query: str,
        variables: dict[str, Any] | None,
        operation_name: str | None,
    ) -> JSONResponse:
        """Run a document that this person may run in this way."""
        because = operations.refusal(query, method=request.method, role=visitor(request).role)
        if because is not None:
            return JSONResponse(
                {"data": None, "errors": [{"message": f"seatrial: {because}"}]}, status_code=403
            )
        return await super().execute_graphql_request(request, query, variables, operation_name)

    async def execute_graphql_subscription(
        self,
        websocket: Any,
        operation_id: str,
        query: str,
        variables: dict[str, Any] | None,
        operation_name: str | None,
    ) -> tuple[asyncio.Task[Any] | None, GraphQLFormattedError | None]:
        """Subscribe, and nothing else."""
        because = operations.refusal(query, method="WEBSOCKET", role=visitor(websocket).role)
        if because is not None:
            return None, {"message": f"seatrial: {because}"}
        return await super().execute_graphql_subscription(
            websocket, operation_id, query, variables, operation_name
        )


def visitor(conn: HTTPConnection) -> Visitor:
    """Who sends a request. Nothing gets here without: the guard stands before."""
    found: Visitor = conn.scope[VISITOR]
    return found


def application(context: WorkspaceProcessContext, setup: Setup) -> ASGIApp:
    """All that is served, behind the guard."""
    app = Webserver(context, setup).create_asgi_app(lifespan=_lifespan)
    return Guard(app, door=setup.door(), start=START)


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    with suppress(asyncio.CancelledError):  # uvicorn ends so when a signal comes
        yield
