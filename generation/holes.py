"""A cell of a coverage that holds too few rows, and the run that would fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from generation.forms.params import PREFIX
from generation.models import Document, Project, Sample, Seed, Vocabulary
from generation.models.seeds import SeedQuerySet

FEWEST, MOST = 3, 1000
"""Bounds of the rows that a run for one cell is begun with."""
MOST_TERMS = 100
MOST_SEEDS = 200
MOST_SAMPLES = 40
_RECORDS = 3
_TABLES = ("sentiment", "classification", "qa", "translate")
"""Task types that few-shot construction knows the columns of."""
_WRITTEN = ("en", "zh")
_IN_DEPTH = ("constraints", "deepening", "concretizing", "reasoning", "input")
_SHORT = {"task_type": 60, "topic": 120, "language": 10, "difficulty": 20}


@dataclass(frozen=True, slots=True)
class Hole:
    """What lacks rows: any of the values of a cell, terms of a vocabulary, seeds that were never used or a document
    that nobody asked about; and how many `rows` would do. `samples` are rows like those that are wanted, which a run
    may start from where there is no seed."""

    task_type: str = ""
    topic: str = ""
    language: str = ""
    difficulty: str = ""
    terms: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    rows: int = 0
    document: int = 0
    samples: tuple[int, ...] = ()

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Hole | None:
        """What an address names; None where it names none. Whatever else it holds has no meaning."""
        if not query.get("fill"):
            return None
        told = {name: query.get(f"fill_{name}", "").replace("\0", "").strip()[:most] for name, most in _SHORT.items()}
        terms = [line.strip()[:120] for line in query.get("fill_terms", "").replace("\0", "").split("\n")]
        rows = query.get("fill_rows", "")
        wanted = int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 9 else 0
        return cls(
            **told, terms=tuple(term for term in terms if term)[:MOST_TERMS],
            seeds=_ids(query.get("fill_seeds", ""))[:MOST_SEEDS],
            rows=min(MOST, max(FEWEST, wanted)) if wanted else 0,
            document=next(iter(_ids(query.get("fill_document", ""))), 0),
            samples=_ids(query.get("fill_samples", ""))[:MOST_SAMPLES],
        )  # fmt: skip

    def query(self) -> str:
        """The address part that this can be read from again."""
        told: dict[str, Any] = {f"fill_{name}": getattr(self, name) for name in _SHORT}
        told |= {
            "fill_terms": "\n".join(self.terms), "fill_seeds": ",".join(map(str, self.seeds)),
            "fill_rows": self.rows or "", "fill_document": self.document or "",
            "fill_samples": ",".join(map(str, self.samples)),
        }  # fmt: skip
        return urlencode({"fill": 1} | {name: value for name, value in told.items() if value})


@dataclass(frozen=True, slots=True)
class Filling:
    """The run that fills a hole: its recipe and the values that its form begins with. Without a recipe `lacking` says
    what is not there: "seeds" of the task type, a "vocabulary" with the topic, prompts in the "language", the
    "document". `left_open` names the values of the cell that the run cannot be held to."""

    recipe: str = ""
    initial: Mapping[str, Any] = field(default_factory=dict)
    lacking: str = ""
    left_open: tuple[str, ...] = ()


def filling(project: Project, hole: Hole) -> Filling:
    """The run for the hole: drawn from a vocabulary where there is one, from a table for the types that few-shot
    construction knows, else evolved from the seeds of the type; without seeds from rows that are like those wanted."""
    if hole.language and hole.language not in _WRITTEN:
        return Filling(lacking="language")
    if hole.document:
        return _asking(project, hole)
    seeds = _seeds(project, hole)
    if not seeds.exists():
        return _from_samples(project, hole) or Filling(lacking="seeds")
    chosen = _chosen(seeds, hole)
    vocabulary = _vocabulary(project, hole)
    if vocabulary is not None and seeds.exclude(instruction="").exists() and not hole.difficulty:
        return Filling("domain_generation", chosen | _domain(vocabulary, hole))
    if hole.topic or hole.terms:
        return _from_samples(project, hole) or Filling(lacking="vocabulary")
    if hole.task_type in _TABLES and seeds.exclude(fields={}).exists():
        return Filling("few_shot", chosen | {PREFIX + "task_type": hole.task_type, PREFIX + "max_rows": hole.rows})
    if not seeds.exclude(instruction="").exists():
        return Filling(lacking="seeds")
    rounds = 4 if hole.difficulty == "hard" else 1
    few = {"seed_count": max(1, -(-hole.rows // rounds))} if hole.rows and not hole.seeds else {}
    scored = {PREFIX + "score_difficulty": True} if hole.difficulty else {}
    return Filling("evol_instruct", chosen | few | scored | {"draw_from": "seeds", PREFIX + "rounds": rounds})


def _ids(told: str) -> tuple[int, ...]:
    """Row numbers, one after the other with commas; whatever else stands there is passed over."""
    return tuple(int(part) for part in told.split(",") if part.isascii() and part.isdigit() and len(part) < 19)


def _asking(project: Project, hole: Hole) -> Filling:
    """Questions about the document: three of a passage."""
    if not Document.objects.filter(project=project, pk=hole.document).exists():
        return Filling(lacking="document")
    few = {PREFIX + "most_passages": -(-hole.rows // _RECORDS)} if hole.rows else {}
    language = {"language": hole.language} if hole.language else {}
    return Filling("document_qa", few | language | {"documents": [hole.document], PREFIX + "questions": _RECORDS})


def _from_samples(project: Project, hole: Hole) -> Filling | None:
    """Evolved from the samples that the hole names: a new task of the same field where a topic is wanted, else harder
    ones of the same kind. None where none of them is left."""
    rows = Sample.objects.in_project(project).filter(pk__in=hole.samples, evaluation=False)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return None
    wanted = hole.rows or len(ids)
    rounds = 4 if hole.difficulty == "hard" else min(4, -(-wanted // len(ids)))
    named = ids[: -(-wanted // rounds)]
    found = {
        "draw_from": "samples", "sample_ids": ",".join(map(str, named)), "sample_state": "any",
        PREFIX + "rounds": rounds,
    }  # fmt: skip
    if hole.language:
        found["language"] = hole.language
    if hole.difficulty:
        found[PREFIX + "score_difficulty"] = True
    if hole.topic and not hole.difficulty:
        found |= {f"{PREFIX}{each}_weight": 0 for each in _IN_DEPTH}
    return Filling("evol_instruct", found, left_open=("task_type",) if hole.topic and hole.task_type else ())


def _seeds(project: Project, hole: Hole) -> SeedQuerySet:
    rows = Seed.objects.in_project(project)
    if hole.seeds:
        rows = rows.filter(pk__in=hole.seeds)
    return rows.filter(task_type=hole.task_type) if hole.task_type else rows


def _chosen(seeds: SeedQuerySet, hole: Hole) -> dict[str, Any]:
    """The seeds of the type; of the language where there are any, since the prompt asks for the language anyway."""
    found: dict[str, Any] = {"seed_task_type": hole.task_type} if hole.task_type else {}
    if hole.seeds:
        found["seed_ids"] = ",".join(map(str, hole.seeds))
    if hole.language:
        found["language"] = hole.language
        if seeds.filter(language=hole.language).exists():
            found["seed_language"] = hole.language
    return found


def _vocabulary(project: Project, hole: Hole) -> Vocabulary | None:
    """The newest that has the topic or the first of the terms; without either the newest in the language."""
    rows = list(Vocabulary.objects.filter(project=project).order_by("-pk")[:20])
    if hole.topic:
        return next((row for row in rows if row.terms.get(hole.topic)), None)
    if hole.terms:
        return next((row for row in rows if any(hole.terms[0] in terms for terms in row.terms.values())), None)
    fitting = (row for row in rows if not hole.language or row.language in ("", hole.language))
    return next(fitting, None)


def _domain(vocabulary: Vocabulary, hole: Hole) -> dict[str, Any]:
    only = list(hole.terms) or ([hole.topic] if hole.topic else [])
    rows = hole.rows or _RECORDS * max(4, len(hole.terms))
    records = min(_RECORDS, rows)
    calls = max(-(-rows // records), len(hole.terms))
    found = {
        "vocabulary": vocabulary.pk, PREFIX + "only_terms": only, PREFIX + "records_per_call": records,
        PREFIX + "generate_times": calls, PREFIX + "random_seed_num": 1, PREFIX + "entity_drawing": "stratified",
    }  # fmt: skip
    return found | ({PREFIX + "task_type_shares": [f"{hole.task_type}=1"]} if hole.task_type else {})
