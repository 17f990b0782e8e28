"""Real answers of three models, served under their names, judged from the text alone. The counts were reckoned before
the run: from the texts, by a comparison of their own."""

from __future__ import annotations

import pytest

from tests.chat_server import chat_server
from tests.judging_server import JUDGE
from tests.recorded import answers, playing

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not answers.FOLDER.exists(), reason="the recorded answers are not beside the project"),
]
EXPECTED = {
    ("model_comparison", "pairwise"): (8, 4),
    ("rank_responses", "pairwise"): (31, 3),
}
"""By method and judge: pairs that may leave, and those that are held back or dropped (too close, the same, or the
weaker model's answer is nearer), of twelve prompts, each with three answers of some length. Two more pairs of answers
are a tie, which forms no pair."""


def test_each_method_runs_whole_by_the_command_and_no_name_reaches_the_judge(tmp_path):
    long = [row for row in answers.rows() if all(len(text.strip()) > 20 for text in row.answers.values())][:12]
    prompts, ranked = tmp_path / "prompts.jsonl", tmp_path / "ranked.jsonl"
    answers.write_prompts(long, prompts)
    answers.write_ranked(long, ranked)
    wanted = tuple(case for case in playing.CASES if (case[1][1], case[0]) in EXPECTED)
    desk = answers.desk(long)
    found = {}
    with chat_server(desk, models=[*answers.MODELS, JUDGE]) as server:
        for each in playing.play(
            server, desk, long, prompts=prompts, ranked=ranked, folder=tmp_path, cases=wanted
        ):  # fmt: skip
            assert (each.state, each.error, each.names_seen) == ("completed", "", 0)
            found[each.method, each.judge] = (each.pairs, sum(each.held.values()) + sum(each.dropped.values()))
    assert found == EXPECTED
    assert set(desk.asked) == {answers.HIGH, answers.LOW, JUDGE}
