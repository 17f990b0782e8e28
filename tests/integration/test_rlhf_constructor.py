"""Preference pairs from the command line: which models are asked where, what a file is read as, what is written."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.management import load_command_class
from django.utils import timezone

from generation.actions.endpoints import create_endpoint
from generation.actions.prices import set_price
from generation.actions.projects import create_project
from generation.models import Answer, Call, Endpoint, PreferencePair, Run, Sample, Seed
from generation.samples import sample_path
from tests.chat_server import chat_server
from tests.commands import run_command
from tests.judging_server import JUDGE, Desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    for name in ("OPENAI_API_KEY", "DASHSCOPE_API_KEY", "FDC_PROVIDERS"):
        monkeypatch.delenv(name, raising=False)


def typed(*arguments, capsys, name="rlhf_constructor", app="review"):
    return run_command(load_command_class(app, name), name, *arguments, capsys=capsys)


def lines_of(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


STRONG, WEAK = "One after the other, with care and reason. ", "Well. "


def desk(*models: str) -> Desk:
    """The first model says much, the others little; the judge looks for much."""
    answers = {name: (_much if at == 0 else _little) for at, name in enumerate(models)}
    return Desk(answers, _much)


def _much(task: str) -> str:
    return f"Of {len(task)} letters much is to be said. {STRONG * 3}"


def _little(task: str) -> str:
    return f"{len(task)} letters. {WEAK}"


def place(project, server, name, *models):
    found = create_endpoint(
        project, kind="openai_compatible", key="k" * 20, by=None, now=timezone.now(), name=name,
        models_listed=list(models[:1]), base_url=server.base_url, timeout_seconds=5,
    )  # fmt: skip
    for model in models:
        prices = {"input_price": Decimal(1), "output_price": Decimal(2)}
        set_price(found, model=model, currency="USD", on=timezone.now().date(), source="test", **prices)
    return found


@pytest.fixture
def project():
    return create_project(name="preferences", language="en", by=None, now=timezone.now())


EXAMPLES = [
    ("dashscope", "qwen-max", "qwen-plus", "alpaca_demo.jsonl", 16),
    ("dashscope", "qwen-max", "qwen-turbo", "fewshot_sentiment.jsonl", 28),
    ("openai", "gpt-4o", "gpt-4o-mini", "self_instruct.jsonl", 19),
]
"""The three commands of the tutorial: provider, models, file, prompts in it."""


@pytest.mark.parametrize(("provider", "high", "low", "name", "prompts"), EXAMPLES)
def test_002_10_the_tutorials_commands_run_and_models_are_recorded(
    tmp_path, project, capsys, provider, high, low, name, prompts
):
    out = tmp_path / "pairs.jsonl"
    with chat_server(desk(high, low), models=[high, low, JUDGE]) as server:
        place(project, server, provider, high, low, JUDGE)
        code, _, told = typed(
            "--input-file", sample_path(name), "--method", "model_comparison", "--provider", provider, "--high-model",
            high, "--low-model", low, "--judge-model", JUDGE, "--output-path", out, "--limit", "4", "--yes",
            "--canary-share", "0", capsys=capsys,
        )  # fmt: skip
    run = Run.objects.get(preview=False)
    assert (code, run.state) == (0, "completed"), told
    assert {body["model"] for body in server.bodies} == {high, low, JUDGE}
    assert (run.model, run.parts["low"]["model"], run.parts["judge"]["model"]) == (high, low, JUDGE)
    assert Sample.objects.filter(job__params__name=name, source_line__gt=0).count() == prompts
    pairs = PreferencePair.objects.filter(run=run, state="exportable")
    assert pairs.count() == len(lines_of(out)) == 4
    assert set(pairs.values_list("chosen__model", "rejected__model")) == {(high, low)}
    assert {pair.meta["judge"]["model"] for pair in pairs} == {JUDGE}
    assert [set(row) for row in lines_of(out)] == [{"prompt", "chosen", "rejected"}] * 4


def test_000_23_the_provider_is_inferred_and_the_same_model_twice_refused(tmp_path, project, capsys):
    wanted = ["--input-file", sample_path("alpaca_demo.jsonl"), "--method", "model_comparison", "--limit", "2", "--yes",
              "--output-path", tmp_path / "out.jsonl", "--canary-share", "0"]  # fmt: skip
    with (
        chat_server(desk("qwen-plus", "qwen-turbo")) as served,
        chat_server(desk("gpt-4o"), models=["gpt-4o"]) as other,
    ):
        served.models = ["qwen-plus", "qwen-turbo"]
        place(project, other, "Elsewhere", "gpt-4o")
        place(project, served, "Mine", "qwen-plus", "qwen-turbo")
        code, _, _ = typed(*wanted, "--high-model", "qwen-plus", "--low-model", "qwen-turbo", capsys=capsys)
        assert (code, {body["model"] for body in served.bodies}, other.bodies) == (0, {"qwen-plus", "qwen-turbo"}, [])
        asked = len(served.bodies)
        code, _, told = typed(*wanted, "--high-model", "qwen-plus", "--low-model", "Qwen-Plus", capsys=capsys)
        assert (code, "same model twice" in told, len(served.bodies)) == (1, True, asked)
        code, _, told = typed(*wanted, "--high-model", "qwen-max", "--low-model", "qwen-plus", capsys=capsys)
        assert (code, "No endpoint with a key serves qwen-max" in told) == (1, True)


def test_002_09_a_provider_that_does_not_have_the_model_is_refused_unless_it_declares_it(tmp_path, project, capsys):
    wanted = ["--input-file", sample_path("alpaca_demo.jsonl"), "--provider", "openai", "--high-model", "qwen-max",
              "--low-model", "qwen-plus", "--output-path", tmp_path / "o.jsonl", "--limit", "2", "--yes",
              "--canary-share", "0"]  # fmt: skip
    plain = create_endpoint(
        project, kind="openai_compatible", key="k" * 20, by=None, now=timezone.now(), name="OpenAI",
        base_url="https://api.openai.com/v1", models_listed=["gpt-4o"],
    )  # fmt: skip
    code, _, told = typed(*wanted, capsys=capsys)
    assert (code, "does not serve qwen-max" in told, Run.objects.count()) == (1, True, 0)
    Endpoint.objects.filter(pk=plain.pk).update(name="Other")
    with chat_server(desk("qwen-max", "qwen-plus"), models=["qwen-max", "qwen-plus"]) as server:
        place(project, server, "OpenAI", "gpt-4o")  # its list is asked
        code, _, told = typed(*wanted, capsys=capsys)
        assert (code, {body["model"] for body in server.bodies}) == (0, {"qwen-max", "qwen-plus"}), told
    code, _, _ = typed(*wanted, "--provider", "offline", capsys=capsys)
    assert code in (0, 3)  # the rules are no model's: nothing to check


SHAREGPT = {"conversations": [
    {"from": "system", "value": "You are terse."}, {"from": "human", "value": "Name a river."},
    {"from": "gpt", "value": "The Elbe."}, {"from": "human", "value": "And a lake?"},
    {"from": "gpt", "value": "SECRETANSWER Constance."},
]}  # fmt: skip
RANKED = {"prompt": "Name a tree.", "answers": [
    {"answer": "SECRETANSWER oak", "score": 9}, {"answer": "SECRETANSWER moss", "score": 2},
]}  # fmt: skip
SELF_INSTRUCT = {"id": "t", "name": "n", "instruction": "Say the colour.", "is_classification": False, "instances": [
    {"input": "grass", "output": "SECRETANSWER green"}, {"input": "sky", "output": "SECRETANSWER blue"},
]}  # fmt: skip
ALPACA = {"instruction": "Add.", "input": "2 and 2", "output": "SECRETANSWER 4"}


@pytest.mark.parametrize(
    ("row", "prompts"),
    [(ALPACA, ["Add.\n\n2 and 2"]), (SELF_INSTRUCT, ["Say the colour.\n\ngrass", "Say the colour.\n\nsky"]),
     (SHAREGPT, ["Name a river.", "And a lake?"]), (RANKED, ["Name a tree."])],
)  # fmt: skip
def test_002_11_every_kind_of_row_is_a_prompt_and_its_answer_never_leaks(tmp_path, project, capsys, row, prompts):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    with chat_server(desk("m-high", "m-low"), models=["m-high", "m-low"]) as server:
        place(project, server, "Mine", "m-high", "m-low")
        code, _, told = typed(
            "--input-file", path, "--high-model", "m-high", "--low-model", "m-low", "--provider", "mine", "--yes",
            "--output-path", tmp_path / "o.jsonl", "--canary-share", "0", capsys=capsys,
        )  # fmt: skip
    assert code == 0, told
    assert "likely" in told  # a preview measured both models
    sent = json.dumps([body["messages"] for body in server.bodies], ensure_ascii=False)
    asked = " ".join(body["messages"][-1]["content"] for body in server.bodies)
    assert "SECRETANSWER" not in sent
    assert all(prompt in asked for prompt in prompts)
    samples = Sample.objects.exclude(job=None)
    assert (samples.exclude(output="").count(), samples.first().source_line) == (0, 1)


def test_answers_that_are_there_are_ranked_by_their_own_scores_without_a_model(tmp_path, project, capsys):
    path, out = tmp_path / "ranked.jsonl", tmp_path / "pairs.jsonl"
    rows = [{"prompt": f"Name tree {n}.", "answers": [
        {"answer": f"oak {n}", "score": 9}, {"answer": f"some quite different thing {n}", "score": 2},
        {"answer": f"fern, or so they say {n}", "score": 5},
    ]} for n in range(3)]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    wanted = ["--input-file", path, "--method", "rank_responses", "--judge", "uploaded", "--output-path", out]
    code, _, told = typed(*wanted, "--strategy", "all_pairs", "--with-scores", capsys=capsys)
    assert (code, Call.objects.count()) == (0, 0), told
    assert len(lines_of(out)) == 9
    assert set(lines_of(out)[0]) == {"prompt", "chosen", "rejected", "score_chosen", "score_rejected"}
    assert all(row["score_chosen"] > row["score_rejected"] for row in lines_of(out))
    assert Answer.objects.count() == 9
    code, _, _ = typed(*wanted, "--strategy", "best_worst", capsys=capsys)
    assert (code, len(lines_of(out)), Answer.objects.count()) == (0, 3, 9)  # the same rows twice add none
    code, _, told = typed(*wanted[:4], "--judge", "uploaded", "--num-candidates", "3", capsys=capsys)
    assert (code, "--num-candidates is no setting of rank_responses" in told) == (1, True)


def test_candidates_are_scored_and_the_rows_of_rules_say_so(tmp_path, project, capsys):
    out = tmp_path / "pairs.jsonl"
    wanted = ["--input-file", sample_path("alpaca_demo.jsonl"), "--method", "generate_pairs", "--provider", "offline",
              "--limit", "6", "--num-candidates", "3", "--output-path", out]  # fmt: skip
    code, _, told = typed(*wanted, "--with-scores", capsys=capsys)
    assert code == 0, told
    assert "Rules answer, no language model" in told
    rows = lines_of(out)
    assert rows
    assert all(row["meta"] == {"made_by": "rules", "language_model": None} for row in rows)
    assert all(
        set(row) - {"meta"} == {"prompt", "chosen", "rejected", "score_chosen", "score_rejected"} for row in rows
    )
    calls = Call.objects.count()
    assert typed(*wanted, "--with-scores", capsys=capsys)[0] == 0
    assert Call.objects.count() == calls  # the same run, found again


def test_000_26_the_quick_start_in_a_row_leads_back_to_the_table(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    table = json.loads(sample_path("sentiment_demo.json").read_text(encoding="utf-8"))[:10]
    lines = ["sentence,label", *(f"{json.dumps(row['sentence'], ensure_ascii=False)},{row['label']}" for row in table)]
    (tmp_path / "table.csv").write_text("\n".join(lines), encoding="utf-8")
    steps = [
        ("construct_fewshot", "generation", ["--input-file", "table.csv", "--task-type", "sentiment", "--output-path",
                                             "data/fewshot_output.jsonl"]),
        ("alpaca_constructor", "generation", ["--input-file", "data/fewshot_output.jsonl", "--output-path",
                                              "data/alpaca_output.jsonl"]),
        ("rlhf_constructor", "review", ["--input-file", "data/alpaca_output.jsonl", "--method", "model_comparison",
                                        "--high-model", "qwen-plus", "--low-model", "qwen-turbo", "--output-path",
                                        "data/rlhf_output.jsonl"]),
    ]  # fmt: skip
    for name, app, arguments in steps:
        code, _, told = typed(*arguments, capsys=capsys, name=name, app=app)
        assert code == 0, told
    pairs = lines_of(tmp_path / "data/rlhf_output.jsonl")
    trails = lines_of(tmp_path / "data/rlhf_output.jsonl.lineage.jsonl")
    assert len(pairs) == len(trails) == PreferencePair.objects.filter(state="exportable").count() > 3
    for pair, trail in zip(pairs, trails, strict=True):
        files = [place.get("file") for place in trail["from"]]
        assert files == [None, "alpaca_output.jsonl", "fewshot_output.jsonl", "table.csv"]
        row = table[trail["from"][-1]["line"] - 2]  # the first line holds the names of the columns
        assert row["sentence"] in pair["prompt"]
        assert {"prompt", "chosen", "rejected"} <= set(pair)


def test_000_26_the_other_way_begins_with_the_workshop(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUM_INSTRUCTIONS", "4")
    code, _, told = typed(capsys=capsys, name="self_instruct_workshop", app="generation")
    assert code == 0, told
    code, _, _ = typed("--input-file", "data/self_instruct_output.jsonl", "--output-path", "data/alpaca.jsonl",
                       capsys=capsys, name="alpaca_constructor", app="generation")  # fmt: skip
    assert code == 0
    code, _, _ = typed("--input-file", "data/alpaca.jsonl", "--output-path", "data/rlhf.jsonl", "--provider", "offline",
                       capsys=capsys)  # fmt: skip
    assert code == 0
    trail = lines_of(tmp_path / "data/rlhf.jsonl.lineage.jsonl")[0]["from"]
    made = Sample.objects.get(pk=trail[-1]["sample"])
    assert (trail[-2]["file"], made.run.recipe) == ("self_instruct_output.jsonl", "self_instruct")
    assert trail[-1]["seed"] is None or Seed.objects.filter(pk=trail[-1]["seed"]).exists()
