"""Vocabularies, the scenarios that bring them, and how evenly a run used them."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from generation.access import Seat
from generation.actions.scenarios import load_scenario
from generation.actions.vocabularies import FaultyVocabularyError, NameTakenError, delete_vocabulary, save_vocabulary
from generation.api.door import RefusedError, api_seat
from generation.coverage import coverage_of
from generation.formats import vocabularies
from generation.formats.vocabularies import flattened
from generation.models import Role, Run, Vocabulary
from generation.samples.scenarios import ScenarioError, shipped
from generation.schemas.vocabularies import (
    CoverageOut,
    LoadedOut,
    ScenarioIn,
    ScenarioOut,
    VocabularyAboutIn,
    VocabularyIn,
    VocabularyListedOut,
    VocabularyOut,
)
from generation.types import RowError

router = Router(tags=["vocabularies"])


@router.get("/projects/{slug:slug}/vocabularies", response=list[VocabularyListedOut])
def list_vocabularies(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The project's vocabularies, newest first; at most 200."""
    rows = Vocabulary.objects.filter(project=api_seat(request, slug).project).order_by("-id")[:200]
    return [_out(row) | {"categories": len(row.terms)} for row in rows]


@router.post("/projects/{slug:slug}/vocabularies", response={201: VocabularyOut})
def make_vocabulary(request: HttpRequest, slug: str, body: VocabularyIn) -> Status[dict[str, Any]]:
    """A new vocabulary. 409 when another one has the name."""
    seat = api_seat(request, slug, Role.EDITOR)
    return Status(201, _saved(seat, name=body.name, language=body.language, terms=_terms(body)))


@router.post("/projects/{slug:slug}/vocabularies/import", response={201: VocabularyOut})
def import_vocabulary(
    request: HttpRequest, slug: str, file: File[UploadedFile], about: Form[VocabularyAboutIn]
) -> Status[dict[str, Any]]:
    """A new vocabulary out of a JSON or CSV file, or one of lines."""
    seat = api_seat(request, slug, Role.EDITOR)
    found = vocabularies.read(file.file)  # type: ignore[arg-type]
    if isinstance(found, RowError):
        raise RefusedError(422, found.code, found.message, path=found.path, line=found.line)
    name = (about.name or (file.name or "").rpartition("/")[2].partition(".")[0]).strip()[:120] or "vocabulary"
    return Status(201, _saved(seat, name=name, language=about.language, terms=found.terms))


@router.get("/projects/{slug:slug}/vocabularies/{int:vocabulary_id}", response=VocabularyOut)
def get_vocabulary(request: HttpRequest, slug: str, vocabulary_id: int) -> dict[str, Any]:
    """One vocabulary."""
    return _out(_vocabulary(api_seat(request, slug), vocabulary_id))


@router.put("/projects/{slug:slug}/vocabularies/{int:vocabulary_id}", response=VocabularyOut)
def change_vocabulary(request: HttpRequest, slug: str, vocabulary_id: int, body: VocabularyIn) -> dict[str, Any]:
    """Gives it another name and other terms. Runs keep those that they were started with."""
    seat = api_seat(request, slug, Role.EDITOR)
    row = _vocabulary(seat, vocabulary_id)
    return _saved(seat, name=body.name, language=body.language, terms=_terms(body), row=row)


@router.delete("/projects/{slug:slug}/vocabularies/{int:vocabulary_id}", response={204: None})
def remove_vocabulary(request: HttpRequest, slug: str, vocabulary_id: int) -> Status[None]:
    """Takes it away. Runs keep the terms that they were started with."""
    seat = api_seat(request, slug, Role.EDITOR)
    delete_vocabulary(_vocabulary(seat, vocabulary_id), by=seat.person, now=timezone.now())
    return Status(204, None)


@router.get("/projects/{slug:slug}/scenarios", response=list[ScenarioOut])
def list_scenarios(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The scenarios that ship."""
    api_seat(request, slug)
    return [
        {"name": each.name, "languages": list(each.languages), **each.manifest.model_dump(exclude={"languages"})}
        for each in shipped()
    ]


@router.post("/projects/{slug:slug}/scenarios", response={201: LoadedOut})
def bring_scenario(request: HttpRequest, slug: str, body: ScenarioIn) -> Status[dict[str, Any]]:
    """Brings a scenario's seeds, vocabulary and prompt in. Doing it again adds nothing."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        loaded = load_scenario(
            seat.project, name=body.name, language=body.language, by=seat.person, now=timezone.now()
        )  # fmt: skip
    except ScenarioError as error:
        raise RefusedError(404 if error.code == "unknown_scenario" else 422, error.code, error.detail) from None
    return Status(201, {
        "language": loaded.language, "seeds": loaded.seeds, "there": loaded.there, "seed_ids": list(loaded.seed_ids),
        "repeated": loaded.repeated, "vocabulary": loaded.vocabulary.pk if loaded.vocabulary else None,
        "version": loaded.version.pk if loaded.version else None,
    })  # fmt: skip


@router.get("/projects/{slug:slug}/runs/{int:run_id}/coverage", response=CoverageOut | None)
def run_coverage(request: HttpRequest, slug: str, run_id: int) -> dict[str, Any] | None:
    """How evenly a run of domain generation used its seeds and entities; null for any other run."""
    run = get_object_or_404(Run, project=api_seat(request, slug).project, pk=run_id)
    found = coverage_of(run)
    if found is None:
        return None
    draws = found.draws
    return {
        "calls": draws.calls, "wanted": found.wanted, "lacking": found.lacking, "gini": draws.gini,
        "entities": dict(draws.entities), "unused": list(draws.unused), "categories": dict(draws.categories),
        "seeds": dict(draws.seeds), "unused_seeds": list(draws.unused_seeds), "task_types": found.types,
    }  # fmt: skip


def _vocabulary(seat: Seat, vocabulary_id: int) -> Vocabulary:
    return get_object_or_404(Vocabulary, project=seat.project, pk=vocabulary_id)


def _terms(body: VocabularyIn) -> vocabularies.Terms:
    """The terms of any depth, flattened; 422 for what is none."""
    found = vocabularies.read_text(json.dumps(body.terms, ensure_ascii=False))
    if isinstance(found, RowError):
        raise RefusedError(422, found.code, found.message, path=f"body.terms.{found.path}".rstrip("."))
    return found.terms


def _saved(
    seat: Seat, *, name: str, language: str, terms: vocabularies.Terms, row: Vocabulary | None = None
) -> dict[str, Any]:
    try:
        saved = save_vocabulary(
            seat.project, name=name, language=language, terms=terms, vocabulary=row, by=seat.person,
            now=timezone.now(),
        )  # fmt: skip
    except NameTakenError as refused:
        raise RefusedError(
            409, "name_taken", "Another vocabulary has this name.", vocabulary=refused.vocabulary.pk
        ) from None
    except FaultyVocabularyError as refused:
        raise RefusedError(422, refused.code, path="body.terms") from None
    return _out(saved)


def _out(row: Vocabulary) -> dict[str, Any]:
    names = ("id", "name", "language", "terms", "created_at")
    return {name: getattr(row, name) for name in names} | {"count": len(flattened(row.terms))}
