"""Rounds in step, operations drawn alike, parents that go on unevolved, and families that are kept apart."""

import math
import random
from collections import Counter
from dataclasses import replace

import pytest
from pydantic import ValidationError

from generation.recipes import recipe
from generation.recipes.base import Context, PromptText, slots
from generation.recipes.evol_instruct.demonstrations import FORMATS, demonstration
from generation.recipes.evol_instruct.params import OPERATIONS, Params
from generation.recipes.evol_instruct.roots import kept_for_evaluation, roots
from generation.types import Instance, PoolView, Reply, SampleView, SeedView, Sources, Stock
from tests.contracts.playing import Play

EVOL = recipe("evol_instruct")
EVOLVE, ANSWER, ORIGINALS = "evol_instruct.evolve", "evol_instruct.answer", "evol_instruct.originals"
SEEDS = [SeedView(n, f"Explain how thing number {n} is made.", language="en") for n in range(1, 6)]
GOOD_ANSWER = "It is cast in sand and filed by hand."


def judged(prompt) -> str:
    return prompt.stage.removeprefix("evol_instruct.")


def growing(prompt, random_seed) -> Reply:
    """Every evolution is new and every answer good."""
    kind = judged(prompt)
    if kind in OPERATIONS:
        return Reply(f"{prompt.variables['given']} Mind {kind}{random_seed}.")
    return Reply({"equal": "Not Equal", "answer": GOOD_ANSWER, "difficulty": "Score: 6"}[kind])


def play(answer=growing, *, sources=None, **params) -> Play:
    return Play(EVOL, Params(**params), sources or Sources(SEEDS), answer=answer).run()


def pool(count: int) -> PoolView:
    return PoolView(0, [SeedView(n, f"Explain how thing number {n} is made.") for n in range(1, count + 1)])


def context(**params) -> Context:
    texts = {slot.name: PromptText(slot.shipped("en")) for slot in slots(EVOL)}
    return Context(Params(**params), texts, "en", random.Random("a run"))


def test_004_12_each_rule_eliminates_and_four_rounds_begin_with_whoever_survived():
    faults = iter(["#Rewritten Prompt#: x", "Equal", "Sorry, no.", "And so on.", None])
    fault_of = {seed.id: next(faults) for seed in SEEDS}

    def answer(prompt, random_seed):
        kind, given = judged(prompt), prompt.variables["given"]
        number = int(given.split("number ")[1].split(" ")[0])
        fault = fault_of[number]
        if kind in OPERATIONS:
            return Reply(f"{fault} {given}") if number == 1 else growing(prompt, random_seed)
        if kind == "equal":
            return Reply("Equal" if number == 2 else "Not Equal")
        return Reply(fault if number in (3, 4) else GOOD_ANSWER)

    found = play(answer)
    assert Params().rounds == 4
    assert found.reasons == {
        (EVOLVE, "leaked_markers"): 4, (EVOLVE, "no_information_gain"): 4, (EVOLVE, ""): 12,
        (ANSWER, "short_apology"): 4, (ANSWER, "only_stop_words"): 4, (ANSWER, ""): 4,
    }  # fmt: skip
    evolving = [prompt for prompt in found.prompts if judged(prompt) in OPERATIONS]
    begun = [prompt.variables["given"] for prompt in evolving]
    assert len(begun) == 5 * 4
    for number in (1, 2, 3, 4):
        assert begun.count(SEEDS[number - 1].instruction) == 4, "a failed one goes on as it was, in every round"
    assert [len(text.split("Mind")) - 1 for text in begun if "number 5" in text] == [0, 1, 2, 3]
    assert [draft.data["round"] for draft in found.made()] == [1, 2, 3, 4]


def test_nothing_is_paid_for_what_a_rule_has_eliminated():
    leaked = play(lambda prompt, _: Reply("#Rewritten Prompt#: harder"), rounds=1)
    assert Counter(judged(prompt) in OPERATIONS for prompt in leaked.prompts) == {True: 5}
    too_long = play(lambda prompt, _: Reply("word " * 300), rounds=1)
    assert too_long.reasons == {(EVOLVE, "too_long"): 5}
    assert len(too_long.prompts) == 5
    equal = play(lambda prompt, n: Reply("Equal") if judged(prompt) == "equal" else growing(prompt, n), rounds=1)
    assert len(equal.prompts) == 10


def test_004_12_operations_are_drawn_alike():
    """Chi-square over 600 draws; with five degrees of freedom 20.5 is passed once in a thousand."""
    drawn = Counter(each["operation"] for each in EVOL.stages[0].plan(pool(600), context()))
    assert set(drawn) == set(OPERATIONS)
    assert drawn.total() == 600
    assert sum((count - 100) ** 2 / 100 for count in drawn.values()) < 20.5


def test_weights_move_the_draw_and_some_must_be_left():
    only = {f"{each}_weight": 0 for each in OPERATIONS} | {"reasoning_weight": 1, "breadth_weight": 3}
    drawn = Counter(each["operation"] for each in EVOL.stages[0].plan(pool(600), context(**only)))
    assert set(drawn) == {"reasoning", "breadth"}
    assert math.isclose(drawn["breadth"], 450, abs_tol=60)
    with pytest.raises(ValidationError, match="some_operation_needs_weight"):
        Params(**{f"{each}_weight": 0 for each in OPERATIONS})


def test_data_of_all_six_formats_are_added_with_a_demonstration_of_their_own():
    only = {f"{each}_weight": float(each == "input") for each in OPERATIONS}
    tasks = EVOL.stages[0].plan(pool(200), context(**only))
    assert {task["format"] for task in tasks} == set(FORMATS) == {"XML", "SQL", "Python", "HTML", "shell", "JSON"}
    found = play(rounds=1, **only)
    for prompt in found.prompts:
        if judged(prompt) == "input":
            shown = prompt.messages[-1].content
            assert demonstration(prompt.variables["format"], language="en") in shown
    assert all(demonstration(name, language="zh") != demonstration(name, language="en") for name in FORMATS)


def test_rounds_are_waves_that_go_in_step():
    waves = Counter()
    found = play(rounds=2)
    for views in found.admitted.values():
        waves.update((view.draft.kind, view.draft.data["round"], view.wave) for view in views)
    assert set(waves) == {("instruction", 1, 0), ("sample", 1, 2), ("instruction", 2, 4), ("sample", 2, 6)}


def test_lineage_names_root_parent_operation_and_round():
    found = play(rounds=2)
    first = {view.draft.data["root"]: view for view in found.admitted[ANSWER] if view.draft.data["round"] == 1}
    for view in found.admitted[EVOLVE]:
        draft = view.draft
        parent = () if draft.data["round"] == 1 else (first[draft.data["root"]].id,)
        assert draft.draft_ids == parent
        assert draft.data["operation"] in OPERATIONS
        assert draft.seed_ids == (int(draft.data["root"].removeprefix("seed:")),)
    evolved = {view.id: view.draft.instruction for view in found.admitted[EVOLVE]}
    assert all(evolved[draft.draft_ids[0]] == draft.instruction for draft in found.made())


def test_calls_are_rounds_times_rows_times_three_and_one_more_for_the_difficulty():
    stock = Stock(seeds=5)
    assert EVOL.planned_calls(Params(), stock) == (20, 60)
    assert len(play().prompts) == 60
    assert EVOL.planned_calls(Params(rounds=1, score_difficulty=True), stock) == (5, 20)
    scored = play(rounds=1, score_difficulty=True)
    assert len(scored.prompts) == 20
    assert [draft.scores["difficulty"].value for draft in scored.made()] == [6] * 5
    assert EVOL.planned_calls(Params(), Stock(seeds=9, instructed=5)) == (20, 60), "rows of a table are not evolved"


def test_originals_are_kept_with_their_own_output_and_answered_where_they_have_none():
    seeds = [replace(SEEDS[0], instances=(Instance("in clay", "It is thrown."),)), SEEDS[1]]
    found = play(rounds=1, keep_originals=True, sources=Sources(seeds))
    kept = [view.draft for view in found.admitted[ORIGINALS]]
    assert [(draft.input, draft.output) for draft in kept] == [("in clay", "It is thrown."), ("", GOOD_ANSWER)]
    assert sum(judged(prompt) == "answer" for prompt in found.prompts) == 2 + 1


def test_an_input_is_part_of_what_is_evolved():
    seeds = [replace(SEEDS[0], instances=(Instance("in clay", "It is thrown."),))]
    asked = [prompt for prompt in play(rounds=1, sources=Sources(seeds)).prompts if judged(prompt) in OPERATIONS]
    assert asked[0].variables["given"] == "Explain how thing number 1 is made.\n\nin clay"


def test_004_13_families_are_split_before_anything_is_evolved_and_never_meet():
    samples = [
        SampleView(70 + n, 1, f"Say what item {n} is for.", output="x", family=3 if n < 2 else -(70 + n))
        for n in range(20)
    ]
    sources = Sources([*SEEDS, *(replace(SEEDS[0], id=n) for n in range(10, 40))], samples)
    found = play(rounds=2, evaluation_share=0.3, keep_originals=True, sources=sources)
    sides: dict[bool, set[str]] = {True: set(), False: set()}
    everything = [view.draft for views in found.admitted.values() for view in views]
    for draft in everything:
        sides[draft.evaluation].add(draft.data["family"])
    assert not sides[True] & sides[False]
    assert sides[True]
    assert len(sides[True] | sides[False]) == 5 + 30 + 18
    drawn_from = [draft for draft in everything if draft.data["family"] == "seed:3"]
    assert {draft.data["root"] for draft in drawn_from} == {"seed:3", "sample:70", "sample:71"}
    assert len({draft.evaluation for draft in drawn_from}) == 1, "a seed and the samples made from it are one family"
    above = {view.id: view.draft for views in found.admitted.values() for view in views}
    assert all(above[parent].evaluation == draft.evaluation for draft in everything for parent in draft.draft_ids)


def test_the_same_families_are_drawn_in_every_run_over_them():
    names = [f"seed:{n}" for n in range(200)]
    chosen = kept_for_evaluation(names, share=0.2)
    assert kept_for_evaluation(names[::-1], share=0.2) == chosen
    assert kept_for_evaluation(names[:100], share=0.2) == chosen & set(names[:100])
    assert chosen < kept_for_evaluation(names, share=0.4)
    assert 20 <= len(chosen) <= 60
    assert len(kept_for_evaluation(names[:2], share=0.01)) == 1
    assert kept_for_evaluation(names[:1], share=0.5) == frozenset()
    assert kept_for_evaluation(names, share=0.0) == frozenset()


def test_conversations_and_rows_without_an_instruction_are_no_roots():
    samples = [
        SampleView(1, 1, "And then?", history=(("Hello", "Hi"),)),
        SampleView(2, 1, "Name a bird.", family=9),
    ]
    found = roots(PoolView(0, [SeedView(4, "", fields={"text": "x"})], samples), language="en")
    assert [(root.key, root.family) for root in found] == [("sample:2", "seed:9")]
    assert play(sources=Sources([SeedView(4, "", fields={"text": "x"})])).prompts == []


def test_a_failed_call_drops_and_the_parent_goes_on():
    def answer(prompt, random_seed):
        return Reply(failure="timeout") if judged(prompt) == "equal" else growing(prompt, random_seed)

    found = play(answer, rounds=2)
    assert found.reasons == {(EVOLVE, "call_failed"): 10}


def test_chinese_rows_are_evolved_and_judged_in_chinese():
    seeds = Sources([SeedView(1, "说明灯笼是怎样做成的。", language="zh")])

    def answer(prompt, _):
        kind = judged(prompt)
        if kind in OPERATIONS:
            return Reply("说明灯笼是怎样做成的，并举出两种材料。")
        return Reply("不同" if kind == "equal" else "先扎骨架，再糊上纸，最后装上蜡烛。")

    found = Play(EVOL, Params(rounds=1), seeds, "zh", answer=answer).run()
    assert [draft.instruction for draft in found.made()] == ["说明灯笼是怎样做成的，并举出两种材料。"]
    assert all("围栏" in message.content for prompt in found.prompts for message in prompt.messages[:1]
               if judged(prompt) != "answer")  # fmt: skip
