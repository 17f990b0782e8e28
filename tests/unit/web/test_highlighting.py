"""Code gets its colours within bounds, because a lexer's time is in the hands of whoever wrote the code."""

from __future__ import annotations

import time

import pytest
from pygments.lexers import get_lexer_by_name

from fdc_project.web.highlighting import LANGUAGES, MOST, highlighted
from fdc_project.web.texts import safe_html

RUNAWAY = ("\n ", "\n\n", "\n  a", "a", "(", '\\"', ".a", "/*", "&", "a b ", "0", "<a ")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_in_the_list_has_a_lexer(language):
    assert get_lexer_by_name(language)


def test_code_is_coloured_and_escaped():
    markup = highlighted("x = '<b>'\n", "Python")
    assert '<span class="n">x</span>' in markup
    assert "<b>" not in markup


@pytest.mark.parametrize("code", ["x = 1\n" * MOST, "x" + " " * 60, "ab" * 60])
def test_long_code_and_runaways_stay_plain(code):
    assert highlighted(code, "python") == ""


def test_an_unknown_language_stays_plain():
    assert highlighted("x", "brainfuck") == ""


def test_many_blocks_share_one_bound():
    block = "```python\n" + "\n".join(f"name_{n} = {n}" for n in range(100)) + "\n```\n\n"
    assert safe_html(block * 20).count("<pre") == 20
    assert 0 < safe_html(block * 20).count('<span class="n">') < 400


def test_no_code_takes_long():
    begun = time.process_time()
    for language in sorted(LANGUAGES):
        for unit in RUNAWAY:
            safe_html(f"```{language}\n{unit * 5000}\n```")
    assert time.process_time() - begun < 20
