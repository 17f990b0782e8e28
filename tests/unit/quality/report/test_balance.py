"""What rows are made of, and how the sections of a report are put together."""

from __future__ import annotations

import json

from generation.quality.report import SECTIONS, Asked, HeldOut, RowFacts, report_of
from generation.quality.report.balance import MOST_NAMES, Balance
from generation.types import LEVELS, Draft


def row(number: int, *, task_type: str = "", language: str = "en", made_by: str = "model", reviewed: bool = True,
        history: tuple[tuple[str, str], ...] = ()) -> RowFacts:  # fmt: skip
    draft = Draft("sample", f"Question {number}", output=f"Answer {number}.", task_type=task_type, language=language,
                  history=history)  # fmt: skip
    return RowFacts(number, draft, made_by=made_by, reviewed=reviewed)


def measured(rows: list[RowFacts]) -> Balance:
    section = Balance(Asked())
    for each in rows:
        section.see(each)
    return section


def test_names_are_counted_with_the_most_frequent_first() -> None:
    rows = [row(1, language="zh"), row(2, language="zh", history=(("你好", "你好"),)), row(3, made_by="rules")]
    told = measured(rows).told()
    assert told["language"] == [["zh", 2], ["en", 1]]
    assert told["made_by"] == [["model", 2], ["rules", 1]]
    assert (told["rows"], told["reviewed"], told["without_model"], told["several_turns"]) == (3, 3, 1, 1)


def test_what_nobody_reviewed_is_a_warning_and_one_task_type_a_note() -> None:
    rows = [row(n, task_type="qa" if n < 10 else "code", reviewed=n % 2 == 0) for n in range(1, 11)]
    found = {each.code: each for each in measured(rows).findings()}
    assert (found["reviewed"].value, found["reviewed"].level) == (0.5, "warn")
    assert (found["one_task_type"].value, found["one_task_type"].level) == (0.9, "note")
    assert found["one_task_type"].detail == {"name": "qa"}
    assert found["without_model"].level == "ok"


def test_a_name_for_each_row_does_not_fill_the_page() -> None:
    told = measured([row(n, task_type=f"type {n}") for n in range(100)]).told()
    assert len(told["task_type"]) == MOST_NAMES + 1
    assert told["task_type"][-1] == ["…", 100 - MOST_NAMES]


def test_of_a_file_that_says_nothing_of_its_makers_nothing_is_said() -> None:
    assert measured([row(n, made_by="") for n in range(5)]).findings() == []


def test_every_section_lives_with_no_row_and_with_one_and_tells_plain_json() -> None:
    for rows in ([], [row(1)]):
        report = report_of(rows, asked=Asked())
        assert set(report.told["sections"]) == {made(Asked()).name for made in SECTIONS}
        assert json.loads(json.dumps(report.told)) == report.told


def test_findings_come_worst_first_and_progress_is_told() -> None:
    heard: list[int] = []
    report = report_of((row(n, reviewed=False) for n in range(1200)), asked=Asked(), told=heard.append)
    levels = [LEVELS.index(each["level"]) for each in report.told["findings"]]
    assert levels == sorted(levels)
    assert heard == [500, 1000]


def test_among_warnings_what_may_not_happen_at_all_comes_before_what_may_a_little() -> None:
    leaked = "Name the four largest moons of Jupiter in the order in which they were found by astronomers."
    rows = [row(n, reviewed=False) for n in range(1, 100)] + [RowFacts(100, Draft("sample", leaked, output="Io."))]
    report = report_of(rows, asked=Asked(held_out=(HeldOut("test", [leaked]),)))
    warned = [each["code"] for each in report.told["findings"] if each["level"] == "warn"]
    assert warned.index("contaminated") < warned.index("reviewed")
