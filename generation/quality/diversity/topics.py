"""Topics without a model: spherical k-means on TF-IDF vectors, named by the terms that set them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING

from generation.quality.diversity.plain_words import is_telling
from generation.quality.diversity.vectors import Vectors, vectors_of
from generation.quality.text import has_cjk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TOPICS = 20
_ROUNDS = 30
_TRIES = 4
"""Starts of which the closest grouping is taken."""
_NAMED_BY = 4
"""Terms that name a topic."""
_LEAST_CLOSE = 0.25
"""Cosine to its centre below which a text is in no topic: the odd ones gather around one centre and have nothing in
common."""
_LONGEST_JOINED = 4
_MOST_COLUMNS = 4000
_MOST_SHARE = 0.2
_FEW = 25
"""A term of more texts than this share is what all have in common, and makes no topic; of few texts, half may."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of texts and the terms that stand out in it; `rows` are places in what was given, the closest first."""

    terms: tuple[str, ...]
    rows: tuple[int, ...]


def topics(texts: Sequence[str], *, random_seed: int, most: int = MOST_TOPICS) -> list[Topic]:
    """The topics from the largest down, at most `most` and about the root of half as many as there are texts.

    Texts that share no term with another, or are like no group, are in none. The same texts and seed give the same
    topics.
    """
    import numpy as np

    vectors = vectors_of(texts)
    columns = _telling(vectors)
    full = vectors.dense(columns)
    norms = np.linalg.norm(full, axis=1)
    able = np.flatnonzero(norms > 0)
    if not len(able):
        return []
    points = full[able] / norms[able][:, None]
    wanted = max(1, min(most, isqrt(len(able) // 2) or 1))
    rng = np.random.default_rng(random_seed)
    tries = [_k_means(points, wanted, rng) for _ in range(_TRIES)]
    centres, nearest, closeness = max(tries, key=lambda each: float(each[2].sum()))
    names = [vectors.words[column] for column in columns.tolist()]
    mean = points.mean(axis=0)
    found = []
    for number in range(len(centres)):
        mine = np.flatnonzero((nearest == number) & (closeness >= _LEAST_CLOSE))
        if len(mine):
            rows = able[mine[np.lexsort((mine, -closeness[mine]))]]
            name = _name(centres[number] - mean, names, [texts[at] for at in rows.tolist()])
            found.append(Topic(name, tuple(rows.tolist())))
    return sorted(found, key=lambda each: (-len(each.rows), each.terms))


def _telling(vectors: Vectors) -> NDArray[np.int64]:
    """The columns that topics are made of: terms of two texts at least and of not too many, that say what a text is
    about, the most frequent ones."""
    import numpy as np

    spread = vectors.documents
    able = np.flatnonzero((spread > 1) & (spread <= max(_MOST_SHARE * len(vectors), min(len(vectors) / 2, _FEW))))
    able = np.array([column for column in able.tolist() if is_telling(vectors.words[column])], dtype=np.int64)
    return np.sort(able[np.lexsort((able, -spread[able]))][:_MOST_COLUMNS])


def _k_means(
    points: NDArray[np.float32], wanted: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]:
    """(centres, the centre of each point, how close it is). Started as k-means++ does; an empty group stays empty."""
    import numpy as np

    chosen = [int(rng.integers(len(points)))]
    far = 1 - points @ points[chosen[0]]
    while len(chosen) < wanted and far.max() > 1e-9:
        odds = np.maximum(far, 0).astype(float) ** 2
        chosen.append(int(rng.choice(len(points), p=odds / odds.sum())))
        far = np.minimum(far, 1 - points @ points[chosen[-1]])
    centres = points[chosen]
    nearest = np.full(len(points), -1)
    for _ in range(_ROUNDS):
        likeness = points @ centres.T
        before, nearest = nearest, likeness.argmax(axis=1)
        if (before == nearest).all():
            break
        for number in range(len(centres)):
            mine = points[nearest == number]
            if len(mine):
                centre = mine.sum(axis=0)
                centres[number] = centre / max(float(np.linalg.norm(centre)), 1e-12)
    likeness = points @ centres.T
    return centres, likeness.argmax(axis=1), likeness.max(axis=1)


def _name(standing_out: NDArray[np.float32], names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    import numpy as np

    order = np.lexsort((np.arange(len(names)), -standing_out))
    first = [names[at] for at in order[: 2 * _NAMED_BY].tolist() if standing_out[at] > 0]
    return tuple(_joined(first, texts)[:_NAMED_BY])


def _joined(terms: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Terms in order, pairs of CJK characters joined into the word that most of them are of: 洛杉, 杉矶 -> 洛杉矶."""
    found: list[str] = []
    for term in terms:
        for at, other in enumerate(found):
            whole = _overlapped(other, term) or _overlapped(term, other)
            if whole and _mostly(whole, (term, other), texts):
                found[at] = whole
                break
        else:
            found.append(term)
    return found


def _overlapped(one: str, other: str) -> str:
    """Two pieces of CJK characters that share the character where they meet, as one; "" where they do not."""
    if not has_cjk(one[-1:]) or one[-1] != other[0] or len(one) + len(other) > _LONGEST_JOINED + 1:
        return ""
    return one + other[1:]


def _mostly(whole: str, pieces: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether both pieces stand in the whole more often than not: 矶天 always does in 洛杉矶天, 洛杉矶 does not."""
    alone = max(sum(piece in text for text in texts) for piece in pieces)
    return sum(whole in text for text in texts) > alone / 2
