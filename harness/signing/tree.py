"""The Merkle tree of RFC 6962, section 2.1, with SHA-256: its root, and proofs that a leaf is in
it and that an older tree is its beginning. The checks are those of RFC 9162, section 2.1.3 and
2.1.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

HASH_BYTES = 32


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf's bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over the hashes of all leaves, in order."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    left = _left(len(hashes))
    return _node(root(hashes[:left]), root(hashes[left:]))


def roots(hashes: Iterable[bytes]) -> Iterator[bytes]:
    """The root over the first leaf, over the first two, and so on; each costs a few hashes."""
    whole: list[tuple[int, bytes]] = []
    for leaf in hashes:
        size, found = 1, leaf
        while whole and whole[-1][0] == size:
            _, beside = whole.pop()
            size, found = 2 * size, _node(beside, found)
        whole.append((size, found))
        for _, beside in reversed(whole[:-1]):
            found = _node(beside, found)
        yield found


def inclusion(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that the leaf at `index` is in the tree, from the leaf up."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"the tree has no leaf {index}")
    if len(hashes) == 1:
        return []
    left = _left(len(hashes))
    if index < left:
        return [*inclusion(hashes[:left], index), root(hashes[left:])]
    return [*inclusion(hashes[left:], index - left), root(hashes[:left])]


def consistency(hashes: Sequence[bytes], size: int) -> list[bytes]:
    """The proof that the tree of the first `size` leaves is the beginning of this one."""
    if not 0 < size <= len(hashes):
        raise IndexError(f"the tree has no beginning of {size} leaves")
    return _consistency(hashes, size, whole=True)


def _consistency(hashes: Sequence[bytes], size: int, *, whole: bool) -> list[bytes]:
    if size == len(hashes):
        return [] if whole else [root(hashes)]
    left = _left(len(hashes))
    if size <= left:
        return [*_consistency(hashes[:left], size, whole=whole), root(hashes[left:])]
    return [*_consistency(hashes[left:], size - left, whole=False), root(hashes[:left])]


def includes(whole: bytes, size: int, *, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that a tree of `size` leaves with the root `whole` has the leaf hash
    `leaf` at `index`.
    """
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = _node(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = _node(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == whole


def continues(
    old: bytes, old_size: int, new: bytes, new_size: int, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the tree with the root `old` is the beginning of the one with
    the root `new`. An empty tree is the beginning of every tree.
    """
    if old_size == 0:
        return not proof and old == root(())
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old == new
    path = [*([old] if old_size & (old_size - 1) == 0 else []), *proof]
    if not path:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = _node(beside, older), _node(beside, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = _node(newer, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and older == old and newer == new


def _left(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
