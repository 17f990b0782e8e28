"""Which row falls under what: a row that is an exact duplicate is no near one too, and what contradicts stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from generation.quality.near_duplicates import Question
from generation.quality.near_duplicates.exact import Compared

Groups = list[list[int]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows that ask the same and answer differently, in order. `same` says that the prompts differ in nothing but case,
    blanks and punctuation; `similarity` is the least ROUGE-L of a prompt with the first."""

    rows: list[int]
    similarity: float

    @property
    def same(self) -> bool:
        """Whether the prompts are the same to the word."""
        return self.similarity == 1.0


@dataclass(frozen=True, slots=True)
class Settled:
    """Rows as numbers. Each group holds its kept row first. What is shown has the least likeness to it in the group: of
    near-duplicates the Jaccard of whole rows, of redundant ones the ROUGE-L of their prompts."""

    rows: int
    exact: Mapping[Compared, Groups]
    near_clusters: Groups
    near_shown: list[tuple[Sequence[int], float]]
    redundant: Groups
    redundant_shown: list[tuple[Sequence[int], float]]
    conflicts: list[Conflict]


def settled(
    *, exact: Mapping[Compared, Groups], near: Groups, questions: Sequence[Question], worth: Sequence[float],
    similarity: Callable[[int, int], float],
) -> Settled:  # fmt: skip
    """Drops exact duplicates first, then near ones, the first kept of each; of what is left the best is kept of those
    that agree, and those that do not agree are in conflict. Worst first: larger groups, the likest near ones."""
    gone = {row for rows in exact["row"] for row in rows[1:]}
    clusters = _left(near, gone)
    gone |= {row for rows in clusters for row in rows[1:]}
    conflicts: list[Conflict] = []
    redundant: list[tuple[Sequence[int], float]] = []
    for question in questions:
        camps = [camp for each in question.camps if (camp := [row for row in each if row not in gone])]
        if len(camps) > 1:
            rows = sorted(row for camp in camps for row in camp)
            conflicts.append(Conflict(rows, question.similarity))
        redundant += [(_best_first(camp, worth), question.similarity) for camp in camps if len(camp) > 1]
    redundant.sort(key=lambda each: _largest_first(each[0]))
    shown: list[tuple[Sequence[int], float]] = [
        (rows, min(similarity(rows[0], row) for row in rows[1:])) for rows in clusters
    ]
    shown.sort(key=lambda each: (-each[1], each[0][0]))
    return Settled(
        len(worth),
        {by: sorted(groups, key=_largest_first) for by, groups in exact.items()},
        [list(rows) for rows, _likeness in shown],
        shown,
        [list(rows) for rows, _likeness in redundant],
        redundant,
        sorted(conflicts, key=lambda each: (not each.same, -len(each.rows), each.rows[0])),
    )


def _left(groups: Groups, gone: set[int]) -> Groups:
    """The groups without the rows that are gone, where there are still two."""
    left = ([row for row in rows if row not in gone] for rows in groups)
    return [rows for rows in left if len(rows) > 1]


def _best_first(rows: Sequence[int], worth: Sequence[float]) -> list[int]:
    best = max(rows, key=lambda row: (worth[row], -row))
    return [best, *(row for row in rows if row != best)]


def _largest_first(rows: Sequence[int]) -> tuple[int, int]:
    return -len(rows), rows[0]
