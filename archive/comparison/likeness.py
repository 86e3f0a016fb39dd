"""How much two texts have in common. A pure function."""

from __future__ import annotations

from itertools import pairwise


def likeness(one: str, other: str) -> float:
    """Dice's coefficient of the pairs of characters of two texts, each pair counted once: 0 for nothing in common, 1 for all of it.

    Of texts that are too short for a pair it is 0.
    """
    left, right = set(pairwise(one)), set(pairwise(other))
    return 2 * len(left & right) / (len(left) + len(right) or 1)
