"""Public sets whose rows are made of several records: HelpSteer's groups and OASST1's trees, in bounded memory."""

from __future__ import annotations

import pytest

from generation.formats import format_named
from generation.formats.public import helpsteer, oasst1
from generation.types import Candidate, Example, Pair, RowError, Turn

HELPSTEER = format_named("helpsteer")


def rated(prompt, response, helpfulness):
    others = dict.fromkeys(("correctness", "coherence", "complexity", "verbosity"), 2)
    return {"prompt": prompt, "response": response, "helpfulness": helpfulness, **others}


def rows_of(chosen, records):
    return list(chosen.read(enumerate(records, start=1)))


def pairs_in(records):
    return [
        (line, row.chosen.text, row.rejected.text) for line, row in rows_of(HELPSTEER, records) if isinstance(row, Pair)
    ]


def test_003_36_helpsteer_makes_pairs_where_helpfulness_differs_by_one_or_more():
    assert pairs_in([rated("Q", "good", 4), rated("Q", "bad", 2)]) == [(1, "good", "bad")]
    assert pairs_in([rated("Q", "bad", 2), rated("Q", "good", 4)]) == [(2, "good", "bad")]
    assert pairs_in([rated("Q", "a", 3), rated("Q", "b", 3)]) == []
    assert pairs_in([rated("Q", "a", 3), rated("Q", "b", 2)]) == [(1, "a", "b")]
    assert pairs_in([rated("Q", "a", 4), rated("P", "b", 1)]) == []
    [(_, pair)] = rows_of(HELPSTEER, [rated("Q", "a", 4), rated("Q", "b", 1)])
    assert (pair.chosen.score, pair.rejected.score, pair.chosen.meta["coherence"]) == (4.0, 1.0, 2)


def test_a_prompt_without_a_pair_is_warned_of_on_its_first_line():
    [(line, warning)] = rows_of(HELPSTEER, [rated("Q", "a", 3), rated("Q", "b", 3)])
    assert (line, warning.code, warning.severity) == (1, "no_pair", "warning")


def test_three_answers_give_every_pair_that_differs():
    found = pairs_in([rated("Q", "a", 4), rated("Q", "b", 4), rated("Q", "c", 0)])
    assert found == [(1, "a", "c"), (2, "b", "c")]


def test_earlier_turns_inside_a_prompt_of_helpsteer2_are_turns():
    prompt = "Hi<extra_id_1>Assistant\nHello.<extra_id_1>User\nQ"
    [(_, pair)] = rows_of(HELPSTEER, [rated(prompt, "a", 4), rated(prompt, "b", 1)])
    assert pair.prompt == Example("Q", turns=(Turn("user", "Hi"), Turn("assistant", "Hello.")))
    broken = "Hi<extra_id_1>User\nQ"
    [(_, pair)] = rows_of(HELPSTEER, [rated(broken, "a", 4), rated(broken, "b", 1)])
    assert pair.prompt == Example(broken)


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"helpfulness": None}, "missing_field", "helpfulness"),
        ({"helpfulness": "4"}, "not_numeric", "helpfulness"),
        ({"helpfulness": 5}, "not_numeric", "helpfulness"),
        ({"prompt": 4}, "not_a_string", "prompt"),
        ({"response": None}, "missing_field", "response"),
    ],
)
def test_a_broken_rating_is_refused_with_its_line(changes, code, path):
    [(line, error), *_] = rows_of(HELPSTEER, [{**rated("Q", "a", 4), **changes}])
    assert (line, error.code, error.path) == (1, code, path)
    assert [each.code for each in HELPSTEER.check({**rated("Q", "a", 4), **changes})] == [code]


def test_prompts_that_stay_open_are_closed_so_that_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(helpsteer, "OPEN_PROMPTS", 2)
    apart = [rated("Q", "a", 4), rated("P", "x", 1), rated("Q", "b", 1)]
    assert pairs_in(apart) == [(1, "a", "b")]
    further = [rated("Q", "a", 4), rated("P", "x", 1), rated("R", "y", 1), rated("Q", "b", 1)]
    assert pairs_in(further) == []


def message(identity, parent, role, *, rank=None, tree="t1", **more):
    told = {
        "message_id": identity,
        "parent_id": parent,
        "message_tree_id": tree,
        "role": role,
        "text": f"text {identity}",
    }
    return {**told, "rank": rank, "lang": "en", "deleted": False, "tree_state": "ready_for_export", **more}


TREE = [
    message("q", None, "prompter"),
    message("a1", "q", "assistant", rank=1),
    message("a0", "q", "assistant", rank=0),
    message("a2", "q", "assistant", rank=2),
    message("q0", "a0", "prompter", rank=0),
    message("b0", "q0", "assistant", rank=0),
    message("b1", "q0", "assistant", rank=1),
]


def chains(records):
    return [row for _, row in rows_of(oasst1.FORMAT, records) if isinstance(row, Example)]


def ranked(records):
    found = [row for _, row in rows_of(oasst1.PAIRS, records) if isinstance(row, Pair)]
    return [(pair.chosen.meta["message_id"], pair.rejected.meta["message_id"]) for pair in found]


def test_003_32_a_tree_of_seven_messages_gives_its_best_chain_and_its_ranked_pairs():
    [chain] = chains(TREE)
    assert chain == Example(
        "text q0",
        output="text b0",
        turns=(Turn("user", "text q"), Turn("assistant", "text a0")),
        meta={"message_tree_id": "t1", "message_id": "b0", "lang": "en"},
    )
    assert ranked(TREE) == [("a0", "a1"), ("a0", "a2"), ("a1", "a2"), ("b0", "b1")]
    last = [row for _, row in rows_of(oasst1.PAIRS, TREE)][-1]
    assert last.prompt.turns == (Turn("user", "text q"), Turn("assistant", "text a0"))
    assert last.chosen == Candidate("text b0", rank=1, meta={"message_id": "b0"})


@pytest.mark.parametrize("change", [{"deleted": True}, {"review_result": False}])
def test_a_message_that_was_taken_away_takes_its_replies_with_it(change):
    without = [{**each, **change} if each["message_id"] == "a0" else each for each in TREE]
    [chain] = chains(without)
    assert (chain.instruction, chain.output, chain.turns) == ("text q", "text a1", ())
    assert ranked(without) == [("a1", "a2")]


def test_a_tree_that_was_not_released_is_left_out_and_said_so():
    [(line, warning)] = rows_of(oasst1.FORMAT, [{**each, "tree_state": "aborted_low_grade"} for each in TREE])
    assert (line, warning.code, warning.message, warning.severity) == (
        1,
        "tree_left_out",
        "aborted_low_grade",
        "warning",
    )


def test_trees_follow_each_other_and_a_chain_ends_with_the_assistant():
    second = [message("x", None, "prompter", tree="t2"), message("y", "x", "assistant", tree="t2")]
    assert [row.output for row in chains([*TREE, *second, message("z", "y", "prompter", tree="t2")])] == [
        "text b0",
        "text y",
    ]


@pytest.mark.parametrize(
    ("broken", "code", "path"),
    [
        (message("n", "nobody", "assistant"), "unknown_parent", "parent_id"),
        (message("n", "q", "prompter"), "wrong_turn_order", "role"),
        (message("a1", "q", "assistant"), "duplicate_message", "message_id"),
        (message("n", "q", "robot"), "unrecognized_role", "role"),
        (message("n", "q", "assistant", rank="0"), "not_numeric", "rank"),
        (message("n", "q", "assistant", text=None), "missing_field", "text"),
        (message(None, "q", "assistant"), "missing_field", "message_id"),
    ],
)
def test_a_message_that_fits_nowhere_is_refused_and_the_tree_goes_on(broken, code, path):
    found = rows_of(oasst1.FORMAT, [*TREE[:4], broken, *TREE[4:]])
    [(line, error)] = [(line, row) for line, row in found if isinstance(row, RowError)]
    assert (line, error.code, error.path) == (5, code, path)
    assert [row.output for _, row in found if isinstance(row, Example)] == ["text b0"]


def test_a_tree_larger_than_the_cap_is_cut_and_said_so(monkeypatch):
    monkeypatch.setattr(oasst1, "MOST_MESSAGES", 4)
    errors = [row.code for _, row in rows_of(oasst1.FORMAT, TREE) if isinstance(row, RowError)]
    assert errors == ["tree_too_large"] * 3


def test_whole_trees_as_records_are_read_alike():
    replies = {
        None: TREE[0], "q": TREE[1:4], "a0": TREE[4:5], "q0": TREE[5:],
    }  # fmt: skip

    def nested(told):
        plain = {name: told[name] for name in ("message_id", "text", "role", "rank", "lang", "deleted")}
        return {**plain, "replies": [nested(each) for each in replies.get(told["message_id"], [])]}

    record = {"message_tree_id": "t1", "tree_state": "ready_for_export", "prompt": nested(TREE[0])}
    assert oasst1.FORMAT.likeness(record) == 95
    assert chains([record]) == chains(TREE)
    assert ranked([record]) == ranked(TREE)
    assert oasst1.FORMAT.check(record) == []
    assert [each.code for each in oasst1.FORMAT.check({**record, "prompt": {"replies": 5}})] == ["missing_field"]
