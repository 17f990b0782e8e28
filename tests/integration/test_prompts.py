"""Prompts: versions are kept, faults are shown with their line, and a preview is made of real seeds."""

from __future__ import annotations

import pytest

from generation.actions.prompts import FaultyPromptError, save_version, texts_for, use_version, versions_in_use
from generation.actions.seeds import save_seed
from generation.actions.task_types import params_of, types_in
from generation.formats.seed_tasks import SeedRow
from generation.models import AuditEntry, PromptVersion
from generation.recipes import recipe
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db

SLOT = "self_instruct.classify"
URL = f"/p/poems/prompts/{SLOT}/en"
TEXT = "[user]\nIs this a classification task? {{ instruction }}\nSay yes or no."


@pytest.fixture
def cast():
    cast = make_cast()
    for number in range(6):
        save_seed(
            cast.project, row=SeedRow(instruction=f"Write a line about the number {number}.", language="en"), now=NOW
        )
    return cast


@pytest.fixture
def as_bob(client, cast):
    client.force_login(cast.bob)
    return client


def in_use(project, language="en"):
    return texts_for(project, recipe=recipe("self_instruct"), language=language)[SLOT]


def test_a_project_begins_with_the_shipped_texts(cast):
    version_id, text = in_use(cast.project)
    assert version_id == 0
    assert "{{ instruction }}" in text
    assert in_use(cast.project, "zh")[1] != text


def test_the_first_change_keeps_the_shipped_text_as_version_one(cast):
    shipped = in_use(cast.project)[1]
    version = save_version(cast.project, slot=SLOT, language="en", text=TEXT, by=cast.bob, now=NOW)
    assert version.number == 2
    assert version.template.versions.get(number=1).text == shipped
    assert in_use(cast.project) == (version.pk, TEXT)
    assert in_use(cast.other_project)[0] == 0
    assert list(AuditEntry.objects.values_list("action", "subject")) == [("prompt.saved", f"{SLOT} en")]


def test_the_same_text_makes_no_new_version(cast):
    first = save_version(cast.project, slot=SLOT, language="en", text=TEXT, by=cast.bob, now=NOW)
    again = save_version(cast.project, slot=SLOT, language="en", text=TEXT.replace("\n", "\r\n"), by=cast.bob, now=NOW)
    assert again == first


def test_an_old_version_comes_back_as_a_new_one(cast):
    save_version(cast.project, slot=SLOT, language="en", text=TEXT, by=cast.bob, now=NOW)
    old = PromptVersion.objects.get(number=1)
    back = use_version(old, by=cast.alice, now=NOW)
    assert (back.number, back.text, back.author) == (3, old.text, cast.alice)
    assert versions_in_use(cast.project, language="en") == {SLOT: back}


def test_a_faulty_text_never_becomes_a_version(cast):
    with pytest.raises(FaultyPromptError) as caught:
        save_version(cast.project, slot=SLOT, language="en", text="{{ instruktion }}", by=cast.bob, now=NOW)
    assert [fault.code for fault in caught.value.faults] == ["unknown_variable", "missing_variable"]
    assert not PromptVersion.objects.exists()


def test_the_editor_shows_the_template_filled_from_the_projects_seeds(as_bob):
    page = as_bob.get("/p/poems/prompts/self_instruct.invent/en")
    assert "Write a line about the number" in page.text
    assert "as shipped" in page.text


def test_saving_a_faulty_text_answers_422_with_the_line_and_keeps_what_was_typed(as_bob):
    page = as_bob.post(URL, {"do": "save", "text": "[user]\n{{ instruktion }} mine"})
    assert page.status_code == 422
    assert "Line 2: There is no variable of this name: instruktion" in page.text
    assert "{{ instruktion }} mine" in page.text


def test_the_live_preview_is_a_part_of_the_page_and_saves_nothing(as_bob):
    headers = {"HX-Request": "true", "HX-Target": "prompt_preview"}
    part = as_bob.post(URL, {"do": "preview", "text": TEXT}, headers=headers)
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "Is this a classification task? " in part.text
    faulty = as_bob.post(URL, {"do": "preview", "text": "{{ x }}"}, headers=headers)
    assert "There is no variable of this name: x" in faulty.text
    assert not PromptVersion.objects.exists()


def test_save_compare_and_take_back_without_scripts(as_bob):
    page = as_bob.post(URL, {"do": "save", "text": TEXT, "note": "shorter"}, follow=True)
    assert "Version 2 is in use." in page.text
    old = PromptVersion.objects.get(number=1)
    assert "<del" in as_bob.get(f"{URL}?diff={old.pk}").text
    page = as_bob.post(URL, {"do": "use", "version": old.pk}, follow=True)
    assert "as version 3" in page.text


def test_a_version_of_another_project_is_not_compared_or_used(cast, as_bob):
    foreign = save_version(
        cast.other_project, slot=SLOT, language="en", text=TEXT + " secret", by=cast.mallory, now=NOW
    )
    assert "secret" not in as_bob.get(f"{URL}?diff={foreign.pk}").text
    assert as_bob.post(URL, {"do": "use", "version": foreign.pk}).status_code == 404


@pytest.mark.parametrize("path", ["self_instruct.nothing/en", "self_instruct.classify/fr", "few_shot.custom/en"])
def test_unknown_slots_lead_nowhere(as_bob, path):
    assert as_bob.get(f"/p/poems/prompts/{path}").status_code == 404


def test_viewers_read_and_only_editors_save(cast, client):
    for name, status in [("dave", 403), ("carol", 403), ("bob", 302), ("alice", 302), ("mallory", 404)]:
        client.force_login(getattr(cast, name))
        assert client.get("/p/poems/prompts").status_code == (404 if name == "mallory" else 200)
        assert client.get(URL).status_code == (404 if name == "mallory" else 200)
        assert client.post(URL, {"do": "save", "text": TEXT}).status_code == status


TYPE = {
    "name": "urgency", "language": "en", "fields_shown": "message", "answer": "urgency",
    "text": "How urgent?\n\n{{ examples }}\n\nMessage: {{ message }}\nUrgency:",
}  # fmt: skip


def test_a_task_type_of_ones_own_is_made_filled_and_versioned(cast, as_bob):
    for number in range(4):
        row = SeedRow(fields={"message": f"Fire in room {number}!", "urgency": "high"}, language="en")
        save_seed(cast.project, row=row, now=NOW)
    shown = as_bob.post("/p/poems/prompts/types/new", TYPE | {"do": "preview"})
    assert "Fire in room" in shown.text
    as_bob.post("/p/poems/prompts/types/new", TYPE | {"do": "save"})
    version = types_in(cast.project)[0]
    assert params_of(version)["custom_fields"] == ["message"]
    recipe("few_shot").Params(**params_of(version))
    url = f"/p/poems/prompts/types/{version.template.pk}"
    as_bob.post(url, TYPE | {"do": "save", "text": TYPE["text"].replace("How", "Just how")})
    assert types_in(cast.project)[0].number == 2
    assert "urgency" in as_bob.get("/p/poems/prompts").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": "{{ examples }} {{ other }}"}, "The template uses a column that is not declared: other"),
        ({"text": "{{ message }}"}, "The template must use {{ examples }} once."),
        ({"answer": "message"}, "The column asked for must not be one that is shown."),
    ],
)
def test_a_type_whose_template_does_not_fit_is_refused_in_words(as_bob, change, sentence):
    page = as_bob.post("/p/poems/prompts/types/new", TYPE | {"do": "save"} | change)
    assert page.status_code == 422
    assert sentence in page.text


def test_the_preview_of_a_type_looks_for_rows_that_have_its_columns(cast, as_bob):
    save_seed(cast.project, row=SeedRow(fields={"sentence": "Another table."}, language="en"), now=NOW)
    for number in range(3):
        row = SeedRow(fields={"message": f"{number} 号房着火！", "urgency": "high"}, language="zh")
        save_seed(cast.project, row=row, now=NOW)
    shown = as_bob.post("/p/poems/prompts/types/new", TYPE | {"do": "preview"})
    assert "号房着火" in shown.text


def test_a_second_type_of_one_name_is_refused(as_bob):
    as_bob.post("/p/poems/prompts/types/new", TYPE | {"do": "save"})
    page = as_bob.post("/p/poems/prompts/types/new", TYPE | {"do": "save"})
    assert page.status_code == 422
    assert "There is a type of this name in this language." in page.text
