"""Whether words alone tell chosen from rejected: log-odds with a Dirichlet prior (Monroe et al. 2008), and a bag of
words that a logistic classifier guesses from, in five folds by prompt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

from generation.preferences.bias.columns import Sampled
from generation.quality.text import CJK, comparison_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

FOLDS = 5
LEAST_PAIRS = 50
"""Fewer pairs tell nothing about a classifier."""
MOST_WORDS = 500
CLASSIFIED = 1500
_ROUNDS = 80
_PENALTY = 1e-3
_RUN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
_SHOWN = 12
_SURE = 3.0


@dataclass(frozen=True, slots=True)
class Leakage:
    """The `words` that tell most ({"word", "chosen", "rejected", "z"}), and how often the classifier guesses right.

    `accuracy` is None for too few pairs; `guessed` are the places of the pairs that it ordered right, surest first.
    """

    words: Sequence[dict[str, object]]
    accuracy: float | None
    tested: int
    guessed: Sequence[int]


def leakage(sampled: Sequence[Sampled], groups: Sequence[int], *, random_seed: int) -> Leakage:
    """What the sampled pairs give away by their words; `groups` keeps pairs of one prompt in one fold."""
    import numpy as np

    chosen, rejected = ([set(words_of(text)) for text in texts] for texts in (
        [each.chosen for each in sampled], [each.rejected for each in sampled]
    ))  # fmt: skip
    for_it, against = (Counter(word for some in side for word in some) for side in (chosen, rejected))
    told = _telling(for_it, against, len(sampled))
    if len(sampled) < LEAST_PAIRS:
        return Leakage(told, None, 0, ())
    count = min(len(sampled), CLASSIFIED)
    known = {word: at for at, (word, _) in enumerate((for_it + against).most_common(MOST_WORDS))}
    left, right = _matrix(chosen[:count], known), _matrix(rejected[:count], known)
    return _classified(told, left, right, np.array(groups[:count]), random_seed)


def words_of(text: str) -> list[str]:
    """Words, and for CJK pairs of neighbouring characters."""
    found: list[str] = []
    for run in _RUN.findall(comparison_key(text)):
        if ord(run[0]) < 0x2E80 or len(run) == 1:
            found.append(run)
        else:
            found += [run[at : at + 2] for at in range(len(run) - 1)]
    return found


def _telling(for_it: Counter[str], against: Counter[str], texts: int) -> list[dict[str, object]]:
    """The words with the largest z, in at least one of fifty texts of a side: by the number of texts that use them."""
    total = for_it + against
    everything = sum(total.values()) or 1
    sides = sum(for_it.values()), sum(against.values())
    prior = 1000.0
    found = []
    for word, count in total.items():
        if max(for_it[word], against[word]) < max(3, texts / 50):
            continue
        alpha = prior * count / everything
        mine, theirs = for_it[word] + alpha, against[word] + alpha
        odds = log(mine / (sides[0] + prior - mine)) - log(theirs / (sides[1] + prior - theirs))
        z = odds / sqrt(1 / mine + 1 / theirs)
        found.append((z, word))
    found.sort(key=lambda each: (-abs(each[0]), each[1]))
    return [
        {"word": word, "chosen": for_it[word], "rejected": against[word], "z": round(z, 2)}
        for z, word in found[:_SHOWN]
        if abs(z) > _SURE
    ]


def _matrix(texts: Sequence[set[str]], known: dict[str, int]) -> Matrix:
    """Which of the known words each text has, scaled to length one so that a long text weighs no more."""
    import numpy as np

    found = np.zeros((len(texts), len(known)), dtype=np.float32)
    for row, words in enumerate(texts):
        places = [known[word] for word in words if word in known]
        if places:
            found[row, places] = 1 / sqrt(len(places))
    return found


def _classified(
    told: Sequence[dict[str, object]], left: Matrix, right: Matrix, groups: NDArray[np.int64], random_seed: int
) -> Leakage:
    import numpy as np

    unique, inverse = np.unique(groups, return_inverse=True)
    folds = np.random.default_rng(random_seed).permutation(len(unique))[inverse] % FOLDS
    hits, margins = 0, np.zeros(len(left))
    for fold in range(FOLDS):
        held, rest = folds == fold, folds != fold
        if not held.any() or not rest.any():
            continue
        weights, bias = _fit(np.vstack([left[rest], right[rest]]), int(rest.sum()))
        scores = left[held] @ weights + bias, right[held] @ weights + bias
        hits += int((scores[0] > 0).sum() + (scores[1] < 0).sum())
        margins[held] = scores[0] - scores[1]
    order = np.argsort(-margins)
    return Leakage(told, hits / (2 * len(left)), 2 * len(left), [int(at) for at in order if margins[at] > 0])


def _fit(rows: Matrix, positives: int) -> tuple[Matrix, float]:
    """Weights of a logistic regression by accelerated gradient steps; the first `positives` rows are 1, the rest 0."""
    import numpy as np

    target = np.zeros(len(rows), dtype=np.float32)
    target[:positives] = 1
    step = np.float32(4.0 / (1 + _PENALTY))  # rows have length one: the curvature is at most a quarter
    weights = ahead = np.zeros(rows.shape[1], dtype=np.float32)
    bias = 0.0
    for round_ in range(_ROUNDS):
        guess = 1 / (1 + np.exp(-(rows @ ahead + bias)))
        error = guess - target
        fresh = ahead - step * (rows.T @ error / len(rows) + _PENALTY * ahead)
        bias -= float(error.mean())
        ahead = fresh + np.float32(round_ / (round_ + 3)) * (fresh - weights)
        weights = fresh
    return weights, bias
