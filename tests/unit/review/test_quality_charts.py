"""Charts from stored numbers, and two reports side by side."""

from __future__ import annotations

from typing import Any

from review.reports.quality_charts import bars, grid, histogram, plain
from review.reports.quality_compared import compared
from review.reports.quality_curves import seed_curves
from review.reports.quality_rings import rings
from review.reports.quality_sections import sections_of


def finding(code: str, value: float, level: str) -> dict[str, Any]:
    return {"code": code, "value": value, "level": level, "unit": "share", "n": 10, "hits": 1}


def report(*findings: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return {"findings": list(findings), "sections": sections}


def test_a_section_that_nobody_drew_shows_as_plain_figures() -> None:
    told = {"rows": 7, "share": 0.5, "kinds": {"a": 3, "b": 1}, "names": [["x", 2]], "list": [{"id": 1, "text": "t"}]}
    [seen] = sections_of(report(unheard_of=told))
    kinds = [block.kind for block in seen.blocks]
    assert kinds == ["facts", "bars", "table"]
    assert seen.blocks[0].facts == [
        ("rows", 7, "count"), ("share", 0.5, "number"), ("a", 3, "count"), ("b", 1, "count"),
    ]  # fmt: skip
    assert seen.blocks[2].head == ["id", "text"]


def test_nothing_hostile_breaks_plain_figures() -> None:
    deep: Any = 1
    for _ in range(50):
        deep = {"x": deep}
    assert isinstance(plain({"deep": deep, "empty": [], "none": None, "flag": True, "mixed": [1, "a", None]}), list)


def test_bars_are_as_wide_as_their_share_of_the_longest() -> None:
    block = bars("t", [("a", 8), ("b", 2), ("c", 0)])
    assert [bar.width for bar in block.bars] == [100.0, 25.0, 0.0]
    assert bars("t", [(str(n), 1) for n in range(20)], most=5).more == 15
    assert bars("t", []).bars == []


def test_the_guide_lies_behind_the_bars_that_it_covers() -> None:
    block = histogram("t", [[0, 1], [10, 4], [100, 2], [1000, 1], [2000, 0]], guide=(10, 1000))
    assert [bar.kind for bar in block.bars] == ["warn", "acc", "acc", "warn"]
    assert block.guide == (92.0, 176.0)
    assert [bar.height for bar in block.bars] == [16.0, 64.0, 32.0, 16.0]


def test_lengths_are_held_against_the_profile_of_most_rows() -> None:
    sizes = {name: {"bins": [[0, 5], [10, 2], [20, 1]], "mean": 9.0} for name in ("instruction", "output")}
    labels = report(sizes=sizes, checks={"rows": 8, "clean": 8, "codes": [], "profiles": {"general": 1, "labels": 7}})
    general = report(sizes=sizes, checks={"rows": 8, "clean": 8, "codes": [], "profiles": {"general": 8}})
    [of_labels, *_], [of_general, *_] = sections_of(labels), sections_of(general)
    assert [bar.kind for bar in of_labels.blocks[1].bars] == ["acc", "acc", "acc"]  # a label has one character or more
    assert [bar.kind for bar in of_general.blocks[1].bars] == ["warn", "warn", "acc"]
    chinese = report(sizes=sizes, balance={"rows": 8, "language": [["zh", 8]], "task_type": [], "made_by": [],
                                           "reviewed": 0, "without_model": 0, "several_turns": 0})  # fmt: skip
    # Chinese texts may have half of the characters: 10 in an output.
    assert [bar.kind for bar in sections_of(chinese)[0].blocks[1].bars] == ["warn", "acc", "acc"]


def test_cells_of_nothing_have_no_shade() -> None:
    assert grid("t", ["r"], ["a", "b", "c"], [[0, 1, 10]]).rows == [("r", [(0, 0), (1, 1), (10, 5)])]


def test_findings_are_new_gone_worse_or_better_by_their_level() -> None:
    one = report(finding("a", 0.1, "warn"), finding("b", 0.1, "ok"), finding("c", 0.2, "note"), finding("e", 0, "warn"))
    two = report(finding("a", 0.05, "note"), finding("b", 0.3, "warn"), finding("c", 0.4, "warn"),
                 finding("d", 0, "ok"))  # fmt: skip
    found = compared(one, two)
    assert {each.code: each.change for each in found.findings} == {
        "b": "new", "c": "worse", "e": "gone", "a": "better", "d": "same",
    }  # fmt: skip
    assert found.findings[0].code == "b"
    assert found.findings[0].difference == 0.3 - 0.1
    assert found.counts == {"new": 1, "worse": 1, "gone": 1, "better": 1, "same": 1}


def test_only_figures_that_differ_are_told() -> None:
    one = report(sizes={"mean": 1.0, "bins": [[0, 3], [10, 4]], "same": 2})
    two = report(sizes={"mean": 2.5, "bins": [[0, 3], [10, 5]], "same": 2}, more={"x": 1})
    told = [(each.section, each.name, each.one, each.other) for each in compared(one, two).figures]
    assert told == [("sizes", "mean", 1.0, 2.5), ("sizes", "bins.10", 4, 5), ("more", "x", None, 1)]


def test_a_verb_s_angle_is_its_share_and_its_nouns_lie_inside_of_it() -> None:
    arcs = rings([
        {"verb": "write", "rows": 6, "nouns": [["poem", 3], ["letter", 1]]},
        {"verb": "列出", "rows": 2, "nouns": [["好处", 2]]},
    ])  # fmt: skip
    assert [(each.ring, each.name, each.share) for each in arcs] == [
        (1, "write", 0.75), (2, "write poem", 0.375), (2, "write letter", 0.125), (3, "", 0.25), (1, "列出", 0.25),
        (2, "列出 好处", 0.25),
    ]  # fmt: skip
    assert (arcs[5].word, arcs[5].x, arcs[5].y) == ("好处", 79.6, 79.6)  # in the upper left quarter, at 315 degrees
    assert arcs[4].path.startswith("M76.0 180.0A104 104 0 0 1 180.0 76.0")
    assert rings([]) == []
    assert rings([{"verb": "x", "rows": 0, "nouns": []}]) == []


def test_a_piece_too_narrow_for_its_word_has_none_and_one_verb_alone_is_a_whole_ring() -> None:
    narrow = rings([{"verb": "write", "rows": 999, "nouns": []}, {"verb": "sum", "rows": 1, "nouns": []}])
    assert [each.word for each in narrow if each.ring == 1] == ["write", ""]
    alone, others = rings([{"verb": "a-verb-of-many-letters", "rows": 3, "nouns": []}])
    assert (others.ring, others.word, others.find) == (3, "", None)
    assert alone.word == "a-verb-o…"
    assert alone.path.count("A") == 2


def test_lines_over_seeds_stand_at_equal_steps_and_at_their_share() -> None:
    points = [
        {"seeds": 1, "rows": 32, "distinct_2": 0.5, "vendi": 8.0},
        {"seeds": 2, "rows": 32, "distinct_2": 1.0, "vendi": 16.0},
        {"seeds": 4, "rows": 32, "distinct_2": 0.0, "vendi": 32.0},
    ]  # fmt: skip
    found = seed_curves(points)
    assert found is not None
    assert found.labels == [(34.0, 1), (190.0, 2), (346.0, 4)]
    assert found.curves[0].line == "34.0,76.0 190.0,16.0 346.0,136.0"
    assert found.curves[1].line == "34.0,106.0 190.0,76.0 346.0,16.0"
    assert seed_curves(points[:1]) is None
