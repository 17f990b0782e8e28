"""Every check is held against texts that people labelled, English and Chinese alike."""

from __future__ import annotations

from collections import Counter

import pytest

from generation.quality.checks import CHECKS
from generation.quality.places import text_in
from tests.check_corpora import FOLDER, LANGUAGES, SILENT, corpus, scored

LEAST = 30
MOST_OF_ONE_LANGUAGE = 0.65
TEXT_CHECKS = [each for each in CHECKS if each.name not in SILENT]

FLOORS: dict[str, tuple[float, float]] = {
    # A whole record in words of its own ("Input: ... Output: ...") is as often an example that belongs there.
    "merged_tasks": (1.0, 0.95),
    # "this story", told of the task itself, reads like a story that should be there.
    # What is pointed at has more names (a painting, "the passage" of a test) than the check knows.
    "missing_reference": (0.97, 0.9),
    # A music teacher and a music hall are no music.
    "blocked_media": (0.95, 1.0),
    # A number in brackets or in Roman figures, and a print of a language that it does not know.
    "literal_escapes": (0.97, 0.95),
    # One Chinese character in an English sentence of two words.
    "language_mismatch": (1.0, 0.97),
    # Sums told in a sentence of their own kind.
    "arithmetic_answer": (1.0, 0.96),
    # Short answers, and few of the commonest words of a language.
    "declared_language": (1.0, 0.94),
    # Markers in other words than those that were seen, and labels with other signs behind them.
    "empty_marker": (1.0, 0.97),
    "field_labels": (1.0, 0.94),
    # Bytes written out and hashtags hold as many letters as signs; punctuation of prose alone counts as short.
    "few_letters": (1.0, 0.9),
    "special_characters": (1.0, 0.96),
    # Numerals of a clock, and short forms that the task calls by another word.
    "many_capitals": (0.94, 1.0),
    # A programme that is no program, a programmer, and the properties of a mathematical function.
    "missing_code": (0.94, 1.0),
    "write_a_program": (0.93, 0.93),
    # What is left when one byte of three was lost.
    "mojibake": (1.0, 0.97),
    # Names of dishes and drinks in the letters of their own language.
    "output_language": (0.94, 1.0),
    # "Show me a photo" asks for what is there already, and a clip may be called small.
    "picture_request": (1.0, 0.94),
    "placeholder_output": (1.0, 0.97),
    # Refusals that begin with the question.
    "refusal": (1.0, 0.95),
    # "Help me to switch ... on", with the thing in the middle.
    "unsupported_ability": (1.0, 0.97),
}
"""The least precision and recall of a check on its corpus; 1 and 1 where nothing is said. What keeps a check from it is
listed in docs/reference/checks.md."""


def test_every_check_that_reads_texts_has_labelled_ones_and_no_other_file_lies_there():
    assert {path.stem for path in FOLDER.iterdir()} == {each.name for each in TEXT_CHECKS}


@pytest.mark.parametrize("check", TEXT_CHECKS, ids=lambda each: each.name)
def test_hits_and_near_misses_are_many_and_in_both_languages(check):
    rows = list(corpus(check.name))
    hits, langs = Counter(row.hit for row in rows), Counter(row.lang for row in rows)
    assert min(hits[True], hits[False]) >= LEAST
    assert set(langs) == set(LANGUAGES)
    assert max(langs.values()) <= MOST_OF_ONE_LANGUAGE * len(rows)
    assert max(Counter(repr(row.draft) for row in rows).values()) == 1
    assert all(row.note for row in rows)


@pytest.mark.parametrize("check", TEXT_CHECKS, ids=lambda each: each.name)
def test_a_check_is_as_right_as_it_was(check):
    told = scored(check.name)
    precision, recall = FLOORS.get(check.name, (1.0, 1.0))
    wrong = [(row.hit, row.draft.instruction[:60], row.draft.output[:60]) for row in told.wrong]
    assert told.precision() >= precision, wrong
    assert told.recall() >= recall, wrong


@pytest.mark.parametrize("check", TEXT_CHECKS, ids=lambda each: each.name)
def test_what_is_found_is_found_at_a_place_of_the_text(check):
    for row in corpus(check.name):
        for finding in check(row.draft, {}):
            detail = finding.detail
            text = text_in(row.draft, str(detail.get("field", "")))
            assert all(0 <= start < end <= len(text) for start, end in detail.get("spans", ()))
