"""`seatrial waive`, `accept`, `attest`: signed, chained, shown, and refused by name."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.alerts.history import history_in
from harness.alerts.incident import incidents
from harness.amendments.records import digest, recorded_in
from harness.amendments.statement import counting, objection
from harness.errors import ConfigurationError
from harness.ledger.chain import breaks
from harness.ledger.ledger import read_ledger
from harness.result import Kind
from harness.verdict import Basis, Outcome
from tests.harness.amendments.signing import DAY, after_a_night, judged, sign, status
from tests.harness.policy.agreed import Agreement


@pytest.fixture
def acme(tmp_path: Path) -> Agreement:
    return after_a_night(tmp_path)


def _refused(acme: Agreement, **asked: Any) -> str:
    before = acme.entries()
    with pytest.raises(ConfigurationError) as told:
        sign(acme, **asked)
    assert acme.entries() == before
    return str(told.value)


def test_a_waiver_counts_at_once_and_in_the_next_night_and_ends_by_itself(
    acme: Agreement,
) -> None:
    assert judged(status(acme)).outcome is Outcome.BROKEN
    [line, ends] = sign(acme)
    assert line == "waiver 1 signed by Olga Ruiz as owner: conforms of outlet.orders, BROKEN"
    assert "share of rows that fail at most 10 % missing of voucher above 0.2" in ends
    found = judged(status(acme))
    assert (found.outcome, found.original) == (Outcome.WAIVED, Outcome.BROKEN)
    acme.read()
    written = json.loads((acme.root / "out" / "verdicts.json").read_text())
    [one] = [v for v in written["verdicts"] if v["claim"] == "conforms"]
    assert (one["outcome"], one["original"]) == ("WAIVED", "BROKEN")
    assert (one["excuse"]["by"], one["excuse"]["kind"]) == ("Olga Ruiz", "waiver")
    page = (acme.root / "out" / "report.html").read_text()
    assert "waived by Olga Ruiz (owner) until " in page
    [finished] = [e for e in acme.entries() if e.kind == "finished"][-1:]
    assert json.loads(finished.body)["ready"] is False  # the ledger keeps what the facts gave
    assert list(breaks(acme.entries())) == []
    acme.at += 31 * DAY
    acme.read()
    late = status(acme)
    assert judged(late).outcome is Outcome.BROKEN
    assert any(
        "waiver 1 of conforms of outlet.orders has no effect: it ended" in line
        for line in late.without_effect
    )


def test_it_is_void_in_the_night_in_which_it_gets_worse(acme: Agreement) -> None:
    sign(acme)
    with closing(sqlite3.connect(acme.acme.sources["ACME_OUTLET"])) as outlet, outlet:
        outlet.execute("update orders set voucher = null where order_key = 1")
    acme.read()
    found = status(acme)
    assert judged(found).outcome is Outcome.BROKEN
    assert "0.22, and 0.2 was signed" in " ".join(found.without_effect)
    sign(acme, at_most=("0.3",))
    with closing(sqlite3.connect(acme.acme.sources["ACME_OUTLET"])) as outlet, outlet:
        outlet.execute("update orders set voucher = null where order_key = 2")
    acme.read()
    assert judged(status(acme)).outcome is Outcome.WAIVED


def test_it_is_void_where_something_else_is_promised(acme: Agreement) -> None:
    sign(acme)
    acme.edit('"voucher": 0.10', '"voucher": 0.15', file="contracts/orders.py")
    acme.read()
    found = status(acme)
    assert judged(found).outcome is Outcome.BROKEN
    assert "something else is promised since" in " ".join(found.without_effect)


def test_it_is_withdrawn_by_an_amendment_after_it(acme: Agreement) -> None:
    assert "no waiver of conforms of outlet.orders is in force" in _refused(acme, days=None)
    sign(acme)
    [told] = sign(acme, "law", days=None, reason="mended at the source")
    assert told == "waiver of conforms of outlet.orders withdrawn by Lea Brandt as legal"
    assert judged(status(acme)).outcome is Outcome.BROKEN
    first, second = recorded_in(acme.entries(), pilot="acme", environment="dev")
    assert (first.amendment.before, second.amendment.before) == (None, digest(first.amendment))
    assert _refused(acme, days=None)


def test_the_risk_of_what_is_unproven_is_accepted(acme: Agreement) -> None:
    sign(acme, "sec", kind=Kind.ACCEPTANCE, claim="fresh")
    found = judged(status(acme), "fresh")
    assert (found.outcome, found.original) == (Outcome.WAIVED, Outcome.UNPROVEN)
    assert found.excuse is not None
    assert found.excuse.kind is Kind.ACCEPTANCE


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"days": -1}, "it is over: name a day from"),
        ({"days": 91}, "that is more than 90 days: name"),
        ({"claim": "conform"}, "did you mean conforms?"),
        ({"dataset": "outlet.order"}, "did you mean outlet.orders?"),
        ({"dataset": None}, "conforms is about a dataset: name it by --dataset alone"),
        ({"claim": "owned"}, "owned is about a source: name it by --source alone"),
        ({"source": "outlet"}, "name it by --dataset alone"),
        ({"dataset": "web-shop.orders"}, "was not judged: run seatrial prove first"),
        ({"claim": "fresh"}, "is UNPROVEN: use seatrial accept"),
        ({"kind": Kind.ACCEPTANCE}, "is BROKEN: use seatrial waive"),
        ({"kind": Kind.ATTESTATION}, "is BROKEN: use seatrial waive"),
        ({"who": "sec", "kind": Kind.ATTESTATION}, "--role security: unknown role"),
        ({"who": "sec", "role": "owner"}, "by the register Sam Okoye signs as security"),
        ({"at_most": ("0.1",)}, "is 0.2 already: name no less"),
        ({"at_most": ("rows=3",)}, "name what may be larger, of share of rows"),
        ({"reason": " "}, "--reason is empty or holds controls"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_is_wrong_is_refused_in_one_line(
    acme: Agreement, asked: dict[str, Any], says: str
) -> None:
    told = _refused(acme, **asked)
    assert says in told
    assert "\n" not in told


def test_old_evidence_is_proven_again_before_it_is_excused(acme: Agreement) -> None:
    acme.at += timedelta(hours=27)
    assert "run seatrial prove, then sign what it says" in _refused(acme)


def test_another_key_s_and_another_pilot_s_signature_does_not_count(acme: Agreement) -> None:
    sign(acme, trusted=False)
    of = {"pilot": "acme", "environment": "dev"}
    [signed] = recorded_in(acme.entries(), **of)
    stranger = {key: one for key, one in acme.register.items() if one.name != "Olga Ruiz"}
    assert objection(signed, acme.register) is None
    assert "is not in the register" in str(objection(signed, stranger))
    assert len(counting(acme.entries(), **of, register=acme.register)) == 1
    assert counting(acme.entries(), **of, register=stranger) == ()
    assert recorded_in(acme.entries(), pilot="other", environment="dev") == []
    assert recorded_in(acme.entries(), pilot="acme", environment="production") == []


def test_what_is_excused_rings_when_the_excuse_is_over(acme: Agreement) -> None:
    """Whoever signed knows of it: the incident ends, and its next night opens another."""

    def open_now() -> list[str]:
        with read_ledger(acme.root / "out" / "ledger.sqlite") as ledger:
            history = history_in(ledger, pilot="acme", environment="dev", register=acme.register)
        found = incidents(history)
        return [one.id for one in found if one.mended is None and one.planned.claim == "conforms"]

    [before] = open_now()
    sign(acme)
    acme.read()
    assert open_now() == []
    acme.at += 31 * DAY
    acme.read()
    [after] = open_now()
    assert after != before


def test_a_persons_word_counts_where_the_pilot_says_that_nothing_can_be_asked(
    acme: Agreement,
) -> None:
    asked = {"kind": Kind.ATTESTATION, "claim": "authenticated", "dataset": None}
    nothing = _refused(acme, source="outlet", **asked)
    assert "use seatrial accept" in nothing
    acme.edit("owners:", "sources: {outlet: {attested: [authenticated]}}\nowners:")
    acme.read()
    before = judged(status(acme), "authenticated", None)
    assert (before.outcome, before.verdict.basis) == (Outcome.UNPROVEN, Basis.ATTESTED)
    assert "use seatrial attest" in _refused(
        acme, source="outlet", **{**asked, "kind": Kind.ACCEPTANCE}
    )
    sign(acme, source="outlet", **asked)
    given = judged(status(acme), "authenticated", None)
    assert (given.outcome, given.original) == (Outcome.WAIVED, Outcome.UNPROVEN)
    assert given.excuse is not None
    assert (given.excuse.kind, given.excuse.role) == (Kind.ATTESTATION, "owner")
    late = status(acme, after=31 * DAY)
    assert judged(late, "authenticated", None).outcome is Outcome.STALE
