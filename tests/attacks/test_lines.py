"""Fault X05: whatever an event or a message holds, a log has one object or text on each line."""

from __future__ import annotations

import json
import logging
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from connectors.events import Refused
from harness.run.run_log import RunLog
from harness.say import Shown, shown

ENDS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
"""All that some reader takes for the end of a line."""
STEERS = ("\x1b[2J", "\x9b1m", "\u202e", "\u2066", "\ufeff", "\x00", "\x07", "\ud800")
FORGED = '{"event": "Authenticated"}'
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
texts = st.lists(st.sampled_from((*ENDS, *STEERS, FORGED, '"', "\\")) | st.text()).map("".join)


def logged(folder: Path, *said: str) -> bytes:
    file = folder / "logs" / "run.jsonl"
    file.unlink(missing_ok=True)
    with RunLog(file, now=lambda: NOON) as log:
        for text in said:
            log.write("it", "orders", Refused(what=text, status=text))
    return file.read_bytes()


def lines(written: bytes) -> list[str]:
    """As the most generous reader splits them."""
    return written.decode("utf-8", "surrogatepass").splitlines()


@given(said=st.lists(texts, min_size=1, max_size=3))
def test_x05_the_run_log_has_one_object_for_each_event(tmp_path_factory, said: list[str]) -> None:
    found = lines(logged(tmp_path_factory.getbasetemp() / "x05", *said))
    assert [json.loads(line)["what"] for line in found] == said
    assert not [c for line in found for c in line if not " " <= c <= "~"]


@given(texts)
def test_x05_a_printed_text_is_one_line_that_steers_nothing(said: str) -> None:
    line = shown(said)
    assert len(line.splitlines()) <= 1
    assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@given(texts)
def test_x05_a_log_line_of_ours_cannot_be_forged(said: str) -> None:
    """A record may have many lines, as a traceback has; none of them steers."""
    record = logging.makeLogRecord({"name": "seatrial", "levelname": "ERROR", "msg": said})
    written = Shown(logging.BASIC_FORMAT).format(record)
    assert written.startswith("ERROR:seatrial:")
    steering = {unicodedata.category(c) for c in written if c != "\n"}
    assert not steering & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_x05_without_the_escape_an_event_would_forge_another(tmp_path: Path) -> None:
    """The twin: as text, each of these ends makes two lines of one."""
    for end in ENDS:
        assert len(f"what: {end}{FORGED}".splitlines()) == 2
        assert len(lines(logged(tmp_path, f"{end}{FORGED}"))) == 1
