"""Drafts as recipes proposed them, samples as people see them, and every revision of a sample."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from fdc_project.web.states import table
from generation.models import search
from generation.models.jobs import Job
from generation.models.projects import Project
from generation.models.runs import Item, Run
from generation.models.seeds import Seed
from generation.types import SampleView


class Draft(models.Model):
    """What a stage proposed, written with the item that made it, and what admission decided.

    `content` is a `generation.types.Draft` as plain JSON. Rows are unique by (item, index), so a replay adds nothing.
    `rank` counts the admitted drafts of a stage in the order in which they were admitted, from 0. `parent` is the draft
    of the same run that it was made from; `line` is what all drafts of one root share in their run, `data["root"]`.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        ADMITTED = "admitted"
        DROPPED = "dropped"

    TRANSITIONS = table(pending="admitted dropped", admitted="", dropped="")

    run = models.ForeignKey(Run, models.CASCADE, related_name="drafts")
    item = models.ForeignKey(Item, models.CASCADE, related_name="drafts")
    index = models.PositiveIntegerField()
    stage = models.CharField(max_length=80)
    wave = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    line = models.CharField(max_length=80, blank=True, default="")
    content: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=60, blank=True, default="")
    checks: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    novelty: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "index"], name="one_draft_per_index")]
        indexes = [
            models.Index(fields=["run", "stage", "state"]),
            models.Index(fields=["run", "line"], condition=~models.Q(line=""), name="draft_lines"),
        ]


class SampleQuerySet(models.QuerySet["Sample"]):
    """Samples as lists, the queue and exports read them."""

    def in_project(self, project: Project) -> SampleQuerySet:
        """All samples of the project."""
        return self.filter(project=project)

    def matching(self, query: str) -> SampleQuerySet:
        """Those that hold every word of `query`; words of two Chinese characters are found too."""
        return search.matching(self, query)  # type: ignore[return-value]

    def tagged(self, tag: str) -> SampleQuerySet:
        """Those that carry the tag."""
        return search.tagged(self, tag)  # type: ignore[return-value]

    def to_review(self) -> SampleQuerySet:
        """Those that wait for a person."""
        return self.filter(state=Sample.State.NEEDS_REVIEW)

    def approved(self) -> SampleQuerySet:
        """Those that a person approved."""
        return self.filter(state=Sample.State.APPROVED)

    def seen(self) -> SampleQuerySet:
        """Those that a person decided about one by one; rows that came in as approved already were seen by nobody."""
        return self.filter(decided_by__isnull=False).exclude(
            origin=Sample.Origin.IMPORT, decided_at=models.F("created_at")
        )


class Sample(models.Model):
    """One training example in canonical form, as it reads now; `revision` is the number of the `Revision` it shows.

    `version` grows with every change of state or content. `origin` says who wrote revision 1. `turns` and `steps` are
    what `formats.turns.turn_as_json` writes, `calls` what `call_as_json` writes, `tools` the JSON text of a list of
    tools, and `media` maps "images", "videos" and "audios" to names of the project's `Media`. An imported row names its
    `job` and `source_line`; what its file said beyond our fields is in `meta`. A sample without output and calls is a
    prompt that answers, pairs or rankings hang on; it stays `generated` and waits for nobody. `parent` is the sample
    that it was made from, `root` the first of that line; what is for `evaluation` is never exported for training.
    `scores` maps an aspect to {"value", "low", "high", "revision", "run"}.
    """

    class State(models.TextChoices):
        GENERATED = "generated"
        FILTERED = "filtered"
        NEEDS_REVIEW = "needs_review"
        APPROVED = "approved"
        REJECTED = "rejected"

    class Origin(models.TextChoices):
        MODEL = "model"
        RULES = "rules"
        TEMPLATE = "template"
        IMPORT = "import"
        PERSON = "person"

    TRANSITIONS = table(
        generated="filtered needs_review",
        filtered="needs_review",
        needs_review="approved rejected filtered",
        approved="needs_review rejected",
        rejected="needs_review approved",
    )

    project = models.ForeignKey(Project, models.CASCADE, related_name="samples")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="samples")
    draft = models.OneToOneField(Draft, models.SET_NULL, null=True, blank=True, related_name="sample")
    seed = models.ForeignKey(Seed, models.SET_NULL, null=True, blank=True, related_name="samples")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="samples")
    source_line = models.PositiveBigIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    system = models.TextField(blank=True, default="")
    turns: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    instruction = models.TextField()
    input = models.TextField(blank=True, default="")
    output = models.TextField(blank=True, default="")
    steps: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    calls: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    tools = models.TextField(blank=True, default="")
    media: models.JSONField[dict[str, list[str]], Any] = models.JSONField(default=dict, blank=True)
    meta: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    task_type = models.CharField(max_length=60, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    tags: models.JSONField[list[str], Any] = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    root = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    evaluation = models.BooleanField(default=False)
    scores: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    checks: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=14, choices=State, default=State.GENERATED)
    reason = models.CharField(max_length=60, blank=True, default="")
    flagged = models.BooleanField(default=False)
    edited = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    content_hash = models.CharField(max_length=64)
    search = models.TextField(blank=True, default="", editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = SampleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "state", "id"]),
            models.Index(fields=["project", "flagged", "id"], condition=models.Q(flagged=True), name="sample_flags"),
            models.Index(fields=["run", "state", "id"]),
            models.Index(fields=["project", "content_hash"]),
            models.Index(fields=["seed"], condition=models.Q(evaluation=True), name="sample_evaluation_seeds"),
            models.Index(fields=["root"], condition=models.Q(evaluation=True), name="sample_evaluation_roots"),
            models.Index(fields=["project", "id"], condition=models.Q(evaluation=True), name="samples_for_evaluation"),
            models.Index(
                fields=["project", "decided_at"], condition=models.Q(state="approved"), name="samples_as_approved"
            ),
            models.Index(fields=["project", "state", "task_type", "language"], name="samples_by_cell"),
        ]

    @property
    def plain(self) -> bool:
        """Whether it is nothing but text: earlier turns in pairs of user and assistant, no tools, no media."""
        roles = [turn["role"] for turn in self.turns]
        alternating = roles == ["user", "assistant"] * (len(roles) // 2)
        return alternating and not (self.tools or self.steps or self.calls or self.media)

    def first_revision(self) -> Revision:
        """Number 1 of a sample that was never edited, as the row that its first edit will write."""
        words = {name: getattr(self, name) for name in ("system", "turns", "instruction", "input", "output")}
        return Revision(
            sample=self, number=1, content_hash=self.content_hash, created_at=self.created_at, **words
        )  # fmt: skip

    def view(self, revision: Revision | None = None) -> SampleView:
        """The sample as recipes see it, with the words of `revision` where one is given."""
        words = revision or self
        history = tuple(
            (asked["content"], said["content"])
            for asked, said in zip(words.turns[::2], words.turns[1::2], strict=False)
        )
        family = self.seed_id or -(self.root_id or self.pk)
        scores = {name: float(score["value"]) for name, score in self.scores.items()}
        return SampleView(
            self.pk, revision.number if revision else self.revision, words.instruction, words.input, words.output,
            words.system, history, self.task_type, self.language, tuple(self.tags),
            (self.seed_id,) if self.seed_id else (), family, scores,
        )  # fmt: skip


class Revision(models.Model):
    """One immutable text of a sample. Number 1 is what was generated or imported; an edit adds the next.

    Most samples are never edited: the first edit writes number 1 as well, and until then it is what `Sample` holds
    (`first_revision`). What a sample shows is always in its own columns; a row here is asked for what it showed before.
    """

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    system = models.TextField(blank=True, default="")
    turns: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    instruction = models.TextField()
    input = models.TextField(blank=True, default="")
    output = models.TextField(blank=True, default="")
    content_hash = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sample", "number"], name="one_revision_per_number")]
