"""What a check found is quoted from the row, with what is hidden shown; rows of earlier days still show."""

from __future__ import annotations

from django.template.loader import render_to_string

from generation.models import Sample
from generation.quality.places import plain
from generation.quality.profiles import examine
from generation.quality.rows import draft_of_sample
from review.templatetags.finding_words import finding_field, quoted_places

TURNS = [{"role": "user", "content": "付\u202e款<b>"}, {"role": "assistant", "content": "作为一个人工智能，我不能。"}]


def sample(**texts) -> Sample:
    row = Sample(instruction="请说明这笔款项应该怎么付。", language="zh", **texts)
    row.checks = [plain(each) for each in examine(draft_of_sample(vars(row)))]
    return row


def page(row: Sample) -> str:
    return render_to_string("review/_checks.html", {"sample": row})


def test_the_place_is_marked_and_hidden_characters_are_shown():
    text = page(sample(output="先登录网站\u200b，再选择付款方式，\u200b最后确认金额。<script>"))
    assert text.count("<mark>") == 2
    assert '<mark><span class="hidden-char" title="U+200B ZERO WIDTH SPACE">ZWSP</span></mark>' in text
    assert "<script>" not in text
    assert ">Output</small>" in text


def test_earlier_turns_are_quoted_too():
    row = sample(turns=TURNS, output="好的，请先登录网站，再选择付款方式，最后确认金额。")
    quoted = {finding_field(each): [quote.found[:8] for quote in quoted_places(row, each)] for each in row.checks}
    assert quoted == {"Earlier turn 1": ["\u202e"], "Earlier turn 2": ["作为一个人工智能"]}
    assert "&lt;b&gt;" in page(row)


def test_of_many_places_a_few_are_quoted_and_the_others_counted():
    row = sample(output="一\u200b" * 30)
    row.checks = [each for each in row.checks if each["check"] == "hidden_characters"]
    text = page(row)
    assert (text.count("<mark>"), "and 27 more places" in text) == (3, True)


def test_an_edited_row_and_one_of_earlier_days_show_the_finding_without_a_place():
    edited = sample(output="先登录网站\u200b，再选择付款方式。")
    edited.edited = True
    assert (page(edited).count("<mark>"), "hidden characters" in page(edited)) == (0, True)
    old = Sample(output="x", checks=[{"check": "refusal", "code": "refusal", "drop": True}])
    odd = [{"field": "output", "spans": spans, "count": 1} for spans in ([[0, 9]], [["a", 1]], [[1]], "x", [[-1, 1]])]
    old.checks += [{"check": "refusal", "code": "refusal", "drop": False, "detail": detail} for detail in odd]
    assert (page(old).count("the model refused"), page(old).count("<mark>")) == (6, 0)
