"""Where a sample comes from and what was said of it: the receipt beside each card, and what the card itself shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Count, Exists, JSONField, Max, Min, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, JSONArray

from fdc_project.web.texts import count_hidden
from generation.access import Seat
from generation.models import Answer, Call, PromptVersion, Run, Sample
from generation.models.samples import SampleQuerySet
from review.models import Comparison, Decision
from review.reports.card_media import MediumSeen, media_seen, wrong_count
from review.reports.grounds import Grounds, grounds_of

WITHOUT_MODEL = (Sample.Origin.RULES, Sample.Origin.TEMPLATE)
MILLION = 1_000_000
MOST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class PromptUsed:
    """One prompt of the run: its slot and the version used, 0 for the shipped text."""

    slot: str
    number: int

    @property
    def name(self) -> str:
        """The slot without the recipe, which stands beside it anyway."""
        return self.slot.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a row was made from. Money is in units of `currency`; `calls` is 0 where no call was needed."""

    recipe: str
    run_id: int | None
    stage: str
    endpoint: str
    model: str
    seeds: Sequence[int]
    prompts: Sequence[PromptUsed]
    calls: int
    tokens: int
    cost: float
    currency: str
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Card:
    """A sample as the review page shows it."""

    sample: Sample
    receipt: Receipt
    history: Sequence[Decision]
    hidden: int
    has_math: bool
    media: Sequence[MediumSeen] = ()
    wrong_count: str = ""
    grounds: Grounds = field(default_factory=Grounds)

    @property
    def without_model(self) -> bool:
        """Whether rules or a template made it and no language model was used."""
        return self.sample.origin in WITHOUT_MODEL


def cards_for(seat: Seat, *, ids: Sequence[int]) -> list[Card]:
    """The cards of these samples in the order of `ids`: one query, and one more when somebody said something before."""
    rows = {row.pk: row for row in _with_receipt().filter(project=seat.project, pk__in=ids)}
    spoken = [pk for pk, row in rows.items() if row.said]  # type: ignore[attr-defined]
    history: dict[int, list[Decision]] = {}
    if spoken:
        for decision in history_of(spoken):
            history.setdefault(decision.sample_id, []).append(decision)
    media = media_seen(rows.values())
    grounds = grounds_of(list(rows.values()))
    return [
        card_of(rows[pk], history.get(pk, []), media.get(pk, ()), grounds.get(pk, Grounds()))
        for pk in ids if pk in rows
    ]  # fmt: skip


def card_of(
    sample: Sample, history: Sequence[Decision], media: Sequence[MediumSeen] = (), grounds: Grounds | None = None
) -> Card:
    """The card of a sample that was read `with_receipt`; `media` and `grounds` are its own."""
    texts = [sample.system, sample.instruction, sample.input, sample.output]
    texts += [turn["content"] for turn in (*sample.turns, *sample.steps)]
    return Card(
        sample=sample,
        receipt=receipt_of(sample),
        history=history,
        hidden=count_hidden(*texts),
        has_math=any("$" in text for text in texts),
        media=media,
        wrong_count=wrong_count(sample),
        grounds=grounds if grounds is not None else grounds_of([sample]).get(sample.pk, Grounds()),
    )


def with_receipt(rows: SampleQuerySet) -> SampleQuerySet:
    """Samples with run, endpoint and draft, `call_sums` over their calls, how often somebody spoke of them, and whether
    they hide something (`sights_of`)."""
    calls = Call.objects.filter(item=OuterRef("draft__item"), superseded=False, voided=False).values("item")
    sums = JSONArray(
        Count("id"), Sum("prompt_tokens") + Sum("completion_tokens"), Sum("cost_micro"), Sum("latency_ms"),
        Min("model_returned"), Max("model_returned"),
    )  # fmt: skip
    said = Decision.objects.filter(sample=OuterRef("pk")).values("sample").annotate(n=Count("id")).values("n")
    return rows.select_related("run__endpoint", "draft", "decided_by", "job").defer("search").annotate(
        call_sums=Subquery(calls.annotate(sums=sums).values("sums"), output_field=JSONField()),
        said=Coalesce(Subquery(said), 0),
        hides=Exists(Answer.objects.filter(sample=OuterRef("pk")))
        | Exists(Comparison.objects.filter(sample=OuterRef("pk"))),
    )  # fmt: skip


@cache
def _with_receipt() -> SampleQuerySet:
    """Built once: to build this query takes longer than to run it. Querysets copy themselves when they are filtered."""
    return with_receipt(Sample.objects.all())


def receipt_of(sample: Any) -> Receipt:
    """The receipt of a sample that was read `with_receipt`."""
    run: Run | None = sample.run
    calls, tokens, cost, latency, *models = sample.call_sums or (0, 0, 0, 0, "")
    return Receipt(
        recipe=run.recipe if run else "",
        run_id=run.pk if run else None,
        stage=sample.draft.stage if sample.draft else "",
        endpoint=run.endpoint.name if run and run.endpoint else "",
        model=" + ".join(dict.fromkeys(filter(None, models))) or (run.model if run else ""),
        seeds=_seeds(sample),
        prompts=_prompts(run) if run and calls else (),
        calls=calls,
        tokens=tokens,
        cost=cost / MILLION,
        currency=run.currency if run else "",
        latency_ms=latency,
    )


def _seeds(sample: Sample) -> Sequence[int]:
    """The seeds that the sample descends from: all that its draft names, or the one that is its own."""
    named = sample.draft.content.get("seed_ids") if sample.draft else None
    return named or ([sample.seed_id] if sample.seed_id else [])


def history_of(ids: Sequence[int]) -> list[Decision]:
    """Every decision on these samples, newest first."""
    rows = Decision.objects.filter(sample__in=ids).select_related("person", "undoes")
    return list(rows.order_by("-id")[: MOST_HISTORY * len(ids)])


_NUMBERS: dict[int, int] = {}
"""Version id -> number. Versions never change, so that what was read once stays true in this process."""


def _prompts(run: Run) -> list[PromptUsed]:
    unknown = [pk for pk in run.template_versions.values() if pk and pk not in _NUMBERS]
    if unknown:
        _NUMBERS.update(PromptVersion.objects.filter(pk__in=unknown).values_list("pk", "number"))
    return [PromptUsed(slot, _NUMBERS.get(pk, 0)) for slot, pk in sorted(run.template_versions.items())]
