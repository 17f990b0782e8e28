"""The same question with other tools, or about another picture, is another question."""

from __future__ import annotations

import json

import pytest

from generation.quality.near_duplicates.exact import digest
from generation.quality.report.base import Asked, RowFacts
from generation.quality.report.duplicates import Duplicates
from generation.quality.rows import BESIDE, draft_of
from generation.types import Example

WEATHER = json.dumps([{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}])
FLIGHTS = json.dumps([{"name": "book_flight"}])
ASKED = "你可以帮我预订从纽约到伦敦的航班吗？"


def row(output: str, *, tools: str = "", images: tuple[str, ...] = ()) -> Example:
    return Example(instruction=ASKED, output=output, tools=tools, images=images)


@pytest.mark.parametrize(
    ("tools", "names"),
    [
        (WEATHER, "get_weather"),
        (json.dumps([{"name": "b"}, {"name": "a"}]), "a b"),
        ("not json", "not json"),
        ("[1, 2]", "[1, 2]"),
        ("{}", ""),
        ("  ", ""),
    ],
)
def test_tools_are_told_by_their_names(tools, names):
    assert draft_of(row("好的。", tools=tools)).data.get(BESIDE, "") == names


def conflicts(*rows: Example) -> int:
    section = Duplicates(Asked())
    for number, each in enumerate(rows, 1):
        section.see(RowFacts(number, draft_of(each)))
    return section.told()["conflicts"]["groups"]


ONE, OTHER = "抱歉，我只能查询天气，不能预订航班。", "已经为你订好了明天上午十点从纽约飞往伦敦的机票。"


def test_answers_with_other_tools_at_hand_are_no_conflict():
    assert conflicts(row(ONE, tools=WEATHER), row(OTHER, tools=FLIGHTS)) == 0
    assert conflicts(row(ONE, tools=WEATHER), row(OTHER, tools=WEATHER)) == 1


def test_answers_about_other_pictures_are_neither_a_conflict_nor_the_same_row():
    one, other = row(ONE, images=("cat.png",)), row(OTHER, images=("dog.png",))
    assert conflicts(one, other) == 0
    same = [digest(draft_of(row(ONE, images=(name,)))) for name in ("cat.png", "dog.png")]
    assert same[0] != same[1]
