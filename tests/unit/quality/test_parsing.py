"""Where code stops making sense; sketches, other dialects and hostile nesting pass."""

from __future__ import annotations

import warnings

import pytest

from generation.quality.parsing import fault_of


@pytest.mark.parametrize(
    ("language", "code", "at"),
    [
        ("python", "x = 1\ny = (2\n", 6),
        ("python", "def f()\n    pass\n", 0),
        ("python", "a = 1\n\nif a = 2:\n    pass\n", 7),
        ("json", '{"a": 1,}', 8),
        ("json", "{'a': 1}", 1),
        ("xml", "<a><b></a>", 6),
        ("xml", "<a><b/>", 0),
        ("html", "<div><span>x</div></span>", 12),
    ],
)
def test_the_place_is_where_it_goes_wrong(language, code, at):
    assert fault_of(language, code) == at


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", ""),
        ("python", "    x = 1\n    y = 2\n"),
        ("python", "def f():\n    ...\n"),
        ("python", "f(a, ...\n"),
        ("python", 'print "old"\n'),
        ("python", ">>> 1 +\n"),
        ("python", "x = '\0'"),
        ("python", "(" * 5000),
        ("python", "-" * 5000 + "1"),
        ("python", "not " * 5000 + "x"),
        ("python", "1 + " * 5000 + "1"),
        ("python", "x = " + "9" * 5000),
        ("json", "[" * 5000),
        ("json", "9" * 5000),
        ("json", '{"a": 1}\n{"a": 2}\n'),
        ("json", '{"a": ...}'),
        ("html", "<ul><li>a<li>b</ul><br>"),
        ("html", "<script>if (a < b) { x = '</p>' }</script>"),
        ("xml", "<?xml version='1.0'?><!-- <x> --><a/>"),
    ],
)
def test_what_parses_or_cannot_be_judged_has_no_fault(language, code):
    assert fault_of(language, code) is None


def test_an_escape_that_means_nothing_warns_nobody():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fault_of("python", 'import re\nre.compile("\\d+\\w")\n') is None
