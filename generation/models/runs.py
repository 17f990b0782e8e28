"""Runs, their items, and the pool that novelty is judged against."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from fdc_project.web.states import table
from generation.models.endpoints import Endpoint
from generation.models.projects import Project
from generation.models.workflows import WorkflowTurn


class Pool(models.Model):
    """What novelty is judged against: the project's seeds and every instruction that was admitted here.

    One admitter at a time works on it, under a lease; `fence` grows with every holder, so that a late one cannot write.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="pools")
    name = models.CharField(max_length=60, default="main")
    lease_owner = models.CharField(max_length=80, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_pool_per_name")]


class RunQuerySet(models.QuerySet["Run"]):
    """Runs as pages and the reconciler read them."""

    def in_project(self, project: Project) -> RunQuerySet:
        """The project's runs, newest first."""
        return self.filter(project=project).order_by("-id")

    def open(self) -> RunQuerySet:
        """The runs that still have work to do or to wind up."""
        return self.filter(state__in=[Run.State.RUNNING, Run.State.STOPPING])


class Run(models.Model):
    """One execution of a recipe: everything that it was started with is a snapshot.

    Money is kept in integer micro-units of `currency` (1,000,000 = 1.00). `template_versions` maps a prompt slot to the
    id of the `PromptVersion` used, or to 0 for the shipped text, whose words are in `template_texts` either way.
    `sources` is what it was asked to draw from, `pinned` what that was: samples as [id, revision], documents as ids,
    the vocabulary's terms. `price` is the whole price that it was started with, `ModelPrice.snapshot`; `input_price`
    and `output_price` are its first tier, null where no price was known. With `reuse` it takes the answers that earlier
    runs of the project paid for. `fallbacks` are further sources in order, each {"endpoint", "model", "price", "rate"}:
    the price as in `price`, in a currency of which one unit is `rate` of the run's; `source_at` says which source is in
    force, 0 for the run's own. `parts` maps the name of a further model that the recipe asks to one such source
    ({"low": {"endpoint", "model", "price", "rate"}}). `batch` is a slower, cheaper way to ask. `near_duplicates`
    says what becomes of drafts that nearly repeat a row (Jaccard of shingles, `near_threshold`), `contamination` of
    those that repeat a text kept for evaluation. A `preview` is the
    ledger of a paid preview: it plans no waves, and its drafts are never admitted.
    """

    class State(models.TextChoices):
        CREATED = "created"
        RUNNING = "running"
        PAUSED = "paused"
        STOPPING = "stopping"
        COMPLETED = "completed"
        COMPLETED_WITH_ERRORS = "completed_with_errors"
        CANCELLED = "cancelled"
        FAILED = "failed"

    class Batching(models.TextChoices):
        FILE = "file"
        HELD = "held"

    class Repeats(models.TextChoices):
        OFF = "off"
        NOTE = "note"
        DROP = "drop"

    class PauseReason(models.TextChoices):
        USER = "user"
        BUDGET = "budget"
        AUTH = "auth"
        CREDIT = "credit"
        BROKEN = "broken"

    TRANSITIONS = table(
        created="running cancelled failed",
        running="paused stopping completed completed_with_errors failed",
        paused="running stopping",
        stopping="cancelled",
        completed_with_errors="running",
        completed="",
        cancelled="",
        failed="running",
    )

    project = models.ForeignKey(Project, models.CASCADE, related_name="runs")
    recipe = models.CharField(max_length=60)
    params: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="en")
    seed_filter: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    seed_ids: models.JSONField[list[int], Any] = models.JSONField(default=list)
    sources: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    pinned: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    template_versions: models.JSONField[dict[str, int], Any] = models.JSONField(default=dict)
    template_texts: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict)
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, null=True, related_name="runs")
    model = models.CharField(max_length=120, blank=True, default="")
    offline = models.BooleanField(default=False)
    fallbacks: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    source_at = models.PositiveSmallIntegerField(default=0)
    parts: models.JSONField[dict[str, dict[str, Any]], Any] = models.JSONField(default=dict, blank=True)
    thinking = models.BooleanField(null=True)
    batch = models.CharField(max_length=10, choices=Batching, blank=True, default="")
    random_seed = models.BigIntegerField(default=42)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="runs")
    state = models.CharField(max_length=24, choices=State, default=State.CREATED)
    pause_reason = models.CharField(max_length=12, blank=True, default="")
    pause_detail = models.TextField(blank=True, default="")
    wave = models.IntegerField(default=-1)
    next_number = models.PositiveIntegerField(default=0)
    retry_unknown = models.BooleanField(default=True)
    max_in_flight = models.PositiveIntegerField(default=16)
    currency = models.CharField(max_length=3, default="USD")
    input_price = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    output_price = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    price: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    reuse = models.BooleanField(default=False)
    near_duplicates = models.CharField(max_length=4, choices=Repeats, default=Repeats.DROP)
    near_threshold = models.FloatField(default=0.8)
    contamination = models.CharField(max_length=4, choices=Repeats, default=Repeats.DROP)
    budget_micro = models.BigIntegerField(null=True)
    spent_micro = models.BigIntegerField(default=0)
    reserved_micro = models.BigIntegerField(default=0)
    maybe_billed_micro = models.BigIntegerField(default=0)
    estimate: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    start_key = models.CharField(max_length=64, blank=True, default="")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    preview = models.BooleanField(default=False)
    turn = models.ForeignKey(WorkflowTurn, models.SET_NULL, null=True, blank=True, related_name="runs")
    step = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "start_key"], condition=~Q(start_key=""), name="one_run_per_start"
            )
        ]
        indexes = [models.Index(fields=["state", "id"])]


class RunEvent(models.Model):
    """Something that happened to a run and that people should be able to read later ("source.switched")."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    detail: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["run", "id"])]


class RunTally(models.Model):
    """One counter of a run ("call.answered", "tokens.in"), moved in the transaction of the rows that it counts."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="tallies")
    name = models.CharField(max_length=160)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="one_tally_per_name")]


class Item(models.Model):
    """One task of one stage of a run, frozen when it was planned.

    `number` orders a run's items over all stages and waves; admission follows it. `attempt` grows with every claim and
    fences off a worker that comes back after its lease ran out.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        LEASED = "leased"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    TRANSITIONS = table(
        planned="leased cancelled", leased="planned done failed cancelled", failed="planned", done="", cancelled=""
    )

    run = models.ForeignKey(Run, models.CASCADE, related_name="items")
    stage = models.CharField(max_length=80)
    wave = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    payload: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    random_seed = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    owner = models.CharField(max_length=80, blank=True, default="")
    attempt = models.PositiveIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=30, blank=True, default="")
    failure_detail = models.TextField(blank=True, default="")
    admitted = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_item_per_number")]
        indexes = [
            models.Index(fields=["run", "state", "number"]),
            models.Index(fields=["run", "admitted", "number"]),
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="item_leases"),
        ]
