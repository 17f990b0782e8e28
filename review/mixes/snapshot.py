"""A selection read at one moment into a `Pool`: ids, revisions and hashes, and what groups the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from generation.models import Answer, Project
from generation.quality.text import comparison_key
from review.mixes.pool import Pool
from review.models import Dataset
from review.rows import joined_hash, score_of
from review.selection import Selection

Kind = Dataset.Kind
CHUNK = 5000


def pool_of(
    project: Project, *, selection: Selection, balance: str = "", prompts: bool = False, texts: bool = False
) -> Pool:
    """The rows of a selection as they are now, read by one statement (rankings: one more for each 5,000 rows).

    `balance` names what rows are grouped by ("task_type", "language", "label"). With `prompts` each row's prompt gets a
    key and a family; with `texts` the prompts themselves are kept too.
    """
    pool = Pool()
    kind = selection.kind
    grouped = _GROUPS[kind].get(balance, "")
    asked = _PROMPTS[kind] if prompts else ()
    columns = (*_IDENTITY[kind], *([grouped] if grouped else []), *asked)
    rows = selection.rows(project).values_list(*columns).iterator(chunk_size=CHUNK)
    width = len(_IDENTITY[kind])
    for row in _with_answers(rows, project) if kind == Kind.RANKING else rows:
        pk, revision, content_hash, answers = _IDENTIFIED[kind](row)
        if answers:
            pool.answers[len(pool)] = answers
        pool.add(pk, revision=revision, content_hash=content_hash, group=str(row[width]) if grouped else "")
        if asked:
            _note_prompt(pool, row[-len(asked) :], texts=texts)
    return pool


def groups_of(kind: str) -> tuple[str, ...]:
    """What rows of this kind can be balanced by."""
    return tuple(_GROUPS[kind])


def _note_prompt(pool: Pool, parts: tuple[Any, ...], *, texts: bool) -> None:
    family, said = 0, parts
    if isinstance(parts[0], int | None):
        family, said = _family(*parts[: len(_FAMILY)]), parts[len(_FAMILY) :]
    key = comparison_key("\n".join(part if isinstance(part, str) else repr(part) for part in said if part))
    key = " ".join(key.split())
    pool.prompt.append(int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "big"))
    pool.family.append(family)
    if texts:
        pool.texts.append(key)


def _family(seed: int | None, root_seed: int | None, root: int | None, own: int | None) -> int:
    """What all that descends from one seed, or from one row without any, has in common; 0 for rows without a past."""
    return seed or root_seed or -(root or own or 0)


def _with_answers(rows: Iterator[Any], project: Project) -> Iterator[Any]:
    """Each row with its answers, in the order in which they came, beside its hash."""
    while chunk := list(islice(rows, CHUNK)):
        known: dict[int, list[Any]] = {row[0]: [] for row in chunk}
        for pk, sample, rank, scores, content in _answers([row[0] for row in chunk]):
            known[sample].append((pk, rank, score_of(scores), content))
        for row in chunk:
            yield (*row[:2], (row[2], known[row[0]]), *row[3:])


def _answers(samples: list[int]) -> QuerySet[Any, Any]:
    found = Answer.objects.filter(sample_id__in=samples).order_by("sample_id", "id")
    return found.values_list("id", "sample_id", "rank", "scores", "content_hash")


def _identified_sample(row: Any) -> tuple[int, int, str, None]:
    return row[0], row[1], row[2], None


def _identified_pair(row: Any) -> tuple[int, int, str, list[Any] | None]:
    pk, revision, prompt, *sides = row[:11]
    better, worse = sides[:4], sides[4:8]
    pins = [[each[0], each[2], score_of(each[3])] for each in (better, worse)]
    told = pins if any(pin[2] is not None for pin in pins) else None
    return pk, revision, joined_hash(prompt, better[1], worse[1]), told


def _identified_ranking(row: Any) -> tuple[int, int, str, list[Any]]:
    content, answers = row[2]
    hashes = [f"{said} {rank} {score}" for _, rank, score, said in answers]
    return row[0], row[1], joined_hash(content, *hashes), [list(each[:3]) for each in answers]


def _identified_import(row: Any) -> tuple[int, int, str, None]:
    return row[0], 1, row[1], None


_ANSWER = ("id", "content_hash", "rank", "scores")
_IDENTITY: dict[str, tuple[str, ...]] = {
    Kind.SFT: ("id", "revision", "content_hash"),
    Kind.RANKING: ("id", "revision", "content_hash"),
    Kind.PREFERENCE: (
        "id", "sample__revision", "sample__content_hash",
        *(f"chosen__{name}" for name in _ANSWER), *(f"rejected__{name}" for name in _ANSWER),
    ),
    Kind.FEEDBACK: ("id", "content_hash"),
    Kind.TEXT: ("id", "content_hash"),
}  # fmt: skip
_IDENTIFIED: dict[str, Any] = {
    Kind.SFT: _identified_sample,
    Kind.RANKING: _identified_ranking,
    Kind.PREFERENCE: _identified_pair,
    Kind.FEEDBACK: _identified_import,
    Kind.TEXT: _identified_import,
}
_GROUPS: dict[str, dict[str, str]] = {
    Kind.SFT: {"task_type": "task_type", "language": "language"},
    Kind.RANKING: {"task_type": "task_type", "language": "language"},
    Kind.PREFERENCE: {"task_type": "sample__task_type", "language": "sample__language"},
    Kind.FEEDBACK: {"label": "good", "language": "language"},
    Kind.TEXT: {"language": "language"},
}
_FAMILY = ("seed_id", "root__seed_id", "root_id", "id")
_PROMPT = (*_FAMILY, "system", "turns", "instruction", "input")
_PROMPTS: dict[str, tuple[str, ...]] = {
    Kind.SFT: _PROMPT,
    Kind.RANKING: _PROMPT,
    Kind.PREFERENCE: tuple(f"sample__{name}" for name in _PROMPT),
    Kind.FEEDBACK: (*(f"sample__{name}" for name in _FAMILY), "system", "turns", "prompt", "input"),
    Kind.TEXT: ("text",),
}
