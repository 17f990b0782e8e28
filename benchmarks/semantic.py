"""How rightly rows that say the same in other words are found: 40 pairs in English and 40 in Chinese, written by hand,
each with a near miss that asks for something else, among real rows.

Run with `python -m benchmarks.semantic --model FOLDER rows.jsonl ...`, the folder being one that FDC_VECTORS may name.
Without a model, word vectors are learned from the rows themselves, which shows what such vectors are not good for.
"""

from __future__ import annotations

import argparse
import io
import json
from collections import Counter
from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.environments import ROOT
from benchmarks.stopwatch import Stopwatch
from generation.actions.vector_models import embedded, open_vectors
from generation.formats import format_named
from generation.formats.detecting import detect, read_records
from generation.quality.near_duplicates.semantic import twins
from generation.quality.near_duplicates.vectors import Embed, row_vectors, static_vectors
from generation.quality.rows import draft_of
from generation.quality.text import tokens
from generation.types import RowError

PARAPHRASES = ROOT / "benchmarks" / "paraphrases"
EPSILONS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
MOST_TERMS, WIDTH = 8000, 200

Row = tuple[str, str]


def planted(language: str) -> list[tuple[Row, Row, Row]]:
    """(row, its paraphrase, its near miss) of one language."""
    lines = (PARAPHRASES / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    six = [json.loads(line) for line in lines]
    return [((a, b), (c, d), (e, f)) for a, b, c, d, e, f in six]


def real_rows(paths: Sequence[Path]) -> list[Row]:
    """What the files' rows ask and answer."""
    found: list[Row] = []
    for path in paths:
        with path.open("rb") as file:
            looked = detect(file)
            guess = looked.clear or looked.candidates[0]
            file.seek(0)
            records = read_records(file, fields=guess.fields or None)
            for _line, row in format_named(guess.format).read(records):
                if not isinstance(row, RowError):
                    draft = draft_of(row)
                    found.append((f"{draft.instruction}\n{draft.input}".strip()[:2000], draft.output[:2000]))
    return found


def learned(texts: Sequence[str]) -> Embed:
    """Word vectors out of the texts themselves: latent semantic analysis, 200 dimensions, by a randomised
    decomposition (Halko et al., 2011)."""
    counted = [Counter(tokens(text)) for text in texts]
    documents = Counter(word for row in counted for word in row)
    words = [word for word, _ in documents.most_common(MOST_TERMS)]
    place = {word: number for number, word in enumerate(words)}
    share = np.array([documents[word] for word in words]) / len(texts)
    table = np.zeros((len(texts), len(words)), np.float32)
    for number, row in enumerate(counted):
        for word, many in row.items():
            if word in place:
                table[number, place[word]] = (1 + log(many)) * -log(share[place[word]] * 0.999)
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
    chance = np.random.default_rng(1)
    basis = chance.normal(size=(table.shape[0], WIDTH + 20)).astype(np.float32)
    for _round in range(3):
        basis = np.linalg.qr(table @ (table.T @ basis))[0]
    _, sizes, directions = np.linalg.svd(basis.T @ table, full_matrices=False)
    vectors = (directions[:WIDTH] * np.sqrt(sizes[:WIDTH, None])).T
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    # What all rows share is taken out, and frequent words weigh little (Arora et al., ICLR 2017).
    vectors -= (share[:, None] * vectors).sum(axis=0) / share.sum()
    file = io.BytesIO()
    np.savez(file, tokens=np.array(words), vectors=(vectors * (0.01 / (0.01 + share))[:, None]).astype(np.float32))
    file.seek(0)
    return static_vectors(file)


def measured(embed: Embed, rows: Sequence[Row], groups: dict[str, list[tuple[Row, Row, Row]]]) -> list[dict[str, Any]]:
    """For each epsilon and language the planted pairs that were found, and what was taken for the same wrongly."""
    everything = [*rows, *(row for triples in groups.values() for triple in triples for row in triple)]
    prompts, outputs = [prompt for prompt, _ in everything], [output for _, output in everything]
    vectors = row_vectors(prompts, outputs, embed=lambda texts: embedded(texts, embed=embed))
    told = []
    for epsilon in EPSILONS:
        pairs = {frozenset((each.row, each.like)) for each in twins(vectors, seed=1, epsilon=epsilon, clusters=1)}
        among = sum(max(pair) < len(rows) for pair in pairs)
        line: dict[str, Any] = {"epsilon": epsilon, "among_real_rows": among}
        at = len(rows)
        for language, triples in groups.items():
            own = [at + 3 * number for number in range(len(triples))]
            found = sum(frozenset((first, first + 1)) in pairs for first in own)
            wrong = sum(len(pair) == 2 and max(pair) >= own[0] and min(pair) <= own[-1] + 2 and not _is_pair(pair, own)
                        and max(pair) <= own[-1] + 2 for pair in pairs)  # fmt: skip
            line[language] = {
                "recall": found / len(triples), "precision": found / (found + wrong) if found + wrong else None,
                "wrong": wrong,
            }  # fmt: skip
            at += 3 * len(triples)
        told.append(line)
    return told


def _is_pair(pair: frozenset[int], own: Sequence[int]) -> bool:
    first, second = sorted(pair)
    return second == first + 1 and (first - own[0]) % 3 == 0 and first >= own[0]


def main() -> None:
    """One line for each epsilon."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("rows", type=Path, nargs="*")
    asked = parser.parse_args()
    rows = real_rows(asked.rows)
    groups = {language: planted(language) for language in ("en", "zh")}
    texts = ["\n".join(row) for row in rows]
    model = open_vectors(asked.model) if asked.model else None
    embed = model.embed if model else learned(texts)
    watch = Stopwatch()
    told = measured(embed, rows, groups)
    figures = watch.figures(len(rows) + 240, written=0)
    print(f"{model.name if model else 'learned here'}: {len(rows)} real rows, {figures}")
    for line in told:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
