"""REST: JSON in pages over HTTPS, a page a batch.

    next request ─▶ authorize ─▶ retry ─▶ exchange ─▶ page ─▶ batch      until the last page's mark

The first page decides which columns the reading has. A field that only a later page has is
SourceChanged: a column of some rows can neither be typed nor called absent. So is a field that
every row had and a later page lacks: it was dropped, it is not null. An endpoint that omits nulls
says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path

import pyarrow as pa

from connectors.capabilities import Described
from connectors.connector import Probe
from connectors.errors import NeedsRows, SourceError
from connectors.events import Declared, Emit, WitnessKind
from connectors.http.client_certificate import ClientCertificate
from connectors.http.egress import Egress, Reach, hosts_of, require_hosts
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.http.origin import origin
from connectors.http.proxy import Proxy, require_tunnel
from connectors.http.status import check_status
from connectors.near import add_or_correct
from connectors.rate_limiter import RateLimiter
from connectors.rest import describe as seen
from connectors.rest.auth import Auth, Authorize
from connectors.rest.auth.account import account_of
from connectors.rest.auth.introspection import introspection_of, scopes
from connectors.rest.auth.log_out import given_back
from connectors.rest.auth.mtls import Mtls
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.auth.tokens import issuer_of
from connectors.rest.auth.untried import untried
from connectors.rest.counted_at import CountedAt
from connectors.rest.described_at import read_description
from connectors.rest.endpoint import Endpoint
from connectors.rest.evidence import Evidence
from connectors.rest.first_pages import FirstPages
from connectors.rest.page_batches import PageBatches
from connectors.rest.passes import passes
from connectors.rest.sender import Sender
from connectors.rest.strangers import ask_strangers
from connectors.rest.trace import trace
from connectors.retry import RetryPolicy
from connectors.rights import Way
from connectors.slots import SpentByOthers
from connectors.traced import Traced


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Reads the endpoints of one origin with one client's credentials and budget.

    >>> parts = Endpoint(path="/parts", pages=next_url("next"), rows="items", total="count")
    >>> Rest(
    ...     base_url="https://shop.example",
    ...     auth=Bearer(token=at.secret("token")),
    ...     endpoints={"parts": parts},
    ...     budget=RateLimiter(requests=5, seconds=10),
    ... ).endpoint
    'https://shop.example:443'
    """

    base_url: str
    auth: Auth
    endpoints: Mapping[str, Endpoint]
    budget: RateLimiter
    """Shared by all processes that ask this origin as the same account."""
    ca_file: Path | None = None
    """Authorities to trust, in PEM; None for those that this machine trusts."""
    proxy: Proxy | None = None
    """The proxy to use; those of the environment are never used."""
    hosts: tuple[str, ...] = ()
    """Hosts to go to beside those of `base_url` and of a log-in's issuer, without ports. Such an
    address is reached whatever network it is in."""
    stranger_allowed: bool = False
    limits: Limits = field(default_factory=Limits)
    patience: RetryPolicy = field(default_factory=RetryPolicy)
    _reached: dict[str, Reach] = field(default_factory=dict, init=False, repr=False, compare=False)
    _account: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        origin(self.base_url)
        require_hosts(self.hosts)
        for address in filter(None, (self.base_url, issuer_of(self.auth))):
            require_tunnel(address, self.proxy)

    @property
    def endpoint(self) -> str:
        """`https://host:port`."""
        return origin(self.base_url)

    @property
    def datasets(self) -> Sequence[str]:
        """Those that have an endpoint."""
        return tuple(self.endpoints)

    def price(self, dataset: str) -> str | None:
        """Twice the requests for what is read twice, one more for a total that is asked for by
        itself; so many requests at once.
        """
        endpoint = self.endpoints[dataset]
        unmoved, prices = endpoint.unmoved, []
        if unmoved is not None and unmoved.kind is WitnessKind.READ_TWICE:
            prices.append("read twice: twice the requests for its pages")
        if isinstance(endpoint.total, CountedAt):
            prices.append("one request more for its total")
        if endpoint.at_once > 1:
            prices.append(f"up to {endpoint.at_once} of its pages are asked for at once")
        return f"{', '.join(prices)}, all within the budget" if prices else None

    @property
    def experimental(self) -> str | None:
        """The log-in, if no server of others was there to try it."""
        return untried(self.auth)

    def locate(self, dataset: str) -> str | None:
        """What its endpoint asks for."""
        endpoint = self.endpoints.get(dataset)
        return None if endpoint is None else endpoint.locator(self.base_url)

    def describe(self, dataset: str, *, emit: Emit) -> Described:
        """Ask for the source's own description, where the endpoint has one. Else look at the first
        page, also at how it says that others follow.
        """
        endpoint = self.endpoints[dataset]
        with self._sender(emit, endpoint, at_once=0) as sender:
            first = next(passes(endpoint, self.base_url, sender)(""))
            if (at := endpoint.described_at) is None:
                return seen.describe(first, endpoint)
            answer = sender.answer(at.request(self.base_url))
        rows = seen.estimated_rows(first, endpoint)
        return replace(read_description(at, answer, first), estimated_rows=rows)

    def declare(self, dataset: str, *, emit: Emit) -> Declared:
        """The fields of the first page: the one request that a reading begins with, since a
        shorter page may lack fields that only some rows have.
        """
        endpoint = self._endpoint(dataset)
        if endpoint.omits_nulls:
            raise NeedsRows(f"{dataset}: it omits nulls, so a first page has not all its fields")
        with self._sender(emit, endpoint, at_once=0) as sender:
            uncounted = replace(endpoint, total=None, unmoved=None)
            first = next(passes(uncounted, self.base_url, sender)(""))
        return seen.declare(first)

    def trace(self, dataset: str, *, emit: Emit) -> Iterator[Traced]:
        """One exchange, for a person who wants to see it."""
        endpoint = self._endpoint(dataset)
        with self._authorized(emit) as (connection, who):
            yield from trace(endpoint, self.base_url, who, connection.exchange)

    def log_in(self, *, emit: Emit) -> None:
        """Get a token without asking for data. Credentials that go with every request are shown at
        the source's root, which need not check them: only `Authenticated` says that it did.
        """
        with (
            self._authorized(emit) as (connection, who),
            closing(who(Request(url=self.base_url))) as conversation,
            suppress(StopIteration),
        ):
            asked = next(conversation)
            while True:
                answer = check_status(connection.exchange(asked), is_log_in=asked.is_log_in)
                asked = conversation.send(answer)
                if not asked.is_log_in:
                    break

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Stream the pages of `dataset`; the first is read at once."""
        batches = self._batches(self._endpoint(dataset), schema, emit)
        first = next(batches)
        return pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))

    def _endpoint(self, dataset: str) -> Endpoint:
        if dataset not in self.endpoints:
            remedy = add_or_correct(dataset, self.endpoints, "endpoints")
            raise SourceError(f"{self.endpoint} has no endpoint for {dataset}: {remedy}")
        return self.endpoints[dataset]

    def _batches(
        self, endpoint: Endpoint, schema: pa.Schema, emit: Emit
    ) -> Iterator[pa.RecordBatch]:
        budget = self._shared_budget
        before = budget.spent_by_others()
        with self._sender(emit, endpoint, at_once=endpoint.at_once) as sender:
            evidence = Evidence(endpoint)
            begin_pass = passes(endpoint, self.base_url, sender)
            batches = PageBatches(emit=emit, evidence=evidence)
            marker = yield from batches.batches(begin_pass(""), schema)
            emit(evidence.complete(marker, again=lambda: begin_pass(" again,")))
            if others := budget.spent_by_others() - before:
                emit(SpentByOthers(requests=others))

    @property
    def rights(self) -> Way | None:
        """By the source's word on our token, where the pilot names who gives it."""
        return None if introspection_of(self.auth) is None else Way.LOOKED_UP

    @property
    def has_log_in(self) -> bool:
        """Whether requests show who we are."""
        return not isinstance(self.auth, NoAuth)

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """Ask at each address of data without credentials, then as somebody who exists nowhere,
        who also asks for a token; each once, and only if the pilot allows it. Nobody is a stranger
        where a source knows no log-in. Ask what our own token may do, where there is a place for
        that.
        """
        return (
            *self._strangers(emit),
            *scopes(
                self.auth,
                self.base_url,
                lambda: self._connect(emit),
                emit,
            ),
        )

    def _strangers(self, emit: Emit) -> Sequence[Probe]:
        if not self.stranger_allowed:
            return ()
        firsts = FirstPages(self.endpoints.values(), self.base_url)
        connect = partial(self._connect_as, emit)
        return ask_strangers(self.auth, self.base_url, firsts, connect, self.patience)

    @property
    def _shared_budget(self) -> RateLimiter:
        if not self._account:  # it may have to be fetched, and stays ours if a key is replaced
            self._account.append(f"{self.endpoint} {account_of(self.auth)}")
        return self.budget.shared(self._account[0])

    def _connect(self, emit: Emit) -> Connection:
        us = self.auth.client_certificate() if isinstance(self.auth, Mtls) else None
        return self._connect_as(emit, us)

    def _connect_as(self, emit: Emit, shows: ClientCertificate | None) -> Connection:
        return Connection(
            ca_file=self.ca_file,
            certificate=shows,
            budget=self._shared_budget,
            limits=self.limits,
            emit=emit,
            proxy=self.proxy,
            setting="base_url of Rest(…)",
            egress=Egress(
                named=hosts_of(self.base_url, issuer_of(self.auth)),
                beside=frozenset(self.hosts),
                reached=self._reached,
            ),
        )

    @contextmanager
    def _authorized(self, emit: Emit) -> Iterator[tuple[Connection, Authorize]]:
        with (
            self._connect(emit) as connection,
            given_back(self.auth.begin(self.base_url, emit), connection) as who,
        ):
            yield connection, who

    @contextmanager
    def _sender(self, emit: Emit, endpoint: Endpoint, *, at_once: int) -> Iterator[Sender]:
        with (
            self._authorized(emit) as (connection, who),
            Sender(
                connection,
                who,
                emit=emit,
                patience=self.patience,
                pause=self._shared_budget.pause,
                at_once=at_once,
                check=endpoint.wire.check,
            ) as sender,
        ):
            yield sender
