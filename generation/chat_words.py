"""Codes of chat templates in words: what a template had to do to a row, why it refuses one, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CHAT_NOTES: Mapping[str, Any] = {
    "call_id_made": _("The template wants ids of nine letters and digits; FDC made one."),
    "content_changed": _("The words of this turn do not stand in the text as they are."),
    "content_trimmed": _("The template cuts blanks off the ends of this turn."),
    "dates_added": _("The template writes dates into the system turn."),
    "default_system_added": _("The row has no system text; the template writes its own."),
    "default_system_left_out": _("The model's own template would write a long system text of its own here."),
    "developer_as_system": _("A developer's turn is written as a system turn."),
    "empty_reasoning_added": _(
        "The last answer has no reasoning; the template writes an empty block, which is not trained."
    ),
    "media_placeholders": _(
        "Pictures, videos and sounds stand as placeholders; the trainer puts its own tokens there."
    ),
    "name_left_out": _("The name of the speaker has no place in the template."),
    "reasoning_left_out": _("The template leaves the reasoning of earlier answers out."),
    "result_quoted": _("The template writes the tool's result as JSON, in quotation marks."),
    "spans_unknown": _("It cannot be told where some answers stand. Mark them with {% generation %} in the template."),
    "system_merged": _("The template has no system turn; the system text stands before the first question."),
    "system_replaces_header": _("The system text takes the place of the template's header."),
    "text_beside_call_left_out": _("The template has no place for words beside a tool call."),
}
CHAT_REFUSALS: Mapping[str, Any] = {
    "bad_arguments": _("The arguments of a tool call are no JSON object."),
    "bad_tools": _("The tools are no JSON list of objects."),
    "no_place_for_tools": _("This template has no place for tools. Qwen2.5, Qwen3, Llama 3.1 and Mistral v3 have one."),
    "no_such_role": _("This template does not know the role of a turn."),
    "one_call_only": _("This template takes one tool call in a turn."),
    "one_exchange_only": _("This template holds one question and one answer. Take the one for many turns."),
    "roles_do_not_alternate": _("In this template user and assistant must take turns, the user first."),
    "tools_need_a_question": _("This template shows tools with the first question, and there is none."),
}
OWN_TEMPLATE_FAULTS: Mapping[str, Any] = {
    "child_died": _("The template broke the process that rendered it."),
    "template_empty": _("The template is empty."),
    "template_failed": _("The template fails."),
    "template_forbidden": _("The template reaches for something that no template may have."),
    "template_refuses": _("The template refuses this conversation."),
    "template_syntax": _("This is not valid Jinja."),
    "template_too_long": _("The template is longer than 64,000 characters."),
    "template_undefined": _("The template uses something that is not there."),
    "too_deep": _("The template nests too deep."),
    "too_much_memory": _("The template needs too much memory."),
    "too_much_output": _("The template writes more than 4 million characters."),
    "took_too_long": _("The template takes longer than two seconds."),
}
SPEAKERS: Mapping[str, Any] = {
    "system": pgettext_lazy("speaker", "System"),
    "user": pgettext_lazy("speaker", "User"),
    "assistant": pgettext_lazy("speaker", "Assistant"),
    "tool": pgettext_lazy("speaker", "Tool"),
}
