"""Where the pages and the picture of this room are rendered."""

from __future__ import annotations

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader

from harness.report import frame


@cache
def environment() -> Environment:
    """That of the run's report, where all that comes from data is escaped, with our templates."""
    loaders = (PackageLoader("harness.governance", ""), PackageLoader("harness.report", ""))
    return frame.environment().overlay(loader=ChoiceLoader(loaders))
