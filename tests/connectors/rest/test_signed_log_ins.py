"""Requests that are signed, as AWS and as a manual say, with a key that is not sent."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.connector import ProbeKind
from connectors.errors import AccessDenied
from connectors.events import Authenticated
from connectors.http.aws_signature import Signer, signed
from connectors.rest.auth import Auth
from connectors.rest.auth.aws import AwsSignature
from connectors.rest.auth.hmac_signature import HmacSignature
from connectors.secrets import Secret
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.scripted import Answers, Asked, Said, documents, scripted
from tests.connectors.vendor_fixture import read

PAGES = documents([{"key": 1}], [{"key": 2}])
AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
KEY = "r1ght-canary/+&="


@pytest.mark.parametrize(
    ("query", "signature"),
    [
        ("", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            "?Param2=value2&Param1=value1",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
    ],
)
def test_a_signature_is_that_of_the_published_vectors(query: str, signature: str) -> None:
    """AWS's test suite of Signature Version 4: get-vanilla, get-vanilla-query-order-key-case."""
    signer = Signer(
        access_key="AKIDEXAMPLE",
        secret_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        region="us-east-1",
        service="service",
    )
    url = f"https://example.amazonaws.com/{query}"
    assert signed("GET", url, b"", {}, signer=signer, now=AT)["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}"
    )


def aws(key: str) -> AwsSignature:
    return AwsSignature(
        access_key=Secret("env:ACCESS", "AKIDEXAMPLE"),
        secret_key=Secret("env:KEY", key),
        session_token=Secret("env:SESSION", "session+/="),
        region="eu-central-1",
        clock=lambda: AT,
    )


def by_hmac(key: str, **changes: Any) -> HmacSignature:
    given = {
        "key": Secret("env:KEY", key),
        "signs": "{timestamp}\n{method}\n{target}\n{body_sha256}",
        "headers": {"X-Timestamp": "{timestamp}", "Authorization": "HMAC reader:{signature}"},
        "clock": lambda: AT,
    }
    return HmacSignature(**{**given, **changes})


def aws_says(asked: Asked) -> bool:
    """As the service checks it: from what came, with the key that it knows."""
    said = asked.headers.get("authorization", "")
    if not said:
        return False
    names = said.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    came = {name: asked.headers[name] for name in names if name not in ("host", "x-amz-date")}
    url = f"http://{asked.headers['host']}{asked.path}"
    signer = Signer(
        access_key="AKIDEXAMPLE", secret_key=KEY, region="eu-central-1", service="execute-api"
    )
    right = signed(asked.method, url, asked.body, came, signer=signer, now=AT)
    return said == right["authorization"] and "x-amz-security-token" in names


def hmac_says(asked: Asked) -> bool:
    empty = hashlib.sha256(asked.body).hexdigest()
    text = f"{asked.headers.get('x-timestamp')}\n{asked.method}\n{asked.path}\n{empty}"
    digest = hmac.new(KEY.encode(), text.encode(), "sha256").hexdigest()
    return asked.headers.get("authorization") == f"HMAC reader:{digest}"


KINDS: dict[str, tuple[Callable[[str], Auth], Callable[[Asked], bool], int, str]] = {
    "AWS signature": (aws, aws_says, 403, "stranger_refused"),
    "HMAC signature": (by_hmac, hmac_says, 401, "forged_signature_refused"),
}


def guarded(right: Callable[[Asked], bool], status: int) -> Answers:
    return lambda asked: PAGES[asked.path] if right(asked) else Said(status=status)


@pytest.mark.parametrize("kind", KINDS)
def test_each_request_is_signed_and_told_once(kind: str) -> None:
    auth, right, status, _ = KINDS[kind]
    with scripted(guarded(right, status)) as source:
        run = read(source.rest(auth=auth(KEY)), schema=SCHEMA)
        assert all(KEY not in value for asked in source.asked for value in asked.headers.values())
    assert keys(run) == [1, 2]
    assert [event.how for event in run.of(Authenticated)] == [kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_key_is_tried_once_and_told_nowhere(kind: str) -> None:
    """The twin: the source does check."""
    auth, right, status, _ = KINDS[kind]
    with scripted(guarded(right, status)) as source:
        with pytest.raises(AccessDenied, match=f"answered {status}: check") as raised:
            read(source.rest(auth=auth("wrong-canary")), schema=SCHEMA)
        assert len(source.asked) == 1
    assert "canary" not in f"{raised.value}{auth('wrong-canary')!r}"


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_and_a_stranger_are_refused(kind: str) -> None:
    auth, right, status, name = KINDS[kind]
    with scripted(guarded(right, status)) as source:
        rest = source.rest(auth=auth(KEY), stranger_allowed=True)
        found = rest.probe(emit=lambda _: None)
        assert not any(right(asked) for asked in source.asked)
    assert [(one.kind, one.name, one.refused) for one in found] == [
        (ProbeKind.NOBODY, "nobody_refused", True),
        (ProbeKind.STRANGER, name, True),
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"signs": "{path}"}, "no such part: use one of method, target"),
        ({"signs": "{key.reference}"}, "no such part"),
        ({"signs": "{signature}"}, "no such part"),
        ({"headers": {"X-Time": "{timestamp}"}}, "no header shows the {signature}: name one"),
        ({"headers": {"X Sign": "{signature}"}}, "a name that no header can have"),
        ({"algorithm": "md5"}, "is of sha256, sha384 or sha512"),
    ],
)
def test_a_signature_that_no_source_can_check_is_refused(
    changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        by_hmac(KEY, **changes)
