"""What a running `seatrial ui` does not do for others: each attempt beside what it does for us."""

from __future__ import annotations

import json
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from dagster_graphql.schema import create_schema
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from harness.dagster.web import access
from tests.harness.dagster_ui import LAUNCH, session
from tests.harness.web.conftest import SECRET, People
from tests.other_user import as_other

pytestmark = [pytest.mark.long, pytest.mark.attempt(1)]

LAUNCHES = {"query": LAUNCH, "variables": {"of": "acme"}}
NOTHING = "mutation { setNuxSeen }"
"""Changes nothing that is shown: what is tried with it would do as well for a run."""
ASKS = "{ version }"
CHECK = "/report_asset_check/acme/outlet/orders?check_name=complete&passed=true"
FRAMED = ("/", "/runs", "/graphql", "/nothing-here", "/server_info", "/favicon.svg")
RUNS = "{ runsOrError { ... on Runs { results { runId } } } }"


@pytest.fixture(autouse=True)
def _nothing_was_started(people: People) -> None:
    """Whatever was tried before, no run came of it."""
    assert people.ui.ask(RUNS) == {"runsOrError": {"results": []}}


def test_another_user_of_the_machine_has_no_token(people: People) -> None:
    root = people.ui.root

    def tries() -> list[int]:
        return [
            httpx.get(f"{root}/").status_code,
            httpx.post(f"{root}/graphql", json=LAUNCHES).status_code,
            httpx.post(f"{root}{CHECK}", json={}).status_code,
            httpx.get(f"{root}/?token=guess").status_code,
        ]

    assert as_other(tries) == [401, 401, 401, 401]
    assert people.operator.get("/").status_code == 200


def test_a_cookie_is_worth_nothing_to_another_user_of_the_machine(people: People) -> None:
    """Browsers send it to every port of this machine, so a server of theirs may have seen it. Who
    may not become another user sees that the cookie is made for them.
    """
    cookies, root = dict(people.operator.cookies), people.ui.root

    def tries() -> int:
        return httpx.get(f"{root}/server_info", cookies=cookies).status_code

    assert tries() == 200
    token = people.ui.address.partition("token=")[2]
    assert list(cookies.values()) == [access.session(token, str(os.geteuid()))]
    if os.geteuid() == 0:
        assert as_other(tries) == 401


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:8000", "null"])
def test_a_page_elsewhere_starts_no_run(people: People, origin: str) -> None:
    """Should a browser send the cookie after all."""
    refused = people.operator.post("/graphql", json=LAUNCHES, headers={"Origin": origin})
    assert refused.status_code == 403
    ours = people.operator.post(
        "/graphql", json={"query": NOTHING}, headers={"Origin": people.ui.root}
    )
    assert ours.status_code == 200


def test_a_page_elsewhere_has_no_socket(people: People) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in people.operator.cookies.items())

    def opens(origin: str, sent: str) -> str:
        with connect(
            f"ws://127.0.0.1:{people.ui.port}/graphql",
            origin=Origin(origin),
            additional_headers={"Cookie": sent},
            subprotocols=[Subprotocol("graphql-ws")],
        ) as opened:
            opened.send(json.dumps({"type": "connection_init"}))
            return str(json.loads(opened.recv())["type"])

    for origin, sent in (("https://evil.example", cookie), (people.ui.root, "")):
        with pytest.raises(InvalidStatus) as refused:
            opens(origin, sent)
        assert refused.value.response.status_code == 403
    assert opens(people.ui.root, cookie) == "connection_ack"


def test_a_name_that_leads_here_is_not_ours(people: People) -> None:
    """DNS rebinding: for the browser it is then the page's own origin."""
    evil = f"evil.example:{people.ui.port}"
    refused = people.operator.get("/", headers={"Host": evil, "Origin": f"http://{evil}"})
    assert refused.status_code == 421
    named = {"Host": f"localhost:{people.ui.port}"}
    assert people.operator.get("/", headers=named).status_code == 200


def test_a_link_changes_nothing(people: People) -> None:
    refused = people.operator.get("/graphql", params={"query": NOTHING})
    assert refused.status_code == 403
    assert people.operator.get("/graphql", params={"query": ASKS}).status_code == 200
    assert people.operator.post("/graphql", json={"query": NOTHING}).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_changes_nothing(people: People, kind: str) -> None:
    """Dagster takes a query in the address of a POST of any kind."""
    headers = {"Content-Type": kind} if kind else {}
    for address in (f"/graphql?query={NOTHING}", CHECK):
        assert people.operator.post(address, headers=headers).status_code == 415


@pytest.mark.parametrize("path", FRAMED)
def test_no_page_is_shown_in_a_frame(people: People, path: str) -> None:
    for asked in (people.operator, people.nobody):
        shown = asked.get(path, headers={"Accept": "text/html"}).headers
        assert "frame-ancestors 'none'" in shown["Content-Security-Policy"]
        assert shown["X-Frame-Options"] == "DENY"
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert shown["Referrer-Policy"] == "no-referrer"


def test_a_reader_runs_no_mutation_of_dagsters_schema(people: People) -> None:
    """All of them, as this version of Dagster has them. To an operator Dagster itself answers that
    the arguments are missing.
    """
    mutations = create_schema().graphql_schema.mutation_type
    assert mutations is not None
    assert len(mutations.fields) > 40
    for name in mutations.fields:
        asked = {"query": f"mutation {{ {name} {{ __typename }} }}"}
        refused = people.reader.post("/graphql", json=asked)
        assert refused.status_code == 403, name
        assert refused.json()["errors"] == [{"message": "seatrial: a reader changes nothing"}]
        assert people.operator.post("/graphql", json=asked).status_code != 403, name


def test_dagster_itself_gives_a_reader_no_permission(people: People) -> None:
    """So its buttons are off; should a mutation get past us, Dagster refuses it as well."""
    asked = {"query": "{ permissions { permission value } }"}
    none, all_of_them = (
        {p["value"] for p in who.post("/graphql", json=asked).json()["data"]["permissions"]}
        for who in (people.reader, people.operator)
    )
    assert none == {False}
    assert True in all_of_them


@pytest.mark.parametrize("kind", ["check", "materialization", "observation"])
def test_a_reader_reports_nothing(people: People, kind: str) -> None:
    path = f"/report_asset_{kind}/acme/outlet/orders"
    assert people.reader.post(path, json={}).status_code == 403
    assert people.nobody.post(path, json={}).status_code == 401
    assert people.operator.post("/report_asset_observation/other", json={}).status_code == 200


def test_the_proxys_header_is_taken_from_the_proxy_alone(people: People) -> None:
    for forged in (
        people.by_proxy("ada@acme.example", address="127.0.0.1"),
        people.by_proxy("ada@acme.example", secret="guess"),
    ):
        with forged:
            assert forged.post("/graphql", json=LAUNCHES).status_code == 403
    hers = {"X-Forwarded-User": "ada@acme.example"}
    assert people.nobody.get("/", headers=hers).status_code == 403
    with people.by_proxy("ada@acme.example") as ada:
        assert ada.post("/graphql", json={"query": NOTHING}).status_code == 200


def test_whom_the_proxy_does_not_name_an_operator_reads(people: People) -> None:
    with people.by_proxy("bo@acme.example") as bo:
        assert bo.post("/graphql", json=LAUNCHES).status_code == 403
        assert bo.post("/graphql", json={"query": ASKS}).status_code == 200


def test_the_code_server_takes_orders_from_us_alone(people: People) -> None:
    """Its sockets lie where nobody else may go, and no other port is open."""
    workspace = (people.ui.out / "dagster" / "workspace.yaml").read_text()
    room = Path(workspace.partition('socket: "')[2].partition('"')[0]).parent
    sockets = _sockets(room)
    assert len(sockets) == 2
    found = room.stat()
    assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o700, os.geteuid())

    def reached(path: Path) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(path))
            except PermissionError:
                return False
        return True

    for path in sockets:
        assert reached(path)
        if os.geteuid() == 0:
            assert not as_other(lambda at=path: reached(at))  # type: ignore[misc]
    # Who is not root may not look into processes that leave no core, and sees no port of theirs.
    ports = _ports(people.ui.process.pid)
    assert ports == {people.ui.port} if os.geteuid() == 0 else ports <= {people.ui.port}


def test_dagsters_folder_is_ours_alone(people: People) -> None:
    folder = people.ui.out / "dagster"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_no_token_is_in_a_file_a_process_list_or_a_variable(people: People) -> None:
    ui = people.ui
    tokens = [address.partition("token=")[2] for address in (ui.address, ui.address_to_look)]
    cookies = [*people.operator.cookies.values(), *people.reader.cookies.values()]
    told = [_told(pid, name) for pid in session(ui.process.pid) for name in ("cmdline", "environ")]
    assert len(told) > 6
    assert any(SECRET in one for one in told)  # what the user gave in a variable is in it
    told += [path.read_text(errors="replace") for path in ui.out.rglob("*") if path.is_file()]
    assert str(ui.out) in "".join(told)
    for secret in (*tokens, *cookies):
        assert len(secret) > 40
        assert all(secret not in one for one in told)


def test_what_serves_pages_has_no_credentials_of_a_source(people: People) -> None:
    """Only what reads sources has the variables that `pilot.yaml` refers to."""
    has = {}
    for pid in session(people.ui.process.pid):
        has[_told(pid, "cmdline")] = "ACME_SHOP=" in _told(pid, "environ")
    (web,) = (held for command, held in has.items() if "harness.dagster.web" in command)
    (daemon,) = (held for command, held in has.items() if "dagster._daemon" in command)
    (code,) = (held for command, held in has.items() if "code-server" in command)
    assert (web, daemon, code) == (False, False, True)


def _told(pid: int, name: str) -> str:
    """What a process shows of itself to this user: nothing, if it leaves no core."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text(errors="replace")
    except PermissionError:
        return ""


def _sockets(room: Path) -> list[Path]:
    """The Unix sockets in a folder on which somebody listens."""
    lines = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    paths = {Path(line[7]) for line in lines if len(line) > 7}
    return [path for path in paths if path.is_relative_to(room)]


def _ports(leader: int) -> set[int]:
    """The TCP ports on which a session listens."""
    inodes = _inodes(leader)
    listening = "0A"
    return {
        int(columns[1].rpartition(":")[2], 16)
        for table in ("tcp", "tcp6")
        for line in Path("/proc/net", table).read_text().splitlines()[1:]
        if (columns := line.split())[3] == listening and columns[9] in inodes
    }


def _inodes(leader: int) -> set[str]:
    links = []
    for pid in session(leader):
        with suppress(PermissionError):
            entries = Path(f"/proc/{pid}/fd").iterdir()
            links += [str(entry.readlink()) for entry in entries if entry.is_symlink()]
    return {link[8:-1] for link in links if link.startswith("socket:[")}
