"""Which seeds and entities each call shows."""

from __future__ import annotations

import random
from collections import Counter
from itertools import islice

import pytest
from pydantic import ValidationError

from generation.formats.vocabularies import flattened
from generation.recipes.domain_generation.draws import calls_of_types, draws
from generation.recipes.domain_generation.params import Params
from generation.samples.scenarios import scenario_named
from generation.types import SeedView

MEDICAL = scenario_named("medical").contents("zh")
SEEDS = [SeedView(n, row.instruction, row.instances, task_type=row.task_type) for n, row in enumerate(MEDICAL.seeds, 1)]
TERMS = MEDICAL.vocabulary.terms


def drawn(*, chance: int = 7, seeds=SEEDS, terms=TERMS, **params):
    return list(draws(seeds, terms, Params(**params), random.Random(chance)))


def original(chance: int, *, generate_times: int, random_seed_num: int) -> list[tuple[int, str]]:
    """The original's loop: so many seeds and equally many diseases a round, one call for each pair."""
    rng, diseases = random.Random(chance), list(flattened(TERMS))
    calls = []
    for _ in range(generate_times):
        seeds = rng.sample(SEEDS, random_seed_num)
        entities = rng.sample(diseases, random_seed_num)
        calls += [(seed.id, entity) for seed, entity in zip(seeds, entities, strict=True)]
    return calls


@pytest.mark.parametrize(("times", "number", "calls"), [(70, 3, 210), (20, 3, 60), (1, 1, 1), (5, 30, 150)])
def test_001_11_a_run_has_rounds_times_calls_in_a_round_and_no_other_number(times, number, calls):
    params = Params(generate_times=times, random_seed_num=number)
    assert params.calls == calls
    assert len(drawn(generate_times=times, random_seed_num=number)) == calls


def test_001_07_one_seed_and_one_entity_a_call_is_what_the_original_draws():
    for chance in range(5):
        ours = [(each.seeds[0].id, each.entities[0]) for each in drawn(chance=chance, generate_times=70)]
        assert all(len(each.seeds) == len(each.entities) == 1 for each in drawn(chance=chance, generate_times=70))
        assert ours == original(chance, generate_times=70, random_seed_num=3)


def test_001_07_the_same_seed_draws_the_same_and_another_does_not():
    assert drawn(chance=3) == drawn(chance=3) != drawn(chance=4)


@pytest.mark.parametrize("each", [2, 5, 11])
def test_001_07_the_entities_of_a_call_are_never_the_same(each):
    for drawing in ("random", "stratified"):
        found = drawn(generate_times=40, entities_per_call=each, entity_drawing=drawing)
        assert all(len(set(call.entities)) == each for call in found)


@pytest.mark.parametrize(("calls", "each"), [(210, 1), (60, 1), (61, 2), (37, 5), (30, 49)])
def test_001_07_stratified_each_entity_comes_as_often_as_every_other_to_within_one(calls, each):
    terms = list(flattened(TERMS))
    found = drawn(generate_times=calls, random_seed_num=1, entities_per_call=each, entity_drawing="stratified")
    counts = Counter(term for call in found for term in call.entities)
    least = calls * each // len(terms)
    assert {counts[term] for term in terms} <= {least, least + 1}
    for upto in range(0, calls, 7):  # and so at every moment, not only at the end
        some = Counter(term for call in found[:upto] for term in call.entities)
        assert max(some.values(), default=0) - min(some[term] for term in terms) <= 1


def test_stratified_every_category_has_had_a_turn_after_one_call_for_each():
    found = drawn(generate_times=2 * len(TERMS), random_seed_num=1, entity_drawing="stratified")
    seen = {category for call in found for category in flattened(TERMS)[call.entities[0]]}
    assert seen == set(TERMS)


def test_a_round_shows_no_seed_and_no_entity_twice_while_there_are_enough():
    found = drawn(generate_times=30, random_seed_num=6, entities_per_call=2)
    for at in range(0, len(found), 6):
        round_ = found[at : at + 6]
        assert len({call.seeds[0].id for call in round_}) == 6
        assert len({term for call in round_ for term in call.entities}) == 12


def test_fewer_seeds_and_entities_than_a_round_wants_come_again_and_the_number_of_calls_stays():
    found = drawn(seeds=SEEDS[:2], terms={"": ["a", "b"]}, generate_times=4, random_seed_num=5, entities_per_call=3)
    assert len(found) == 20
    assert all(sorted(call.entities) == ["a", "b"] for call in found)
    assert drawn(seeds=[]) == drawn(terms={"": []}) == []


def test_001_08_more_samples_in_a_prompt_are_of_the_first_ones_task_type():
    found = drawn(generate_times=30, seeds_per_call=3)
    assert all(len({seed.id for seed in call.seeds}) == 3 for call in found)
    assert all({seed.task_type for seed in call.seeds} == {call.task_type} for call in found)
    assert all(len(call.seeds) == 4 for call in drawn(seeds_per_call=9))  # there are four of each type


def test_001_03_shares_divide_the_calls_among_the_task_types_by_largest_remainder():
    shares = ["预约挂号=2", "导诊分诊=1", "健康管理=1", "没有这种=5"]
    params = Params(generate_times=7, random_seed_num=3, task_type_shares=shares)
    assert calls_of_types(SEEDS, params) == {"预约挂号": 11, "导诊分诊": 5, "健康管理": 5}
    found = drawn(generate_times=7, random_seed_num=3, task_type_shares=shares)
    assert Counter(call.task_type for call in found) == {"预约挂号": 11, "导诊分诊": 5, "健康管理": 5}
    used = Counter(call.seeds[0].id for call in found if call.task_type == "预约挂号")
    assert sorted(used.values()) == [2, 3, 3, 3]


def test_a_long_run_goes_on_where_the_wave_before_stopped():
    whole = drawn(generate_times=50)
    again = list(islice(draws(SEEDS, TERMS, Params(generate_times=50), random.Random(7)), 100, 120))
    assert again == whole[100:120]


@pytest.mark.parametrize(
    "given",
    [{"generate_times": 0}, {"random_seed_num": 0}, {"records_per_call": 0}, {"task_type_shares": ["a"]},
     {"task_type_shares": ["a=-1"]}, {"task_type_shares": ["=1"]}, {"generate_times": 1000, "random_seed_num": 101}],
)  # fmt: skip
def test_params_that_mean_nothing_are_refused(given):
    with pytest.raises(ValidationError):
        Params(**given)
