"""What our key may write into a bucket: tried once at a permitted object, and at no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.connector import Probe
from connectors.events import Answered, Event, Refused
from connectors.files.stores.s3_client import Key
from connectors.files.stores.s3_signature import path_of, query_of, signed_headers
from connectors.rights import Way
from estate.process import free_port
from tests.connectors.bucket_fixture import Bucket, bucket, gate

AT = "lines/seatrial-scratch"
THERE = f"billing/{AT}"
VERBS = ("PUT", "DELETE")


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with bucket() as running:
        yield running


@pytest.fixture
def billing(server: Bucket) -> Bucket:
    server.clear()
    server.put_rows(20, 3)
    return server


def tried(billing: Bucket, *at: str, **changes: Any) -> tuple[list[Probe], list[Event]]:
    events: list[Event] = []
    store = billing.store(**changes)
    assert store.rights is Way.TRIED
    return list(store.try_writes(at or (AT,), emit=events.append)), events


def answers(probes: list[Probe]) -> dict[str, tuple[bool, str]]:
    return {probe.name: (probe.refused, probe.status) for probe in probes}


def content(billing: Bucket) -> list[str]:
    return sorted(str(path.relative_to(billing.root)) for path in billing.root.rglob("*"))


def test_a_reader_is_denied_by_the_store_itself_and_each_attempt_is_told(billing: Bucket) -> None:
    before = content(billing)
    probes, events = tried(billing)
    denied = (True, "AccessDenied")
    assert answers(probes) == {f"PUT {THERE}": denied, f"DELETE {THERE}": denied}
    sent = [(event.what, event.status) for event in events if isinstance(event, Answered)]
    assert sent == [
        ("GET billing?list", "200"),
        (f"PUT {THERE}", "403"),
        (f"DELETE {THERE}", "403"),
    ]
    assert [event.status for event in events if isinstance(event, Refused)] == ["403", "403"]
    assert content(billing) == before


def test_a_writer_may_both_and_what_was_put_is_gone_again(billing: Bucket) -> None:
    """The control: the same server, another key."""
    before = content(billing)
    probes, _ = tried(billing, **billing.writer)
    granted = (False, "granted")
    assert answers(probes) == {f"PUT {THERE}": granted, f"DELETE {THERE}": granted}
    assert content(billing) == before


def test_what_cannot_be_taken_away_again_is_told_by_name(billing: Bucket) -> None:
    with gate(billing) as front:
        front.answers = lambda method, _: (403, "AccessDenied") if method == "DELETE" else None
        probes, _ = tried(billing, endpoint=front.url, **billing.writer)
    assert answers(probes) == {
        THERE: (False, "left behind"),
        f"PUT {THERE}": (False, "granted"),
        f"DELETE {THERE}": (True, "AccessDenied"),
    }
    assert (billing.root / AT).is_file()


def test_a_name_that_holds_anything_is_left_alone(billing: Bucket) -> None:
    (billing.root / AT).write_text("theirs")
    (probe,), events = tried(billing, **billing.writer)
    assert (probe.status, probe.refused) == ("not asked", False)
    assert "permit a name that nothing has" in probe.detail
    assert [event.what for event in events if isinstance(event, Answered)] == ["GET billing?list"]
    assert (billing.root / AT).read_text() == "theirs"


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "InvalidAccessKeyId"])
def test_another_refusal_than_of_the_right_is_no_denial(billing: Bucket, code: str) -> None:
    with gate(billing) as front:
        front.answers = lambda method, _: (403, code) if method == "PUT" else None
        probes, _ = tried(billing, endpoint=front.url)
    assert answers(probes) == {f"PUT {THERE}": (False, code)}


@pytest.mark.parametrize(
    ("status", "code", "shown"),
    [(500, "InternalError", "InternalError"), (401, "AccessDenied", "401 AccessDenied")],
)
def test_a_store_that_fails_denies_nothing(
    billing: Bucket, status: int, code: str, shown: str
) -> None:
    """As rclone answers to a write while it serves read-only: 500."""
    with gate(billing) as front:
        front.answers = lambda method, _: (status, code) if method == "PUT" else None
        probes, _ = tried(billing, endpoint=front.url)
    assert answers(probes) == {f"PUT {THERE}": (False, shown)}


def test_a_write_whose_answer_is_lost_is_found_out_and_taken_away(billing: Bucket) -> None:
    """No answer is no denial, nor does it mean that nothing was written."""
    with gate(billing) as front:
        front.hands_on_all = True
        front.answers = lambda method, _: (500, "InternalError") if method == "PUT" else None
        probes, _ = tried(billing, endpoint=front.url, **billing.writer)
    granted = (False, "granted")
    assert answers(probes) == {f"PUT {THERE}": granted, f"DELETE {THERE}": granted}
    assert not (billing.root / AT).exists()


def test_what_came_meanwhile_from_somebody_else_is_left_alone(billing: Bucket) -> None:
    with gate(billing) as front:

        def meanwhile(method: str, _path: str) -> tuple[int, str] | None:
            if method != "PUT":
                return None
            (billing.root / AT).write_bytes(b"another's")
            return 412, "PreconditionFailed"

        front.answers = meanwhile
        probes, _ = tried(billing, endpoint=front.url, **billing.writer)
    left, put = (False, "left behind"), (False, "PreconditionFailed")
    assert answers(probes) == {THERE: left, f"PUT {THERE}": put}
    assert (billing.root / AT).read_bytes() == b"another's"


def test_a_store_that_is_down_denies_nothing(billing: Bucket) -> None:
    (probe,), events = tried(billing, endpoint=f"http://127.0.0.1:{free_port()}")
    assert (probe.refused, probe.status) == (False, "no answer")
    assert not any(isinstance(event, Answered) for event in events)


def test_a_wrong_secret_is_no_denial_because_the_listing_is_refused_first(billing: Bucket) -> None:
    wrong = {**billing.writer, "access_key": billing.s3().access_key}
    (probe,), _ = tried(billing, **wrong)
    assert (probe.refused, probe.status) == (False, "SignatureDoesNotMatch")


def test_each_folder_of_a_dataset_needs_a_name_and_no_dataset_reads_it(billing: Bucket) -> None:
    probes, events = tried(billing, "elsewhere/seatrial-scratch", "lines/day=x/a.parquet")
    assert [probe.status for probe in probes] == ["AccessDenied", "AccessDenied", "not asked"]
    assert "would read lines/day=x/a.parquet as data" in probes[2].detail
    probes, _ = tried(billing, "elsewhere/seatrial-scratch")
    assert probes[-1].status == "not asked"
    assert "as lines/seatrial-scratch" in probes[-1].detail
    assert not any("day=x" in event.what for event in events if isinstance(event, Answered))


@pytest.mark.parametrize(
    ("path", "query", "headers", "signature"),
    [
        (
            path_of("", "").rstrip("/") + "/test.txt",
            "",
            {"range": "bytes=0-9"},
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "/",
            query_of({"prefix": "J", "max-keys": "2"}),
            {},
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)
def test_a_signature_is_the_one_that_the_documentation_of_s3_shows(
    path: str, query: str, headers: dict[str, str], signature: str
) -> None:
    """Amazon S3 API reference, "Signature Calculations for the Authorization Header"."""
    key = Key(
        access_key="AKIAIOSFODNN7EXAMPLE", secret_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    )
    signed = signed_headers(
        "GET",
        f"https://examplebucket.s3.amazonaws.com{path}{f'?{query}' if query else ''}",
        b"",
        headers,
        key=key,
        region="us-east-1",
        now=datetime(2013, 5, 24, tzinfo=UTC),
    )
    assert signed["authorization"].endswith(f"Signature={signature}")
