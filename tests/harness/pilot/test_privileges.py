"""Who permits what, on which day, at which source: written down, or nothing is tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.rights import Way
from harness.errors import ConfigurationError
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import verdicts_owed
from harness.pilot.privileges import SOON, Permission, described, permission, require_unaskable
from harness.policy.deviations import owed
from harness.run.held import promised_by
from tests.harness.engagement import write

PY = """
from pathlib import Path
from seatrial import Address, Pilot, Source
from seatrial.files import Csv, Files, FileSet, Local

def files(at: Address) -> Files:
    return Files(store=Local(Path("/nowhere")), datasets={"it": FileSet("*.csv", Csv())})

PILOT = Pilot(
    name="mine",
    sources=tuple(Source(name=name, connect=files, contracts=()) for name in ("drop", "shop")),
)
"""
YAML = """
title: Predict something
owners:
  drop: {{owner: Ada, deputy: Ben, escalation: C, acknowledged: {{by: Ada, on: 2026-11-01}}}}
{more}
environments:
  dev:
    evidence_class: sandbox
    sources: {{}}
{scratch}
  staging:
    evidence_class: staging
    sources: {{}}
"""
ON, UNTIL = date(2026, 11, 2), date(2026, 12, 31)
GIVEN = {"at": ["in/seatrial-scratch"], "permitted_by": "Ada", "on": str(ON), "until": str(UNTIL)}


def loaded(tmp_path: Path, scratch: Any = GIVEN, *, source: str = "drop", more: str = ""):
    written = "" if scratch is None else f"    scratch: {{{source}: {flow(scratch)}}}"
    return loading.load(write(tmp_path, py=PY, yaml=YAML.format(scratch=written, more=more)))


def flow(given: dict[str, Any]) -> str:
    """As YAML."""
    shown = (
        f"{k}: {v if isinstance(v, str) else '[' + ', '.join(v) + ']'}" for k, v in given.items()
    )
    return "{" + ", ".join(shown) + "}"


def on(
    pilot: LoadedPilot, day: date, source: str = "drop", environment: str = "dev"
) -> Permission:
    return permission(pilot, environment, source, on=day)


def test_a_permission_holds_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    pilot = loaded(tmp_path)
    for day in (ON, UNTIL):
        assert on(pilot, day) == Permission(at=("in/seatrial-scratch",))


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (ON - timedelta(days=1), "begins on 2026-11-02"),
        (UNTIL + timedelta(days=1), "by Ada ended on 2026-12-31: renew environments.dev.scratch"),
    ],
)
def test_nothing_is_permitted_before_or_after_it(tmp_path: Path, day: date, says: str) -> None:
    denied = on(loaded(tmp_path), day)
    assert denied.at == ()
    assert says in str(denied.why_not)


def test_a_permission_of_another_source_or_environment_has_no_effect(tmp_path: Path) -> None:
    pilot = loaded(tmp_path)
    for source, environment in (("shop", "dev"), ("drop", "staging")):
        denied = on(pilot, ON, source, environment)
        assert denied.at == ()
        assert f"add environments.{environment}.scratch.{source}" in str(denied.why_not)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"permitted_by": "Eve"}, "'Eve' does not answer for source drop: have it permitted by"),
        ({"until": "2026-11-01"}, "before it begins: correct until"),
        ({"at": []}, "is empty; add one"),
        ({"at": ["../in"]}, "is no name for it: write it as"),
        ({"at": ["in/*"]}, "is no name for it: write it as"),
        ({"at": ["in//x"]}, "is no name for it: write it as"),
        ({"at": ["in/x", "in/x"]}, "names one place twice"),
        ({"who": "Ada"}, "unknown key"),
        ({"on": "soon"}, "on"),
    ],
)
def test_a_permission_that_is_none_is_refused_by_its_line(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigurationError, match=r"pilot\.yaml:\d+") as raised:
        loaded(tmp_path, {**GIVEN, **changes})
    assert says in str(raised.value)


@pytest.mark.parametrize("left_out", sorted(GIVEN))
def test_each_part_of_it_must_be_written(tmp_path: Path, left_out: str) -> None:
    given = {key: value for key, value in GIVEN.items() if key != left_out}
    with pytest.raises(ConfigurationError, match="is missing; add it"):
        loaded(tmp_path, given)


def test_a_permission_for_an_unknown_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="source 'dropp'"):
        loaded(tmp_path, source="dropp")


@dataclass(frozen=True)
class Some:
    """A connector, as far as its rights go."""

    rights: Way | None
    has_log_in: bool


ATTESTED = "sources: {drop: {attested: [least_privilege]}}"
NOT_PLANNED = "sources: {drop: {not_planned: {authenticated: a folder has no log-in}}}"


@pytest.mark.parametrize("way", list(Way))
def test_no_word_and_no_gap_stands_for_what_can_be_asked(tmp_path: Path, way: Way) -> None:
    pilot = loaded(tmp_path, more=ATTESTED)
    with pytest.raises(ConfigurationError, match="least_privilege can be asked of source drop"):
        require_unaskable(pilot, {"drop": Some(way, has_log_in=False)})
    require_unaskable(pilot, {"drop": Some(None, has_log_in=True)})
    pilot = loaded(tmp_path, more=NOT_PLANNED)
    with pytest.raises(ConfigurationError, match="authenticated can be asked of source drop"):
        require_unaskable(pilot, {"drop": Some(None, has_log_in=True)})
    require_unaskable(pilot, {"drop": Some(way, has_log_in=False)})


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("sources: {drop: {attested: [owned]}}", "authenticated"),
        ("sources: {drop: {attested: [least_privilege, least_privilege]}}", "planned twice"),
        (
            "sources: {drop: {attested: [authenticated], not_planned: {authenticated: so}}}",
            "planned twice",
        ),
        ("sources: {drop: {not_planned: {authenticated: ''}}}", "is empty; write it"),
        ("sources: {dropp: {attested: [authenticated]}}", "source 'dropp'"),
    ],
)
def test_only_claims_that_a_source_may_be_unable_to_answer_are_left_to_people(
    tmp_path: Path, more: str, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        loaded(tmp_path, more=more)


def test_a_claim_that_is_not_planned_owes_no_verdict_by_pilot_and_by_promises(
    tmp_path: Path,
) -> None:
    """The promises in the ledger say so, too: recomputed, nothing is missing."""
    pilot = loaded(tmp_path, more=NOT_PLANNED)
    planned = verdicts_owed(pilot.pilot)
    assert [(p.source, p.claim) for p in planned if p.claim == "authenticated"] == [
        ("shop", "authenticated")
    ]
    assert tuple(owed(promised_by(pilot))) == planned


@pytest.mark.parametrize(
    ("some", "more", "day", "says", "to_do"),
    [
        (Some(Way.LOOKED_UP, has_log_in=True), "", ON, "looked up", False),
        (Some(Way.TRIED, has_log_in=True), "", ON, "tried once a night at in/seatrial", False),
        (Some(Way.TRIED, has_log_in=True), "", UNTIL - SOON, "which is soon", True),
        (Some(Way.TRIED, has_log_in=True), "", UNTIL + SOON, "ended on 2026-12-31", True),
        (Some(None, has_log_in=True), "", ON, "add sources.drop.attested", True),
        (Some(None, has_log_in=True), ATTESTED, ON, "on a person's word", False),
        (
            Some(None, has_log_in=True),
            "sources: {drop: {not_planned: {least_privilege: nobody can say}}}",
            ON,
            "not planned because nobody can say",
            False,
        ),
    ],
)
def test_the_doctor_says_how_each_source_is_asked(  # noqa: PLR0913 - a table
    tmp_path: Path, some: Any, more: str, day: date, says: str, *, to_do: bool
) -> None:
    pilot = loaded(tmp_path, more=more)
    told = described(pilot, "dev", pilot.source("drop"), some, on=day)
    assert says in told[0]
    assert told[1] is to_do
