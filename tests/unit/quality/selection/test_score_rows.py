"""What a row of a file of scores says, whoever wrote it."""

from __future__ import annotations

import pytest

from generation.files.strict_json import Fault
from generation.quality.selection import Candidate, VectorLikeness, Weights, select
from generation.quality.selection.score_rows import ScoredRow, UnusableAspect, kind_named, scored_row

HASH = "0" * 63 + "a"


@pytest.mark.parametrize(
    ("record", "aspect", "read"),
    [
        ({"id": 7, "score": 4.5}, "quality", ScoredRow(4.5, 7)),
        ({"id": "7.0", "score": " 4.5 "}, "quality", ScoredRow(4.5, 7)),
        ({"sample_id": 7.0, "quality_score": 6}, "quality", ScoredRow(6.0, 7)),
        ({"content_hash": HASH.upper(), "ppl": "12"}, "perplexity", ScoredRow(12.0, None, HASH)),
        ({"id": 7, "revision": 2, "ifd": 0.5, "variant": "loss_ratio"}, "ifd_loss_ratio", ScoredRow(0.5, 7, "", 2)),
        ({"id": 7, "given": 3, "alone": "4"}, "ifd_loss_ratio", ScoredRow(0.75, 7)),
        ({"id": 7, "score": 0}, "reward", ScoredRow(0.0, 7)),
    ],
)
def test_rows_are_read_as_scorers_write_them(record, aspect, read):
    assert scored_row(record, kind=kind_named(aspect)) == read


@pytest.mark.parametrize(
    ("record", "aspect", "code"),
    [
        ({"id": 7, "score": 6.1}, "quality", "score_off_scale"),
        ({"id": 7, "score": 0.9}, "complexity", "score_off_scale"),
        ({"id": 7, "score": "NaN"}, "perplexity", "not_a_score"),
        ({"id": 7, "score": "Infinity"}, "perplexity", "not_a_score"),
        ({"id": 7, "score": [1]}, "perplexity", "not_a_score"),
        ({"id": 7, "score": {}}, "perplexity", "not_a_score"),
        ({"id": True, "score": 1}, "perplexity", "not_an_id"),
        ({"id": "²", "score": 1}, "perplexity", "not_an_id"),
        ({"id": "0", "score": 1}, "perplexity", "not_an_id"),
        ({"id": 7.5, "score": 1}, "perplexity", "not_an_id"),
        ({"id": "9" * 5000, "score": 1}, "perplexity", "not_an_id"),
        ({"id": "0" * 19 + "1" + "9" * 30, "score": 1}, "perplexity", "not_an_id"),
        ({"id": "0" * 5000, "score": 1}, "perplexity", "not_an_id"),
        ({"id": 7, "given": 1e308, "alone": 1e-308}, "ifd_loss_ratio", "no_figure"),
        ({"id": 7, "given": -1, "alone": 2}, "ifd_loss_ratio", "no_figure"),
        ({"id": 7, "given": 1}, "ifd_loss_ratio", "no_score"),
        ({"id": 7, "given": 1, "alone": 2}, "perplexity", "no_score"),
    ],
)
def test_what_is_no_score_is_refused_with_its_reason(record, aspect, code):
    with pytest.raises(Fault) as told:
        scored_row(record, kind=kind_named(aspect))
    assert told.value.code == code


@pytest.mark.parametrize("name", ["", "Reward", "reward model", "1st", "x" * 41, "奖励", "output_length", "a\n"])
def test_a_name_of_ones_own_is_plain(name):
    with pytest.raises(UnusableAspect):
        kind_named(name)


def test_a_quality_over_the_ceiling_is_no_candidate_and_one_at_it_is():
    rows = [Candidate(1, 1.0), Candidate(2, 1.01), Candidate(3, 0.5), Candidate(4, None)]
    vectors = VectorLikeness([[1, 0], [0, 1], [0.6, 0.8], [0.8, 0.6]])
    picked = select(rows, likeness=vectors, budget=9, weights=Weights(1, 0, 0), ceiling=1.0)
    assert (picked.ids, picked.misaligned, picked.no_score) == ((1, 3), (2,), (4,))
    unweighed = select(rows, likeness=vectors, budget=9, weights=Weights(0, 0, 1), limit=None, ceiling=1.0)
    assert set(unweighed.ids) == {1, 2, 3, 4}


def test_work_that_is_told_to_end_ends():
    def told(taken):
        raise KeyboardInterrupt

    rows = [Candidate(number, 1.0) for number in range(200)]
    with pytest.raises(KeyboardInterrupt):
        select(rows, likeness=VectorLikeness([[1.0, n / 100] for n in range(200)]), budget=150,
               weights=Weights(0, 0, 1), limit=None, told=told)  # fmt: skip
