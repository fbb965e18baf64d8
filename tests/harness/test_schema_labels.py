"""The labels of an enum: which went, which came, and whether they stand in another order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.events import Declared, DeclaredColumn
from harness.claims.schema_diff import Change, Kind, changes


def mood(*labels: str, told: bool = True, name: str = "mood") -> Declared:
    """A table of one enum; with `told` false as it was declared before labels were."""
    words = f"{name} ({', '.join(labels)})"
    column = DeclaredColumn(name="it", type=words, nullable=False, labels=labels if told else None)
    return Declared(by="catalogue", columns=(column,))


def test_each_kind_of_change_of_labels_is_one_change_c03() -> None:
    """C03: an enum gets a new value."""
    old = mood("glad", "sad")
    gone = Change(kind=Kind.LABELS_REMOVED, column="it", parts=("sad",))
    come = Change(kind=Kind.LABELS_ADDED, column="it", parts=("so, so",))
    assert changes(old, mood("glad")) == (gone,)
    assert changes(old, mood("glad", "so, so", "sad")) == (come,)
    assert changes(old, mood("so, so", "glad")) == (gone, come)
    assert changes(old, mood("sad", "glad")) == (Change(kind=Kind.LABELS_REORDERED, column="it"),)


def test_what_was_approved_before_labels_were_declared_is_compared_by_its_words() -> None:
    old = mood("glad", "sad", told=False)
    assert changes(old, mood("glad", "sad")) == ()
    added = Change(kind=Kind.LABELS_ADDED, column="it", parts=("so so",))
    assert changes(old, mood("glad", "sad", "so so")) == (added,)


@pytest.mark.parametrize("name", ["other.mood", "humour"])
def test_another_enum_is_another_type(name: str) -> None:
    (change,) = changes(mood("glad"), mood("glad", "sad", name=name))
    assert change.kind is Kind.RETYPED


def test_labels_below_a_domain_and_in_an_array_are_compared() -> None:
    old = mood("glad", "sad")
    of_array = replace(old, columns=(replace(old.columns[0], type="mood[]"),))
    less = replace(of_array, columns=(replace(of_array.columns[0], labels=("glad",)),))
    assert [c.kind for c in changes(of_array, less)] == [Kind.LABELS_REMOVED]
    (inner,) = old.columns
    of_domain = replace(old, columns=(replace(inner, type="d (mood (glad, sad))"),))
    less = replace(old, columns=(replace(inner, type="d (mood (glad))", labels=("glad",)),))
    assert [c.kind for c in changes(of_domain, less)] == [Kind.LABELS_REMOVED]


def test_text_that_becomes_an_enum_is_another_type() -> None:
    text = Declared(
        by="catalogue", columns=(DeclaredColumn(name="it", type="text", nullable=False),)
    )
    assert [c.kind for c in changes(text, mood("a"))] == [Kind.RETYPED]
    assert [c.kind for c in changes(mood("a"), text)] == [Kind.RETYPED]
