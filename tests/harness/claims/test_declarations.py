"""Claims declare themselves: one table holds them all, and nothing else goes by their names."""

from __future__ import annotations

import ast
from dataclasses import fields, replace
from pathlib import Path

import pytest

import harness
from contracts.promises import Promises, Reconciliation
from harness.claims import CLAIMS, DATASET_CLAIMS, needs, rests_on_several
from harness.claims.claim import Claim, Need
from tests.harness.claims.made import NIGHTLY

HARNESS = Path(harness.__file__).parent
CLAIM_FILE = 'CLAIM = DatasetClaim(\n    name="novel",\n)\n'


def left_out(folder: Path) -> set[str]:
    """Files of claims that the table does not hold under their own names."""
    declaring = {path.stem for path in folder.glob("*.py") if "\nCLAIM = " in path.read_text()}
    return declaring - {claim.name for claim in CLAIMS}


def named(code: str) -> set[str]:
    """Names of claims that stand as text in code, docstrings apart."""
    constants = {
        node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)
    }
    return {claim.name for claim in CLAIMS} & constants


def test_every_claim_of_the_folder_is_in_the_table() -> None:
    assert not left_out(HARNESS / "claims")


def test_a_claim_that_the_table_lacks_is_found(tmp_path: Path) -> None:
    (tmp_path / "novel.py").write_text(f'"""A claim."""\n\n{CLAIM_FILE}')
    assert left_out(tmp_path) == {"novel"}


def test_no_two_claims_have_one_name() -> None:
    assert len({claim.name for claim in CLAIMS}) == len(CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_its_words_fit_a_row_of_a_table_and_end_a_sentence(claim: Claim) -> None:
    for words in (claim.true_when, claim.unproven_when):
        assert words
        assert not set(words) & set("|\n")
        assert not words.endswith(".")


@pytest.mark.parametrize("claim", DATASET_CLAIMS.values(), ids=DATASET_CLAIMS)
def test_a_claim_about_a_dataset_needs_its_reading_and_what_can_be_gathered(claim) -> None:
    """What rests on several datasets is judged by readings and overlaps alone."""
    assert Need.READING in claim.needs
    assert Need.PROBE not in claim.needs
    if Need.OVERLAP in claim.needs:
        assert {*claim.needs} == {Need.READING, Need.ROWS, Need.OVERLAP}
        assert claim.where_promised


@pytest.mark.parametrize("claim", DATASET_CLAIMS.values(), ids=DATASET_CLAIMS)
def test_what_a_claim_is_promised_by_is_a_promise(claim) -> None:
    assert claim.where_promised in {None, *(field.name for field in fields(Promises))}


def test_a_claim_is_owed_where_its_promise_is_made() -> None:
    reconciles = DATASET_CLAIMS["reconciles"]
    found_again = Reconciliation(dataset="crm.customers", ours="customer", theirs="key")
    assert not reconciles.is_owed(NIGHTLY)
    assert reconciles.is_owed(replace(NIGHTLY, reconciles=(found_again,)))
    assert DATASET_CLAIMS["fresh"].is_owed(NIGHTLY)


def test_a_claim_rests_on_several_datasets_where_it_needs_their_overlap() -> None:
    assert {claim.name for claim in CLAIMS if rests_on_several(claim.name)} == {"reconciles"}


def test_needs_are_those_of_all_claims_together() -> None:
    assert needs([]) == frozenset()
    of_both = {Need.READING, Need.ROWS, Need.TIMES, Need.EVALUATION}
    assert needs(["fresh", "conforms"]) == of_both


def test_no_other_code_goes_by_a_claims_name() -> None:
    others = [path for path in HARNESS.rglob("*.py") if path.parent != HARNESS / "claims"]
    assert len(others) > 50
    assert {path.name: found for path in others if (found := named(path.read_text()))} == {}


def test_a_claims_name_in_code_is_seen() -> None:
    assert named('if claim == "fresh":\n    read()') == {"fresh"}
