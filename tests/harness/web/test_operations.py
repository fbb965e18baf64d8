"""Which GraphQL documents are run, by how they are sent and by whom."""

from __future__ import annotations

import pytest

from harness.dagster.web.access import Role
from harness.dagster.web.operations import refusal

ASKS = "query a { version }"
CHANGES = "mutation b { reloadWorkspace { __typename } }"
LISTENS = "subscription c { capturedLogs }"
RUN = [
    ("POST", ASKS, Role.READER),
    ("GET", ASKS, Role.READER),
    ("WEBSOCKET", LISTENS, Role.READER),
    ("POST", CHANGES, Role.OPERATOR),
    ("POST", "fragment f on Query { version }", Role.READER),
    ("POST", "what is this {", Role.READER),  # Dagster says what is wrong with it
]
ATTEMPTS = [
    ("GET", CHANGES, Role.OPERATOR),
    ("GET", f"{ASKS} {CHANGES}", Role.OPERATOR),
    ("HEAD", CHANGES, Role.OPERATOR),
    ("POST", CHANGES, Role.READER),
    ("POST", f"{ASKS} {CHANGES}", Role.READER),
    ("POST", f"# {ASKS}\n{CHANGES}", Role.READER),
    ("WEBSOCKET", CHANGES, Role.OPERATOR),
    ("WEBSOCKET", f"{LISTENS} {CHANGES}", Role.READER),
    ("POST", [CHANGES], Role.READER),
]


@pytest.mark.parametrize(("method", "document", "role"), RUN)
def test_these_are_run(method: str, document: str, role: Role) -> None:
    """The positive control of each attempt below."""
    assert refusal(document, method=method, role=role) is None


@pytest.mark.attempt(1)
@pytest.mark.parametrize(("method", "document", "role"), ATTEMPTS)
def test_these_are_not(method: str, document: object, role: Role) -> None:
    assert refusal(document, method=method, role=role) is not None
