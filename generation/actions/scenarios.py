"""Scenarios come into a project: seeds, a vocabulary and a version of the prompt, in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from generation.actions.audit import audit
from generation.actions.prompts import save_version, text_hash
from generation.actions.seed_rows import with_defaults
from generation.actions.seeds import DuplicateSeedError, save_seed
from generation.actions.vocabularies import save_vocabulary
from generation.models import Person, Project, PromptVersion, Vocabulary
from generation.samples.scenarios import Contents, Repeated, Scenario, scenario_named


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it. `seeds` are new and `there` were in the project already; `seed_ids` are all of them in the order
    of the file. `repeated` ids were given a number behind them."""

    scenario: Scenario
    language: str
    seeds: int
    there: int
    seed_ids: tuple[int, ...]
    repeated: tuple[Repeated, ...]
    vocabulary: Vocabulary | None
    version: PromptVersion | None


def load_scenario(
    project: Project, *, name: str | Scenario, by: Person | None, now: datetime, language: str = ""
) -> Loaded:
    """Brings a scenario in, a shipped one by its name, in the language asked for or else the project's or its own.

    Doing it again adds nothing. `ScenarioError` for what cannot be read; `FaultyPromptError` for a template that
    cannot be used; nothing is kept then.
    """
    scenario = scenario_named(name) if isinstance(name, str) else name
    language = language or (project.language[:2] if project.language[:2] in scenario.languages else "")
    language = language or scenario.languages[0]
    contents = scenario.contents(language)
    with transaction.atomic():
        ids, new = _seeds(project, scenario, contents, language, now=now)
        vocabulary = _vocabulary(project, scenario, contents, language, by=by, now=now)
        version = _version(project, scenario, contents, language, by=by, now=now)
        audit("scenario.loaded", by=by, now=now, project=project, subject=scenario.name, language=language, seeds=new)
    return Loaded(scenario, language, new, len(ids) - new, ids, contents.repeated, vocabulary, version)


def _seeds(
    project: Project, scenario: Scenario, contents: Contents, language: str, *, now: datetime
) -> tuple[tuple[int, ...], int]:
    """The seeds' ids in their order, and how many are new."""
    ids, new = [], 0
    for row in contents.seeds:
        row = with_defaults(row, language=language)
        try:
            ids.append(save_seed(project, row=row, source=f"scenario:{scenario.name}"[:200], now=now).pk)
            new += 1
        except DuplicateSeedError as twin:
            ids.append(twin.seed.pk)
    return tuple(dict.fromkeys(ids)), new


def _vocabulary(
    project: Project, scenario: Scenario, contents: Contents, language: str, *, by: Person | None, now: datetime
) -> Vocabulary | None:
    """The project's vocabulary with these very terms, or a new one under a name that is free."""
    if contents.vocabulary is None:
        return None
    terms = contents.vocabulary.terms
    files = scenario.manifest.languages[language]  # type: ignore[index]
    wanted = (files.vocabulary_name or scenario.told(scenario.manifest.title, language))[:110]
    name, number = wanted, 2
    while (twin := Vocabulary.objects.filter(project=project, name=name).first()) is not None:
        if twin.terms == terms:
            return twin
        name, number = f"{wanted} {number}", number + 1
    return save_vocabulary(project, name=name, language=language, terms=terms, by=by, now=now)


def _version(
    project: Project, scenario: Scenario, contents: Contents, language: str, *, by: Person | None, now: datetime
) -> PromptVersion | None:
    """The version with the scenario's text. One that came in before stays where it is, and what people wrote since in
    use."""
    if not contents.template.strip():
        return None
    slot, text = scenario.manifest.slot, contents.template.replace("\r\n", "\n")
    known = PromptVersion.objects.filter(
        template__project=project, template__slot=slot, template__language=language, template__name="",
        text_hash=text_hash(text),
    )  # fmt: skip
    note = scenario.told(scenario.manifest.title, language)
    return known.first() or save_version(
        project, slot=slot, language=language, text=text, by=by, now=now, note=note
    )  # fmt: skip
