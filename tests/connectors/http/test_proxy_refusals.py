"""A proxy that refuses is one clear line."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import Any

import pytest
import trustme

from connectors.errors import AccessDenied, SourceError, SourceUnavailable
from connectors.secrets import Secret
from estate.process import free_port
from tests.conformance import Run, read
from tests.connectors.bucket_fixture import Bucket
from tests.connectors.http.tunnelled import SCHEMA
from tests.connectors.proxy_fixture import PASSWORD, Passage
from tests.connectors.scripted import Scripted

WRONG = {"password": Secret("env:PROXY_PASSWORD", "another-canary")}


NOBODY = {"user": None, "password": None}


DOWN = {"url": f"http://127.0.0.1:{free_port()}"}


REFUSALS: dict[str, tuple[dict[str, Any], list[str], type[SourceError], str]] = {
    "a wrong password": (WRONG, [], AccessDenied, "407: check its user and password"),
    "no password": (NOBODY, [], AccessDenied, "407: check its user and password"),
    "not there": ({}, ["403 canary"], AccessDenied, "403: it does not let us through"),
    "no way": ({}, ["503 canary"] * 9, SourceUnavailable, "503: it found no way there"),
    "down": (DOWN, [], SourceUnavailable, "no connection to proxy 127.0.0.1:"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_proxy_that_refuses_an_api_is_one_clear_line(
    vendor: Scripted, gate: Passage, ca_file: Path, case: str
) -> None:
    changes, answers, kind, says = REFUSALS[case]
    gate.answers = [*answers]
    refused(vendor.rest(ca_file=ca_file, proxy=gate.proxy(**changes)), "parts", kind, says)
    assert vendor.asked == []


@pytest.mark.parametrize("case", REFUSALS)
def test_a_proxy_that_refuses_a_bucket_is_one_clear_line(
    encrypted: tuple[Bucket, str, Path], gate: Passage, case: str
) -> None:
    billing, endpoint, ca = encrypted
    changes, answers, kind, says = REFUSALS[case]
    gate.answers = [*answers]
    store = billing.store(endpoint=endpoint, ca_file=ca, proxy=gate.proxy(**changes))
    refused(store, "it", kind, says)


def refused(connector: Any, dataset: str, kind: type[SourceError], says: str) -> None:
    run = Run()
    with pytest.raises(kind, match=re.escape(says)) as caught:
        read(connector, dataset, SCHEMA, into=run)
    shown = "".join(traceback.format_exception(caught.value)) + repr(run.events) + repr(connector)
    assert "proxy 127.0.0.1:" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert PASSWORD not in shown
    assert "another-canary" not in shown


def test_a_proxy_that_refuses_is_no_source_that_refuses_strangers(
    encrypted: tuple[Bucket, str, Path], vendor: Scripted, gate: Passage, ca_file: Path
) -> None:
    billing, endpoint, ca = encrypted
    settings: dict[str, Any] = {"proxy": gate.proxy(**WRONG), "stranger_allowed": True}
    probes = billing.store(endpoint=endpoint, ca_file=ca, **settings).probe(emit=print)
    assert [(probe.refused, probe.status) for probe in probes] == [(False, "no answer")] * 2
    with pytest.raises(AccessDenied, match="407"):
        vendor.rest(ca_file=ca_file, **settings).probe(emit=print)


def test_a_source_that_nobody_vouches_for_gets_no_request_through_a_proxy_either(
    vendor: Scripted, gate: Passage, tmp_path: Path
) -> None:
    stranger = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    with pytest.raises(AccessDenied, match="TLS is not trusted"):
        read(vendor.rest(ca_file=stranger, proxy=gate.proxy()), "parts", SCHEMA)
    assert vendor.asked == []
