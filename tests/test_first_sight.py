"""Texts that were written without knowing the rules: as many as were counted, and as they were counted."""

from __future__ import annotations

import json

import pytest

from generation.quality.checks import CHECKS
from tests.check_corpora import HELD_OUT, LANGUAGES, SILENT, corpus
from tests.first_sight import PATH, digest, in_all, verdicts

NAMES = [check.name for check in CHECKS if check.name not in SILENT]


def test_the_texts_are_those_that_were_counted() -> None:
    assert digest() == json.loads(PATH.read_text(encoding="utf-8"))["texts"]


def test_the_counts_add_up() -> None:
    first, later = in_all("first"), in_all("later")
    assert (first.right, first.total, later.right, later.total) == (456, 500, 460, 500)
    assert (round(first.precision, 3), round(first.recall, 3)) == (0.953, 0.872)
    assert (round(later.precision, 3), round(later.recall, 3)) == (0.962, 0.879)


@pytest.mark.parametrize("name", NAMES)
def test_every_check_has_hits_and_near_misses_in_both_languages(name: str) -> None:
    rows = list(corpus(name, folder=HELD_OUT))
    assert {(row.lang, row.hit) for row in rows} == {(lang, hit) for lang in LANGUAGES for hit in (True, False)}
    assert {when: verdicts(when)[name].total for when in ("first", "later")} == {"first": len(rows), "later": len(rows)}
