"""The door as ASGI: nothing reaches Dagster but what `access.py` lets in."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.dagster.web import access, peer
from harness.dagster.web.access import VISITOR, Door, Exchange, Head, Refusal, Visitor

_POLICY_VIOLATION = 1008
_POLICY = (
    "frame-ancestors 'none'; form-action 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "font-src 'self' data:; connect-src 'self'"
)
"""In no frame; and nothing is fetched from elsewhere, whatever a description in Dagster says."""
_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """An ASGI application in front of another."""

    def __init__(self, app: ASGIApp, *, door: Door, start: str) -> None:
        self._app, self._door, self._start = app, door, start

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        head = read_head(scope, port=self._door.port)
        answered = send if head.method == "WEBSOCKET" else _with_headers(send)
        match access.decide(head, self._door):
            case Visitor() as visitor:
                scope[VISITOR] = visitor
                await self._app(scope, receive, answered)
            case Exchange(cookie=cookie):
                await self._exchange(head, cookie)(scope, receive, answered)
            case Refusal() if head.method == "WEBSOCKET":
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            case Refusal(status=status, because=because):
                refused = PlainTextResponse(f"seatrial: {because}\n", status_code=status)
                await refused(scope, receive, answered)

    def _exchange(self, head: Head, cookie: str) -> RedirectResponse:
        response = RedirectResponse(self._landing(head), status_code=303)
        response.set_cookie(
            access.cookie_name(self._door.port), cookie, httponly=True, samesite="strict"
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def _landing(self, head: Head) -> str:
        """The same page without its token; our own in place of Dagster's first."""
        rest = urlencode([pair for pair in parse_qsl(head.query) if pair[0] != "token"])
        # Two slashes would begin the name of a host.
        path = self._start if head.path == "/" else "/" + head.path.lstrip("/\\")
        return f"{path}?{rest}" if rest else path


def read_head(scope: Scope, *, port: int) -> Head:
    """The head of a request, with what the kernel knows of who sends it."""
    address, client_port = scope["client"] or ("", 0)
    return Head(
        method="WEBSOCKET" if scope["type"] == "websocket" else scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=[(n.decode("latin-1"), v.decode("latin-1")) for n, v in scope["headers"]],
        peer=address,
        owner=peer.owner(client_port=client_port, port=port),
    )


def _with_headers(send: Send) -> Send:
    async def answered(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            # Beside Dagster's own policy, if it has one: both bind.
            headers.append("Content-Security-Policy", _POLICY)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return answered
