"""The administration site: superusers only, and saving calls the verbs."""

import json

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from generation.actions.prompts import slot_named
from generation.actions.tallies import counts
from generation.models import AuditEntry, Endpoint, Job, Person, Project, PromptTemplate, PromptVersion, Seed
from tests.cast import NOW, Cast, make_cast, make_samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    Person.objects.filter(pk=cast.alice.pk).update(is_superuser=True, is_staff=True)
    cast.alice.refresh_from_db()
    return cast


@pytest.fixture
def root(cast) -> Client:
    client = Client()
    client.force_login(cast.alice)
    return client


def seed_values(cast: Cast, **changes: object) -> dict[str, object]:
    instances = json.dumps([{"input": "rain", "output": "Rain falls."}])
    values = {"project": cast.project.pk, "instruction": "Write a line.", "instances": instances, "fields": "{}"}
    return values | {"task_type": "poem", "language": "en", "tags": "[]"} | changes


def test_only_superusers_come_in(cast):
    Person.objects.filter(pk=cast.bob.pk).update(is_staff=True)
    client = Client()
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/sign-in?next=%2Fadmin%2F"
    client.force_login(Person.objects.get(pk=cast.bob.pk))
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/"


def test_every_kind_of_row_has_a_list(root, cast):
    make_samples(cast.project, 2)
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert root.get(address).status_code == 200, address


def test_a_new_seed_is_counted_and_found(root, cast):
    root.post("/admin/generation/seed/add/", seed_values(cast))
    assert Seed.objects.get().search
    assert counts(cast.project.pk, kind="seed") == {"active": 1}
    assert "Write a line." in root.get("/admin/generation/seed/?q=rain").content.decode()
    assert "Write a line." not in root.get("/admin/generation/seed/?q=snow").content.decode()


def test_an_edited_seed_gets_a_new_hash(root, cast):
    root.post("/admin/generation/seed/add/", seed_values(cast))
    seed = Seed.objects.get()
    root.post(f"/admin/generation/seed/{seed.pk}/change/", seed_values(cast, instruction="Write two lines."))
    changed = Seed.objects.get()
    assert changed.instruction == "Write two lines."
    assert changed.content_hash != seed.content_hash


def test_the_same_seed_again_and_odd_json_are_refused_in_words(root, cast):
    root.post("/admin/generation/seed/add/", seed_values(cast))
    again = root.post("/admin/generation/seed/add/", seed_values(cast))
    assert "exactly this content" in again.content.decode()
    odd = root.post("/admin/generation/seed/add/", seed_values(cast, instances='["x"]'))
    assert "Instances are objects" in odd.content.decode()
    assert Seed.objects.count() == 1


def test_deleting_a_seed_retires_it(root, cast):
    root.post("/admin/generation/seed/add/", seed_values(cast))
    root.post(f"/admin/generation/seed/{Seed.objects.get().pk}/delete/", {"post": "yes"})
    assert Seed.objects.get().retired_at is not None
    assert counts(cast.project.pk, kind="seed") == {}


def test_a_file_of_seeds_starts_an_import(root, cast):
    line = json.dumps({"instruction": "Name a bird.", "instances": [{"input": "", "output": "Wren."}]})
    file = SimpleUploadedFile("seeds.jsonl", line.encode())
    answer = root.post("/admin/generation/seed/import/", {"project": cast.project.pk, "file": file})
    job = Job.objects.get(kind="generation.import_seeds")
    assert answer["Location"] == f"/p/poems/seeds/imports/{job.pk}"
    assert job.project == cast.project


def test_a_prompt_saved_here_is_a_new_version(root, cast):
    address = "/admin/generation/prompttemplate/"
    shown = root.get(f"{address}add/")
    slot = "self_instruct.classify"
    assert slot in shown.content.decode()
    values = {"project": cast.project.pk, "slot": slot, "language": "en", "text": "nothing useful", "note": ""}
    refused = root.post(f"{address}add/", values)
    assert refused.context["adminform"].form.errors["text"]
    assert PromptVersion.objects.count() == 0


def test_a_good_prompt_is_version_two_of_the_shipped_text(root, cast):
    _recipe, slot = slot_named("self_instruct.classify", language="en")
    text = slot.shipped("en") + "\nAnswer with care.\n"
    values = {"project": cast.project.pk, "slot": slot.name, "language": "en", "text": text, "note": "care"}
    root.post("/admin/generation/prompttemplate/add/", values)
    assert [version.number for version in PromptTemplate.objects.get().versions.all()] == [2, 1]
    assert AuditEntry.objects.filter(action="prompt.saved", person=cast.alice).exists()


def test_a_project_made_here_has_its_pool_and_owner(root, cast):
    values = {"name": "Haiku", "language": "en", "guidelines": "", "reject_reasons": "[]"}
    root.post("/admin/generation/project/add/", values)
    project = Project.objects.get(slug="haiku")
    assert project.pools.count() == 1
    assert project.memberships.get().person == cast.alice


def test_a_person_can_be_stopped_but_the_last_administrator_cannot(root, cast):
    values = {"first_name": "Bob", "last_name": ""}
    root.post(f"/admin/generation/person/{cast.bob.pk}/change/", values)
    assert not Person.objects.get(pk=cast.bob.pk).is_active
    root.post(f"/admin/generation/person/{cast.alice.pk}/change/", values)
    assert Person.objects.get(pk=cast.alice.pk).is_active


def test_other_rows_are_there_to_be_read(root, cast):
    sample = make_samples(cast.project, 1)[0]
    page = f"/admin/generation/sample/{sample.pk}/change/"
    assert root.get(page).status_code == 200
    assert root.post(page, {"state": "approved"}).status_code == 403
    assert root.get("/admin/generation/sample/add/").status_code == 403


def test_no_page_shows_a_key(root):
    endpoint = Endpoint.objects.create(name="x", kind="openai_compatible", key_box=b"canary-in-a-box", created_at=NOW)
    page = root.get(f"/admin/generation/endpoint/{endpoint.pk}/change/").content
    assert b"canary" not in page
    assert b"key_box" not in page
