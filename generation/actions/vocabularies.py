"""The verbs of vocabularies. A run that was started keeps the terms that it was started with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from generation.actions.audit import audit
from generation.formats.vocabularies import LONGEST, MOST_TERMS
from generation.models import Person, Project, Vocabulary


class NameTakenError(Exception):
    """Another vocabulary of the project has this name; `vocabulary` is that one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary.name)
        self.vocabulary = vocabulary


class FaultyVocabularyError(ValueError):
    """The terms cannot be a vocabulary. `code` is one of the readers' own: no_terms, too_long, too_many_terms."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def save_vocabulary(
    project: Project,
    *,
    name: str,
    terms: Mapping[str, Sequence[str]],
    by: Person | None,
    now: datetime,
    language: str = "",
    vocabulary: Vocabulary | None = None,
) -> Vocabulary:
    """A new vocabulary, or `vocabulary` with new content. Each category keeps its terms once, in their order.

    `NameTakenError` for a name that another one has, `FaultyVocabularyError` for terms that are none.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    twin = Vocabulary.objects.filter(project=project, name=name).first()
    if twin is not None and (vocabulary is None or twin.pk != vocabulary.pk):
        raise NameTakenError(twin)
    kept = {category: list(dict.fromkeys(listed)) for category, listed in terms.items() if listed}
    _check(kept)
    if vocabulary is None:
        vocabulary = Vocabulary(project=project, created_at=now)
    made = vocabulary.pk is None
    vocabulary.name, vocabulary.language, vocabulary.terms = name, language, kept
    vocabulary.save()
    number = len({term for listed in kept.values() for term in listed})
    audit(
        "vocabulary.made" if made else "vocabulary.changed", by=by, now=now, project=project, subject=name, terms=number
    )
    return vocabulary


@transaction.atomic
def delete_vocabulary(vocabulary: Vocabulary, *, by: Person | None, now: datetime) -> None:
    """Takes it away. What was made with it stays, and so do the terms that runs pinned."""
    audit("vocabulary.deleted", by=by, now=now, project=vocabulary.project, subject=vocabulary.name)
    vocabulary.delete()


def _check(terms: Mapping[str, Sequence[str]]) -> None:
    count = sum(len(listed) for listed in terms.values())
    if not count:
        raise FaultyVocabularyError("no_terms")
    if count > MOST_TERMS:
        raise FaultyVocabularyError("too_many_terms")
    if any(not term.strip() or len(term) > LONGEST for listed in terms.values() for term in listed):
        raise FaultyVocabularyError("too_long")
    if any(len(category) > LONGEST for category in terms):
        raise FaultyVocabularyError("too_long")
