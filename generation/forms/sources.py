"""What a run draws from, as fields of its form: only those that its recipe reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fdc_project.web.numbers import number_in
from generation.actions.answer_sources import answered_samples
from generation.actions.sources import Choice, chosen_samples, chosen_seeds
from generation.models import Document, Project, Run, Vocabulary
from generation.recipes.base import Recipe, Source, reads
from generation.words import SOURCES, word

SEED_FILTERS = ("q", "task_type", "tag", "language", "source")
SAMPLE_FILTERS = ("state", "q", "tag", "run")
ANSWER_FILTERS = ("pairs", "q", "language", "run", "job")
SHOWN_DOCUMENTS = 200
MOST_SEEDS_NAMED = 200
"""Seeds or samples that a form names one by one; the expression of their fields says the same."""


def source_fields(project: Project, recipe: Recipe, *, chosen: Collection[object] = ()) -> dict[str, forms.Field]:
    """The fields by name. A choice between seeds and samples is `draw_from`; filters are `seed_q`, `sample_state`...

    `chosen` are ids of documents that are listed however old they are.
    """
    wanted = reads(recipe)
    found: dict[str, forms.Field] = {}
    alternatives = next((group for group in recipe.reads if len(group) > 1), None)
    if alternatives:
        found["draw_from"] = forms.ChoiceField(
            required=False, label=gettext_lazy("Draw from"),
            choices=[("", _("what is there")), *((each, word(SOURCES, each)) for each in alternatives)],
        )  # fmt: skip
    if "seeds" in wanted:
        found |= _seeds()
    if "samples" in wanted:
        found |= _samples(project)
    if "answers" in wanted:
        found |= _answers(project)
    if "documents" in wanted:
        found |= _documents(project, chosen)
    if "vocabulary" in wanted:
        vocabularies = Vocabulary.objects.filter(project=project).order_by("-id")
        found["vocabulary"] = forms.ModelChoiceField(
            vocabularies, required=False, label=gettext_lazy("Vocabulary"), empty_label=gettext_lazy("the newest"),
        )  # fmt: skip
    return found


def choice_from(project: Project, recipe: Recipe, *, values: Mapping[str, Any]) -> Choice:
    """What the run would draw from, by the form's cleaned values. A number of rows becomes the id of the last."""
    wanted = reads(recipe)
    documents = [document.pk for document in values.get("documents") or ()]
    if not documents and values.get("document_q"):
        rows = Document.objects.in_project(project).matching(values["document_q"])
        documents = list(rows.order_by("id").values_list("pk", flat=True)) or [0]  # none of them is not all of them
    vocabulary = values.get("vocabulary")
    return Choice(
        _taken(recipe, values.get("draw_from") or ""),
        _seed_filter(project, values) if "seeds" in wanted else None,
        _sample_filter(project, values) if "samples" in wanted else None,
        tuple(documents) or None,
        vocabulary.pk if vocabulary else None,
        answers=_answer_filter(project, values) if "answers" in wanted else None,
    )


def initial_from(run: Run) -> dict[str, Any]:
    """The fields' values with which `run` was started."""
    found = {f"seed_{name}": run.seed_filter[name] for name in SEED_FILTERS if name in run.seed_filter}
    if ids := run.seed_filter.get("ids"):
        found["seed_ids"] = ",".join(map(str, ids)) if len(ids) <= MOST_SEEDS_NAMED else ""
    asked = run.sources
    found |= {f"sample_{name}": value for name, value in asked.get("samples", {}).items() if name in SAMPLE_FILTERS}
    if ids := asked.get("samples", {}).get("ids"):
        found["sample_ids"] = ",".join(map(str, ids)) if len(ids) <= MOST_SEEDS_NAMED else ""
    found |= {f"answer_{name}": value for name, value in asked.get("answers", {}).items() if name in ANSWER_FILTERS}
    found |= {"documents": asked.get("documents") or [], "vocabulary": asked.get("vocabulary")}
    alternatives = {"seeds", "samples"}
    if len(taken := [each for each in asked.get("take", []) if each in alternatives]) == 1:
        found["draw_from"] = taken[0]
    return found


def list_document(field: forms.Field, document: Document) -> None:
    """Puts a document among those to choose from, however old it is."""
    choices = list(field.widget.choices)  # type: ignore[attr-defined]
    if document.pk not in {pk for pk, _ in choices}:
        field.widget.choices = [(document.pk, str(document)), *choices]  # type: ignore[attr-defined]


def _seeds() -> dict[str, forms.Field]:
    return {
        "seed_ids": _named(),
        "seed_q": forms.CharField(required=False, max_length=200, label=gettext_lazy("Seeds with the words")),
        "seed_task_type": forms.CharField(required=False, max_length=60),
        "seed_tag": forms.CharField(required=False, max_length=40),
        "seed_language": forms.CharField(required=False, max_length=10),
        "seed_source": forms.CharField(required=False, max_length=200),
        "seed_count": _count(),
    }


def _documents(project: Project, chosen: Collection[object]) -> dict[str, forms.Field]:
    """The newest documents to choose from; where there are more, words that choose among all."""
    rows = Document.objects.in_project(project).order_by("-id").listed()
    ids = [pk for each in chosen if (pk := number_in(str(each)))]
    newest = list(rows[: SHOWN_DOCUMENTS + 1])
    listed = {row.pk: row for row in [*newest[:SHOWN_DOCUMENTS], *rows.filter(pk__in=ids[:SHOWN_DOCUMENTS])]}
    field = forms.ModelMultipleChoiceField(
        rows, required=False, label=gettext_lazy("Documents"), help_text=gettext_lazy("none chosen: all of them"),
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )  # fmt: skip
    field.widget.choices = [(pk, str(row)) for pk, row in listed.items()]
    if len(newest) <= SHOWN_DOCUMENTS:
        return {"documents": field}
    words = forms.CharField(
        required=False, max_length=200, label=gettext_lazy("Documents with the words"),
        help_text=gettext_lazy("the list holds the newest; words choose among all of them"),
    )  # fmt: skip
    return {"documents": field, "document_q": words}


def _samples(project: Project) -> dict[str, forms.Field]:
    states = [("approved", _("approved")), ("needs_review", _("waiting for review")), ("any", _("in any state"))]
    runs = Run.objects.filter(project=project, preview=False).order_by("-id").values_list("pk", "recipe")[:100]
    return {
        "sample_ids": _named(),
        "sample_state": forms.ChoiceField(
            required=False, choices=states, initial="approved", label=gettext_lazy("Samples")
        ),
        "sample_q": forms.CharField(required=False, max_length=200, label=gettext_lazy("Samples with the words")),
        "sample_tag": forms.CharField(required=False, max_length=40, label=gettext_lazy("Tag")),
        "sample_run": forms.TypedChoiceField(
            required=False, coerce=int, empty_value=None, label=gettext_lazy("Made by"),
            choices=[("", _("any run or import")), *((pk, _("run %(n)d, %(recipe)s") % {"n": pk, "recipe": name})
                                                     for pk, name in runs)],
        ),
        "sample_count": _count(),
    }  # fmt: skip


def _answers(project: Project) -> dict[str, forms.Field]:
    """Prompts with several answers: what their pairs wait for, and who brought them."""
    states = [
        ("", _("all with two answers or more")), ("held_back", _("with pairs held back")),
        ("ready", _("with pairs that wait for a verdict")),
    ]  # fmt: skip
    runs = Run.objects.filter(project=project, preview=False).order_by("-id").values_list("pk", "recipe")[:100]
    named = [(pk, _("run %(n)d, %(recipe)s") % {"n": pk, "recipe": name}) for pk, name in runs]
    return {
        "answer_pairs": forms.ChoiceField(required=False, choices=states, label=gettext_lazy("Answers")),
        "answer_q": forms.CharField(required=False, max_length=200, label=gettext_lazy("Prompts with the words")),
        "answer_language": forms.CharField(required=False, max_length=10, label=gettext_lazy("Language")),
        "answer_run": forms.TypedChoiceField(
            required=False,
            coerce=int,
            empty_value=None,
            label=gettext_lazy("Made by"),
            choices=[("", _("any run or import")), *named],
        ),
        "answer_job": forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput),
        "answer_count": _count(),
    }


def _named() -> forms.RegexField:
    return forms.RegexField(r"^\d{1,18}(,\d{1,18}){0,199}$", required=False, widget=forms.HiddenInput)


def _count() -> forms.IntegerField:
    return forms.IntegerField(
        required=False, min_value=1, max_value=2_000_000, label=gettext_lazy("Of these, at most"),
        help_text=gettext_lazy("the oldest; empty: all"), widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip


def _taken(recipe: Recipe, chosen: str) -> tuple[Source, ...]:
    """Every source that is not an alternative, and the chosen one of those that are; () where nothing was chosen."""
    if not chosen:
        return ()
    others = {source for group in recipe.reads if len(group) > 1 for source in group if source != chosen}
    return tuple(source for source in reads(recipe) if source not in others)


def _seed_filter(project: Project, values: Mapping[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: values[f"seed_{name}"] for name in SEED_FILTERS if values.get(f"seed_{name}")}
    if values.get("seed_ids"):
        wanted["ids"] = [int(each) for each in values["seed_ids"].split(",")]
    if count := values.get("seed_count"):
        wanted |= _up_to(chosen_seeds(project, seed_filter=wanted), count)
    return wanted


def _sample_filter(project: Project, values: Mapping[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: values[f"sample_{name}"] for name in SAMPLE_FILTERS if values.get(f"sample_{name}")}
    if values.get("sample_ids"):
        wanted["ids"] = [int(each) for each in values["sample_ids"].split(",")]
    if count := values.get("sample_count"):
        wanted |= _up_to(chosen_samples(project, sample_filter=wanted), count)
    return wanted


def _answer_filter(project: Project, values: Mapping[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: values[f"answer_{name}"] for name in ANSWER_FILTERS if values.get(f"answer_{name}")}
    if count := values.get("answer_count"):
        wanted |= _up_to(answered_samples(project, answer_filter=wanted), count)
    return wanted


def _up_to(rows: QuerySet[Any], count: int) -> dict[str, int]:
    """The filter that ends with the `count`-th row: an id, however many rows come before it."""
    last = rows.values_list("pk", flat=True)[count - 1 : count].first()
    return {} if last is None else {"to": last}
