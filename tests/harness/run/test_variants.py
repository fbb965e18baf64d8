"""Which file declares what is a fact, kept where files differ and only so far."""

from __future__ import annotations

from connectors.events import declare_names
from harness.facts import DECLARATIONS
from harness.run.variants import Variants


def told(*files: str | None) -> Variants:
    """Each file's columns, as letters; None for one that declares what the one before it does."""
    made = Variants()
    for names in files:
        made.deliver()
        if names is not None:
            made.declare(declare_names(names, by="header"))
    return made


def test_files_that_agree_are_no_variants() -> None:
    made = told("ab", None, None)
    assert (made.places, made.declarations) == ([0, 0, 0], ())


def test_each_declaration_is_kept_once_whatever_its_order() -> None:
    made = told("ab", "abc", None, "ba", "abc")
    assert made.places == [0, 1, 1, 0, 1]
    assert [len(one.columns) for one in made.declarations] == [2, 3]


def test_a_first_file_that_told_nothing_is_no_difference() -> None:
    assert told(None, "ab", None).declarations == ()


def test_a_source_without_files_that_declares_anew_has_no_variants() -> None:
    made = Variants()
    for names in ("ab", "abc"):
        made.declare(declare_names(names, by="catalogue"))
    assert made.declarations == ()


def test_declarations_are_bounded_and_further_ones_are_seen() -> None:
    many = [f"a{chr(ord('b') + n)}" for n in range(DECLARATIONS + 5)]
    made = told(*many, many[0])
    assert len(made.declarations) == DECLARATIONS
    assert made.places == [*range(DECLARATIONS), *[DECLARATIONS] * 5, 0]
