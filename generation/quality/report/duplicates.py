"""What the rows say twice: the same rows, near-duplicates, redundant answers, and answers that contradict others."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from generation.quality.checks.size_guide import LABEL_TASKS
from generation.quality.near_duplicates import NearDuplicates, Questions, WordHashes, digests
from generation.quality.near_duplicates.conflicts import ALIKE
from generation.quality.near_duplicates.exact import Compared, same_rows
from generation.quality.near_duplicates.index import THRESHOLD
from generation.quality.places import turns_of
from generation.quality.report.base import SEVERAL_ANSWERS, Asked, RowFacts
from generation.quality.report.duplicates_findings import findings_of
from generation.quality.report.duplicates_settled import Settled, settled
from generation.quality.rows import BESIDE
from generation.types import Draft, ReportFinding

EXCERPT = 80
"""Code points that are kept of a prompt, and as many of an output."""
EXAMPLES = (("conflict", 80), ("near", 50), ("redundant", 40), ("exact", 30))
"""Groups that `told` shows at most, by kind."""
_COMPARED: tuple[Compared, ...] = ("instruction", "prompt", "row")
_SHOWN_IDS, _SHOWN_TEXTS = 20, 4
_BATCH_ROWS, _BATCH_LETTERS = 256, 1 << 18


class _Said(NamedTuple):
    prompt: str
    output: str
    compared: bool
    closed: bool


class Duplicates:
    """Exact and near-duplicates, conflicts and redundancy of all rows that train; each row falls under one of them.

    Rows that are the same are exact duplicates. Two whole rows that share enough shingles are near-duplicates if their
    outputs agree as well: one passage with two questions is none. Rows that ask the same are redundant where their
    outputs agree and in conflict where they do not; answers to be compared are meant to differ and are left out.

    Memory: for a row of 95 words about 1.3 kB (shingles 400 bytes, bands 64, words of prompt and output 400, excerpt
    130 to 400, digests 48, ids): 1.3 GB for a million. Nothing of a row is kept as text but the excerpt.
    """

    name = "duplicates"

    def __init__(self, asked: Asked) -> None:
        threshold = float(asked.settings.get("near_duplicates.threshold", THRESHOLD))
        alike = float(asked.settings.get("conflicts.alike", ALIKE))
        self._settings = {"threshold": threshold, "alike": alike}
        self._hashes = WordHashes()
        self._exact: dict[Compared, bytearray] = {by: bytearray() for by in _COMPARED}
        self._near: NearDuplicates[int] = NearDuplicates(threshold=threshold)
        self._questions = Questions(alike=alike)
        self._ids, self._scores = array("q"), array("d")
        self._excerpts, self._ends = bytearray(), array("Q", [0])
        self._waiting: list[_Said] = []
        self._letters = 0

    def see(self, row: RowFacts) -> None:
        """Takes one row in; rows kept for evaluation are none of ours."""
        if row.evaluation:
            return
        draft = row.draft
        for by, found in zip(_COMPARED, digests(draft, by=_COMPARED), strict=True):
            self._exact[by] += found
        self._waiting.append(_Said(
            prompt_of(draft), f"{draft.output}\n{draft.rejected}" if draft.rejected else draft.output,
            compared=draft.kind not in SEVERAL_ANSWERS, closed=draft.task_type in LABEL_TASKS,
        ))  # fmt: skip
        self._letters += len(self._waiting[-1].prompt) + len(self._waiting[-1].output)
        self._ids.append(row.id)
        self._scores.append(_worth(row))
        for text in (f"{draft.instruction} {draft.input}", draft.output):
            self._excerpts += " ".join(text[: 4 * EXCERPT].split())[:EXCERPT].encode("utf-8", "replace")
            self._ends.append(len(self._excerpts))
        if len(self._waiting) >= _BATCH_ROWS or self._letters >= _BATCH_LETTERS:
            self._settle()

    def told(self) -> Mapping[str, Any]:
        """Groups and rows beyond the first by kind and by what is compared, sizes of the near clusters, and examples:
        kind, ids (at most 20), size, similarity and the beginnings of four texts."""
        found = self._found
        return {
            "rows": len(self._ids), "settings": self._settings,
            "exact": {by: _counted(groups) for by, groups in found.exact.items()},
            "near": {**_counted(found.near_clusters), "sizes": _sizes(found.near_clusters)},
            "conflicts": {
                "groups": len(found.conflicts), "rows": sum(len(group.rows) for group in found.conflicts),
                "same_prompt": sum(group.same for group in found.conflicts),
            },
            "redundant": _counted(found.redundant),
            "examples": self._examples(),
        }  # fmt: skip

    def findings(self) -> list[ReportFinding]:
        """Shares of rows that repeat others, those to drop among their ids, and the groups in conflict."""
        return findings_of(self._found, ids=self._ids)

    def groups(self) -> Iterator[tuple[str, list[int], float]]:
        """("conflict" or "redundant", ids, similarity) of every group: of redundant rows, near ones and exact ones
        among them, the best comes first."""
        found = self._found
        for group in found.conflicts:
            yield "conflict", [self._ids[row] for row in group.rows], group.similarity
        near = [(_best(rows, self._scores), similarity) for rows, similarity in found.near_shown]
        exact = [(_best(rows, self._scores), 1.0) for rows in found.exact["row"]]
        for rows, similarity in (*exact, *near, *found.redundant_shown):
            yield "redundant", [self._ids[row] for row in rows], similarity

    @cached_property
    def _found(self) -> Settled:
        self._settle()
        exact = {by: same_rows(kept) for by, kept in self._exact.items()}
        near = self._near.groups(linked=self._questions.outputs_agree)
        return settled(exact=exact, near=near, questions=self._questions.groups(), worth=self._scores,
                       similarity=self._near.similarity)  # fmt: skip

    def _settle(self) -> None:
        """Takes in the words of the rows that wait, many at a time because each call of numpy has its price."""
        rows, self._waiting, self._letters = self._waiting, [], 0
        prompts = self._hashes.of_each([row.prompt for row in rows])
        outputs = self._hashes.of_each([row.output for row in rows])
        for number, (prompt, output) in enumerate(zip(prompts, outputs, strict=True), len(self._questions)):
            self._near.add_words(number, prompt + output)
        self._questions.add_each([
            (prompt if row.compared else b"", output, row.closed)
            for row, prompt, output in zip(rows, prompts, outputs, strict=True)
        ])  # fmt: skip

    def _examples(self) -> list[dict[str, Any]]:
        found = self._found
        kinds: dict[str, list[tuple[Sequence[int], float]]] = {
            "exact": [(rows, 1.0) for rows in found.exact["row"]],
            "near": found.near_shown,
            "redundant": found.redundant_shown,
            "conflict": [(group.rows, group.similarity) for group in found.conflicts],
        }
        return [
            {
                "kind": kind, "ids": [self._ids[row] for row in rows[:_SHOWN_IDS]], "size": len(rows),
                "similarity": round(similarity, 4), "texts": [self._excerpt(row) for row in rows[:_SHOWN_TEXTS]],
            }
            for kind, most in EXAMPLES
            for rows, similarity in kinds[kind][:most]
        ]  # fmt: skip

    def _excerpt(self, row: int) -> dict[str, str]:
        begin, middle, end = self._ends[2 * row : 2 * row + 3]
        return {
            "prompt": self._excerpts[begin:middle].decode("utf-8", "replace"),
            "output": self._excerpts[middle:end].decode("utf-8", "replace"),
        }


def prompt_of(draft: Draft) -> str:
    """All that an output answers to, a line each: system, earlier turns, instruction, input, and the tools and media
    beside them."""
    turns = (text for _field, _role, text in turns_of(draft)) if draft.history else ()
    beside = str(draft.data.get(BESIDE, ""))
    return "\n".join(text for text in (draft.system, *turns, draft.instruction, draft.input, beside) if text)


def _worth(row: RowFacts) -> float:
    """What decides which of two redundant rows stays: a person's decision, then the mean of the scores, of rows that
    hide none."""
    scores = sum(row.scores.values()) / len(row.scores) if row.scores and not row.hides else 0.0
    return scores + (1e9 if row.reviewed else 0.0)


def _best(rows: Sequence[int], worth: Sequence[float]) -> list[int]:
    return sorted(rows, key=lambda row: (-worth[row], row))


def _counted(groups: Sequence[Sequence[int]]) -> dict[str, int]:
    return {"groups": len(groups), "rows": sum(len(rows) - 1 for rows in groups)}


def _sizes(groups: Sequence[Sequence[int]]) -> list[list[Any]]:
    """Clusters by size: 2, 3, 4, then 5 to 9, 10 to 99 and more."""
    steps = ((2, 2, "2"), (3, 3, "3"), (4, 4, "4"), (5, 9, "5-9"), (10, 99, "10-99"), (100, None, "100+"))
    return [
        [name, sum(1 for rows in groups if least <= len(rows) and (most is None or len(rows) <= most))]
        for least, most, name in steps
    ]
