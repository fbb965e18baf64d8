"""One HTTP exchange, whole or not at all; the only module that knows the HTTP library.

    lease ─▶ send ─▶ read raw, by a deadline ─▶ decode to its proper end ─▶ Answered ─▶ judge
              and nothing may follow that end

The library alone takes a truncated gzip stream for a body, drops second members, waits for ever
on a drip, follows redirects with credentials, keeps cookies and obeys proxy variables. None of
that is used: requests go straight to its transport, which also costs less than its client.
"""

from __future__ import annotations

import logging
import re
from contextlib import closing, suppress
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx

from connectors.errors import SourceChanged, SourceError, SourceUnavailable
from connectors.events import Answered, Emit, Limited, Overloaded, Refused
from connectors.host_names import is_unknown, unknown_host
from connectors.http.body import ERROR_SECONDS, read_body
from connectors.http.client_certificate import ClientCertificate
from connectors.http.egress import Egress
from connectors.http.gate import Gate
from connectors.http.interruptible import InterruptibleConnection
from connectors.http.messages import Answer, Limits, Request
from connectors.http.proxy import Proxy
from connectors.http.query import set_parameters
from connectors.http.rate_limit_headers import quotas
from connectors.http.sent import Sent
from connectors.http.silence import Silence, UnaskedBytes
from connectors.http.tls import denied_by_tls, verifying_context
from connectors.rate_limiter import RateLimiter
from connectors.worker import Worker

# Their records show addresses with query values and headers; the run's events say what was sent.
for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy"):
    logging.getLogger(_name).addFilter(lambda _: False)

HEADERS = {
    "accept": "application/json",
    "accept-encoding": "gzip",
    "cache-control": "no-cache",  # RFC 9111 5.2.1.4: what was stored is asked for anew
    "user-agent": "seatrial",
}
_UNAUTHORIZED, _FORBIDDEN, _TOO_MANY = 401, 403, 429
_HEAD_ALONE = {"content-length": "0"}
"""RFC 9112 6.3 (1): an answer to HEAD ends with its head, whatever that says of a body."""
_UNSENDABLE = "no request can hold its address or headers: correct them"


class Connection:
    """Exchanges, directly or through a proxy; for one origin and one thread at a time."""

    def __init__(  # noqa: PLR0913 - what all its exchanges share
        self,
        *,
        ca_file: Path | None,
        budget: RateLimiter,
        limits: Limits,
        emit: Emit,
        proxy: Proxy | None = None,
        certificate: ClientCertificate | None = None,
        setting: str = "its address",
        egress: Egress | None = None,
    ) -> None:
        """`setting` is what a pilot calls the address: `base_url of Rest(…)`."""
        self._egress = egress or Egress()
        self._setting = setting
        self._tls = verifying_context(ca_file, certificate)
        self._proxy = proxy
        self._budget = budget
        self._limits = limits
        self._emit = emit
        self._told: set[Limited] = set()
        self._begin_anew()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._abandon()

    def exchange(self, request: Request, *, attempt: int = 1) -> Answer:
        """Send `request` once, under a lease of the budget; any whole answer is an answer. What
        was sent ahead is not sent again: its answer is waited for.

        SourceUnavailable for none or half of one, AccessDenied where TLS is not to be trusted,
        SourceChanged for one that breaks its framing, its encoding or our limits.
        """
        if self._sent is None:
            self._begin(Sent(request, self._budget.take(self._emit) if request.budgeted else None))
        return self._take(min(self._limits.seconds, request.seconds), attempt)

    def send_ahead(self, request: Request) -> Sent | None:
        """Send `request` before its turn, if the budget has a slot for it now. Its answer and its
        events come with `exchange`, and until then no more of it than `AHEAD_BYTES`.
        """
        slot = self._budget.take_free()
        return None if slot is None else self._begin(Sent(request, slot, is_ahead=True))

    def leave(self, *, seconds: float) -> None:
        """Tell of what was sent ahead in vain; with no answer in so many seconds, end it."""
        with suppress(SourceError):
            self._take(seconds, 1)

    def beside(self) -> Connection:
        """Another one, with the same settings and budget."""
        other = copy(self)
        other._begin_anew()  # noqa: SLF001 - one of us
        return other

    def _begin_anew(self) -> None:
        self._sent: Sent | None = None
        self._open()

    def _begin(self, sent: Sent) -> Sent:
        self._sent = sent
        self._worker.begin(sent)
        return sent

    def _take(self, seconds: float, attempt: int) -> Answer:
        """The answer to what is under way, and its events."""
        assert self._sent is not None
        sent, self._sent = self._sent, None
        try:
            answer = self._receive(sent, seconds)
        finally:
            if sent.connected is not None:
                self._emit(sent.connected)
        self._emit(
            Answered(
                what=answer.what,
                status=str(answer.status),
                seconds=sent.seconds,
                bytes=len(answer.body),
                attempt=attempt,
                peer=sent.peer,
            )
        )
        if answer.status in (_UNAUTHORIZED, _FORBIDDEN, _TOO_MANY):
            asked = answer.retry_after
            self._emit(Refused(what=answer.what, status=str(answer.status), retry_after=asked))
        if answer.is_overload and answer.status != _TOO_MANY:
            self._emit(Overloaded(what=answer.what, status=str(answer.status)))
        if sent.request.budgeted:  # a token endpoint would tell of limits of its own
            for quota in quotas(answer.headers):
                if quota not in self._told:
                    self._told.add(quota)
                    self._emit(quota)
        return answer

    def _receive(self, sent: Sent, seconds: float) -> Answer:
        """The answer by the deadline. A worker thread waits for it, because neither the look-up
        of a name nor a head that drips in byte by byte knows a total time-out.
        """
        sent.take_turn()
        try:
            outcome = self._worker.outcome(seconds=sent.left(seconds))
        except BaseException as error:
            self._abandon()
            self._open()
            sent.free()
            if not isinstance(error, TimeoutError):
                raise  # Ctrl-C while waiting
            raise SourceUnavailable(
                f"{sent.request.what}: no whole answer in {seconds:g} s"
            ) from None
        if isinstance(outcome, BaseException):
            self._abandon()  # a tunnel that was half built would never be free again
            self._open()
            raise outcome
        return replace(outcome, kept_seconds=sent.kept()) if sent.is_ahead else outcome

    def _open(self) -> None:
        self._line = InterruptibleConnection()
        transport = httpx.HTTPTransport(
            verify=self._tls,
            trust_env=False,
            limits=httpx.Limits(max_connections=1),
            proxy=None if self._proxy is None else _translate(self._proxy),
        )
        gate = Gate(self._egress, proxy=self._proxy, setting=self._setting, also=self._line.trace)
        silence = Silence(transport, also=gate.trace)
        send = partial(_send, transport, silence, gate, self._limits, self._proxy, self._setting)
        budget = self._budget
        self._worker: Worker[Sent, Answer] = Worker(
            lambda sent: sent.work(send, budget), last=transport.close
        )

    def _abandon(self) -> None:
        """End whatever is under way; the worker closes behind itself."""
        self._line.cut()
        if self._sent is not None:
            self._sent.end()
        self._worker.leave()


def _translate(proxy: Proxy) -> httpx.Proxy:
    """The proxy as the library wants it."""
    return httpx.Proxy(
        proxy.url,
        auth=proxy.login,
        ssl_context=verifying_context(None) if proxy.url.startswith("https:") else None,
    )


def _send(  # noqa: PLR0913, PLR0917 - all but the last are bound once
    transport: httpx.HTTPTransport,
    silence: Silence,
    gate: Gate,
    limits: Limits,
    proxy: Proxy | None,
    setting: str,
    sending: Sent,
) -> Answer:
    request, what = sending.request, sending.request.what
    # Each read may take longer than all of them: the deadline comes first, and tells so.
    timeout = httpx.Timeout(2 * limits.seconds, connect=limits.connect_seconds)
    gate.begin(sending)
    try:
        sent = httpx.Request(
            request.method,
            httpx.URL(set_parameters(request.url, request.secret_query)),
            headers={**HEADERS, **request.headers},
            content=request.body,
            extensions={"timeout": timeout.as_dict(), "trace": silence.trace},
        )
    except (httpx.InvalidURL, ValueError):  # too long, or with what neither can hold
        raise SourceChanged(f"{what}: {_UNSENDABLE}") from None
    try:
        silence.require()
        with closing(transport.handle_request(sent)) as response:
            silence.watch(response)
            headers = dict(response.headers.items())
            if not response.is_success:
                sent.extensions["timeout"]["read"] = ERROR_SECONDS
            try:
                body = read_body(
                    response.iter_raw(),
                    response.status_code,
                    headers if request.method != "HEAD" else _HEAD_ALONE,
                    what=what,
                    limits=limits,
                    has_grown=sending.has_grown,
                )
            except (SourceError, httpx.TransportError):
                if response.is_success:
                    raise
                body = b""  # its status says enough
                silence.forget()
            silence.require()
            return Answer(
                what=what,
                url=request.url,
                withheld=frozenset(request.secret_query),
                status=response.status_code,
                headers=headers,
                body=body,
            )
    except UnaskedBytes:
        peer = f" of {proxy.place}" if proxy is not None and silence.ends_at_proxy else ""
        raise SourceUnavailable(
            f"{what}: bytes came behind the end of an answer{peer}; none was used and the "
            "connection was closed: try later, and report it there"
        ) from None
    except httpx.LocalProtocolError:  # its text shows the header
        raise SourceChanged(f"{what}: {_UNSENDABLE}") from None
    except (httpx.TransportError, UnicodeError) as error:  # the latter for a name that none is
        if is_unknown(error):
            raise _unknown(request, proxy, setting) from error
        raise _explain(what, error, proxy) from error


def _unknown(request: Request, proxy: Proxy | None, setting: str) -> SourceError:
    own = request.setting or setting
    at, name = (request.url, own) if proxy is None else (proxy.url, "url of Proxy(…)")
    return unknown_host(request.what, host=urlsplit(at).hostname or "", setting=name)


def _explain(what: str, error: Exception, proxy: Proxy | None) -> SourceError:
    if (denied := denied_by_tls(what, error)) is not None:
        return denied
    if proxy is not None and isinstance(error, httpx.ProxyError):
        status = re.match(r"\d{3}\b", str(error))  # the words behind it are the proxy's own
        return proxy.failure(what, int(status[0]) if status else None)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        if proxy is not None:
            return proxy.failure(what, None)
        return SourceUnavailable(f"{what}: no connection: check that the server runs")
    return SourceUnavailable(f"{what}: its answer broke off ({type(error).__name__})")
