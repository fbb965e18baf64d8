"""A pytest plugin for `make mutants`: the same examples for each mutant, so that a result can be
repeated, and few enough for some thousand runs.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    settings.register_profile(
        "mutants",
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=20,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutants")
