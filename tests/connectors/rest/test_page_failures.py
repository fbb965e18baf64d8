"""Failures between two pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.errors import AccessDenied, SourceUnavailable
from connectors.events import Answered, Completed, Retried
from tests.connectors.rest.keyed import ONE, SCHEMA, keys
from tests.connectors.scripted import Asked, Said, documents, paged, scripted
from tests.connectors.vendor_fixture import Run, read


def test_h09_a_failure_that_passes_is_read_again_and_nothing_is_lost() -> None:
    pages = documents([{"key": 1}], [{"key": 2}], [{"key": 3}])
    failures = [Said(status=500), Said(status=503, headers={"retry-after": "0"})]

    def answers(asked: Asked) -> Said:
        return failures.pop() if asked.path == "/2" and failures else paged(pages)(asked)

    with scripted(answers) as source:
        run = read(source.rest(), schema=SCHEMA)
    assert keys(run) == [1, 2, 3]
    assert [event.attempt for event in run.of(Retried)] == [2, 3]
    assert [event.attempt for event in run.of(Answered)][-2:] == [3, 1]


def test_h05_a_source_that_always_throttles_is_asked_five_times() -> None:
    with scripted(paged({"/1": Said(status=429)})) as source:
        with pytest.raises(SourceUnavailable, match="answered 429: try later"):
            read(source.rest())
        assert source.paths().count("/1") == 5


def test_an_endpoint_that_is_open_to_the_world_is_seen_wherever_it_stands() -> None:
    """Each address gets one forged token, however many datasets it serves."""

    def answers(asked: Asked) -> Said:
        return Said(ONE) if asked.path == "/3" else Said({"error": "invalid_client"}, status=401)

    with scripted(answers) as source:
        rest = source.rest(stranger_allowed=True)
        parts = rest.endpoints["parts"]
        paths = {"parts": "/1", "same": "/1", "prices": "/2", "open": "/3", "last": "/4"}
        endpoints = {name: replace(parts, path=path) for name, path in paths.items()}
        probes = replace(rest, endpoints=endpoints).probe(emit=lambda _: None)
        assert source.paths() == [
            *("/1", "/2", "/3", "/4"),
            *("/token", "/1", "/2", "/3", "/4"),
        ]
    assert [(probe.refused, probe.status) for probe in probes] == [
        *((True, "401"), (True, "401"), (False, "200"), (True, "401")),
        (True, "401"),
        *((True, "401"), (True, "401"), (False, "200"), (True, "401")),
    ]
    strangers = ["stranger_refused", *["forged_token_refused"] * 4]
    assert [probe.name for probe in probes] == [*["nobody_refused"] * 4, *strangers]
    assert probes[2].detail.endswith("/3")
    assert probes[7].detail.endswith("/3")


def test_a_permission_taken_away_half_way_ends_the_reading() -> None:
    pages = {**documents([{"key": 1}], [{"key": 2}]), "/2": Said(status=403)}
    run = Run()
    with scripted(paged(pages)) as source:
        reader = source.rest().read("parts", schema=SCHEMA, emit=run.events.append)
        assert reader.read_next_batch().num_rows == 1
        with pytest.raises(AccessDenied, match="answered 403: check the client's grants"):
            reader.read_next_batch()
        assert source.paths().count("/2") == 1
    assert not run.of(Completed)
