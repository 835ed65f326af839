"""Tests the tree against RFC 6962's definition, and that no proof holds for anything but what it was made for."""

import random
from collections.abc import Sequence
from hashlib import sha256

import pytest

from service.transparency.merkle_tree import (
    GrowingTree,
    TileKey,
    consistency_spans,
    edge_tiles,
    grown_tree,
    inclusion_spans,
    span_hash,
    tiles_of,
)
from service.transparency.offline_verifier import is_consistent, leaf_hash, node_hash, root_of_inclusion
from tests.examples import seeds

VECTORS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
"""Leaves of the test vectors of the first implementation of RFC 6962, in hexadecimal."""

ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def defined_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root by the definition of RFC 6962, 2.1: split at the largest power of two below the number."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(defined_root(leaves[:middle]), defined_root(leaves[middle:]))


def leaves_of(number: int) -> list[bytes]:
    return [leaf_hash(b"%d" % n) for n in range(number)]


def grow(leaves: Sequence[bytes], tiles: dict[TileKey, bytes]) -> GrowingTree:
    tree = GrowingTree()
    tiles |= {TileKey(tile.level, tile.number): tile.hashes for tile in tree.append(leaves)}
    return tree


def test_the_published_vectors_have_the_published_roots() -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in VECTORS]
    assert {size: grow(leaves[:size], {}).root().hex() for size in ROOTS} == ROOTS


@pytest.mark.parametrize("seed", seeds(6))
def test_a_tree_that_grows_by_batches_of_any_size_has_the_root_of_its_leaves_and_can_be_taken_up_again(
    seed: int,
) -> None:
    chance = random.Random(seed)
    leaves, tree, tiles = list[bytes](), GrowingTree(), dict[TileKey, bytes]()
    for _ in range(12):
        batch = [chance.randbytes(32) for _ in range(chance.choice([0, 1, 2, 255, 256, 257, 1000]))]
        leaves += batch
        tiles |= {TileKey(tile.level, tile.number): tile.hashes for tile in tree.append(batch)}
        assert tree.root() == defined_root(leaves)
        tree = grown_tree(len(leaves), {key: tiles[key] for key in edge_tiles(len(leaves))})
        assert (tree.size, tree.root()) == (len(leaves), defined_root(leaves))
    assert b"".join(leaves) == b"".join(tiles[key] for key in sorted(tiles) if key.level == 0)


def test_every_proof_of_every_small_tree_holds_for_its_leaf_and_for_no_other() -> None:
    leaves, other = leaves_of(40), leaf_hash(b"another")
    for size in range(1, len(leaves) + 1):
        tiles = dict[TileKey, bytes]()
        root = grow(leaves[:size], tiles).root()
        for index in range(size):
            path = [span_hash(span, tiles) for span in inclusion_spans(index, size)]
            assert root_of_inclusion(leaves[index], index, size, path) == root
            assert root_of_inclusion(other, index, size, path) != root
            assert root_of_inclusion(leaves[index], index ^ 1, size, path) != root
            assert root_of_inclusion(leaves[index], index, size, [*path, other]) != root
            assert not path or root_of_inclusion(leaves[index], index, size, path[:-1]) != root


def test_every_small_tree_is_proven_to_begin_with_every_smaller_one_and_with_no_other() -> None:
    leaves, tiles, wrong = leaves_of(40), dict[TileKey, bytes](), leaf_hash(b"another")
    grow(leaves, tiles)
    roots = [defined_root(leaves[:size]) for size in range(len(leaves) + 1)]
    for new in range(1, len(leaves) + 1):
        for old in range(1, new + 1):
            path = [span_hash(span, tiles) for span in consistency_spans(old, new)]
            assert is_consistent(old, new, roots[old], roots[new], path)
            assert not is_consistent(old, new, wrong, roots[new], path)
            assert not is_consistent(old, new, roots[old], wrong, path)
            assert not is_consistent(old, new, roots[old], roots[new], [*path, wrong])
            assert not path or not is_consistent(old, new, roots[old], roots[new], path[:-1])
            assert old == new or not is_consistent(old, new, roots[old - 1], roots[new], path)


def test_a_large_tree_is_proven_from_a_few_tiles() -> None:
    size, tiles = 200_000, dict[TileKey, bytes]()
    leaves = [n.to_bytes(32) for n in range(size)]
    root = grow(leaves, tiles).root()
    for index in (0, 255, 256, 131_071, 131_072, size - 1):
        spans = inclusion_spans(index, size)
        needed = {key: tiles[key] for key in tiles_of(spans)}
        assert len(needed) <= 5
        assert root_of_inclusion(leaves[index], index, size, [span_hash(one, needed) for one in spans]) == root


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_spans(index, size)
    assert root_of_inclusion(b"", index, size, []) is None
