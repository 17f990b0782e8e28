"""The report on pairs: a golden one of twenty pairs, sets that have one bias each, and memory that does not grow."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import correlation, mean, median
from typing import Any

import numpy as np
import pytest

from generation.preferences.bias import CODES, PairFacts, report_of
from generation.preferences.bias.columns import Columns
from generation.preferences.bias.statistics import binomial_p, fisher, pearson, ranks, spearman, wilson
from tests.unit.preferences.bias.sets import BIASED, changed, neutral

FOLDER = Path(__file__).parent


def told(pairs: Any, seed: int = 42) -> dict[str, Any]:
    return dict(report_of(pairs, random_seed=seed).told)


def warned(pairs: Any) -> set[str]:
    return {each["code"] for each in told(pairs)["findings"] if each["level"] == "warn"}


def finding(report: dict[str, Any], code: str) -> dict[str, Any]:
    return next(each for each in report["findings"] if each["code"] == code)


def test_002_20_the_report_on_twenty_pairs_is_the_golden_one():
    rows = json.loads((FOLDER / "twenty_pairs.json").read_text(encoding="utf-8"))
    report = told(PairFacts(**row) for row in rows)
    longer = finding(report, "longer_wins")
    assert (longer["hits"], longer["n"], longer["value"], longer["p"]) == (12, 20, 0.6, 0.5034)
    plain = [(len(row["chosen"]), len(row["rejected"]), row["margin"]) for row in rows]
    assert report["lengths"]["chosen"]["mean"] == round(mean(one for one, _, _ in plain), 1)
    assert report["margins"]["median"] == median(margin for _, _, margin in plain)
    r = correlation([one - other for one, other, _ in plain], [margin for _, _, margin in plain])
    assert finding(report, "length_score")["detail"]["pearson"] == round(r, 4)
    assert finding(report, "position")["detail"]["orders"]["chosen_rejected"] == 2
    assert finding(report, "models")["value"] == 0.8
    assert json.loads(json.dumps(report)) == json.loads((FOLDER / "twenty_pairs.report.json").read_text("utf-8"))


def test_002_22_twelve_of_twenty_longer_answers_chosen_are_60_percent_and_may_be_chance():
    rows = json.loads((FOLDER / "twenty_pairs.json").read_text(encoding="utf-8"))
    report = told(PairFacts(**row) for row in rows)
    longer = finding(report, "longer_wins")
    assert (longer["value"], longer["p"], longer["level"]) == (0.6, 0.5034, "ok")
    assert report["lengths"]["ratio"] == 1.165, "32.1 characters against 27.6"
    assert report["lengths"]["agreement"] == 0.6, "of the rule that the longer one wins"


def test_002_21_margins_and_scores_are_shared_out_by_size_source_and_model():
    rows = json.loads((FOLDER / "twenty_pairs.json").read_text(encoding="utf-8"))
    report = told(PairFacts(**row) for row in rows)
    margins = report["margins"]
    assert (margins["low"], margins["high"], margins["width"], sum(margins["counts"])) == (0.0, 10.0, 0.5, 20)
    assert margins["counts"][10] == 7, "margins from 5 to under 5.5"
    assert (finding(report, "margin")["hits"], finding(report, "margin")["value"]) == (1, 0.05)
    assert {each["source"]: each["pairs"] for each in report["sources"]} == {"judge": 15, "human": 5}
    assert {each["model"]: each["score"] for each in report["models"]} == {"large": 7.3, "small": 5.1}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_002_24_a_neutral_set_raises_no_flag(seed):
    report = told(neutral(seed))
    assert {each["level"] for each in report["findings"]} == {"ok"}
    assert [each["code"] for each in report["findings"]] == list(CODES)


@pytest.mark.parametrize("bias", BIASED)
def test_002_24_a_biased_set_raises_its_flag_and_no_other(bias):
    change, owed = BIASED[bias]
    report = told(changed(change))
    assert {each["code"] for each in report["findings"] if each["level"] == "warn"} == owed
    assert report["findings"][0]["code"] == bias, "worst first"


def test_003_21_two_versions_of_a_rubric_in_one_set_warn():
    mixed = finding(told(changed(BIASED["rubrics"][0])), "rubrics")
    assert (mixed["level"], mixed["value"]) == ("warn", 2.0)
    assert {each["rubric"] for each in mixed["detail"]["versions"]} == {"r1", "r2"}
    assert finding(told(neutral()), "rubrics")["level"] == "ok"


def test_003_19_margins_below_the_gate_and_preferences_against_the_score_warn():
    assert "margin" in warned(changed(BIASED["margin"][0]))
    against = [PairFacts(1, 1, "a", "b", "c", margin=-2.0, low=0.0, high=10.0)]
    assert finding(told(against), "margin")["detail"]["contrary"] == 1


def test_what_is_held_back_counts_for_margins_and_orders_alone():
    live = list(neutral(size=100))
    held = [
        PairFacts(1000 + n, 1000 + n, "Why?", "x" * 500, "y", margin=0.2, low=0.0, high=10.0, held=True,
                  forward="chosen", backward="rejected", first="chosen")
        for n in range(50)
    ]  # fmt: skip
    report = told([*held, *live])
    assert (report["pairs"], report["held"]) == (100, 50)
    assert sum(report["margins"]["held"]) == 50
    assert finding(report, "longer_wins") == finding(told(live), "longer_wins")
    assert finding(report, "position")["n"] == 150
    assert finding(report, "position")["rows"] < 50, "what is held back already needs no remedy"
    assert told(held)["pairs"] == 50


def test_no_pairs_and_one_pair_are_no_error():
    for pairs in ([], [PairFacts(1, 1, "", "", "")], [PairFacts(1, 1, "Why?", "Because.", "No.")]):
        report = told(pairs)
        assert not [each for each in report["findings"] if each["level"] == "warn"]
        json.dumps(report, allow_nan=False)


def test_the_same_pairs_and_seed_make_the_same_report():
    assert told(neutral(4)) == told(neutral(4))


def test_a_pair_takes_a_few_bytes_and_the_sample_of_texts_is_bounded():
    columns = Columns(random_seed=1, sampled=50)
    for pair in neutral(5, size=1500):
        columns.add(pair)
    assert len(columns.sampled) == 50
    assert len({each.at for each in columns.sampled}) == 50
    assert max(each.at for each in columns.sampled) > 1000, "late pairs are drawn as well as early ones"
    numbers = sum(column.itemsize for column in columns._whole.values())
    assert numbers < 120


def test_statistics_by_known_values():
    assert binomial_p(12, 20) == pytest.approx(0.503445, abs=1e-6)
    assert binomial_p(5, 5) == pytest.approx(0.0625)
    assert (binomial_p(0, 0), binomial_p(10, 20)) == (1.0, pytest.approx(1.0))
    assert binomial_p(2600, 5000) == pytest.approx(0.00488, abs=2e-5)
    assert binomial_p(2500, 5000) == pytest.approx(1.0)
    assert wilson(12, 20) == pytest.approx((0.386582, 0.781193), abs=1e-6)
    assert ranks(np.array([3.0, 1.0, 3.0])).tolist() == [2.5, 1.0, 2.5]
    one, other = (np.array(each, dtype=float) for each in ([1, 2, 3, 4], [1, 4, 9, 16]))
    assert spearman(one, other) == pytest.approx(1.0)
    assert pearson(one, other) == pytest.approx(0.984374, abs=1e-6)
    assert fisher(0.5, 28) == pytest.approx((0.156, 0.735), abs=1e-3)
