"""Chat templates: those that FDC knows, and a project's own Jinja texts with a live rendering."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fdc_project.web.htmx import go, is_htmx, render_page
from generation.access import Seat, seat_in
from generation.actions.chat_templates import TakenNameError, chat_template_in, chat_templates_in, save_chat_template
from generation.chat.base import Settings
from generation.chat.catalogue import CHAT_TEMPLATES
from generation.chat.own_template import TemplateFaultError, own_template
from generation.chat.rendering import Rendered, conversation_of
from generation.forms.chat_templates import ChatTemplateForm
from generation.models import PromptVersion, Role
from generation.types import Example, Turn

STARTER = """{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' }}
{%- if message.role == 'assistant' %}
{%- generation %}{{- message.content + '<|im_end|>' }}{%- endgeneration %}{{- '\\n' }}
{%- else %}{{- message.content + '<|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
"""
_SHOWN = {
    "en": ("You are brief.", "What is a prime?", "A number with two divisors.", "And 1?", "It has only one."),
    "zh": ("回答要简短。", "什么是质数？", "恰有两个因数的数。", "那么1呢？", "它只有一个因数。"),
}


@require_safe
def chat_templates(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, with what tells them apart."""
    seat = seat_in(request.user, slug)
    context = {
        "seat": seat,
        "templates": CHAT_TEMPLATES,
        "own": chat_templates_in(seat.project),
        "may_edit": seat.may(Role.EDITOR),
    }
    return render_page(request, "generation/chat_templates.html", context)


@require_http_methods(["GET", "POST"])
def chat_template_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A new one of the project's own."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    return _edit(request, seat, None, {"text": STARTER, "eos": "<|im_end|>"})


@require_http_methods(["GET", "POST"])
def chat_template(request: HttpRequest, slug: str, chat_template_id: int) -> HttpResponse:
    """One of the project's own; saving makes its next version."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    version = chat_template_in(seat.project, template_id=chat_template_id)
    if version is None:
        raise Http404
    values = {"name": version.template.name, "text": version.text, **version.declared}
    return _edit(request, seat, version, values)


def _edit(request: HttpRequest, seat: Seat, version: PromptVersion | None, values: dict[str, Any]) -> HttpResponse:
    form = ChatTemplateForm(request.POST if request.method == "POST" else None, initial=values)
    previewing = request.POST.get("do") == "preview"
    told = _told(form, values, previewing=previewing)
    rendered, fault = _rendered(seat, told) if told else (None, None)
    sound = form.is_bound and form.is_valid() and (fault is None or fault.code == "template_refuses")
    if sound and not previewing and _save(request, seat, form, version):
        return go(request, reverse("chat_templates", args=[seat.project.slug]))
    context = {
        "seat": seat, "form": form, "version": version, "may_edit": seat.may(Role.EDITOR), "rendered": rendered,
        "fault": fault, "stretches": _stretches(rendered) if rendered else [],
        "versions": version.template.versions.select_related("author") if version else [],
    }  # fmt: skip
    refused = form.is_bound and (not sound or bool(form.errors)) and not (is_htmx(request) and previewing)
    return render_page(request, "generation/chat_template.html", context, status=422 if refused else 200)


def _told(form: ChatTemplateForm, values: dict[str, Any], *, previewing: bool) -> dict[str, Any] | None:
    """What to show the template with. A preview needs a text, but no name yet."""
    if not form.is_bound:
        return values
    return form.cleaned_data if form.is_valid() or (previewing and "text" in form.cleaned_data) else None


def _rendered(seat: Seat, values: dict[str, Any]) -> tuple[Rendered | None, TemplateFaultError | None]:
    """A short conversation in the template, or why it cannot be had."""
    language = "zh" if seat.project.language.startswith("zh") else "en"
    system, first, said, second, output = _SHOWN[language]
    example = Example(second, output=output, system=system, turns=(Turn("user", first), Turn("assistant", said)))
    talk, notes = conversation_of(example, Settings())
    try:
        with own_template(values["text"], name="own", bos=values.get("bos", ""), eos=values.get("eos", "")) as template:
            return template.render(talk, notes=notes), None
    except TemplateFaultError as error:
        return None, error


def _stretches(rendered: Rendered) -> list[tuple[str, str, bool]]:
    return [(rendered.text[part.start : part.end], part.kind, part.trained) for part in rendered.parts]


def _save(request: HttpRequest, seat: Seat, form: ChatTemplateForm, version: PromptVersion | None) -> bool:
    values = form.cleaned_data
    try:
        saved = save_chat_template(
            seat.project, name=version.template.name if version else values["name"], text=values["text"],
            bos=values["bos"], eos=values["eos"], by=seat.person, now=timezone.now(),
            template=version.template if version else None,
        )  # fmt: skip
    except TakenNameError:
        form.add_error("name", _("The project has a chat template of this name."))
        return False
    messages.success(request, _("Version %(n)d is saved.") % {"n": saved.number})
    return True
