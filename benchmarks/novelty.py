"""How fast novelty is: a stream of instructions, English and Chinese, against a growing pool.

Run with `python -m benchmarks.novelty [sizes ...]`, with `--all` up to 200,000. CPU seconds of this process; the texts
are the same on every run. Beside it stand rapidfuzz `cdist` in blocks, up to 20,000 texts, and google's rouge_score in
the loop of Self-Instruct and Alpaca: timed on a slice of pairs and extrapolated to the pairs of the whole stream.
"""

from __future__ import annotations

import random
import sys
import time

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel
from rouge_score import rouge_scorer

from generation.quality.novelty import Pool
from generation.quality.text import tokens

ENGLISH = {
    "verb": [
        "Explain",
        "Describe",
        "Summarise",
        "List",
        "Compare",
        "Rewrite",
        "Classify",
        "Translate",
        "Suggest",
        "Name",
        "Calculate",
        "Plan",
    ],
    "noun": [
        "river",
        "budget",
        "recipe",
        "garden",
        "engine",
        "poem",
        "market",
        "castle",
        "vaccine",
        "orchestra",
        "bridge",
        "harbour",
        "novel",
        "glacier",
    ],
    "more": [
        "briefly for a child",
        "with two examples",
        "in one paragraph",
        "for a busy reader",
        "step by step",
        "without jargon",
    ],
}
CHINESE = {
    "verb": ["解释", "描述", "总结", "列举", "比较", "改写", "分类", "翻译", "推荐", "说明", "计算", "规划"],
    "noun": [
        "河流",
        "预算",
        "菜谱",
        "花园",
        "发动机",
        "诗歌",
        "市场",
        "城堡",
        "疫苗",
        "乐团",
        "桥梁",
        "港口",
        "小说",
        "冰川",
    ],
    "more": ["请简短一些", "并举两个例子", "用一段话写出", "面向忙碌的读者", "分步骤说明", "不要使用术语"],
}


MOST_CDIST = 20_000


def stream(count: int) -> list[str]:
    """`count` instructions, 55 % English and 45 % Chinese; about half repeat an earlier one with small changes."""
    rng = random.Random(20)
    return [_english(rng) if rng.random() < 0.55 else _chinese(rng) for _ in range(count)]


def _english(rng: random.Random) -> str:
    noun, other = rng.sample(ENGLISH["noun"], 2)
    extra = " ".join(f"{rng.choice(ENGLISH['noun'])}{rng.randrange(90)}" for _ in range(rng.randrange(5)))
    return f"{rng.choice(ENGLISH['verb'])} the {noun} and the {other} {extra} {rng.choice(ENGLISH['more'])}."


def _chinese(rng: random.Random) -> str:
    noun, other = rng.sample(CHINESE["noun"], 2)
    extra = "、".join(rng.choice(CHINESE["noun"]) + str(rng.randrange(90)) for _ in range(rng.randrange(4)))
    return f"{rng.choice(CHINESE['verb'])}{noun}和{other}{extra}，{rng.choice(CHINESE['more'])}。"


def measure(texts: list[str]) -> tuple[float, int]:
    """CPU seconds for deciding the whole stream one by one, and how many were kept."""
    pool, begun = Pool(), time.process_time()
    for text in texts:
        if not pool.exceeds(pool.nearest(text).score):
            pool.add(text)
    return time.process_time() - begun, len(pool)


def measure_cdist(texts: list[str], *, block: int = 256) -> tuple[float, int]:
    """The same with rapidfuzz `cdist` over everything kept, a block of new texts at a time."""
    begun = time.process_time()
    codes: dict[str, int] = {}
    encoded = ["".join(chr(codes.setdefault(w, len(codes)) + 0xE000) for w in tokens(text)) for text in texts]
    kept: list[str] = []
    for at in range(0, len(encoded), block):
        new = encoded[at : at + block]
        scores = process.cdist(new, kept, scorer=Indel.normalized_similarity, score_cutoff=0.7, dtype=np.float64)
        for text, row in zip(new, scores, strict=True):
            inside = process.cdist(
                [text], kept[scores.shape[1] :], scorer=Indel.normalized_similarity, dtype=np.float64
            )
            if not (row > 0.7).any() and not (inside > 0.7).any():
                kept.append(text)
    return time.process_time() - begun, len(kept)


def measure_rouge_score(texts: list[str], *, kept: int, pairs: int = 2000) -> float:
    """CPU seconds that rouge_score would need against all kept texts: `pairs` comparisons are timed, the rest is
    extrapolated (each text meets half of what is kept in the end)."""
    scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    rng, begun = random.Random(1), time.process_time()
    for _ in range(pairs):
        scorer.score(rng.choice(texts), rng.choice(texts))
    return (time.process_time() - begun) / pairs * len(texts) * kept / 2


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """The power of the size that the seconds grow with: the slope of the line through their logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def lcs(left: list[str], right: list[str]) -> int:
    """Length of the longest common subsequence, by the textbook table."""
    row = [0] * (len(right) + 1)
    for word in left:
        before = 0
        for at, other in enumerate(right, 1):
            before, row[at] = row[at], before + 1 if word == other else max(row[at], row[at - 1])
    return row[-1]


def measure_batch(kept: int, *, new: int = 20) -> float:
    """CPU seconds for `new` texts against a pool of `kept` that all differ in their words."""
    texts = stream(kept + new)
    pool = Pool()
    for text in texts[:kept]:
        pool.add(text)
    begun = time.process_time()
    for text in texts[kept:]:
        pool.nearest(text)
    return time.process_time() - begun


def main(arguments: list[str]) -> None:
    """Prints one line for each size, the exponent, then the batch against a large pool."""
    sizes = [int(each) for each in arguments if each.isdigit()]
    sizes = sizes or ([1_000, 5_000, 20_000, 52_000, 200_000] if "--all" in arguments else [1_000, 5_000, 20_000])
    print(
        f"{'texts':>8} {'kept':>7} {'pool s':>8} {'cdist s':>8} {'cdist kept':>10} {'rouge_score s (extrapolated)':>28}"
    )
    spent = []
    for size in sizes:
        texts = stream(size)
        seconds, kept = measure(texts)
        spent.append(seconds)
        block_seconds, block_kept = measure_cdist(texts) if size <= MOST_CDIST else (float("nan"), 0)
        other = measure_rouge_score(texts, kept=kept)
        print(
            f"{size:>8} {kept:>7} {seconds:>8.2f} {block_seconds:>8.2f} {block_kept or '-':>10} {other:>28,.0f}",
            flush=True,
        )
    if len(sizes) > 1:
        print(f"seconds grow with texts to the power of {exponent(sizes, spent):.2f}")
    print(f"20 new against 52,000 kept: {1000 * measure_batch(52_000):.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
