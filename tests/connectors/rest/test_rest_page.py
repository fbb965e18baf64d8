"""docs/rest.md: typed from `seatrial init` to `prove`, its pilot proves an API in three ways."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.cli import REPOSITORY, seatrial
from tests.connectors.scripted import Asked, Said, scripted
from tests.docs import snippets
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "rest.md"
ROWS = [{"part_key": key} for key in range(3)]


def api(asked: Asked, total: str | None) -> Said:
    """A list in pages of two, for whoever has the key; `open`, for all."""
    url = urlsplit(asked.path)
    if url.path != "/v1/parts":
        return Said(status=404)
    if total != "open" and asked.headers.get("x-api-key") != "k3y":
        return Said(status=401)
    query = dict(parse_qsl(url.query))
    rows = [row for row in ROWS if row["part_key"] > int(query.get("since_id", -1))]
    start = 2 * int(query.get("page", 1)) - 2
    declared = {} if total is None else {"X-Total-Count": total.replace("open", "3")}
    headers = {"content-type": "application/json", "X-Revision": "r7", **declared}
    return Said(rows[start : start + 2], headers=headers)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engagement as the page leaves it: every command ended as the page says."""
    with scripted(lambda asked: api(asked, "3")) as source:
        environ = {"API_URL": source.url, "API_KEY": "k3y"}
        return typed(PAGE, tmp_path_factory.mktemp("rest"), environ)


def proven(acme: Path, folder: Path, total: str | None, *changes: tuple[str, str]) -> dict:
    """The outcome of each claim on an API, with changes to the page's pilot."""
    mine = shutil.copytree(acme, folder / "mine", ignore=shutil.ignore_patterns("out"))
    pilot = mine / "acme" / "pilot.py"
    for old, new in changes:
        text = pilot.read_text()
        assert text.count(old) == 1, old
        pilot.write_text(text.replace(old, new))
    with scripted(lambda asked: api(asked, total)) as source:
        environ = {"API_URL": source.url, "API_KEY": "k3y"}
        seatrial(["prove"], cwd=mine, environ=environ)
    found = json.loads((mine / "out" / "acme" / "verdicts.json").read_text())["verdicts"]
    return {verdict["claim"]: verdict["outcome"] for verdict in found}


ALLOWED = "    )\n", "        stranger_allowed=True,\n    )\n"


def test_its_first_pilot_is_at_most_twelve_lines() -> None:
    """With the contract, which is one line more."""
    pilot, *_ = snippets(PAGE, "python")
    lines = [line for line in pilot.splitlines() if line.strip() and not line.startswith("#")]
    assert len(lines) <= 11


@pytest.mark.parametrize(("total", "outcome"), [("3", "PROVEN"), ("4", "BROKEN"), (None, "ERROR")])
def test_a_list_is_complete_by_its_total_and_a_second_pass(
    acme: Path, tmp_path: Path, total: str | None, outcome: str
) -> None:
    assert proven(acme, tmp_path, total)["complete"] == outcome


def test_without_a_total_or_a_stranger_nothing_vouches_for_them(
    acme: Path, tmp_path: Path
) -> None:
    changes = (
        ('    total=Header("X-Total-Count"),\n', ""),
        ('    unmoved=read_twice("part_key"),\n', ""),
    )
    outcomes = proven(acme, tmp_path, "3", *changes)
    assert (outcomes["complete"], outcomes["authenticated"]) == ("UNPROVEN", "UNPROVEN")


def test_the_line_more_proves_the_log_in_too(acme: Path, tmp_path: Path) -> None:
    assert proven(acme, tmp_path, "3", ALLOWED)["authenticated"] == "PROVEN"


def test_without_a_log_in_authenticated_is_unproven(acme: Path, tmp_path: Path) -> None:
    key = 'ApiKey(key=at.secret("key"), header="X-Api-Key")'
    changes = ((key, "NoAuth()"), ("ApiKey,", "NoAuth,"), ALLOWED)
    outcomes = proven(acme, tmp_path, "open", *changes)
    assert (outcomes["complete"], outcomes["authenticated"]) == ("PROVEN", "UNPROVEN")


def test_the_doctor_calls_no_key_accepted_that_nobody_looked_at(acme: Path) -> None:
    """It knocks at the root, which this API does not have."""
    with scripted(lambda asked: api(asked, "3")) as source:
        environ = {"API_URL": source.url, "API_KEY": "k3y"}
        ended = seatrial(["doctor"], cwd=acme, environ=environ)
    told = " ".join(ended.out.split())
    assert "not refused, and not said to be accepted" in told
    assert "log-in accepted" not in told
    assert "experimental" not in told
    assert "api.parts read twice: twice the requests for its pages" in told


def test_the_doctor_tells_that_a_log_in_is_experimental(acme: Path, tmp_path: Path) -> None:
    """The one above is the control: of an API key it says no such thing."""
    mine = shutil.copytree(acme, tmp_path / "mine", ignore=shutil.ignore_patterns("out"))
    pilot = mine / "acme" / "pilot.py"
    key = 'ApiKey(key=at.secret("key"), header="X-Api-Key")'
    saml = 'SamlBearer(token_path="/token", assertion=at.secret("key"))'
    pilot.write_text(pilot.read_text().replace(key, saml).replace("ApiKey,", "SamlBearer,"))
    with scripted(lambda asked: api(asked, "3")) as source:
        environ = {"API_URL": source.url, "API_KEY": "<Assertion/>"}
        ended = seatrial(["doctor"], cwd=mine, environ=environ)
    told = " ".join(ended.out.split())
    assert "SamlBearer: no server of others was tried with it" in told
