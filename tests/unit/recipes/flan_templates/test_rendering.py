"""What the rows read like: options, delimiters, steps, and which rows are left out."""

from collections import Counter

import pytest

from generation.recipes import recipe
from generation.recipes.base import PromptText
from generation.recipes.flan_templates.params import KINDS, TEMPLATES, Params
from generation.recipes.flan_templates.reasoning import joined, split
from generation.recipes.variants import blocks, fill
from generation.types import Instance, SampleView, SeedView, Sources
from tests.contracts.playing import Play
from tests.contracts.recipe_cases.base import demo_seeds

FLAN = recipe("flan_templates")
ZERO, ZERO_OPTIONS, FEW = ["0", "1", "0", "0"], ["1", "0", "0", "0"], ["0", "0", "0", "1"]
MOODS = [("A joy.", "good"), ("Never again.", "bad"), ("Lovely soup.", "good"), ("Cold and late.", "bad")]


def played(seeds=(), samples=(), language="en", **params) -> Play:
    return Play(FLAN, Params(**params), Sources(seeds, samples), language).run()


def moods() -> list[SeedView]:
    return [
        SeedView(n, "Is the guest content?", (Instance(text, label),), is_classification=True, language="en")
        for n, (text, label) in enumerate(MOODS, 1)
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_ten_different_templates_ship_for_each_kind(kind, language):
    slot = next(slot for slot in FLAN.stages[-1].prompts if slot.name == f"flan_templates.{kind}")
    found = [block.text for block in blocks(PromptText(slot.shipped(language)), requires=slot.requires)]
    assert len(set(found)) == TEMPLATES


def test_a_closed_task_offers_its_labels_and_tells_where_the_right_one_stands():
    made = played(moods(), type_weights=ZERO_OPTIONS, option_marks="letters").made()
    for draft in made:
        place, of = draft.counted["gold_position"].split("/")
        assert of == "2"
        assert f"({'AB'[int(place) - 1]}) {draft.output}" in draft.instruction
    assert "Options:" in made[0].instruction


def test_the_right_option_stands_at_every_place_alike():
    seeds = [
        SeedView(n, f"What is the name of star {n}?", (Instance("", f"Star {n}"),), language="en") for n in range(400)
    ]
    places = Counter(draft.counted["gold_position"] for draft in played(seeds, type_weights=ZERO_OPTIONS).made())
    assert set(places) == {"1/4", "2/4", "3/4", "4/4"}
    assert sum((count - 100) ** 2 / 100 for count in places.values()) < 11.3  # chi square, 3 degrees, p 0.01


def test_without_options_no_trace_of_them_is_left():
    for draft in played(moods(), type_weights=ZERO).made():
        assert "ption" not in draft.instruction
        assert "\n\n\n" not in draft.instruction
        assert draft.instruction == draft.instruction.strip()


@pytest.mark.parametrize(
    ("delimiters", "language", "between", "cue"),
    [
        ("blank_lines", "en", "\n\n\n", ""), ("question_answer", "en", "\n\nQ: ", "\nA:"),
        ("input_output", "en", "\n\nInput: ", "\nOutput:"), ("question_answer", "zh", "\n\n问：", "\n答："),
        ("input_output", "zh", "\n\n输入：", "\n输出："),
    ],
)  # fmt: skip
def test_examples_stand_apart_by_the_chosen_delimiters(delimiters, language, between, cue):
    seeds = demo_seeds(f"demo_seeds.{language}.jsonl")
    made = played(seeds, language=language, type_weights=FEW, delimiters=delimiters).made()
    shown = [draft for draft in made if draft.counted["shots"] != "0"]
    assert shown
    assert all(between in draft.instruction and draft.instruction.endswith(cue) for draft in shown)


def test_a_row_never_shows_itself_nor_its_own_seed():
    for draft in played(demo_seeds("demo_seeds.en.jsonl"), type_weights=FEW).made():
        assert all(draft.seed_ids[0] not in ids for ids in draft.data["examples"])


def test_a_table_s_rows_are_told_by_its_columns():
    made = played(demo_seeds("sentiment_demo.json"), type_weights=ZERO).made()
    assert {draft.output for draft in made} == {"Positive", "Negative"}
    assert {draft.counted["template"].split(".")[0] for draft in made} == {"classification"}


def test_a_translation_names_its_languages():
    seeds = [SeedView(1, "Translate this.", (Instance("Good morning", "早上好"),), language="en")]
    (draft,) = played(seeds, kind="translation", type_weights=ZERO).made()
    assert "Chinese" in draft.instruction
    assert draft.output == "早上好"


def test_rows_without_answer_and_in_another_language_are_dropped_with_reasons():
    seeds = [SeedView(1, "Say hello.", language="en"), SeedView(2, "说你好。", (Instance("", "你好"),), language="zh")]
    stage = "flan_templates.compose"
    assert played(seeds).reasons == {(stage, "missing_answer"): 1, (stage, "wrong_language"): 1}
    assert played(seeds, same_language=False).reasons == {(stage, "missing_answer"): 1, (stage, ""): 1}


def test_earlier_turns_stay_and_are_never_mixed_with_examples():
    samples = [SampleView(n, 1, f"And number {n}?", output=f"Yes, {n}.", history=(("Hi", "Hello"),)) for n in range(8)]
    for draft in played(samples=samples).made():
        assert draft.history == (("Hi", "Hello"),)
        assert draft.counted["shots"] == "0"
        assert draft.sample_ids


@pytest.mark.parametrize(
    ("output", "steps", "answer"),
    [
        ("Three and four make seven. The answer is 7.", "Three and four make seven.", "7"),
        ("3 + 4 = 7\n#### 7", "3 + 4 = 7", "7"),
        ("三加四等于七。因此，答案是七。", "三加四等于七。", "七"),
        ("先算三加四。答案为：7", "先算三加四。", "7"),
        ("Seven.", "", "Seven."),
        ("The answer is 7.", "", "The answer is 7."),
    ],
)
def test_steps_and_answer_come_apart(output, steps, answer):
    assert split(output) == (steps, answer)


def test_steps_and_answer_are_put_together_again():
    assert joined("Three and four make seven", "7.", language="en") == "Three and four make seven. The answer is 7."
    assert joined("三加四等于七", "七。", language="zh") == "三加四等于七。因此，答案是七。"


def test_a_template_that_hides_the_row_is_passed_over():
    text = PromptText("{{ task }}!\n---\nNothing at all.\n---\n{{ options }}\n\n{{ task }}")
    found = blocks(text, requires=("task",))
    assert len(found) == 2
    assert fill(found[1], {"task": "Go."}) == "Go."
