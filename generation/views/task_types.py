"""Task types that people define for few-shot construction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, is_htmx, render_page
from generation.access import Seat, seat_in
from generation.actions.task_types import SLOT, FaultyTypeError, NameTakenError, save_type
from generation.forms.prompts import TaskTypeForm
from generation.models import Project, PromptTemplate, Role, Seed
from generation.recipes import recipe as recipe_named
from generation.recipes.few_shot.params import check_custom
from generation.recipes.rehearsal import Filled, Stand, fill
from generation.types import Sources
from generation.views.prompts import preview_seeds

_EXAMPLE = {
    "en": "Say how urgent the message is.\n\n{{ examples }}\n\nMessage: {{ message }}\nUrgency:",
    "zh": "判断这条消息有多紧急。\n\n{{ examples }}\n\n消息：{{ message }}\n紧急程度：",
}


@require_http_methods(["GET", "POST"])
def task_type_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A new task type."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    language = "zh" if seat.project.language.startswith("zh") else "en"
    example = {"language": language, "text": _EXAMPLE[language], "fields_shown": ("message",), "answer": "urgency"}
    return _edit(request, seat, None, example)


@require_http_methods(["GET", "POST"])
def task_type(request: HttpRequest, slug: str, template_id: int) -> HttpResponse:
    """One task type; saving makes its next version."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    template = get_object_or_404(PromptTemplate, project=seat.project, slot=SLOT, pk=template_id)
    newest = template.versions.first()
    values = {"name": template.name, "language": template.language}
    if newest is not None:
        values |= {"text": newest.text, "fields_shown": newest.declared["fields"], "answer": newest.declared["answer"]}
    return _edit(request, seat, template, values)


def _edit(request: HttpRequest, seat: Seat, template: PromptTemplate | None, values: dict[str, Any]) -> HttpResponse:
    form = TaskTypeForm(request.POST if request.method == "POST" else None, initial=values)
    previewing = request.POST.get("do") == "preview"
    if form.is_bound and form.is_valid() and _fits(form) and not previewing and _save(request, seat, form, template):
        return go(request, reverse("prompts", args=[seat.project.slug]))
    valid = form.is_bound and not form.errors
    context = {
        "seat": seat, "form": form, "template": template, "may_edit": seat.may(Role.EDITOR),
        "versions": template.versions.select_related("author") if template else [],
        "columns": _columns(seat.project),
        "filled": _fill(seat.project, form) if valid else [],
    }  # fmt: skip
    refused = bool(form.errors) and not (is_htmx(request) and previewing)
    return render_page(request, "generation/task_type.html", context, status=422 if refused else 200)


def _columns(project: Project) -> list[str]:
    """The columns that the newest rows of tables have."""
    tables = Seed.objects.in_project(project).filter(instruction="").order_by("-id")
    return list(dict.fromkeys(name for fields in tables.values_list("fields", flat=True)[:200] for name in fields))[:40]


def _fits(form: TaskTypeForm) -> bool:
    values = form.cleaned_data
    try:
        check_custom(values["text"], fields=list(values["fields_shown"]), answer=values["answer"])
    except ValueError as error:
        code, _sep, detail = str(error).partition(": ")
        form.refuse(code, detail)
    return not form.errors


def _save(request: HttpRequest, seat: Seat, form: TaskTypeForm, template: PromptTemplate | None) -> bool:
    values = form.cleaned_data
    try:
        version = save_type(
            seat.project,
            name=template.name if template else values["name"],
            language=template.language if template else values["language"],
            text=values["text"],
            fields=values["fields_shown"],
            answer=values["answer"],
            by=seat.person,
            now=timezone.now(),
            template=template,
        )
    except NameTakenError:
        form.add_error("name", _("There is a type of this name in this language."))
        return False
    except FaultyTypeError as error:
        form.refuse(error.code, error.detail)
        return False
    messages.success(request, _("Version %(n)d is in use. Runs at work keep theirs.") % {"n": version.number})
    return True


def _fill(project: Project, form: TaskTypeForm) -> list[Filled]:
    recipe, values = recipe_named("few_shot"), form.cleaned_data
    wanted = {
        "task_type": "custom",
        "custom_template": values["text"],
        "custom_fields": list(values["fields_shown"]),
        "custom_answer": values["answer"],
    }
    params = recipe.Params.model_validate(wanted)
    columns = [*values["fields_shown"], values["answer"]]
    seeds = preview_seeds(project, recipe, language=values["language"], columns=columns)
    return fill(Stand(recipe, params, {}, Sources(seeds), values["language"], random_seed=7), slot=SLOT)
