"""Vocabularies and scenarios in the browser and through the API, and the coverage of a run."""

from __future__ import annotations

import io
import json

import pytest
from django.urls import reverse

from generation.actions.endpoints import ensure_installation_endpoints
from generation.actions.prompts import save_version
from generation.actions.runs import StartRefusedError, start_run
from generation.actions.scenarios import load_scenario
from generation.coverage import coverage_of
from generation.models import AuditEntry, Endpoint, PromptVersion, Run, Seed, Vocabulary
from generation.samples.scenarios import scenario_in, scenario_named
from tests.cast import NOW, make_cast
from tests.runs import work_through

pytestmark = pytest.mark.django_db
NESTED = {"内科": {"呼吸": ["哮喘", "肺炎"], "心脏": ["高血压"]}, "儿科": ["肺炎", "水痘"]}
SLOT = "domain_generation.generate"


@pytest.fixture
def cast():
    return make_cast()


def asked(client, person, cast, page, *more, method="get", **data):
    client.force_login(person)
    return getattr(client, method)(reverse(page, args=[cast.project.slug, *more]), data)


def test_001_06_a_nested_file_is_flattened_to_the_union_and_shared_terms_are_kept_once(client, cast):
    file = io.BytesIO(json.dumps(NESTED, ensure_ascii=False).encode())
    file.name = "diseases.json"
    answer = asked(client, cast.bob, cast, "vocabulary_new", method="post", name="疾病", file=file)
    row = Vocabulary.objects.get()
    assert answer.status_code == 302
    assert row.terms == {"内科 / 呼吸": ["哮喘", "肺炎"], "内科 / 心脏": ["高血压"], "儿科": ["肺炎", "水痘"]}
    page = asked(client, cast.dave, cast, "vocabulary", row.pk).content.decode()
    assert "4 terms" in page
    assert "内科 / 呼吸 · 儿科" in page
    saved = asked(client, cast.dave, cast, "vocabulary", row.pk, json="").content
    assert json.loads(saved) == row.terms


def test_lines_are_edited_a_file_adds_to_them_and_deeds_are_recorded(client, cast):
    asked(client, cast.bob, cast, "vocabulary_new", method="post", name="Desk", text="# Rooms\nhall\nhall\ncellar\n")
    row = Vocabulary.objects.get()
    assert row.terms == {"Rooms": ["hall", "cellar"]}
    file = io.BytesIO(b"category,term\nRooms,attic\nThings,lamp\n")
    file.name = "more.csv"
    given = {"name": "Desk", "text": "# Rooms\nhall", "file": file}
    assert asked(client, cast.bob, cast, "vocabulary", row.pk, method="post", **given).status_code == 302
    row.refresh_from_db()
    assert row.terms == {"Rooms": ["hall", "attic"], "Things": ["lamp"]}
    assert asked(client, cast.bob, cast, "vocabulary", row.pk, method="post", do="delete").status_code == 302
    assert not Vocabulary.objects.exists()
    deeds = AuditEntry.objects.filter(action__startswith="vocabulary.").order_by("id")
    assert [each.action for each in deeds] == ["vocabulary.made", "vocabulary.changed", "vocabulary.deleted"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Write some terms"), ('{"a": ', "not valid JSON"), ("# only a heading", "no term"),
     ("category,term\nx", "Line 2"), ('{"a": [true]}', "must be a text")],
)  # fmt: skip
def test_what_is_no_vocabulary_is_refused_with_its_reason(client, cast, text, words):
    answer = asked(client, cast.bob, cast, "vocabulary_new", method="post", name="x", text=text)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Vocabulary.objects.exists()


def test_a_name_serves_one_vocabulary_only(client, cast):
    for _ in range(2):
        answer = asked(client, cast.bob, cast, "vocabulary_new", method="post", name="x", text="a")
    assert (answer.status_code, Vocabulary.objects.count()) == (422, 1)


def test_the_empty_page_says_what_a_vocabulary_is_for(client, cast):
    page = asked(client, cast.bob, cast, "vocabularies").content.decode()
    assert "No vocabulary yet" in page
    assert "No vocabulary yet" in asked(client, cast.dave, cast, "vocabularies").content.decode()


def test_001_02_a_scenario_brings_seeds_vocabulary_and_prompt_and_twice_is_once(client, cast):
    for _ in range(2):
        answer = asked(client, cast.bob, cast, "scenarios", method="post", scenario="medical:zh")
    terms = Vocabulary.objects.get()
    assert answer["Location"].endswith(f"/runs/new/domain_generation?scenario=medical:zh&vocabulary={terms.pk}")
    assert Seed.objects.in_project(cast.project).count() == 12
    assert set(Seed.objects.values_list("task_type", flat=True)) == {"预约挂号", "导诊分诊", "健康管理"}
    assert terms.name == "疾病词典"
    version = PromptVersion.objects.get(number=2)
    assert "<sample_list>" in version.text
    assert "<disease_list>" in version.text
    page = client.get(answer["Location"]).content.decode()
    assert 'name="p_max_output_chars" value="100"' in page
    assert f'<option value="{terms.pk}" selected>' in page
    assert client.get(reverse("scenarios", args=[cast.project.slug])).status_code == 200


def test_a_prompt_that_people_wrote_since_stays_in_use_when_the_scenario_comes_again(cast):
    first = load_scenario(cast.project, name="library", language="en", by=cast.bob, now=NOW).version
    mine = save_version(cast.project, slot=SLOT, language="en", text=first.text + "\nBe brief.", by=cast.bob, now=NOW)
    again = load_scenario(cast.project, name="library", language="en", by=cast.bob, now=NOW)
    assert (again.version, again.seeds, again.there) == (first, 0, 12)
    assert PromptVersion.objects.filter(template__slot=SLOT).newest().get() == mine


def test_001_03_the_twelve_seeds_have_ids_of_their_own_and_the_originals_repeats_are_told(tmp_path):
    assert len({seed.source_id for seed in scenario_named("medical").contents("zh").seeds}) == 12
    rows = [json.dumps({"id": f"seed_task_{n // 4}", "name": "x", "instruction": f"做 {n}", "instances": [
        {"input": "", "output": "好"}]}, ensure_ascii=False) for n in range(12)]  # fmt: skip
    (tmp_path / "seeds.jsonl").write_text("\n".join(rows), "utf-8")
    (tmp_path / "scenario.json").write_text(
        '{"title": {"zh": "像原来的"}, "languages": {"zh": {"seeds": "seeds.jsonl"}}}'
    )
    found = scenario_in(tmp_path).contents("zh")
    assert len({seed.source_id for seed in found.seeds}) == 12
    assert [(each.line, each.id, each.given) for each in found.repeated][:3] == [
        (2, "seed_task_0", "seed_task_0-2"), (3, "seed_task_0", "seed_task_0-3"), (4, "seed_task_0", "seed_task_0-4"),
    ]  # fmt: skip
    assert len(found.repeated) == 9


def test_a_new_project_may_start_from_a_scenario(client, cast):
    client.force_login(cast.bob)
    client.post(reverse("project_new"), {"name": "Ward", "language": "zh", "scenario": "medical"})
    assert Seed.objects.filter(project__slug="ward").count() == 12


@pytest.mark.django_db(transaction=True)
def test_001_03_a_run_reports_its_types_and_coverage_on_the_page_and_through_the_api(client, cast):
    ensure_installation_endpoints(now=NOW)
    load_scenario(cast.project, name="medical", language="zh", by=cast.bob, now=NOW)
    endpoint = Endpoint.objects.get(kind="offline")
    params = {"generate_times": 8, "entity_drawing": "stratified", "max_output_chars": 100}
    run = start_run(
        cast.project, recipe="domain_generation", params=params, language="zh", endpoint=endpoint, by=cast.bob, now=NOW
    )
    run = work_through(run)
    found = coverage_of(run)
    assert (found.draws.calls, found.wanted, len(found.draws.entities), len(found.draws.unused)) == (24, 72, 24, 34)
    assert round(found.draws.gini, 2) == round(34 / 58, 2)
    assert sum(each.calls for each in found.types) == 24
    assert sum(each.kept for each in found.types) == run.tallies.get(name="sample.needs_review").count
    page = asked(client, cast.dave, cast, "run", run.pk).content.decode()
    assert "24 of 58" in page
    assert "34 entities never used" in page
    answer = client.get(f"/api/v1/projects/{cast.project.slug}/runs/{run.pk}/coverage").json()
    assert (answer["calls"], answer["gini"], len(answer["unused"])) == (24, found.draws.gini, 34)
    assert sum(answer["seeds"].values()) == 24


def test_001_05_a_template_file_becomes_a_version_and_one_with_a_strange_placeholder_does_not(client, cast):
    def posted(text):
        file = io.BytesIO(text.encode("utf-8-sig"))
        file.name = "prompt_template.txt"
        return asked(client, cast.bob, cast, "prompt_import", SLOT, "zh", method="post", file=file)

    posted("参考<sample_list>，围绕<disease_list>，9. 每次生成3条数据")
    version = PromptVersion.objects.get(number=2)
    assert (version.text[:17], version.note) == ("参考<sample_list>，围", "prompt_template.txt")
    page = client.get(posted("<sample_list> <department_list>")["Location"]).content.decode()
    assert "&lt;department_list&gt;" in page
    assert PromptVersion.objects.filter(template__slot=SLOT).count() == 2


def test_004_23_the_editor_offers_the_outline_and_shows_what_the_linter_says(client, cast):
    page = asked(client, cast.bob, cast, "prompt", SLOT, "zh", outline="langgpt").content.decode()
    assert "# 角色：训练数据编写员" in page
    assert "## 初始化" in page
    text = "# Role: Writer\n## Rules\n- short\nSee {{ samples }} about {{ entities }}"
    page = asked(client, cast.bob, cast, "prompt", SLOT, "en", method="post", do="preview", text=text).content.decode()
    assert "This LangGPT prompt has no module Workflow." in page
    assert "This LangGPT prompt has no module Initialization." in page


def test_001_12_the_form_of_a_run_warns_of_another_number_and_of_a_missing_placeholder(client, cast):
    load_scenario(cast.project, name="medical", language="zh", by=cast.bob, now=NOW)
    ensure_installation_endpoints(now=NOW)
    client.force_login(cast.bob)
    url = reverse("new_run", args=[cast.project.slug, "domain_generation"])
    assert "another number of records" not in client.get(url + "?scenario=medical:zh").content.decode()
    form = {"start_key": "k", "language": "zh", "random_seed": 1, "do": "look", "p_records_per_call": 5,
            "p_entity_drawing": "random", "p_surplus": "keep", "p_approved_novelty": "drop",
            "endpoint": Endpoint.objects.get(kind="offline").pk}  # fmt: skip
    assert "another number of records than the run counts on: 3 / 5" in client.post(url, form).content.decode()


def test_001_05_a_run_whose_template_cannot_be_sent_does_not_start(cast):
    load_scenario(cast.project, name="library", language="en", by=cast.bob, now=NOW)
    ensure_installation_endpoints(now=NOW)
    PromptVersion.objects.update(text="Like <sample_list> about <room_list>")
    with pytest.raises(StartRefusedError, match="faulty_prompt") as refused:
        start_run(
            cast.project, recipe="domain_generation", params={}, language="en", by=cast.bob, now=NOW,
            endpoint=Endpoint.objects.get(kind="offline"),
        )  # fmt: skip
    assert refused.value.faults == ((SLOT, "unreplaced_placeholder"),)
    assert not Run.objects.exists()


def test_the_api_takes_nested_terms_and_files_and_refuses_what_is_none(client, cast):
    client.force_login(cast.bob)
    url = f"/api/v1/projects/{cast.project.slug}/vocabularies"
    made = client.post(url, {"name": "x", "terms": NESTED}, content_type="application/json")
    assert (made.status_code, made.json()["count"]) == (201, 4)
    one = f"{url}/{made.json()['id']}"
    assert client.post(url, {"name": "x", "terms": ["a"]}, content_type="application/json").status_code == 409
    assert client.put(one, {"name": "y", "terms": []}, content_type="application/json").json()["code"] == "no_terms"
    file = io.BytesIO("# 场地\n大厅\n".encode())
    file.name = "rooms.txt"
    assert client.post(f"{url}/import", {"file": file}).json()["terms"] == {"场地": ["大厅"]}
    assert [each["name"] for each in client.get(url).json()] == ["rooms", "x"]
    assert client.delete(one).status_code == 204
    bring = client.post(url.replace("vocabularies", "scenarios"), {"name": "library"}, content_type="application/json")
    assert (bring.status_code, bring.json()["seeds"], bring.json()["language"]) == (201, 12, "en")
