"""Topics without a model: non-negative matrix factorisation of TF-IDF, named by class-based TF-IDF.

Lee and Seung 1999 for the factors, HALS updates of Cichocki and Phan 2009, started by NNDSVD (Boutsidis and Gallopoulos
2008), so that no chance is in it: the same texts give the same topics. Names after BERTopic (arXiv 2203.05794).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt, log, sqrt
from typing import TYPE_CHECKING, Any

from generation.quality.diversity.factors import factors
from generation.quality.diversity.words import telling_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TOPICS = 20
_PROMPT = 3
"""What is asked says what a row is about three times as loudly as what is answered."""
_ANSWER_READ = 800
_NAMED_BY = 4
"""Words that name a topic."""
_LEAST_CLOSE = 0.05
"""Cosine to its topic below which a row is in none."""
_MOST_COLUMNS = 4000
_MOST_SHARE = 0.1
_FEW = 25
"""A word of more rows than this share is what all have in common, and makes no topic; of few rows, half may."""
_KEPT_WORDS = 120
"""Words of a topic that rows are held against."""
_SMALLEST = 2


@dataclass(frozen=True, slots=True)
class Words:
    """The telling words of a row, weighted by where they stand, and those of them that may name a topic."""

    counts: Mapping[str, int]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of rows and the words that stand out in it; `rows` are places in what was given, the closest first."""

    terms: tuple[str, ...]
    rows: tuple[int, ...]

    @property
    def name(self) -> str:
        """What it is called."""
        return name_of(self.terms)


@dataclass(frozen=True, slots=True)
class TopicModel:
    """Topics as other rows can be held against them: each has its `terms` and the weights of its words, which make a
    vector of length 1; `rarity` is the idf of every word that some topic has."""

    terms: tuple[tuple[str, ...], ...] = ()
    weights: tuple[Mapping[str, float], ...] = ()
    rarity: Mapping[str, float] | None = None

    def closest(self, words: Words) -> tuple[int, float] | None:
        """The topic of a row and the cosine to it; None for a row that is about none of them."""
        rarity = self.rarity or {}
        row = {word: (1 + log(n)) * rarity[word] for word, n in words.counts.items() if word in rarity}
        if not row:
            return None
        length = sqrt(sum(value * value for value in row.values()))
        likeness = [sum(value * each.get(word, 0.0) for word, value in row.items()) for each in self.weights]
        best = max(range(len(likeness)), key=likeness.__getitem__)
        close = likeness[best] / length
        return (best, close) if close >= _LEAST_CLOSE else None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON that `from_json` reads back."""
        weights = [{word: round(value, 4) for word, value in each.items()} for each in self.weights]
        rarity = {word: round(value, 3) for word, value in (self.rarity or {}).items()}
        return {"terms": [list(each) for each in self.terms], "weights": weights, "rarity": rarity}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> TopicModel:
        """What `as_json` wrote; of nothing a model without topics."""
        terms = tuple(tuple(each) for each in told.get("terms", ()))
        return cls(terms, tuple(told.get("weights", ())), told.get("rarity", {}))


def words_of(prompt: str, answer: str = "") -> Words:
    """What a row is about, in words: its prompt, and the beginning of its answer."""
    counts: Counter[str] = Counter()
    names: set[str] = set()
    for text, weight in ((prompt, _PROMPT), (answer[:_ANSWER_READ], 1)):
        for word, able in telling_words(text):
            counts[word] += weight
            if able:
                names.add(word)
    return Words(counts, frozenset(names))


def topic_model(rows: Sequence[Words], *, most: int = MOST_TOPICS) -> TopicModel:
    """The topics of the rows, at most `most` and about the root of half as many as there are rows. Seconds for 2,000
    rows, and memory for rows x 4,000 numbers."""
    import numpy as np

    known = _columns(rows)
    if not known:
        return TopicModel()
    rarity = {word: log((1 + len(rows)) / (1 + spread)) + 1 for word, spread in known.items()}
    full = _full(rows, rarity)
    able = np.flatnonzero(np.linalg.norm(full, axis=1) > 0)
    wanted = max(1, min(most, isqrt(len(able) // 2) or 1, len(known), len(able)))
    _, parts = factors(full[able], wanted)
    names = list(rarity)
    weights = [_strongest(part, names) for part in parts if part.any()]
    used = {word for each in weights for word in each}
    model = TopicModel(
        tuple(() for _ in weights), tuple(weights), {word: rarity[word] for word in rarity if word in used}
    )
    return _named(model, rows)


def topics(rows: Sequence[Words], *, most: int = MOST_TOPICS) -> list[Topic]:
    """The topics from the largest down with their rows; rows that are about none of them are in none."""
    return placed(topic_model(rows, most=most), rows)


def placed(model: TopicModel, rows: Sequence[Words]) -> list[Topic]:
    """The rows by the topic that each is closest to, from the largest topic down."""
    of: list[list[tuple[float, int]]] = [[] for _ in model.terms]
    for at, row in enumerate(rows):
        if (found := model.closest(row)) is not None:
            of[found[0]].append((-found[1], at))
    made = [Topic(terms, tuple(at for _, at in sorted(mine))) for terms, mine in zip(model.terms, of, strict=True)]
    return sorted((each for each in made if each.rows), key=lambda each: (-len(each.rows), each.terms))


def name_of(terms: Sequence[str]) -> str:
    """What a topic of these words is called."""
    return " · ".join(terms[:3])


def _columns(rows: Sequence[Words]) -> dict[str, int]:
    """Word -> rows, of the words that topics are made of: in two rows at least and in not too many, the most frequent
    ones, in the order of the alphabet."""
    spread = Counter(word for row in rows for word in row.counts)
    most = max(_MOST_SHARE * len(rows), min(len(rows) / 2, _FEW))
    least = 2 if len(rows) < 10 * _FEW else 3
    able = sorted((word for word, n in spread.items() if least <= n <= most), key=lambda word: (-spread[word], word))
    return {word: spread[word] for word in sorted(able[:_MOST_COLUMNS])}


def _full(rows: Sequence[Words], rarity: Mapping[str, float]) -> NDArray[np.float32]:
    import numpy as np

    place = {word: at for at, word in enumerate(rarity)}
    full = np.zeros((len(rows), len(place)), dtype=np.float32)
    for at, row in enumerate(rows):
        for word, n in row.counts.items():
            if word in place:
                full[at, place[word]] = (1 + log(n)) * rarity[word]
    return full / np.maximum(np.linalg.norm(full, axis=1, keepdims=True), 1e-9)


def _strongest(part: NDArray[np.float32], names: Sequence[str]) -> dict[str, float]:
    import numpy as np

    order = np.lexsort((np.arange(len(part)), -part))[:_KEPT_WORDS]
    kept = {names[at]: float(part[at]) for at in order.tolist() if part[at] > 0}
    length = sqrt(sum(value * value for value in kept.values()))
    return {word: value / length for word, value in kept.items()}


def _named(model: TopicModel, rows: Sequence[Words]) -> TopicModel:
    """The model with its names, without topics of too few rows."""
    of: list[list[Words]] = [[] for _ in model.weights]
    for row in rows:
        if (found := model.closest(row)) is not None:
            of[found[0]].append(row)
    spread = [Counter(word for row in mine for word in row.counts) for mine in of]
    able = frozenset(word for row in rows for word in row.names)
    everywhere = sum(spread, Counter())
    mean = sum(everywhere.values()) / max(1, len(of))
    terms, weights = [], []
    for mine, counts, weight in zip(of, spread, model.weights, strict=True):
        name = _name(counts, able & set(weight), everywhere, mean=mean)
        if len(mine) >= _SMALLEST and name:
            terms.append(name)
            weights.append(weight)
    return TopicModel(tuple(terms), tuple(weights), model.rarity)


def _name(
    counts: Mapping[str, int], able: Iterable[str], everywhere: Mapping[str, int], *, mean: float
) -> tuple[str, ...]:
    """The words that stand out: c-TF-IDF, rows of the topic with the word times ln(1 + words of a topic / rows with
    it); a word inside of one that was taken already says nothing new."""
    score = {word: counts[word] * log(1 + mean / everywhere[word]) for word in able if counts.get(word, 0) > 1}
    found: list[str] = []
    for word in sorted(score, key=lambda each: (-score[each], each)):
        if not any(word in other or other in word for other in found):
            found.append(word)
        if len(found) == _NAMED_BY:
            break
    return tuple(found)
