"""The known defects of released instruction sets, and texts that only look like them."""

from __future__ import annotations

import pytest

from generation.quality.checks import check
from generation.quality.checks.literal_escapes import unescaped
from generation.types import Draft


def found(name: str, **texts: str) -> list[dict]:
    return [dict(finding.detail) for finding in check(name)(Draft("sample", **texts), {})]


@pytest.mark.parametrize(
    ("instruction", "input", "missing"),
    [
        ("Describe the following picture.", "", ["picture"]),
        ("描述下面这张图片的内容。", "", ["picture"]),
        ("What does the given chart show?", "", ["picture"]),
        ("Summarize the attached link.", "", ["link"]),
        ("Explain the following code.", "", ["code"]),
        ("Summarize the following article in one sentence.", "", ["passage"]),
        ("总结以下文章。", "", ["passage"]),
        ("Summarize https://example.org/news in one line.", "", ["web"]),
        ("Summarize the article at this address.", "https://example.org/news", ["web"]),
        ("Describe the following picture. <image>", "", []),
        ("Explain the following code.", "print(1)", []),
        ("Explain the following code: x = 1", "", []),
        ("Summarize the following article.", "A long report about bees.", []),
        ("Correct the following sentence: he go home.", "", []),
        ("改写下面的句子：他昨天去了学校。", "", []),
        ("Which protocol does https://example.org use?", "", []),
        ("Name three rivers of Europe.", "", []),
    ],
)
def test_a_task_about_something_that_is_not_there_is_pointed_at(instruction, input, missing):
    findings = found("missing_reference", instruction=instruction, input=input)
    assert [detail["missing"] for detail in findings] == missing


@pytest.mark.parametrize(
    ("instruction", "caught"),
    [
        ("Draw a picture of a barn.", True),
        ("Generate an image that shows spring.", True),
        ("画一张小猫的图片。", True),
        ("Describe a picture of a barn.", False),
        ("Write HTML code to create an image gallery.", False),
        ("Make a list of rivers.", False),
    ],
)
def test_pictures_are_not_asked_for(instruction, caught):
    assert bool(found("picture_request", instruction=instruction)) is caught


@pytest.mark.parametrize(
    ("output", "caught"),
    [
        ("7 x 8 = 54", True),
        ("12 + 30 = 43.", True),
        ("1,200 - 200 = 900", True),
        ("10 / 4 = 3.5", True),
        ("7 × 8 = 56，所以答案是 56。", False),
        ("1,200 - 200 = 1,000", False),
        ("22 / 7 = 3.14", False),
        ("2 / 3 = 0.67 and 2 / 3 = 0.66", False),
        ("2 + 3 * 4 = 14", False),
        ("(2 + 3) * 4 = 20", False),
        ("3 + 4 = 7 + 0", False),
        ("5 / 10 = 50%", False),
        ("The year 1914-1918 = four years", False),
        ("1 / 0 = 5", False),
        ("x = 3", False),
    ],
)
def test_sums_that_do_not_come_out_are_pointed_at(output, caught):
    assert bool(found("wrong_arithmetic", output=output)) is caught


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("First\\nSecond", "First\nSecond"),
        ("1. a\\n2. b\\n\\n3. c", "1. a\n2. b\n\n3. c"),
        ("第一\\n第二", "第一\n第二"),
        ("Use `\\n` to end a line", "Use `\\n` to end a line"),
        ("C:\\New\\notes", "C:\\New\\notes"),
        ("The gradient \\nabla f", "The gradient \\nabla f"),
        ("one\ntwo\\nThree", "one\ntwo\\nThree"),
        ("print('a\\n')", "print('a\\n')"),
        ("nothing", "nothing"),
    ],
)
def test_written_out_line_ends_are_put_in_only_where_they_are_plainly_a_mistake(text, mended):
    assert unescaped(text) == mended


def test_escaped_signs_pass_where_markup_is_the_subject():
    said = {"field": "output", "found": "&amp;", "spans": [[5, 10]], "count": 1}
    assert found("html_entities", output="Fish &amp; chips") == [said]
    assert found("html_entities", instruction="Write HTML.", output="a &amp; b") == []
    assert found("html_entities", output="<p>a &amp; b</p>") == []
