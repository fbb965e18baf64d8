"""Tryton's own log-in: a session, calls by position, and an account that locks."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.verdict import Outcome
from tests.connectors.servers.proven import Written, whole
from tests.connectors.servers.tryton import PARTIES, PASSWORD, Tryton, tryton

pytestmark = pytest.mark.estate_full
BY_SESSION = Written(
    columns='id="int64", name=str, code=str',
    key="id",
    pilot="""
from seatrial import Address, Pilot, Source, rest
CALL, RPC, ALL = "model.party.party", "/erp/rpc/", [[], 0, 50, [], ["name", "code"], {}]
TOTAL = rest.counted_at(RPC, search={"method": f"{CALL}.search_count", "params": [[], {}]})
ROWS = rest.Endpoint(path=RPC, pages=rest.offset(("params", 1)), rows=rest.ROOT, total=TOTAL,
    search={"method": f"{CALL}.search_read", "params": ALL}, unmoved=rest.read_twice("id"))
AUTH = dict(path="/erp/session/login", user="admin", cookie="tryton_session",
    body={"params": ["{user}", {"password": "{password}"}]})
def system(at: Address) -> rest.Rest:
    return rest.Rest(base_url=at.text("url"), auth=rest.Session(password=at.secret("key"), **AUTH),
        endpoints={"rows": ROWS}, budget=rest.RateLimiter(requests=50, seconds=1))
PILOT = Pilot(name="acme", sources=(Source(name="system", connect=system, contracts=(CONTRACT,)),))
""",
)


def log_ins(folder: Path) -> int:
    """How often somebody tried, by the server's own log."""
    return (folder / "trytond.log").read_text().count("POST /erp/session/login")


def test_a02_a_session_reads_it_whole_and_a_wrong_password_locks_nobody_out(
    tmp_path: Path,
) -> None:
    """The control at the end: Tryton refuses the right password, too, after two wrong ones."""
    with tryton(tmp_path) as url:
        wrong = BY_SESSION.prove(tmp_path, url, "wrong-canary", "complete", "authenticated")
        assert log_ins(tmp_path) == 1
        assert "answered 401 without a session" in wrong["complete"].because
        assert Outcome.PROVEN not in {one.outcome for one in wrong.values()}

        whole(BY_SESSION.prove(tmp_path, url, PASSWORD, "complete", "conforms"), PARTIES)

        server = Tryton(url)
        assert [server.log_in("wrong").status_code for _ in range(2)] == [401, 401]
        assert server.log_in().status_code == 429
        locked = BY_SESSION.prove(tmp_path, url, PASSWORD, "complete")
        assert log_ins(tmp_path) == 3, "nothing tries again where it is locked"
        assert locked["complete"].outcome is Outcome.ERROR
