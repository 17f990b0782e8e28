"""Which rows of a project go into a dataset: by kind, and narrowed down by a closed set of filters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from django.db import connections
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast

from generation.models import Feedback, PreferencePair, Project, Sample, Text
from generation.quality.selection import tiers
from review.labels import of_origin
from review.models import Dataset, RankedRow, RowSelection
from review.pair_rules import may_leave
from review.rows import PinnedRow, candidate_of, example_of, pinned_rows, score_of

__all__ = ["Figures", "PinnedRow", "Selection", "candidate_of", "example_of", "figures", "pinned_rows", "score_of"]

Kind = Dataset.Kind
WITHOUT_MODEL = (Sample.Origin.RULES, Sample.Origin.TEMPLATE)
"""Origins of rows in whose making no language model had a part."""
EVALUATION = "evaluation"
"""The name in a row's `meta` that keeps it for measuring models: such a row never goes into a training set."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows go into a dataset of one kind. Empty fields do not narrow it down.

    Only what people approved goes in: approved samples, pairs that may leave (`pair_rules`). Imported pairs that nobody
    has judged here (`ready`), rows made without a language model (`without_model`) and rows kept for evaluation stay
    out unless they are asked for; the last can never be. Feedback and texts have no approval: they are as they were
    imported, or as people gave them here. `least` and `most` bound what the sample was given for `aspect`; where none
    is named a pair's margin, and "score" in the meta of everything else. `ranked` names a selection of the best samples
    and `tier` how much of it goes in, in percent from the top: those that still read as they were ranked, in its order.
    """

    task_type: str = ""
    language: str = ""
    run: int | None = None
    without_model: bool = False
    kind: str = Kind.SFT.value
    job: int | None = None
    tag: str = ""
    origin: str = ""
    reviewer: int | None = None
    since: str = ""
    least: float | None = None
    most: float | None = None
    turns: str = ""
    ready: bool = False
    aspect: str = ""
    ranked: int | None = None
    tier: float | None = None

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Selection:
        """The selection that `as_config` wrote down; names that it does not know are left out."""
        return cls(**{name: config[name] for name in cls.__slots__ if name in config})

    def as_config(self) -> dict[str, Any]:
        """Plain JSON for a version's `config`: the first five fields, and those that narrow it down."""
        known = {each.name: each.default for each in fields(self)}
        always = list(known)[:5]
        return {name: value for name, value in asdict(self).items() if name in always or value != known[name]}

    def approved(self, project: Project) -> QuerySet[Any]:
        """The project's rows that this narrows down to, those made without a model included, evaluation rows too."""
        rows = _STARTS[self.kind](self).filter(project=project)
        where = _PATHS[self.kind]
        for name, value in self._narrowing().items():
            if where.get(name):
                rows = rows.filter(**{where[name]: value})
        if self.tag:
            rows = _tagged(rows, where["tag"], self.tag)
        if self.aspect and where.get("scores"):
            rows = _scored(rows, where["scores"], self)
        if self.ranked is not None and "ranked" in where:
            rows = rows.filter(Exists(self._tier(project)))
        if self.turns and "turns" in where:
            several = Q(**{where["turns"]: []})
            rows = rows.filter(several) if self.turns == "single" else rows.exclude(several)
        return rows

    def rows(self, project: Project) -> QuerySet[Any]:
        """The rows that go in, in the order of their ids."""
        where = _PATHS[self.kind]
        rows = self.approved(project)
        if where.get("made") and not self.without_model:
            rows = rows.exclude(**{where["made"] + "__in": WITHOUT_MODEL})
        rows = rows.exclude(_for_evaluation(self.kind))
        if self.ranked is not None and "ranked" in where:
            return rows.annotate(place=Subquery(self._tier(project).values("place")[:1])).order_by("place")
        return rows.order_by("id")

    def _tier(self, project: Project) -> QuerySet[RankedRow]:
        """The ranked row of each sample, where it stands in the tier and the sample still reads as it did."""
        found = RowSelection.objects.filter(project=project, pk=self.ranked or 0).values_list("rows", flat=True).first()
        share = 100.0 if self.tier is None or not 0 < self.tier <= 100 else self.tier
        most = tiers(found or 0, shares=(share,))[0].rows
        return RankedRow.objects.filter(
            selection=self.ranked, place__lt=most, sample=OuterRef("pk"), revision=OuterRef("revision")
        )

    @property
    def telling(self) -> bool:
        """Whether it narrows rows down by something that people may not know of them before they vote."""
        return self != self.neutral()

    def neutral(self) -> Selection:
        """The same without scores, and of answers without runs and sources: these name models or tell who preferred."""
        bare = self.but(least=None, most=None, aspect="", ranked=None, tier=None)
        return bare if self.kind == Kind.SFT else bare.but(run=None, origin="")

    def but(self, **changes: Any) -> Selection:
        """The same selection with some fields changed."""
        return replace(self, **changes)

    def _narrowing(self) -> dict[str, Any]:
        """What stands in a plain comparison, by the name that `_PATHS` leads to a column."""
        values: dict[str, Any] = {
            "task_type": self.task_type, "language": self.language, "run": self.run, "job": self.job,
            "origin": self.origin, "reviewer": self.reviewer, "since": _day(self.since),
        }  # fmt: skip
        if not self.aspect or "scores" not in _PATHS[self.kind]:
            values |= {"least": self.least, "most": self.most}
        return {name: value for name, value in values.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Figures:
    """How many rows a selection meets: all of them, those made without a language model, those kept for evaluation."""

    approved: int
    made_without_model: int
    evaluation: int = 0

    @property
    def mixed(self) -> bool:
        """Whether rows of both kinds are there, so that a person has to choose."""
        return 0 < self.made_without_model < self.approved

    @property
    def made_with_model(self) -> int:
        """The rows that a language model, a person or an import made."""
        return self.approved - self.made_without_model


def figures(project: Project, selection: Selection) -> Figures:
    """The exact counts, in one query. Rows kept for evaluation are counted by themselves and nowhere else."""
    where = _PATHS[selection.kind]
    kept = _for_evaluation(selection.kind)
    made = Q(**{where["made"] + "__in": WITHOUT_MODEL}) if where.get("made") else Q(pk=None)
    found = (
        selection.approved(project)
        .order_by()
        .aggregate(
            every=Count("pk", distinct=selection.kind == Kind.RANKING),
            kept_back=Count("pk", filter=kept),
            made_without_model=Count("pk", filter=made & ~kept),
        )
    )
    return Figures(found["every"] - found["kept_back"], found["made_without_model"], found["kept_back"])


def _for_evaluation(kind: str) -> Q:
    """Rows made for evaluation or of the family of one that was, and those kept for it by their meta; there the first
    half lets the question be turned round: no key, no mark."""
    path = f"{_PATHS[kind]['meta']}__{EVALUATION}"
    kept = Q(**{f"{path}__isnull": False}) & Q(**{path: True})
    made = _PATHS[kind].get(EVALUATION)
    return kept | Q(**{made: True}) | _of_their_family(made.removesuffix(EVALUATION)) if made else kept


def _of_their_family(prefix: str) -> Q:
    """Samples that share the seed or the root of one that is for evaluation, and such a root itself."""
    held_back = Sample.objects.filter(evaluation=True)
    seeds = held_back.exclude(seed=None).values("seed")
    roots = held_back.exclude(root=None).values("root")
    return Q(**{f"{prefix}seed__in": seeds}) | Q(**{f"{prefix}root__in": roots}) | Q(**{f"{prefix}pk__in": roots})


def _samples(selection: Selection) -> QuerySet[Any]:
    return Sample.objects.approved()


def _pairs(selection: Selection) -> QuerySet[Any]:
    return PreferencePair.objects.filter(may_leave(ready=selection.ready))


def _feedback(selection: Selection) -> QuerySet[Any]:
    return Feedback.objects.filter(of_origin(selection.origin))


def _rankings(selection: Selection) -> QuerySet[Any]:
    """Prompts that nobody turned down, with two answers or more."""
    rows = Sample.objects.filter(state__in=[Sample.State.GENERATED, Sample.State.APPROVED])
    several = Sample.objects.annotate(n=Count("answers")).filter(n__gte=2)
    return rows.filter(pk__in=several.values("pk"))


_STARTS: dict[str, Any] = {
    Kind.SFT: _samples,
    Kind.PREFERENCE: _pairs,
    Kind.FEEDBACK: _feedback,
    Kind.TEXT: lambda selection: Text.objects.all(),
    Kind.RANKING: _rankings,
}
_OF_SAMPLE = {
    "task_type": "task_type", "language": "language", "run": "run_id", "job": "job_id", "origin": "origin",
    "reviewer": "decided_by_id", "since": "decided_at__date__gte", "least": "meta__score__gte",
    "most": "meta__score__lte", "tag": "tags", "turns": "turns", "made": "origin", "meta": "meta",
    "scores": "scores", EVALUATION: "evaluation", "ranked": "",
}  # fmt: skip
_NOT_OF_RANKINGS = ("reviewer", "since", "made", "ranked")
_OF_IMPORT = {
    "language": "language", "job": "job_id", "since": "created_at__date__gte", "least": "meta__score__gte",
    "most": "meta__score__lte", "tag": "tags", "meta": "meta",
}  # fmt: skip
_PATHS: dict[str, dict[str, str]] = {
    Kind.SFT: _OF_SAMPLE,
    Kind.PREFERENCE: {
        "task_type": "sample__task_type", "language": "sample__language", "run": "run_id", "job": "job_id",
        "origin": "source", "since": "created_at__date__gte", "least": "margin__gte", "most": "margin__lte",
        "tag": "sample__tags", "turns": "sample__turns", "made": "sample__origin", "meta": "meta",
        "scores": "sample__scores", EVALUATION: "sample__evaluation",
    },
    # Its origin is no column of its own: `_feedback` asks for it.
    Kind.FEEDBACK: _OF_IMPORT | {
        "turns": "turns", "origin": "", "made": "sample__origin", EVALUATION: "sample__evaluation",
    },
    Kind.TEXT: _OF_IMPORT,
    Kind.RANKING: {name: path for name, path in _OF_SAMPLE.items() if name not in _NOT_OF_RANKINGS},
}  # fmt: skip


def narrows(kind: str) -> frozenset[str]:
    """The names of the filters that mean something for rows of this kind."""
    return frozenset(_PATHS[kind])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _scored(rows: QuerySet[Any], path: str, selection: Selection) -> QuerySet[Any]:
    """Rows that have a score for the aspect, within the bounds; the name is never made into a look-up."""
    rows = rows.annotate(scored=KeyTransform("value", KeyTransform(selection.aspect, path))).filter(
        scored__isnull=False
    )
    if selection.least is not None:
        rows = rows.filter(scored__gte=selection.least)
    return rows if selection.most is None else rows.filter(scored__lte=selection.most)


def _tagged(rows: QuerySet[Any], path: str, tag: str) -> QuerySet[Any]:
    if connections[rows.db].features.supports_json_field_contains:
        return rows.filter(**{path + "__contains": [tag]})
    return rows.annotate(tags_text=Cast(path, TextField())).filter(tags_text__contains=json.dumps(tag))
