"""The labels of an enum cross from the child as they were declared, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.events import Declared, DeclaredColumn
from harness.box.frames import Garbage
from harness.run import wire
from harness.run.task import Happened

MOOD = DeclaredColumn(name="mood", type="mood (a, b)", nullable=True, labels=("a", "b"))


def crossed(labels: Any) -> Any:
    declared = Declared(by="catalogue", columns=(replace(MOOD, labels=labels),))
    happened = Happened(dataset="orders", event=declared)
    return wire.decode_message(wire.encode_message(happened)) == happened


@pytest.mark.parametrize("labels", [None, (), ("a", "b")])
def test_labels_arrive_as_they_were_sent(labels: Any) -> None:
    assert crossed(labels)


@pytest.mark.parametrize("labels", ["a", (1,), ((),), 3, {"a": 1}])
def test_anything_else_is_garbage(labels: Any) -> None:
    with pytest.raises(Garbage):
        crossed(labels)
