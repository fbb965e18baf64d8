"""The drift bench's nights hold what they are named for."""

from __future__ import annotations

from bench import drift
from harness.claims.drifts import Finding, Standing


def test_a_clean_night_is_quiet_and_a_shifted_one_is_not() -> None:
    def ours(findings: list[Finding], _before: object, _now: object) -> bool:
        return any(finding.standing is Standing.DRIFTED for finding in findings)

    assert not any(drift.alarms(1_000, 20, rules={"ours": ours})["ours"])
    assert all(drift.alarms(1_000, 5, shift=0.5, rules={"ours": ours})["ours"])


def test_the_same_seed_gives_the_same_nights() -> None:
    def sizes(findings: list[Finding], _before: object, _now: object) -> bool:
        seen.append([finding.size for finding in findings])
        return False

    seen: list[list[float]] = []
    for _ in range(2):
        drift.alarms(200, 2, rules={"sizes": sizes})
    assert seen[:2] == seen[2:]
    assert len(seen[0]) == 40
