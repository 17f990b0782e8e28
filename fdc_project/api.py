"""The API under /api/v1/: the routers of both apps behind one door, and its description for programs and people."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from fdc_project.api_parser import StrictParser
from fdc_project.api_refusals import answer_refusals, refusal
from fdc_project.web.htmx import render_page
from generation.api import (
    documents,
    endpoints,
    evaluation_sets,
    imports,
    jobs,
    projects,
    prompts,
    runs,
    seeds,
    vocabularies,
    workflows,
)
from generation.api.door import Bearer, Session
from review.api import (
    agreement,
    conflicts,
    conversions,
    coverage,
    datasets,
    decisions,
    exports,
    labels,
    pair_reports,
    pairs,
    quality,
    rounds,
    samples,
    selections,
    spend,
    training,
)

ROUTERS = (
    projects, seeds, vocabularies, documents, imports, prompts, endpoints, runs, workflows, jobs, samples, training,
    decisions, agreement, pairs, pair_reports, rounds, quality, coverage, selections, datasets, exports, conversions,
    labels, spend, evaluation_sets, conflicts,
)  # fmt: skip

api = NinjaAPI(
    title="FDC",
    version="1",
    description="Every operation calls the verb that the page of the same name calls.",
    auth=[Bearer(), Session()],
    docs_url=None,
    openapi_url=None,
    parser=StrictParser(),
    urls_namespace="api",
)
for noun in ROUTERS:
    api.add_router("", noun.router)
answer_refusals(api)


def addresses() -> Any:
    """The URL patterns. They answer 401 themselves, so Django's redirect to the sign-in page is off for them."""
    patterns, app, namespace = api.urls
    for each in patterns:
        if isinstance(each, URLPattern):
            login_not_required(each.callback)
    return patterns, app, namespace


@csrf_exempt
@login_not_required
def missing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The answer to an address under /api/ that leads nowhere."""
    return refusal(404)


def described() -> dict[str, Any]:
    """The OpenAPI description, in which every operation also names the shape of its refusals."""
    schema = api.get_openapi_schema()
    fault = {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
    for methods in schema["paths"].values():
        for about in methods.values():
            about["responses"]["4XX"] = {"description": "Refused; nothing was changed", "content": fault}
    return dict(schema)


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API for programs, to people who are signed in."""
    return JsonResponse(described())


@require_GET
def api_page(request: HttpRequest) -> HttpResponse:
    """The description of the API for people: every operation with what it takes and gives."""
    return render_page(request, "api.html", {"operations": _operations(described()), "api": api})


def _operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema by noun, each operation with the names of its parameters and fields."""
    nouns: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, about in methods.items():
            operation = {
                "method": method.upper(),
                "path": path,
                "summary": about.get("description", "").split("\n")[0],
                "query": [each["name"] for each in about.get("parameters", []) if each["in"] != "path"],
                "fields": _fields(schema, about),
            }
            nouns.setdefault(about["tags"][0], []).append(operation)
    return [{"noun": noun, "operations": found} for noun, found in nouns.items()]


def _fields(schema: dict[str, Any], about: dict[str, Any]) -> list[str]:
    content = about.get("requestBody", {}).get("content", {})
    for kind in content.values():
        shape = kind["schema"]
        name = cast(str, shape.get("$ref", "")).rpartition("/")[2]
        known = schema["components"]["schemas"].get(name, shape)
        return list(known.get("properties", {}))
    return []
