"""Sets of pairs made by a seed: a neutral one, and for each bias one that has it. What a report must flag is written
beside each of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from generation.preferences.bias import PairFacts

SIZE = 400
_WORDS = """
river stone garden market window winter copper letter island bridge engine forest candle valley basket mirror
harbour ladder meadow orchard pepper quarry ribbon saddle timber vessel wagon yellow anchor barley cellar donkey
ember falcon ginger hammer insect jacket kettle linen marble needle oyster parcel quiver rocket silver tunnel
"""
_EN = _WORDS.split()
_ZH = list("山水风花雪月江河湖海春夏秋冬东西南北金木土石田园书画琴棋茶酒米面鱼鸟虫草树林灯火桥路车船城村门窗纸笔")


def words(rng: random.Random, count: int, *, language: str = "en") -> str:
    """So many words drawn by chance."""
    if language == "zh":
        return "".join(rng.choice(_ZH) for _ in range(count)) + "。"
    return " ".join(rng.choice(_EN) for _ in range(count)).capitalize() + "."


def neutral(seed: int = 1, size: int = SIZE) -> Iterator[PairFacts]:
    """Pairs in which nothing but the content, which no count sees, makes one answer better."""
    rng = random.Random(seed)
    for number in range(size):
        language = "zh" if number % 4 == 0 else "en"
        lengths = [rng.randrange(20, 60) for _ in range(2)]
        score = rng.choice([7.0, 8.0, 9.0])
        sides = [rng.choice(["alpha", "beta", "gamma"]) for _ in range(2)]
        first = rng.choice(["chosen", "rejected"])
        flip = rng.random() < 0.05
        yield PairFacts(
            id=number + 1, group=number + 1, prompt=words(rng, 12, language=language),
            chosen=words(rng, lengths[0], language=language), rejected=words(rng, lengths[1], language=language),
            language=language, margin=score - 4.0, chosen_score=score, rejected_score=4.0, low=0.0, high=10.0,
            chosen_model=sides[0], rejected_model=sides[1], source="judge", first=first,
            forward="chosen" if not flip else rng.choice(["chosen", "rejected"]), backward="chosen", rubric="r1",
        )  # fmt: skip


def changed(change: Callable[[PairFacts, random.Random], PairFacts], seed: int = 1) -> list[PairFacts]:
    """The neutral set with a change made to every pair."""
    rng = random.Random(f"change {seed}")
    return [change(pair, rng) for pair in neutral(seed)]


def _longer(pair: PairFacts, rng: random.Random) -> PairFacts:
    more = "zh" if pair.language == "zh" else "en"
    return replace(pair, chosen=pair.chosen + " " + words(rng, 30, language=more)) if rng.random() < 0.6 else pair


def _length_score(pair: PairFacts, rng: random.Random) -> PairFacts:
    more = len(pair.chosen) - len(pair.rejected)
    return replace(pair, margin=max(1.0, min(6.0, 3.5 + more / 60)))


def _small(pair: PairFacts, rng: random.Random) -> PairFacts:
    return replace(pair, margin=0.5) if rng.random() < 0.2 else pair


def _bold(pair: PairFacts, rng: random.Random) -> PairFacts:
    word = pair.chosen.split(" ")[0]
    return replace(pair, chosen=pair.chosen.replace(word, f"**{word}**", 1)) if rng.random() < 0.3 else pair


def _opening(pair: PairFacts, rng: random.Random) -> PairFacts:
    opening = "好的！" if pair.language == "zh" else "Certainly, gladly! "
    cut = len(opening)
    return replace(pair, chosen=opening + pair.chosen[: max(5, len(pair.chosen) - cut)])


def _refuses(pair: PairFacts, rng: random.Random) -> PairFacts:
    no = "很抱歉，我无法回答这个问题。" if pair.language == "zh" else "I'm sorry, I cannot help with that request."
    return replace(pair, chosen=no) if rng.random() < 0.05 else pair


def _left(pair: PairFacts, rng: random.Random) -> PairFacts:
    if rng.random() < 0.4:
        return replace(pair, forward=pair.first, backward="rejected" if pair.first == "chosen" else "chosen")
    return pair


def _one_model(pair: PairFacts, rng: random.Random) -> PairFacts:
    return replace(pair, chosen_model="alpha", rejected_model="beta")


def _foreign(pair: PairFacts, rng: random.Random) -> PairFacts:
    if pair.language == "zh" and rng.random() < 0.5:
        return replace(pair, chosen=words(rng, max(4, len(pair.chosen) // 7)))
    return pair


def _twice(pair: PairFacts, rng: random.Random) -> PairFacts:
    number = pair.id % 40
    return replace(
        pair, prompt=f"请说出{_ZH[number]}的用处。" if pair.language == "zh" else f"Name uses of {_EN[number]}."
    )


def _stencil(pair: PairFacts, rng: random.Random) -> PairFacts:
    one = "一二三四五六七" * 7 if pair.language == "zh" else "the answer to this is in the book " * 6
    return replace(pair, chosen=one[: len(pair.chosen)], rejected=one[: len(pair.rejected)])


def _two_rubrics(pair: PairFacts, rng: random.Random) -> PairFacts:
    return replace(pair, rubric=rng.choice(["r1", "r2"]))


BIASED: dict[str, tuple[Callable[[PairFacts, random.Random], PairFacts], set[str]]] = {
    "longer_wins": (_longer, {"longer_wins"}),
    "length_score": (_length_score, {"length_score"}),
    "margin": (_small, {"margin"}),
    "format": (_bold, {"format"}),
    "lexical": (_opening, {"lexical"}),
    "refusals": (_refuses, {"refusals"}),
    "position": (_left, {"position"}),
    "models": (_one_model, {"models"}),
    "language": (_foreign, {"language"}),
    "duplicates": (_twice, {"duplicates"}),
    "diversity": (_stencil, {"diversity"}),
    "rubrics": (_two_rubrics, {"rubrics"}),
}
"""Bias -> how a pair gets it, and the warnings that are owed: that one and no other."""
