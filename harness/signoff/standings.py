"""Where every planned verdict stands at one moment; pure."""

from __future__ import annotations

from harness.evidence.runs import runs_in


def _last(entries, pilot, environment, zone):
    runs = [
        r for r in runs_in(entries, pilot=pilot, environment=environment, zone=zone) if r.judges
    ]
    return runs[-1].judged if runs else ()


def at_the_end(entries, night, listed):
    return _last(entries, listed.pilot, listed.environment, listed.zone)


def now(entries, of, night, at):
    return _last(entries, of.pilot, of.environment, of.zone)


def ended(entries, of, now):
    return frozenset()
