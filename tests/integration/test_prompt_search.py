"""A search for a better prompt: what people approved goes in, and what is found is kept as a prompt version."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.prompt_searches import approvals, tried_prompts
from generation.actions.prompts import FaultyPromptError, save_version, texts_for
from generation.actions.sources import sources_of
from generation.models import Draft, PromptVersion, Run
from generation.recipes import recipe
from generation.recipes.prompt_optimisation.templates import system_of, with_instruction, with_system
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.runs import plant_seeds, start_offline, work_through

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {"steps": 2, "candidates": 3, "train_rows": 4, "held_out_rows": 2}
SLOT = "self_instruct.classify"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    return cast


def searched(cast: Cast, **params: object) -> Run:
    return work_through(start_offline(cast.project, recipe="prompt_optimisation", params=SMALL | params))


def test_004_17_a_search_runs_in_steps_and_its_page_shows_what_was_tried(cast: Cast, client) -> None:
    run = searched(cast)
    assert run.state == "completed"
    tried = tried_prompts(run)
    assert [each.step for each in tried] == sorted(each.step for each in tried)
    assert {each.step for each in tried} <= {0, 1, 2}
    [best] = [each for each in tried if each.best]
    assert best.score == max(each.score or 0 for each in tried)
    assert best.held_out is not None
    client.force_login(cast.alice)
    page = client.get(reverse("run", args=[cast.project.slug, run.pk])).content.decode()
    assert best.text in page
    assert "Save as a new prompt version" in page
    client.force_login(cast.dave)
    assert (
        "Save as a new prompt version"
        not in client.get(reverse("run", args=[cast.project.slug, run.pk])).content.decode()
    )


def test_the_best_becomes_a_new_version_of_the_prompt_that_is_chosen(cast: Cast, client) -> None:
    run = searched(cast)
    best = next(each for each in tried_prompts(run) if each.best)
    client.force_login(cast.alice)
    url = reverse("run", args=[cast.project.slug, run.pk])
    client.post(url, {"do": "save_prompt", "slot": SLOT, "draft": best.draft})
    version = PromptVersion.objects.get(template__slot=SLOT, number=2)
    assert best.text in version.text
    assert version.note == f"#{run.pk}"
    assert texts_for(cast.project, recipe=recipe("self_instruct"), language="en")[SLOT][0] == version.pk
    for wrong in ({"slot": "no.slot", "draft": best.draft}, {"slot": SLOT, "draft": 0}, {"slot": SLOT, "draft": "x"}):
        client.post(url, {"do": "save_prompt", **wrong})
    assert PromptVersion.objects.filter(template__slot=SLOT).count() == 2


def test_an_instruction_that_no_template_takes_is_refused(cast: Cast, client) -> None:
    run = searched(cast)
    row = Draft.objects.filter(run=run, stage="prompt_optimisation.score").first()
    assert row
    row.content["instruction"] = "Use {{ nothing }}"
    row.save()
    client.force_login(cast.alice)
    client.post(reverse("run", args=[cast.project.slug, run.pk]), {"do": "save_prompt", "slot": SLOT, "draft": row.pk})
    assert not PromptVersion.objects.filter(template__slot=SLOT).exists()
    with pytest.raises(FaultyPromptError):
        save_version(
            cast.project, slot=SLOT, language="en", text="Use {{ nothing }}", by=cast.alice, now=timezone.now()
        )


def test_004_17_what_people_approved_is_frozen_with_the_run_and_shown_as_scores(cast: Cast) -> None:
    earlier = start_offline(cast.project)
    make_samples(cast.project, 3, state="approved", run=earlier)
    make_samples(cast.project, [("a", "b")], state="rejected", run=earlier)
    make_samples(cast.project, [("c", "d")], state="needs_review", run=earlier)
    known = {(each["slot"], each["number"]): each for each in approvals(cast.project)}
    shipped = known[SLOT, 0]
    assert (shipped["approved"], shipped["decided"]) == (3, 4)
    run = start_offline(
        cast.project, recipe="prompt_optimisation", params=SMALL | {"objective": "approval", "target": SLOT}
    )
    make_samples(cast.project, 5, state="rejected", run=earlier)
    [view] = [each for each in sources_of(run).prompts if each.slot == SLOT]
    assert (view.approved, view.decided) == (3, 4), "as it was when the run began"
    work_through(run)
    assert Run.objects.get(pk=run.pk).state == "completed"
    tried = tried_prompts(run)
    assert tried
    assert all(each.score is None and not each.best for each in tried)


def test_texts_are_put_where_they_belong() -> None:
    template = "[system]\nOld words.\n\n[user]\nAsk {{ x }}\n"
    assert system_of(template) == "Old words."
    assert with_system(template, "New words.") == "[system]\nNew words.\n\n[user]\nAsk {{ x }}\n"
    assert with_instruction(template, "Think.", "before_question").endswith("[user]\nThink.\n\nAsk {{ x }}\n")
    assert with_instruction(template, "Think.", "answer_begin").endswith("[user]\nAsk {{ x }}\n\nThink.\n")
    assert with_system("Only a user turn {{ x }}", "S") == "[system]\nS\n\n[user]\nOnly a user turn {{ x }}\n"
    assert system_of("[user]\nx") == ""
