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
    # "this story", told of the task itself, reads like a story that should be there.
    "missing_reference": (0.98, 1.0),
    # Six words with a sign before each hold more letters than signs.
    "special_characters": (1.0, 0.96),
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
