"""A running UI says whether its nights are armed and when next, and starts nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import pytest

from harness.pilot.schedule_settings import Timetable
from harness.pilot.strict_yaml import load
from harness.timetable import Schedule, describe
from tests.cli import seatrial
from tests.harness.acme_layout import Acme
from tests.harness.dagster_ui import Ui, served, until

pytestmark = pytest.mark.long
STATE = """
{ schedulesOrError(repositorySelector: {
  repositoryLocationName: "acme", repositoryName: "__repository__"
}) { ... on Schedules { results { name scheduleState { id selectorId status } } } } }
"""
STOP = """
mutation ($id: String!) { stopRunningSchedule(id: $id) {
  ... on ScheduleStateResult { scheduleState { status } } ... on PythonError { message }
} }
"""
START = """
mutation { startSchedule(scheduleSelector: {
  repositoryLocationName: "acme", repositoryName: "__repository__", scheduleName: "nightly"
}) { ... on ScheduleStateResult { scheduleState { status } } ... on PythonError { message } } }
"""
EVENTS = """
query ($id: ID!) { logsForRun(runId: $id) { ... on EventConnection {
  events { ... on MessageEvent { message } }
} } }
"""


@pytest.fixture(scope="module")
def ui(acme: Acme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    out = tmp_path_factory.mktemp("ui")
    with served("acme", cwd=acme.elsewhere, environ=acme.environ, out=out) as started:
        yield started


@pytest.fixture(scope="module")
def says(acme: Acme) -> str:
    """What is to be said everywhere. The night is half a day away."""
    at = Timetable.model_validate(load(acme.folder / "pilot.yaml").value["nightly"]).at
    zone = "Europe/Berlin"
    night = Schedule(name="nightly", at=at, zone=zone, armed=True)
    return describe(night, datetime.now(UTC))


def test_the_start_message_says_so(ui: Ui, says: str) -> None:
    assert ui.process.stdout is not None
    assert ui.process.stdout.readline() == f"nightly {says}\n"
    assert ui.process.stdout.readline().startswith("drift not armed: ")


def test_the_start_page_says_so(ui: Ui, says: str) -> None:
    page = unescape(ui.client.get("/seatrial").text)
    assert f"<dt>Schedule nightly</dt><dd>{says}</dd>" in page
    assert "<dt>Schedule drift</dt><dd>not armed: " in page


def test_doctor_says_so(acme: Acme, says: str) -> None:
    ended = seatrial(["doctor", "acme"], cwd=acme.elsewhere, environ=acme.environ)
    assert f"nightly{says}".replace(" ", "") in "".join(ended.out.split())


def test_report_and_terminal_say_so(ui: Ui, acme: Acme, says: str) -> None:
    where = ["--out", ui.out / "prove"]
    ended = seatrial(["prove", "acme", *where], cwd=acme.elsewhere, environ=acme.environ)
    assert f"nightly {says}" in " ".join(ended.out.split())
    page = unescape((ui.out / "prove" / "report.html").read_text())
    assert f"<dt>Schedule nightly</dt><dd>{says}</dd>" in page


def test_the_same_run_is_not_begun_twice(ui: Ui) -> None:
    """Two presses of one button: the second run ends at once, and says why."""
    first, second = ui.launch("acme"), ui.launch("acme")
    assert ui.status(second) == "CANCELED"
    told = ui.ask(EVENTS, id=second)["logsForRun"]["events"]
    assert any(
        f"refused: run {first} of the same night and the same checks has not ended" in one
        for one in (event.get("message", "") for event in told)
    )
    assert ui.ended(first) == "FAILURE"
    assert ui.recorded(second) is None
    third = ui.launch("acme")
    assert ui.ended(third) == "FAILURE"
    assert ui.recorded(third) == "FINISHED"


def test_one_that_is_stopped_in_dagster_is_not_said_to_be_next(ui: Ui) -> None:
    found = ui.ask(STATE)["schedulesOrError"]["results"]
    [state] = (one for one in found if one["name"] == "nightly")
    assert state["scheduleState"]["status"] == "RUNNING"
    stopped = ui.ask(STOP, id=state["scheduleState"]["id"])["stopRunningSchedule"]
    assert stopped == {"scheduleState": {"status": "STOPPED"}}
    until(lambda: "stopped in Dagster" in ui.client.get("/seatrial").text)
    assert ui.ask(START)["startSchedule"] == {"scheduleState": {"status": "RUNNING"}}
