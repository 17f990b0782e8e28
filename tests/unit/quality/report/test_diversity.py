"""The sections on diversity and coverage: what they tell of rows, and when they warn."""

from __future__ import annotations

import json

import pytest

from generation.quality.report import Asked, RowFacts
from generation.quality.report.coverage import Coverage
from generation.quality.report.diversity import Diversity
from generation.types import Draft

VARIED = {
    "en": (
        "Write a poem about rivers", "List tools for gardening", "Explain how tides rise", "Compare two old maps",
        "Translate this menu into French", "Summarize chapter nine", "Plan four days in Rome", "Sort coins by value",
        "Who painted sunflowers?", "Solve x + 3 = 8", "Name every bone of one hand", "Draft an apology to my landlord",
        "Convert miles to kilometres", "Why do cats purr?", "Suggest quiet board games", "Fix my broken loop",
        "Describe morning fog", "Rank cheeses from mild to sharp", "Define entropy briefly", "Invent some new sport",
        "Check that email's tone", "Estimate how many piano tuners work here",
    ),
    "zh": (
        "写一首关于河流的诗", "列出园艺工具", "解释潮汐成因", "比较两张古地图", "把菜单译成法语",
        "总结第九章", "安排罗马四日游", "按面值整理硬币", "谁画了向日葵？", "求解方程", "说出手部骨骼名称",
        "给房东起草道歉信", "英里换算成公里", "猫为何打呼噜？", "推荐安静桌游", "修复循环错误", "描述晨雾",
        "将奶酪由淡到浓排列", "简要定义熵", "发明新运动项目", "检查邮件语气", "估算钢琴调音师人数",
    ),
}  # fmt: skip
SAME = {"en": "Write a poem about the sea, please, number {0}", "zh": "请写一首关于大海的诗，编号{0}"}


def seen(section, rows):
    for row in rows:
        section.see(row)
    return {each.code: each for each in section.findings()}


def row(number, instruction, **known):
    about = {name: known.pop(name) for name in ("task_type", "language", "tags", "counted", "input") if name in known}
    return RowFacts(number, Draft("sample", instruction=instruction, output="…", **about), **known)


def repeated(language, count=60):
    return [row(number, SAME[language].format(number)) for number in range(1, count + 1)]


def varied(language):
    return [row(number, text) for number, text in enumerate(VARIED[language], 1)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_000_31_a_warning_comes_when_distinct_2_falls_below_the_profile_of_the_language(language):
    poor = seen(Diversity(Asked()), repeated(language))["distinct_2"]
    assert (poor.level, poor.guide) == ("warn", {"en": (0.5, None), "zh": (0.4, None)}[language])
    assert poor.value < 0.3
    assert len(poor.rows) == 60
    assert "generate" in poor.remedies
    assert seen(Diversity(Asked()), varied(language))["distinct_2"].level == "ok"


def test_000_31_a_project_may_set_its_own_profile():
    lenient = Asked(settings={"diversity.least_distinct_2": 0.05})
    assert seen(Diversity(lenient), repeated("en"))["distinct_2"].level == "ok"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_003_17_repeated_prompts_are_told_by_each_figure_with_the_rows_that_repeat(language):
    found = seen(Diversity(Asked()), repeated(language))
    assert {code: found[code].level for code in ("self_bleu", "nearest", "vendi", "verb_noun")} == {
        "self_bleu": "warn", "nearest": "warn", "vendi": "warn", "verb_noun": "warn",
    }  # fmt: skip
    assert (found["nearest"].hits, len(found["nearest"].rows)) == (60, 60)
    other = seen(Diversity(Asked()), varied(language))
    assert {other[code].level for code in ("self_bleu", "nearest", "vendi")} == {"ok"}


def test_what_a_sample_was_measured_for_says_how_it_was_drawn(monkeypatch):
    monkeypatch.setattr("generation.quality.report.diversity.SAMPLE", 20)
    section = Diversity(Asked(random_seed=7))
    found = seen(section, varied("en"))
    told = section.told()
    assert (told["sampled"], told["random_seed"], told["fields"]["instruction"]["rows"]) == (20, 7, 20)
    assert told["rows"] > 20
    for code in ("distinct_2", "self_bleu", "nearest", "vendi"):
        assert (found[code].n, found[code].detail["drawn_from"]) == (20, told["rows"])
        assert found[code].detail["random_seed"] == 7


def test_few_rows_are_too_few_to_judge():
    assert {each.level for each in seen(Diversity(Asked()), repeated("en", 5)).values()} <= {"unknown", "note"}
    assert seen(Diversity(Asked()), []).keys() == {"distinct_2", "self_bleu", "nearest", "vendi"}


def test_verbs_are_told_with_their_nouns_the_most_frequent_first():
    section = Diversity(Asked())
    texts = ["Write a poem.", "Write a poem.", "Write a letter.", "List three rules.", "列出三种水果。", "What is it?"]
    seen(section, [row(number, text) for number, text in enumerate(texts, 1)])
    told = section.told()["verb_nouns"]
    assert (told["rows"], told["found"], told["pairs"]) == (6, 5, 4)
    assert told["verbs"] == [
        {"verb": "write", "rows": 3, "nouns": [["poem", 2], ["letter", 1]]},
        {"verb": "list", "rows": 1, "nouns": [["rule", 1]]},
        {"verb": "列出", "rows": 1, "nouns": [["水果", 1]]},
    ]


def test_001_18_how_the_seeds_share_the_rows_is_told_and_few_for_many_is_noted():
    section = Diversity(Asked())
    rows = [row(number, f"Name river {number}", seed=1 if number <= 97 else number - 95) for number in range(1, 101)]
    found = seen(section, rows)["seeds"]
    assert (found.level, found.detail["seeds"], found.detail["top"]) == ("warn", 4, 0.97)
    assert found.value < 0.5
    told = section.told()["seeds"]
    assert told["most"] == [[1, 97], [3, 1], [4, 1], [5, 1]]
    assert told["without"] == 0
    assert [point["seeds"] for point in told["curve"]] == [1]


def test_the_same_rows_in_another_order_give_the_same_figures():
    rows = varied("en")
    one, other = Diversity(Asked()), Diversity(Asked())
    seen(one, rows)
    seen(other, rows[::-1])
    assert one.told() == other.told()
    json.dumps(one.told(), allow_nan=False)


COVERED = Asked(
    settings={
        "coverage": {
            "task_types": ["qa", "summary"], "languages": ["en", "zh"],
            "categories": {"heart": ["heart attack", "心脏"], "lung": ["asthma", "哮喘"]},
        }
    }
)  # fmt: skip


def test_the_grid_shows_its_empty_cells_by_name():
    section = Coverage(COVERED)
    found = seen(
        section,
        [
            row(1, "What is a heart attack?", task_type="qa", language="en"),
            row(2, "心脏在哪里？", task_type="qa", language="zh"),
            row(3, "哮喘与心脏有关吗？", task_type="qa", language="zh"),
        ],
    )
    told = section.told()
    assert told["tables"][0] == {
        "rows": "topic", "columns": "task_type", "row_names": ["heart", "lung"], "column_names": ["qa", "summary"],
        "counts": [[3, 0], [1, 0]], "sampled": False,
    }  # fmt: skip
    assert told["empty_axes"] == ["topic", "task_type", "language"]
    assert told["empty_cells"] == [
        ["heart", "summary", "en"], ["heart", "summary", "zh"], ["lung", "qa", "en"], ["lung", "summary", "en"],
        ["lung", "summary", "zh"],
    ]  # fmt: skip
    assert (found["empty_task_types"].level, found["empty_task_types"].detail["empty"]) == ("warn", ["summary"])
    assert (found["empty_cells"].hits, found["empty_cells"].n, found["empty_cells"].remedies) == (5, 8, ("generate",))


def test_terms_that_no_row_speaks_of_are_named():
    section = Coverage(COVERED)
    found = seen(section, [row(number, "Is a heart attack like asthma?") for number in range(1, 31)])["unused_terms"]
    assert (found.value, found.hits, found.n, found.level) == (0.5, 2, 4, "warn")
    assert found.detail["missing"] == {"heart": ["心脏"], "lung": ["哮喘"]}
    assert section.told()["terms"]["heart"] == {"terms": 2, "hit": 1, "missing": ["心脏"]}


def test_002_23_one_topic_for_most_rows_is_told_with_its_rows():
    rows = [row(number, "heart attack" if number <= 27 else "asthma") for number in range(1, 31)]
    found = seen(Coverage(COVERED), rows)["topic"]
    assert (found.level, found.value, found.detail["name"], list(found.rows)) == ("warn", 0.9, "heart", [*range(1, 28)])


def test_topics_are_found_in_the_rows_where_nobody_named_any():
    section = Coverage(Asked())
    kinds = ("bake sourdough bread dough", "orbit of planets and suns")
    seen(section, [row(number, f"{kinds[number % 2]} {number}", task_type="qa") for number in range(1, 41)])
    told = section.told()
    assert told["topics_from"] == "sample"
    assert sum(each["rows"] for each in told["topics"]) == 40
    assert {table["sampled"] for table in told["tables"] if table["rows"] == "topic"} == {True}


def test_tags_are_topics_and_difficulties_where_they_are_named():
    wanted = Asked(settings={"coverage": {"topics": ["sea", "sky"], "difficulties": ["easy", "hard"]}})
    section = Coverage(wanted)
    seen(section, [row(1, "…", tags=("sea", "hard", "new")), row(2, "…", tags=("sea",))])
    table = next(each for each in section.told()["tables"] if each["columns"] == "difficulty")
    assert (table["row_names"], table["column_names"]) == (["sea", "sky"], ["easy", "hard", ""])
    assert table["counts"] == [[0, 1, 1], [0, 0, 0]]


def test_scores_tell_how_hard_a_row_is_in_three_bands():
    section = Coverage(Asked(settings={"coverage": {"task_types": ["qa"]}}))
    scores = [{"difficulty": 3.9}, {"difficulty": 4}, {"difficulty": 7}, {"complexity": 2}, {"complexity": 5}, {}]
    seen(section, [row(number, "…", task_type="qa", scores=each) for number, each in enumerate(scores, 1)])
    table = next(each for each in section.told()["tables"] if each["columns"] == "difficulty")
    assert dict(zip(table["column_names"], table["counts"][0], strict=True)) == {
        "easy": 2,
        "hard": 2,
        "medium": 1,
        "": 1,
    }


def test_evidence_that_always_stands_at_one_end_is_warned_of():
    rows = [row(number, "…", counted={"passage_position": f"{1 + (number % 10 > 7) * 8}/9"}) for number in range(50)]
    section = Coverage(Asked())
    found = seen(section, rows)["gold_position"]
    assert (found.level, found.value, found.detail["bins"]) == ("warn", 0.8, [40, 0, 0, 0, 10])
    assert len(found.rows) == 40
    even = [row(number, "…", counted={"passage_position": f"{1 + number % 9}/9"}) for number in range(90)]
    assert seen(Coverage(Asked()), even)["gold_position"].level == "ok"


def test_nothing_is_said_of_what_was_neither_asked_for_nor_found():
    section = Coverage(Asked())
    assert seen(section, []) == {}
    assert section.told()["tables"] == []
    json.dumps(section.told(), allow_nan=False)
