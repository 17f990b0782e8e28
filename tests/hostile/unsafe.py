"""Addresses of FDC plus one page that does everything wrong. Only the canary of the hostile journeys uses them."""

from __future__ import annotations

from csp.decorators import csp_exempt
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from fdc_project.urls import urlpatterns as ours

PAGE = "{% extends 'base.html' %}{% block page %}<div class='rendered'>{{ text|safe }}</div>{% endblock %}"


def _page(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"text": request.GET.get("text", "")}, request))


unsafe = login_not_required(_page)
defenceless = login_not_required(csp_exempt()(_page))
"""The same without a content security policy."""

urlpatterns = [*ours, path("unsafe", unsafe), path("defenceless", defenceless)]
