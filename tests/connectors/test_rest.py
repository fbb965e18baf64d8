"""The REST connector against the real gateway, token service and Datasette."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
import trustme

from connectors.connector import RESCUED
from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import (
    Answered,
    Authenticated,
    Completed,
    Limited,
    Refused,
    Retried,
    Waited,
    WaitReason,
    Witness,
    WitnessKind,
)
from connectors.rate_limiter import RateLimiter
from connectors.rest.paginators.link_header import link_header
from connectors.retry import RetryPolicy
from estate.process import free_port
from estate.vendor import UNLIMITED
from tests.connectors.vendor_fixture import (
    HELD,
    PARTS,
    ROWS,
    SCHEMA,
    Run,
    Shop,
    plenty,
    read,
    shop,
)

PAGES = ROWS // 50
HALF = {"endpoints": {"parts": replace(PARTS, path=PARTS.path.replace("=50", "=100"))}}
"""Half as many pages."""


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A vendor whose quota nobody spends."""
    with shop(tmp_path_factory.mktemp("v"), requests=10_000, seconds=1) as running:
        yield running


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A vendor with 5 requests in 2 s, whose tokens live 4 s."""
    base = tmp_path_factory.mktemp("s")
    with shop(base, requests=5, seconds=2, token_seconds=4) as running:
        yield running


@pytest.fixture
def short(narrow: Shop) -> Shop:
    """The same, with nothing of its quota spent by the test before."""
    time.sleep(2.1)
    return narrow


@pytest.mark.parametrize("pages", [PARTS.pages, link_header()], ids=["next_url", "link_header"])
def test_everything_that_the_source_holds_is_read_once(vendor: Shop, pages: object) -> None:
    run = read(vendor.rest(plenty(), endpoints={"parts": replace(PARTS, pages=pages)}))
    assert run.rows() == HELD
    assert run.table is not None
    assert run.table.schema == SCHEMA.append(pa.field(RESCUED, pa.string()))
    assert run.table[RESCUED].null_count == ROWS
    assert run.table["name"].null_count == ROWS // 7


def test_the_sources_own_total_is_the_witness(vendor: Shop) -> None:
    run = read(vendor.rest(plenty()))
    answered = sum(event.bytes for event in run.of(Answered) if event.what.startswith("GET"))
    assert run.events[-1] == Completed(
        rows=ROWS,
        bytes=answered,
        witness=Witness(
            kind=WitnessKind.DECLARED_TOTAL,
            declared=ROWS,
            unit="rows",
            detail=f"next_url is null on page {PAGES}",
        ),
    )


def test_without_a_declared_total_there_is_no_witness(vendor: Shop) -> None:
    run = read(vendor.rest(plenty(), endpoints={"parts": replace(PARTS, total=None)}))
    assert run.of(Completed)[0].witness is None


def test_a_source_that_did_not_count_is_no_witness(vendor: Shop) -> None:
    uncounted = replace(PARTS, path=PARTS.path + "&_nocount=1")
    run = read(vendor.rest(plenty(), endpoints={"parts": uncounted}))
    assert run.of(Completed)[0].witness is None
    assert run.rows() == HELD


def test_every_answer_is_an_event_without_query_values(vendor: Shop) -> None:
    run = read(vendor.rest(plenty()))
    host = vendor.environ["VENDOR_URL"].removeprefix("https://")
    token, *pages = run.of(Answered)
    assert (token.what, token.status, token.attempt) == (f"POST {host}/oauth/token", "200", 1)
    first = f"GET {host}/vendor/parts.json"
    further = [f"{first} page {number}" for number in range(2, PAGES + 1)]
    assert [page.what for page in pages] == [first, *further]
    assert run.of(Authenticated) == [
        Authenticated(how="OAuth 2.0 client credentials", renewed=False)
    ]


def test_each_quota_that_the_source_tells_is_an_event_once(vendor: Shop) -> None:
    assert read(vendor.rest(plenty())).of(Limited) == [
        Limited(requests=10_000, seconds=1),
        Limited(requests=UNLIMITED, seconds=86_400),
    ]


def test_a_reader_left_early_says_nothing_of_completion(vendor: Shop) -> None:
    run = Run()
    reader = vendor.rest(plenty()).read("parts", schema=SCHEMA, emit=run.events.append)
    reader.read_next_batch()
    del reader
    assert not run.of(Completed)


def test_an_empty_table_is_complete_and_empty(vendor: Shop) -> None:
    nothing = replace(PARTS, path="/vendor/empty_one.json?_shape=objects")
    run = read(vendor.rest(plenty(), endpoints={"parts": nothing}))
    assert run.table is not None
    assert run.table.num_rows == 0
    assert run.table.schema.names == [*SCHEMA.names, RESCUED]
    assert run.of(Completed)[0].witness.declared == 0


def test_columns_follow_the_contract_and_others_stand_after_it_as_text(vendor: Shop) -> None:
    schema = pa.schema([("retail_price", pa.string()), ("gone", pa.int64()), ("size", pa.int64())])
    run = read(vendor.rest(plenty()), schema=schema)
    assert run.table is not None
    assert run.table.schema.names == ["retail_price", "size", "part_key", "name", RESCUED]
    assert run.table["part_key"].type == pa.string()


def test_a_token_that_expires_between_two_pages_is_renewed(short: Shop) -> None:
    """No row is lost or doubled, and the source refused nothing but expired tokens."""
    before = short.answered()
    run = read(short.rest(RateLimiter(5, 2)))
    assert run.rows() == HELD
    renewed = [event.renewed for event in run.of(Authenticated)]
    assert renewed[0] is False
    assert True in renewed[1:]
    refused = [event.status for event in run.of(Refused)]
    assert refused == ["401"] * (len(renewed) - 1)
    spent = short.answered() - before
    assert not [status for status, _ in spent if status == "429"]


def test_the_budget_is_waited_for_and_the_gateway_never_refuses(short: Shop) -> None:
    """Two readers share one budget and with it the quota."""
    before = short.answered()
    budget = RateLimiter(5, 2)
    runs = at_once(short.rest(budget, **HALF), short.rest(budget, **HALF))
    assert [run.rows() for run in runs] == [HELD, HELD]
    assert all(run.of(Waited) for run in runs)
    assert {event.why for run in runs for event in run.of(Waited)} == {WaitReason.BUDGET}
    assert not [status for status, _ in short.answered() - before if status == "429"]


def test_without_a_shared_budget_the_gateway_refuses_and_its_advice_is_followed(
    short: Shop,
) -> None:
    """Control to the test above: each with a budget that knows nothing of the quota."""
    before = short.answered()
    runs = at_once(short.rest(plenty(), **HALF), short.rest(plenty(), **HALF))
    assert [run.rows() for run in runs] == [HELD, HELD]
    refused = [e for run in runs for e in run.of(Refused) if e.status == "429"]
    told = sum(n for (status, _), n in (short.answered() - before).items() if status == "429")
    assert len(refused) == told > 0
    assert all(event.retry_after is not None for event in refused)
    waits = [e for run in runs for e in run.of(Waited) if e.why is WaitReason.RETRY_AFTER]
    assert [wait.seconds for wait in waits] == [event.retry_after for event in refused]
    assert len([e for run in runs for e in run.of(Retried)]) == len(refused)


def at_once(*connectors: object) -> list[Run]:
    runs: list[Run] = [Run() for _ in connectors]

    def reading(connector, run: Run) -> None:
        run.table = connector.read("parts", schema=SCHEMA, emit=run.events.append).read_all()

    threads = [
        threading.Thread(target=reading, args=pair) for pair in zip(connectors, runs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return runs


def test_a_wrong_secret_is_refused_after_one_attempt(vendor: Shop) -> None:
    run = Run()
    connector = vendor.rest(plenty(), auth=vendor.auth("wrong"))
    with pytest.raises(AccessDenied, match="401: check the client id and env:VENDOR_CLIENT_SEC"):
        connector.read("parts", schema=SCHEMA, emit=run.events.append)
    assert [event.status for event in run.of(Refused)] == ["401"]
    assert len(run.of(Answered)) == 1
    assert not run.of(Authenticated)


def test_a_server_that_is_down_is_unavailable(vendor: Shop) -> None:
    run = Run()
    down = f"https://127.0.0.1:{free_port()}"
    connector = vendor.rest(
        plenty(), base_url=down, patience=RetryPolicy(attempts=3, backoff_seconds=0.001)
    )
    with pytest.raises(SourceUnavailable, match="no connection: check that the server runs"):
        connector.read("parts", schema=SCHEMA, emit=run.events.append)
    assert [event.attempt for event in run.of(Retried)] == [2, 3]


def test_a_certificate_of_another_authority_is_not_tried_again(
    vendor: Shop, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    run = Run()
    with pytest.raises(AccessDenied, match="TLS is not trusted"):
        vendor.rest(plenty(), ca_file=other).read("parts", schema=SCHEMA, emit=run.events.append)
    assert run.events == []


def test_a_missing_ca_file_is_named(vendor: Shop, tmp_path: Path) -> None:
    with pytest.raises(AccessDenied, match=r"absent\.pem cannot be used: name a PEM file"):
        read(vendor.rest(plenty(), ca_file=tmp_path / "absent.pem"))


def test_a_path_that_is_not_there_says_so(vendor: Shop) -> None:
    absent = replace(PARTS, path="/vendor/absent.json?_shape=objects")
    with pytest.raises(SourceChanged, match=r"/vendor/absent.json answered 404: correct the path"):
        read(vendor.rest(plenty(), endpoints={"parts": absent}))


def test_an_unknown_dataset_says_so(vendor: Shop) -> None:
    with pytest.raises(SourceError, match="has no endpoint for misspelt"):
        read(vendor.rest(plenty()), "misspelt")


def test_credentials_do_not_go_over_plain_http(vendor: Shop) -> None:
    with pytest.raises(ValueError, match="use https"):
        vendor.rest(plenty(), base_url="http://vendor.example")


def test_strangers_are_refused_by_the_source_itself(vendor: Shop) -> None:
    events: list[object] = []
    probes = vendor.rest(plenty(), stranger_allowed=True).probe(emit=events.append)
    assert [(probe.name, probe.refused, probe.status) for probe in probes] == [
        ("stranger_refused", True, "401"),
        ("forged_token_refused", True, "401"),
    ]
    assert len([event for event in events if isinstance(event, Answered)]) == 2


def test_no_stranger_is_sent_where_the_pilot_has_not_allowed_it(vendor: Shop) -> None:
    events: list[object] = []
    assert vendor.rest(plenty()).probe(emit=events.append) == ()
    assert events == []


def test_a_source_that_is_down_has_refused_nobody(vendor: Shop) -> None:
    down = f"https://127.0.0.1:{free_port()}"
    probes = vendor.rest(plenty(), base_url=down, stranger_allowed=True).probe(emit=lambda _: None)
    assert {(probe.refused, probe.status) for probe in probes} == {(False, "no answer")}


def test_the_endpoint_is_the_same_text_for_the_same_system(vendor: Shop) -> None:
    address = vendor.environ["VENDOR_URL"]
    assert vendor.rest(plenty(), base_url=f"{address}/").endpoint == address
    assert vendor.rest(plenty(), base_url="https://Vendor.Example").endpoint == (
        "https://vendor.example:443"
    )


def test_no_secret_is_in_events_errors_reprs_or_logs(
    vendor: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(logging.DEBUG, logger=name)
    canary = "canary-7f3a"
    secret = vendor.environ["VENDOR_CLIENT_SECRET"]
    good = vendor.rest(plenty())
    bad = vendor.rest(plenty(), auth=vendor.auth(canary))
    run = read(good)
    with pytest.raises(AccessDenied) as denied:
        bad.read("parts", schema=SCHEMA, emit=run.events.append)
    shown = "\n".join(
        [
            *map(repr, [good, bad, *run.events]),
            *traceback.format_exception(denied.value),
            caplog.text,
        ]
    )
    for hidden in (canary, secret, "Bearer ey", "Basic ", "_next="):
        assert hidden not in shown
