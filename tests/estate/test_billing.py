"""Billing's S3 server, by an S3 client."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pyarrow import fs

from estate import billing
from estate.process import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        started = billing.start(Path(name))
        yield started
        started.stop()


def client(server: Server, **changes: str) -> fs.S3FileSystem:
    """The pilot, or somebody else."""
    endpoint = urlsplit(server.environ["BILLING_ENDPOINT"])
    keys = {
        "access_key": server.environ["BILLING_ACCESS_KEY"],
        "secret_key": server.environ["BILLING_SECRET_KEY"],
    }
    return fs.S3FileSystem(
        scheme="http",
        endpoint_override=endpoint.netloc,
        region="us-east-1",
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1),
        **{**keys, **changes},
    )


def put(server: Server, name: str, content: bytes) -> Path:
    path = Path(server.admin["root"], server.environ["BILLING_BUCKET"], name)
    path.write_bytes(content)
    return path


def test_the_bucket_is_there_and_empty_and_the_only_one(server: Server) -> None:
    root = fs.FileSelector("")
    (only,) = client(server).get_file_info(root)
    assert only.path == server.environ["BILLING_BUCKET"] == "billing"


def test_a_file_put_there_is_seen_at_once_with_its_time(server: Server) -> None:
    bucket = fs.FileSelector("billing")
    client(server).get_file_info(bucket)
    os.utime(put(server, "new.parquet", b"x"), (1_795_000_000, 1_795_000_000))
    seen = {info.base_name: info for info in client(server).get_file_info(bucket)}
    assert (seen["new.parquet"].size, seen["new.parquet"].mtime_ns) == (1, 1_795_000_000 * 10**9)
    put(server, "new.parquet", b"yz")
    with client(server).open_input_stream("billing/new.parquet") as stream:
        assert stream.read() == b"yz"


def test_nothing_can_be_written_or_removed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise the client sends a trailer that this server does not read, and fails for that.
    monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
    kept = put(server, "kept.parquet", b"x")
    writer = client(server)

    def write() -> None:
        with writer.open_output_stream("billing/kept.parquet") as stream:
            stream.write(b"other")

    for work in (
        write,
        lambda: writer.delete_file("billing/kept.parquet"),
        lambda: writer.copy_file("billing/kept.parquet", "billing/other.parquet"),
    ):
        with pytest.raises(OSError, match="AWS Error"):
            work()
    assert kept.read_bytes() == b"x"
    assert not kept.with_name("other.parquet").exists()


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"access_key": "AKSTRANGER"}, "INVALID_ACCESS_KEY_ID"),
        ({"secret_key": "another"}, "SIGNATURE_DOES_NOT_MATCH"),
    ],
)
def test_another_key_is_refused(server: Server, changes: dict[str, str], answer: str) -> None:
    with pytest.raises(OSError, match=answer):
        client(server, **changes).get_file_info(fs.FileSelector("billing"))


def test_the_keys_are_new_each_time_and_in_no_argument_and_no_log(server: Server) -> None:
    pids = [process.popen.pid for process in server.processes]
    shown = "".join(Path(f"/proc/{pid}/cmdline").read_bytes().decode() for pid in pids)
    assert "serve\x00s3" in shown
    shown += "".join(process.log.read_text() for process in server.processes) + repr(server)
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        other = billing.start(Path(name))
        other.stop()
    for key in ("BILLING_ACCESS_KEY", "BILLING_SECRET_KEY"):
        assert server.environ[key] != other.environ[key]
        assert server.environ[key] not in shown
