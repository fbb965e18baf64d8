"""A verdict's words alone: how bad it is in numbers has tests of its own."""

from __future__ import annotations

from dataclasses import replace

from harness.verdict import Verdict


def worded(verdict: Verdict) -> Verdict:
    return replace(verdict, measures=())
