"""What every check in the list must keep to."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.quality.checks import CHECKS, UnknownCheck, check
from generation.quality.places import text_in
from generation.types import MOST_SPANS, Draft, Finding

CAUGHT = {
    "not_empty": Draft("instruction"),
    "control_characters": Draft("instruction", instruction="ring \x07"),
    "word_bounds": Draft("instruction", instruction="Too short"),
    "character_bounds": Draft("instruction", instruction="short"),
    "blocked_words": Draft("instruction", instruction="Draw a cat."),
    "blocked_media": Draft("instruction", instruction="Name a piece of music."),
    "write_a_program": Draft("instruction", instruction="Write a program that sings."),
    "starts_with_punctuation": Draft("instruction", instruction="- item"),
    "non_ascii_start": Draft("instruction", instruction="Été en ville", language="en"),
    "language_mismatch": Draft("instruction", instruction="写一句话", language="en"),
    "empty_output": Draft("sample"),
    "input_equals_output": Draft("sample", input="a", output="a"),
    "refusal": Draft("sample", output="I cannot help with that."),
    "placeholder_output": Draft("sample", output="TODO"),
    "hidden_characters": Draft("sample", output="a\u200bb"),
    "special_tokens": Draft("sample", output="a<|im_end|>"),
    "merged_tasks": Draft("sample", output="x\n2. Instruction: y"),
    "output_language": Draft("sample", instruction="Say hello.", output="你好，很高兴认识你。"),
    "literal_escapes": Draft("sample", output="First\\nSecond"),
    "html_entities": Draft("sample", output="Fish &amp; chips"),
    "missing_reference": Draft("sample", instruction="Describe the following picture."),
    "picture_request": Draft("sample", instruction="Draw a picture of a barn."),
    "wrong_arithmetic": Draft("sample", output="7 x 8 = 54"),
    "size_guide": Draft("sample", output="x"),
    "empty_marker": Draft("sample", input="<noinput>"),
    "field_labels": Draft("sample", output="Output: The Danube."),
    "mojibake": Draft("sample", output="It doesn\u00e2\u20ac\u2122t matter."),
    "repetition": Draft("sample", output="It rains and it pours. " * 9),
    "unique_words": Draft("sample", output="buy now " * 20),
    "truncation": Draft("sample", output="The river rises in the mountains and flows into the"),
    "declared_language": Draft("sample", output="河流把山上的水带到大海，一直如此。", language="en"),
    "unsupported_ability": Draft("sample", instruction="Remind me to call Anna tomorrow."),
    "personal_data": Draft("sample", output="Write to m.keller@posteo.de for details."),
    "missing_code": Draft("sample", instruction="Write a Python function to add numbers.", output="It adds them."),
    "broken_code": Draft("sample", output="```python\nprint((1\n```"),
    "arithmetic_answer": Draft("sample", instruction="Calculate 12 * 4.", output="46"),
    "few_letters": Draft("sample", instruction="Praise the sea.", output="123 456 789 !!! 000 111"),
    "many_capitals": Draft("sample", instruction="Praise the sea.", output="THE SEA IS WIDE AND DEEP AND BLUE."),
    "special_characters": Draft("sample", instruction="Praise the sea.", output="### sea *** @@@ $$$ ^^^"),
    "word_guide": Draft("sample", instruction="Praise it.", output="Fine."),
    "recipe_notes": Draft("sample", data={"notes": ["fewer_examples"]}),
}
"""For each check a draft that it must find fault with. A new check adds its line here."""

TEXTS = st.text(alphabet=st.characters(codec=None), max_size=60)
DRAFTS = st.builds(
    Draft, st.just("sample"), instruction=TEXTS, input=TEXTS, output=TEXTS, language=st.sampled_from(["", "en", "zh"]),
    history=st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
)  # fmt: skip


def test_names_occur_once_and_are_found_again():
    assert max(Counter(each.name for each in CHECKS).values()) == 1
    assert all(check(each.name) is each and each.title for each in CHECKS)
    with pytest.raises(UnknownCheck):
        check("no_such_check")


@pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.name)
def test_every_check_catches_what_it_is_for(each):
    findings = each(CAUGHT[each.name], {})
    assert findings
    assert all(finding.check == each.name and finding.code for finding in findings)


@pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.name)
def test_a_good_sample_passes(each):
    good = Draft(
        "sample",
        instruction="Name three rivers of Europe.",
        output="The Danube, the Rhine and the Vistula.",
        language="en",
    )
    assert each(good, {}) == []


@pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.name)
@given(draft=DRAFTS)
@settings(max_examples=60, deadline=None)
def test_any_text_gets_findings_of_plain_data(each, draft):
    for finding in each(draft, {"min_words": 4, "max_words": 150}):
        assert isinstance(finding, Finding)
        detail = dict(finding.detail)
        spans = detail.pop("spans", [])
        assert all(isinstance(value, str | int | float) for value in detail.values())
        assert len(spans) == min(detail.get("count", 0), MOST_SPANS)
        text = text_in(draft, detail.get("field", ""))
        assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.name)
def test_long_texts_are_judged_quickly(each):
    """No pattern backtracks: half a megabyte of the worst takes well under a second."""
    for piece in ("a ", "\n1", "抱歉，", "[", "<noinput", "i am sorry "):
        text = piece * (200_000 // len(piece))
        each(Draft("sample", instruction=text, input=text, output=text + "!", language="en"), {})
