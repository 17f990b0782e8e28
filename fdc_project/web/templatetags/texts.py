"""`{% load texts %}`: untrusted text in templates. Each filter escapes everything that it is given."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from fdc_project.web import texts

register = template.Library()


@register.filter
def safe_markdown(value: Any) -> SafeString:
    """`{{ sample.output|safe_markdown }}`: markdown, code and math, rendered harmlessly."""
    return texts.safe_html(str(value or ""))


@register.filter
def visible(value: Any) -> SafeString:
    """`{{ sample.output|visible }}`: the text as it is, hidden characters shown."""
    return texts.visible("" if value is None else str(value))


@register.filter
def diff(before: Any, after: Any) -> SafeString:
    """`{{ old|diff:new }}`: what changed, word by word."""
    return texts.diff_html(str(before or ""), str(after or ""))


@register.simple_tag
def hidden_count(*values: Any) -> int:
    """`{% hidden_count sample.input sample.output as n %}`: how many hidden characters there are."""
    return texts.count_hidden(*(str(value or "") for value in values))
