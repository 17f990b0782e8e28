"""The report's section on checks: shares with their guides, and the rows that they speak of."""

from __future__ import annotations

import json

import pytest

from generation.drop_words import DROP_REASONS
from generation.quality.report.base import Asked, RowFacts
from generation.quality.report.checks import GUIDES, Checks
from generation.types import Draft

GOOD = Draft("sample", instruction="Name three rivers of Europe.", output="The Danube, the Rhine and the Vistula.")
REFUSED = Draft("sample", instruction="Name three rivers of Europe.", output="I'm sorry, but I can't do that for you.")
EMPTY = Draft("sample", instruction="说出欧洲的三条河流的名字，并说明它们各自流入哪一个海，流经哪些国家。")
HIDDEN = Draft(
    "sample", instruction="说出欧洲的三条河流的名字。", output="多瑙河、莱茵河和维斯瓦河都是欧洲\u200b的大河\u200b。"
)
HIDDEN_ONCE = Draft(
    "sample", instruction="说出欧洲的三条河流\u200b的名字。", output="多瑙河、莱茵河和维斯瓦河都是欧洲的大河之一。"
)


def section(*drafts: Draft, **settings) -> Checks:
    made = Checks(Asked(settings={f"checks.{name}": value for name, value in settings.items()}))
    for number, draft in enumerate(drafts, 1):
        made.see(RowFacts(number, draft))
    return made


def test_each_code_has_its_share_its_guide_and_its_rows():
    made = section(*[GOOD] * 95, REFUSED, EMPTY, HIDDEN_ONCE, HIDDEN, GOOD)
    found = {each.code: each for each in made.findings()}
    assert {code: (each.hits, each.level, list(each.rows)) for code, each in found.items()} == {
        "check.refusal": (1, "ok", [96]),
        "check.empty_output": (1, "warn", [97]),
        "check.output_size": (1, "ok", [97]),
        "check.hidden_characters": (2, "note", [99, 98]),
    }
    hidden = found["check.hidden_characters"]
    assert (hidden.value, hidden.unit, hidden.n, hidden.guide, hidden.reason) == (
        0.02, "share", 100, (None, 0.01), "hidden_characters",
    )  # fmt: skip
    assert hidden.interval == pytest.approx((0.0055, 0.0700), abs=0.0001)
    assert hidden.detail["fields"] == {"instruction": 1, "output": 1}


def test_the_figures_are_plain_data():
    told = section(GOOD, HIDDEN, EMPTY).told()
    assert json.loads(json.dumps(told)) == told
    assert (told["rows"], told["clean"], told["profiles"]) == (3, 1, {"general": 3})
    assert told["codes"][0] == {
        "code": "empty_output", "check": "empty_output", "drops": True, "rows": 1, "places": 1, "fields": {"output": 1},
    }  # fmt: skip


def test_a_profile_and_bounds_may_be_asked_for():
    short = Draft("sample", instruction="Name one river of Europe that ends in the North Sea, please.", output="Rhine.")
    assert [each.reason for each in section(short).findings()] == ["output_size"]
    assert section(short, profile="labels").findings() == []
    assert section(short, output_least=2).findings() == []
    assert section().findings() == []


def test_of_more_rows_than_can_be_named_the_worst_are_kept(monkeypatch):
    monkeypatch.setattr("generation.quality.report.checks.MOST_ROWS", 3)
    made = section(*[HIDDEN_ONCE] * 20, HIDDEN, *[HIDDEN_ONCE] * 20)
    [found] = made.findings()
    assert (found.hits, list(found.rows)) == (41, [21, 1, 2])


def test_every_guide_is_for_a_code_that_has_words():
    assert set(GUIDES) <= set(DROP_REASONS)
