"""How many of their words two names share, each word weighed by how rare it is: columns of names at once.

Every pair is computed from its own two names alone and in one order of sums, so that the numbers are the same to the
last bit however many pairs are given at once, in whatever chunks, and by however many threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

FEATURES = ("query_left", "name_left", "query_rare_left", "name_rare_left", "weight")
# What is left of the longer word may be a slip from here on; both are words nearly the same.
_SLIP = 0.75
_CUT_SHORT, _WITHOUT_VOWELS, _SHORTEST = 0.8, 0.7, 3
_VOWELS = str.maketrans("", "", "aeiou")


@dataclass(frozen=True)
class Rarity:
    """What each word of the register weighs; one that it does not have weighs `unknown`, the most."""

    weights: dict[str, float]
    unknown: float

    def of(self, words: Sequence[str]) -> np.ndarray:
        return np.array([self.weights.get(word, self.unknown) for word in words], dtype=float)


def shared_words(queries: Sequence[str], names: Sequence[str], rarity: Rarity) -> np.ndarray:
    """One row per pair of names, one column per item of `FEATURES`.

    Of each name the part left over, as a share of both names' weight, and the heaviest word left over; then the weight
    of the words met. A word meets the same word, else the word most like it of those still left.
    """
    places, texts = pd.factorize(np.array(" ".join([*queries, *names]).split(), dtype=object))
    counts = np.array([*map(len, map(str.split, queries)), *map(len, map(str.split, names))])
    ends = int(counts[: len(queries)].sum())
    a = _by_place(places[:ends], counts[: len(queries)])
    b = _by_place(places[ends:], counts[len(queries) :])
    words = _Words(list(texts))
    # The last weight is that of no word: its place is -1.
    weight = np.append(rarity.of(words.texts), 0.0)
    weight_a, weight_b = weight[a], weight[b]
    left_a, left_b = a >= 0, b >= 0
    total = _sum(weight_a) + _sum(weight_b)
    met = np.zeros(a.shape[1])
    for i in range(len(a)):
        for j in range(len(b)):
            same = left_a[i] & left_b[j] & (a[i] == b[j])
            met += np.where(same, 2 * weight_a[i], 0.0)
            left_a[i] &= ~same
            left_b[j] &= ~same
    missed = np.zeros(a.shape)
    for i in range(len(a)):
        pairs = np.flatnonzero(left_a[i])
        open_b = left_b[:, pairs]
        likeness = np.zeros(open_b.shape)
        likeness[open_b] = words.alike(np.broadcast_to(a[i, pairs], open_b.shape)[open_b], b[:, pairs][open_b])
        best = likeness.argmax(axis=0)
        like = likeness[best, np.arange(len(pairs))]
        own, other = weight_a[i, pairs], weight_b[best, pairs]
        # A slip makes a word look rare: the two are weighed as the known one.
        both, is_met = np.minimum(own, other), like > 0
        total[pairs] -= np.where(is_met, own + other - 2 * both, 0.0)
        met[pairs] += np.where(is_met, 2 * both * like, 0.0)
        missed[i, pairs] = np.where(is_met, both * (1 - like), own)
        left_b[best[is_met], pairs[is_met]] = False
    missed_b = np.where(left_b, weight_b, 0.0)
    has_words = total > 0
    total = np.where(has_words, total, 1.0)
    features = (
        _sum(missed) / total,
        _sum(missed_b) / total,
        missed.max(axis=0, initial=0.0) / rarity.unknown,
        missed_b.max(axis=0, initial=0.0) / rarity.unknown,
        met / 2 / rarity.unknown,
    )
    return np.where(has_words, np.stack(features), 0.0).T


def _by_place(places: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Words in order down, names across: the place of each word, -1 below a name's last."""
    grid = np.full((len(counts), int(counts.max(initial=1))), -1, dtype=np.int64)
    grid[np.arange(grid.shape[1]) < counts[:, None]] = places
    return np.ascontiguousarray(grid.T)


def _sum(rows: np.ndarray) -> np.ndarray:
    """Rows added one after another. numpy's own sum adds in an order that depends on the shape."""
    return reduce(np.add, rows, np.zeros(rows.shape[1]))


class _Words:
    """Words by their place, and how alike two of them are."""

    def __init__(self, texts: list[str]):
        self.texts = texts
        self._array = np.array(texts, dtype=object)
        self._lengths = np.array([len(text) for text in texts], dtype=np.int32)
        self._first = np.array([ord(text[0]) for text in texts], dtype=np.int32)

    def alike(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """How alike, 0 to 1: slips of the pen, words cut short, words without their vowels."""
        lengths = np.stack([self._lengths[one], self._lengths[other]])
        short, long = lengths.min(axis=0), lengths.max(axis=0)
        likeness = np.zeros(len(one))
        # Only words of nearly one length can be that near; the rest is not compared letter by letter.
        near = np.flatnonzero(4 * short >= 3 * long)
        likeness[near] = process.cpdist(
            self._array[one[near]],
            self._array[other[near]],
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=_SLIP,
            dtype=np.float64,
            workers=1,
        )
        begin_alike = (self._first[one] == self._first[other]) & (short >= _SHORTEST) & (likeness < _SLIP)
        for pair in np.flatnonzero(begin_alike):
            likeness[pair] = _abridged(self.texts[one[pair]], self.texts[other[pair]])
        return likeness


def _abridged(one: str, other: str) -> float:
    """For two words with the same first letter: one is the other's beginning, or that without vowels."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return _CUT_SHORT
    bare = short.translate(_VOWELS)
    return _WITHOUT_VOWELS if bare == long.translate(_VOWELS)[: len(short)] else 0.0
