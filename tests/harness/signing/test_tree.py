"""The tree of RFC 6962: what a proof shows is so, and no other proof shows it."""

from __future__ import annotations

import hashlib

import pytest

from harness.signing.tree import (
    consistency,
    continues,
    includes,
    inclusion,
    leaf_hash,
    root,
    roots,
)

# The leaves and roots that implementations of Certificate Transparency test with.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
HASHES = [leaf_hash(bytes([number])) for number in range(20)]


@pytest.mark.parametrize(("size", "known"), ROOTS.items())
def test_a_root_is_the_known_one(size: int, known: str) -> None:
    assert root([leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == known


def test_the_roots_of_all_beginnings_are_those_of_each() -> None:
    assert [*roots(HASHES)] == [root(HASHES[:size]) for size in range(1, len(HASHES) + 1)]
    assert [*roots([])] == []


def test_a_leaf_is_no_node() -> None:
    assert leaf_hash(b"") != hashlib.sha256(b"").digest()
    assert root(HASHES[:2]) != leaf_hash(HASHES[0] + HASHES[1])


@pytest.mark.parametrize("size", range(1, 20))
def test_each_leaf_is_shown_to_be_in_the_tree_at_its_place_alone(size: int) -> None:
    hashes = HASHES[:size]
    whole = root(hashes)
    for index, leaf in enumerate(hashes):
        proof = inclusion(hashes, index)
        for at in range(-1, size + 1):
            shown = includes(whole, size, index=at, leaf=leaf, proof=proof)
            assert shown == (at == index)
        assert not includes(whole, size, index=index, leaf=HASHES[-1], proof=proof)
        for other in (proof[:-1], [*proof, whole], [whole, *proof[1:]]):
            if other != proof:
                assert not includes(whole, size, index=index, leaf=leaf, proof=other)


@pytest.mark.parametrize("size", range(1, 20))
def test_each_beginning_is_shown_to_be_one(size: int) -> None:
    hashes = HASHES[:size]
    whole = root(hashes)
    for old in range(1, size + 1):
        before, proof = root(hashes[:old]), consistency(hashes, old)
        assert continues(before, old, whole, size, proof)
        changed = root([HASHES[-1], *hashes[1:old]])
        assert not continues(changed, old, whole, size, proof)
        for other in (proof[:-1], [*proof, whole]):
            if other != proof:
                assert not continues(before, old, whole, size, other)
        assert not continues(whole, size, before, old, proof) or old == size


def test_an_empty_tree_is_the_beginning_of_every_tree() -> None:
    assert continues(root([]), 0, root(HASHES), len(HASHES), [])
    assert not continues(HASHES[0], 0, root(HASHES), len(HASHES), [])


def test_what_is_not_there_has_no_proof() -> None:
    for make in (inclusion, consistency):
        with pytest.raises(IndexError):
            make(HASHES, len(HASHES) + 1)
