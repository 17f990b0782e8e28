"""What the rows say again in other words, told by vectors; nothing where the installation has no model for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from generation.quality.diversity import Reservoir
from generation.quality.intervals import wilson
from generation.quality.near_duplicates import digest, jaccard
from generation.quality.near_duplicates.semantic import EPSILON, Twin, twins
from generation.quality.near_duplicates.vectors import row_vectors
from generation.quality.report.base import MOST_ROWS, SEVERAL_ANSWERS, Asked, RowFacts
from generation.types import ReportFinding, level_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE = 50_000
"""Rows that are made into vectors at most, drawn by chance."""
GUIDE = 0.01
NEARLY = 0.8
"""Jaccard of two rows' words from which they are near-duplicates, which are counted there and not here."""
EXCERPT, EXAMPLES = 80, 40
_LONGEST, _BATCH = 2000, 128


class _Drawn(NamedTuple):
    """A row of the sample. `place` is that of its id among all rows, the first that came before the others."""

    id: int
    place: int
    text: str
    prompt: str
    output: str
    vector: NDArray[np.float32]


class Semantic:
    """SemDeDup (arXiv 2303.09540) over rows whose words differ: the cosine of two rows is the mean of that of their
    prompts and that of their outputs, so a question put again with another answer is none.

    Memory: of at most 50,000 rows their vector (8 bytes a dimension of the model) and their first 4,000 characters.
    """

    name = "semantic"

    def __init__(self, asked: Asked) -> None:
        self._embed = asked.embed
        self._epsilon = float(asked.settings.get("semantic.epsilon", EPSILON))
        self._seed = asked.random_seed
        self._sample: Reservoir[_Drawn] = Reservoir(size=SAMPLE, random_seed=asked.random_seed)
        self._seen: set[bytes] = set()
        self._waiting: list[tuple[int, int, int, str, str]] = []
        self._rows = 0
        self._found: list[tuple[_Drawn, _Drawn, float]] | None = None

    def see(self, row: RowFacts) -> None:
        """Takes one row in; rows kept for evaluation, candidate answers and exact copies are none of ours."""
        draft = row.draft
        if self._embed is None or row.evaluation or draft.kind in SEVERAL_ANSWERS:
            return
        self._rows += 1
        if (drawn := self._sample.wants(row.id)) is None:
            return
        if (key := digest(draft)) in self._seen:
            return
        self._seen.add(key)
        prompt = f"{draft.instruction}\n{draft.input}".strip()
        self._waiting.append((row.id, self._rows, drawn, prompt[:_LONGEST], draft.output[:_LONGEST]))
        if len(self._waiting) == _BATCH:
            self._make_vectors()

    def told(self) -> Mapping[str, Any]:
        """Rows, how many were made into vectors, epsilon, the rows that say what another says, and examples like those
        of duplicates; nothing at all without a model."""
        if self._embed is None or not self._rows:
            return {}
        found = self._twins()
        return {
            "rows": self._rows, "sampled": len(self._sample), "epsilon": self._epsilon, "found": len(found),
            "examples": [
                {
                    "kind": "semantic", "ids": [kept.id, gone.id], "size": 2, "similarity": round(cosine, 4),
                    "texts": [_excerpt(kept), _excerpt(gone)],
                }
                for kept, gone, cosine in found[:EXAMPLES]
            ],
        }  # fmt: skip

    def findings(self) -> list[ReportFinding]:
        """The rows that say again what an earlier one says, the likest first."""
        found = self._twins() if self._embed is not None and self._rows else []
        many = len(self._sample)
        if not many:
            return []
        share, interval = len(found) / many, wilson(len(found), many)
        return [
            ReportFinding(
                "semantic_duplicates", level_of(outside=share > GUIDE, sure=interval[0] > GUIDE), share, "share", many,
                len(found), (None, GUIDE), interval, rows=[gone.id for _kept, gone, _cosine in found[:MOST_ROWS]],
                reason="same_meaning", remedies=("drop", "review") if found else (),
                detail={"epsilon": self._epsilon},
            )
        ]  # fmt: skip

    def _make_vectors(self) -> None:
        if self._embed is None or not self._waiting:
            return
        prompts, outputs = [each[3] for each in self._waiting], [each[4] for each in self._waiting]
        vectors = row_vectors(prompts, outputs, embed=self._embed)
        for (pk, place, drawn, prompt, output), vector in zip(self._waiting, vectors, strict=True):
            if len(self._sample) < SAMPLE or self._sample.wants_still(drawn):
                self._sample.take(pk, _Drawn(pk, place, f"{prompt}\n{output}", prompt, output, vector), drawn=drawn)
        self._waiting = []

    def _twins(self) -> list[tuple[_Drawn, _Drawn, float]]:
        """(kept, to drop, cosine), the likest first: of two the earlier is kept, whatever rank they had."""
        import numpy as np

        if self._found is None:
            self._make_vectors()
            rows = sorted(self._sample.rows(), key=lambda each: each.place)
            vectors = np.stack([each.vector for each in rows]) if rows else np.zeros((0, 0), np.float32)
            pairs = [_pair(rows, each) for each in twins(vectors, seed=self._seed, epsilon=self._epsilon)]
            gone: set[int] = set()
            self._found = []
            for kept, later, cosine in sorted(pairs, key=lambda each: (-each[2], each[1].place)):
                if later.id not in gone and jaccard(kept.text, later.text) < NEARLY:
                    gone.add(later.id)
                    self._found.append((kept, later, cosine))
        return self._found


def _pair(rows: list[_Drawn], twin: Twin) -> tuple[_Drawn, _Drawn, float]:
    first, second = sorted((twin.row, twin.like))
    return rows[first], rows[second], twin.cosine


def _excerpt(row: _Drawn) -> dict[str, str]:
    return {name: " ".join(text.split())[:EXCERPT] for name, text in (("prompt", row.prompt), ("output", row.output))}
