"""Few-shot construction from rows to instructions."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest
from pydantic import ValidationError

from generation.formats import seed_tasks
from generation.recipes.few_shot.params import Params
from generation.recipes.few_shot.rendering import MARKERS
from generation.recipes.few_shot.standalone import construct
from generation.types import Draft, SeedView

FEELINGS = [
    {"sentence": "The soup was cold.", "label": 0},
    {"sentence": "I loved the view.", "label": 1},
    {"sentence": "Nobody answered the bell.", "label": 0},
    {"sentence": "What a lovely garden.", "label": 1},
]


def made(rows: list[dict], *, language: str = "en", seed: int = 42, **params) -> list[Draft]:
    views = [SeedView(at, "", fields={k: str(v) for k, v in row.items()}) for at, row in enumerate(rows, 1)]
    return list(construct(views, Params(**params), language=language, random_seed=seed))


def reasons(drafts: list[Draft]) -> list[str]:
    return [draft.drop_reason for draft in drafts]


def test_000_01_each_row_of_a_table_becomes_one_instruction_that_knows_its_row():
    drafts = made(FEELINGS[:3])
    assert [draft.output for draft in drafts] == ["Negative", "Positive", "Negative"]
    assert [draft.seed_ids for draft in drafts] == [(1,), (2,), (3,)]
    assert all(draft.input == "" and not draft.dropped for draft in drafts)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_000_02_description_example_and_specific_input_come_in_this_order(language):
    for row, draft in zip(FEELINGS, made(FEELINGS, language=language), strict=True):
        description, rest = draft.instruction.split("Example:" if language == "en" else "示例：")
        example, specific = rest.split(MARKERS[language])
        assert description.strip()
        assert row["sentence"] in specific
        assert row["sentence"] not in example
        assert any(other["sentence"] in example for other in FEELINGS)
        assert draft.output not in specific


@pytest.mark.parametrize(
    ("label", "output"),
    [
        (0, "Negative"),
        ("neg", "Negative"),
        ("消极", "Negative"),
        (1, "Positive"),
        ("POSITIVE", "Positive"),
        ("正面", "Positive"),
    ],
)
def test_000_03_sentiment_labels_of_many_spellings_become_words(label, output):
    assert made([{"sentence": "x y z", "label": label}, *FEELINGS])[0].output == output


def test_000_03_sentiment_label_that_nobody_knows_is_an_error_with_its_line():
    drafts = made([*FEELINGS, {"sentence": "What is this?", "label": 7}])
    assert reasons(drafts) == ["", "", "", "", "unknown_label"]
    assert (drafts[-1].seed_ids, drafts[-1].data["detail"]) == ((5,), "7")


def test_000_03_sentiment_two_is_neutral_only_among_three_values():
    three = [*FEELINGS, {"sentence": "It is a chair.", "label": 2}]
    assert made(three)[-1].output == "Neutral"
    assert reasons(made([FEELINGS[0], {"sentence": "It is a chair.", "label": 2}]))[-1] == "unknown_label"


def test_000_03_sentiment_words_are_chinese_in_a_chinese_run():
    assert {draft.output for draft in made(FEELINGS, language="zh")} == {"消极", "积极"}


TOPICS = [{"text": f"Text number {n}", "category": ["sport", "music", "food"][n % 3]} for n in range(9)]


def test_000_04_classification_lists_the_labels_once_in_a_stable_order():
    for draft in made(TOPICS, task_type="classification", labels=["music", "food", "sport"]):
        assert draft.instruction.count("music, food, sport") == 1
        assert draft.output in ("music", "food", "sport")


def test_000_04_classification_rejects_a_label_outside_the_set():
    drafts = made(TOPICS, task_type="classification", labels=["music", "food"])
    assert Counter(reasons(drafts)) == {"": 6, "label_outside_set": 3}


def test_000_05_questions_are_answered_with_and_without_a_context():
    rows = [
        {"question": "Who built it?", "answer": "Ada", "context": "Ada built it in May."},
        {"question": "Who paid for it?", "answer": "Ben", "context": "Ben paid for it."},
        {"question": "Where is Oslo?", "answer": "Norway"},
        {"question": "Where is Lima?", "answer": "Peru"},
    ]
    drafts = made(rows, task_type="qa")
    assert reasons(drafts) == ["", "", "", ""]
    assert "Ada built it in May." in drafts[0].instruction
    assert drafts[2].data["template"].startswith("few_shot.qa.")
    assert drafts[0].data["template"].startswith("few_shot.qa_context.")


def test_000_05_a_missing_answer_is_an_error_and_a_long_context_is_noted():
    rows = [
        {"question": "Who?", "answer": "", "context": "x"},
        {"question": "Who was it then?", "answer": "Ada", "context": "x" * 101},
    ]
    drafts = made(rows, task_type="qa", max_context=100, examples=0)
    assert reasons(drafts) == ["missing_answer", ""]
    assert drafts[1].data["notes"] == ["context_too_long"]


def test_000_05_a_question_that_gives_its_answer_away_is_dropped():
    rows = [{"question": "Is Paris in France? Say Paris.", "answer": "Paris"}, {"question": "Where?", "answer": "Here"}]
    assert reasons(made(rows, task_type="qa"))[0] == "answer_visible"
    assert reasons(made(rows, task_type="qa", keep_visible_answers=True))[0] == ""


WORDS = [{"en": "Good morning", "zh": "早上好"}, {"en": "Thank you", "zh": "谢谢"}, {"en": "Goodbye", "zh": "再见"}]


def test_000_06_translations_go_both_ways_and_say_which():
    drafts = made(WORDS, task_type="translate", directions="both")
    assert [draft.output for draft in drafts] == ["早上好", "Good morning", "谢谢", "Thank you", "再见", "Goodbye"]
    assert all("Chinese" in draft.instruction and "English" in draft.instruction for draft in drafts)
    assert made(WORDS, task_type="translate", directions="backward")[0].output == "Good morning"


def test_000_06_an_example_goes_in_the_direction_of_its_row():
    for draft in made(WORDS, task_type="translate", directions="both", language="en"):
        example = draft.instruction.split(MARKERS["en"])[0].split("Example:")[1]
        answers = [row["zh"] for row in WORDS] if draft.output.isascii() is False else [row["en"] for row in WORDS]
        assert example.strip().endswith(tuple(answers))


def test_000_06_the_same_text_on_both_sides_is_no_translation():
    rows = [*WORDS, {"en": "OK", "zh": "OK"}]
    assert reasons(made(rows, task_type="translate"))[-1] == "same_text_both_sides"


def test_000_06_languages_that_cannot_be_told_must_be_named():
    rows = [{"source": "chat", "target": "cat"}, {"source": "chien", "target": "dog"}]
    assert reasons(made(rows, task_type="translate")) == ["languages_unclear"] * 2
    drafts = made(rows, task_type="translate", source_language="fr", target_language="en")
    assert "French" in drafts[0].instruction


CUSTOM = "Say what the part costs.\n\n{{ examples }}\n\nPart: {{ part }} ({{ size }})\nPrice:"
PARTS = [{"part": "bolt", "size": "M4", "price": "0.10"}, {"part": "gear", "size": "M8", "price": "4.90"}]


def test_000_07_a_type_of_ones_own_is_a_template_with_declared_columns():
    drafts = made(
        PARTS, task_type="custom", custom_template=CUSTOM, custom_fields=["part", "size"], custom_answer="price"
    )
    assert drafts[0].instruction.endswith("Part: bolt (M4)\nPrice:")
    assert "Part: gear (M8)\nPrice: 4.90" in drafts[0].instruction
    assert drafts[0].output == "0.10"


def test_columns_may_have_chinese_names():
    rows = [{"文本": "面很好吃", "标签": "正面"}, {"文本": "等了两个小时", "标签": "负面"}]
    text = "判断心情。\n\n{{ examples }}\n\n文本：{{ 文本 }}\n标签："
    drafts = made(
        rows, language="zh", task_type="custom", custom_template=text, custom_fields=["文本"], custom_answer="标签"
    )
    assert drafts[0].instruction.endswith("文本：面很好吃\n标签：")
    assert drafts[0].output == "正面"


@pytest.mark.parametrize(
    ("template", "fields", "answer", "code"),
    [
        (CUSTOM, ["part"], "price", "undefined_variable: size"),
        ("{{ examples }}", [], "price", "template_shows_no_column"),
        (CUSTOM, ["part", "size"], "part", "answer_must_be_a_column_that_is_not_shown"),
        ("Part: {{ part }}", ["part"], "price", "template_needs_examples"),
    ],
)
def test_000_07_a_template_with_an_undefined_variable_is_refused(template, fields, answer, code):
    with pytest.raises(ValidationError, match=code):
        Params(task_type="custom", custom_template=template, custom_fields=fields, custom_answer=answer)


def test_000_09_the_same_records_in_four_layouts_give_identical_rows():
    table = io.StringIO()
    writer = csv.DictWriter(table, ["sentence", "label"])
    writer.writeheader()
    writer.writerows(FEELINGS)
    raw = table.getvalue()
    layouts = [
        json.dumps(FEELINGS),
        "\n".join(json.dumps(row) for row in FEELINGS),
        raw,
        raw.replace(",", "\t"),
    ]
    outcomes = []
    for text in layouts:
        rows = [row for _, row in seed_tasks.read(io.BytesIO(text.encode()))]
        views = [SeedView(at, row.instruction, fields=row.fields) for at, row in enumerate(rows, 1)]
        outcomes.append(list(construct(views, Params(), language="en", random_seed=1)))
    assert outcomes[0] == outcomes[1] == outcomes[2] == outcomes[3]


def test_000_09_columns_that_could_both_be_meant_are_asked_about():
    rows = [{"sentence": "a b", "comment": "c d", "label": 0}, {"sentence": "e f", "comment": "g h", "label": 1}]
    drafts = made(rows)
    assert reasons(drafts) == ["ambiguous_columns"] * 2
    assert drafts[0].data["detail"] == "text, sentence, comment"
    assert "c d" in made(rows, columns=["text=comment"])[0].instruction


def many(count: int) -> list[dict]:
    return [{"text": f"Sentence {n} is here", "label": int(n % 3 == 0)} for n in range(count)]


def test_000_10_the_same_seed_gives_the_same_rows_and_another_seed_others():
    assert made(many(40), seed=42) == made(many(40), seed=42)
    assert made(many(40), seed=42) != made(many(40), seed=43)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_000_10_every_template_is_used_by_a_tenth_of_the_rows_at_least(language):
    used = Counter(draft.data["template"] for draft in made(many(300), language=language))
    assert len(used) >= 3
    assert min(used.values()) >= 30


def test_000_10_weights_decide_how_often_a_template_is_used():
    used = Counter(draft.data["template"] for draft in made(many(300), template_weights=["0", "3", "1"]))
    assert set(used) == {"few_shot.sentiment.2", "few_shot.sentiment.3"}
    assert used["few_shot.sentiment.2"] > 2 * used["few_shot.sentiment.3"]


def test_000_10_examples_are_balanced_over_labels_although_the_rows_are_not():
    rows, shown = many(300), Counter()
    for draft in made(rows):
        shown.update(rows[seed - 1]["label"] for seed in draft.data["examples"])
    assert 0.4 < shown[1] / shown.total() < 0.6
