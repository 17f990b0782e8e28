"""What becomes of answers and pairs that runs make: states by the gate, verdicts on pairs that wait, a fooled judge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.access import Seat
from generation.actions.answer_sources import answered_samples
from generation.actions.judge_alarms import NoAlarmError, clear_alarm, is_fooled
from generation.actions.previews import preview_of, start_preview
from generation.actions.sources import Choice, few, pinned, sources_in, stock_of
from generation.actions.starts import Wish, snapshot
from generation.actions.tallies import count_moves, counts
from generation.figures import figures
from generation.judge_figures import judge_figures
from generation.models import Answer, Draft, PreferencePair, Role, Run, RunEvent, RunTally, Sample
from generation.recipes import recipe
from generation.types import Draft as DraftValue
from generation.types import Score
from review.actions.pair_moves import PairError
from review.actions.regate import regate
from tests.cast import NOW, Cast, make_cast
from tests.integration.test_admitted_pairs import decide
from tests.runs import plant_seeds, start_offline, turn, work_through
from tests.scripted_runs import ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    return cast


def prompt_of(cast: Cast, *texts: str, **fields: Any) -> tuple[Sample, list[Answer]]:
    """A prompt as imports leave it, with these answers."""
    values = {"state": "generated", "origin": "import", "language": "en", "instruction": "Why?", **fields}
    sample = Sample.objects.create(project=cast.project, content_hash=f"p{texts}", created_at=NOW, **values)
    like = {"sample": sample, "model": "canary-model-x", "created_at": NOW}
    return sample, Answer.objects.bulk_create(Answer(text=text, content_hash=text, **like) for text in texts)


def judged(
    held: str = "", *, ids: tuple[int, ...] = (), forward: str = "chosen", rejected: str = "worse", **data: Any
) -> DraftValue:
    told = {"kind": "pairwise", "model": "m", "forward": forward, "backward": forward, "scores": [8.0, 3.0]}
    return DraftValue(
        "pair", instruction="Why?", output="better", rejected=rejected, answer_ids=ids,
        data={"pair_source": "judge", "held": held, "consistent": not held, "rubric": "r" * 64, "margin": 5.0,
              "chosen_model": "big", "rejected_model": "small", "meta": {"judge": told}, **data},
    )  # fmt: skip


def standing(run: Run) -> list[tuple[str, str]]:
    return list(PreferencePair.objects.filter(run=run).order_by("pk").values_list("state", "reason"))


def test_the_gates_word_is_the_pairs_state_and_is_counted_with_its_reason(cast: Cast) -> None:
    run = start_offline(cast.project)
    decide(run, judged(), judged("tie", rejected="b"), judged("tie", rejected="c"), judged("unverified", rejected="d"))
    assert standing(run) == [("exportable", ""), ("held_back", "tie"), ("held_back", "tie"), ("ready", "unverified")]
    assert counts(cast.project.pk, kind="pair") == {"exportable": 1, "held_back": 2, "ready": 1}
    found = figures(run, now=timezone.now())
    assert found.pairs == {"exportable": 1, "held_back": 2, "ready": 1}
    assert found.held == (("tie", 2),)
    pair = PreferencePair.objects.get(run=run, state="exportable")
    assert (pair.rubric, pair.consistent, pair.margin) == ("r" * 64, True, 5.0)
    assert (pair.chosen.model, pair.rejected.model) == ("big", "small")


def test_answers_are_kept_once_with_their_scores_and_pairs_share_them(cast: Cast) -> None:
    run = start_offline(cast.project)
    told = {"model": "big", "rank": 1, "meta": {"candidate": 0}}
    scores = {"judge": Score(8.0, 1, 10)}
    answer = DraftValue("answer", instruction="Why?", output="better", data=told, scores=scores)
    other = DraftValue("answer", instruction="Why?", output="better", data={"model": "small"})
    decide(run, answer, other, judged())
    rows = list(Answer.objects.filter(run=run).order_by("pk").values_list("text", "model", "rank", "scores"))
    kept = {"judge": {"value": 8.0, "low": 1, "high": 10}}
    assert rows == [("better", "big", 1, kept), ("better", "small", None, {}), ("worse", "small", None, {})]
    assert Sample.objects.filter(run=run, state="generated", output="").count() == 1
    decide(run, answer)
    assert Answer.objects.filter(run=run).count() == 3


def test_two_answers_that_meet_again_move_their_pair_unless_people_or_the_gate_are_done_with_it(cast: Cast) -> None:
    run = start_offline(cast.project)
    sample, (one, two, three) = prompt_of(cast, "one", "two", "three")
    like = {"project": cast.project, "sample": sample, "created_at": NOW}
    waiting = PreferencePair.objects.create(chosen=one, rejected=two, source="import", state="ready", **like)
    settled = PreferencePair.objects.create(chosen=one, rejected=three, source="human", state="held_back",
                                            reason="people_disagree", **like)  # fmt: skip
    count_moves(cast.project.pk, kind="pair", moves={"ready": 1, "held_back": 1})
    decide(run, judged(ids=(one.pk, two.pk)), judged(ids=(one.pk, three.pk)), judged(ids=(two.pk, three.pk)))
    waiting.refresh_from_db()
    settled.refresh_from_db()
    assert (waiting.state, waiting.source, waiting.version, waiting.meta["judge"]["run"]) == (
        "exportable", "import", 2, run.pk,
    )  # fmt: skip
    assert (settled.state, settled.reason, settled.version) == ("held_back", "people_disagree", 1)
    assert PreferencePair.objects.count() == 3
    assert counts(cast.project.pk, kind="pair") == {"exportable": 2, "held_back": 1}
    assert figures(run, now=timezone.now()).pairs == {"exportable": 2, "known": 1}


def test_a_file_that_says_otherwise_is_held_back_and_a_judges_own_pair_is_turned_round(cast: Cast) -> None:
    run = start_offline(cast.project)
    sample, (one, two, three) = prompt_of(cast, "one", "two", "three")
    like = {"project": cast.project, "sample": sample, "created_at": NOW, "state": "ready"}
    filed = PreferencePair.objects.create(chosen=one, rejected=two, source="import", content_hash="kept", **like)
    own = PreferencePair.objects.create(chosen=one, rejected=three, source="judge", meta={"judge": {"old": 1}}, **like)
    decide(run, judged(ids=(two.pk, one.pk)), judged(ids=(three.pk, one.pk)))
    filed.refresh_from_db()
    own.refresh_from_db()
    assert (filed.chosen, filed.state, filed.reason, filed.margin) == (one, "held_back", "prefers_low", -5.0)
    assert (filed.meta["judge"]["forward"], filed.meta["judge"]["scores"]) == ("rejected", [3.0, 8.0])
    assert filed.content_hash == "kept"
    assert (own.chosen, own.rejected, own.state, own.margin) == (three, one, "exportable", 5.0)
    assert own.meta["judged_before"] == [{"old": 1}]


def test_answers_of_another_project_or_gone_are_passed_over(cast: Cast) -> None:
    run = start_offline(cast.project)
    _, (one, two) = prompt_of(cast, "one", "two")
    two.delete()
    decide(run, judged(ids=(one.pk, two.pk or 0)))
    assert not PreferencePair.objects.exists()


def canary(*, fooled: bool) -> DraftValue:
    return DraftValue("instruction", instruction="c", data={"canary": {"kind": "plea", "fooled": fooled}},
                      counted={"canary": "fooled" if fooled else "resisted"})  # fmt: skip


def test_a_fooled_judge_vouches_for_nothing_until_a_person_lifts_it(cast: Cast, client: Any) -> None:
    run = start_offline(cast.project)
    decide(run, canary(fooled=False), judged())
    assert not is_fooled(run)
    decide(run, canary(fooled=True), judged(rejected="b"), judged("unverified", rejected="c"))
    decide(run, judged(rejected="d"), judged("tie", rejected="e"))
    assert standing(run) == [
        ("held_back", "judge_fooled"), ("held_back", "judge_fooled"), ("ready", "unverified"),
        ("held_back", "judge_fooled"), ("held_back", "tie"),
    ]  # fmt: skip
    assert counts(cast.project.pk, kind="pair") == {"held_back": 4, "ready": 1}
    assert figures(run, now=timezone.now()).held == (("judge_fooled", 3), ("tie", 1))
    assert RunEvent.objects.get(run=run).detail == {"kinds": ["plea"]}
    with pytest.raises(PairError, match="judge_fooled"):
        regate(Seat(cast.alice, cast.project, Role.OWNER), run_id=run.pk, least_margin=0.0, now=NOW)
    assert clear_alarm(run, by=cast.alice, now=NOW) == 3
    assert counts(cast.project.pk, kind="pair") == {"exportable": 3, "held_back": 1, "ready": 1}
    assert figures(run, now=timezone.now()).held == (("tie", 1),)
    with pytest.raises(NoAlarmError):
        clear_alarm(run, by=cast.alice, now=NOW)
    decide(run, judged(rejected="f"))
    assert standing(run)[-1] == ("exportable", "")
    client.force_login(cast.alice)
    decide(run, canary(fooled=True))
    Run.objects.filter(pk=run.pk).update(params={"judge": "pairwise", "canary_share": 0.01})
    page = reverse("run", args=[cast.project.slug, run.pk])
    assert 'id="judge_alarm"' in client.get(page).content.decode()
    client.post(page, {"do": "clear_alarm"})
    assert not is_fooled(run)


def test_answers_are_chosen_pinned_and_seen_without_a_name(cast: Cast) -> None:
    sample, answers = prompt_of(cast, "one", "two", "three")
    prompt_of(cast, "alone")
    held, (chosen, rejected) = prompt_of(cast, "a", "b", language="zh")
    PreferencePair.objects.create(project=cast.project, sample=held, chosen=chosen, rejected=rejected, source="import",
                                  state="held_back", reason="tie", created_at=NOW)  # fmt: skip
    Answer.objects.filter(pk=answers[0].pk).update(scores={"score": {"value": 3, "low": 1, "high": 5}}, rank=2)
    fields = pinned(cast.project, recipe=recipe("rank_responses"), choice=Choice())
    assert fields["pinned"]["answers"] == [
        [sample.pk, 1, [each.pk for each in answers]], [held.pk, 1, [chosen.pk, rejected.pk]],
    ]  # fmt: skip
    stock = stock_of(fields)
    assert (stock.answers, stock.answer_pairs, stock.answered) == (5, 4, (3, 2))
    prompt_of(cast, "later", "too late")
    [first, second] = sources_in(cast.project, fields=fields).samples
    assert [each.text for each in first.answers] == ["one", "two", "three"]
    assert (first.answers[0].score, first.answers[0].low, first.answers[0].rank) == (3.0, 1.0, 2)
    assert "canary-model" not in repr((first, second))
    assert len(few(fields, most=1)["pinned"]["answers"]) == 1
    for wanted, found in (({"pairs": "held_back"}, [held]), ({"reason": "tie"}, [held]), ({"language": "zh"}, [held]),
                          ({"ids": [sample.pk]}, [sample]), ({"pairs": "ready"}, [])):  # fmt: skip
        assert list(answered_samples(cast.project, answer_filter=wanted)) == found


@pytest.mark.django_db(transaction=True)
def test_uploaded_scores_need_no_endpoint_and_a_run_of_them_ends(cast: Cast) -> None:
    _, answers = prompt_of(cast, "It floats.", "It sinks at once, sadly.")
    for answer, value in zip(answers, (8, 3), strict=True):
        Answer.objects.filter(pk=answer.pk).update(scores={"score": {"value": value, "low": 0, "high": 10}})
    wish = Wish("rank_responses", {"judge": "uploaded"})
    assert "endpoint" not in snapshot(cast.project, wish=wish, now=NOW)
    run = work_through(start_offline(cast.project, recipe="rank_responses", params={"judge": "uploaded"}))
    assert (run.state, run.endpoint, run.offline) == ("completed", None, False)
    [pair] = PreferencePair.objects.filter(run=run)
    assert (pair.chosen, pair.state, pair.source, pair.margin) == (answers[0], "exportable", "score", 5.0)
    assert list(Answer.objects.order_by("pk").values_list("rank", flat=True)) == [1, 2]


def test_002_13_agreement_with_the_gap_between_models_is_told_with_its_interval_and_a_warning(cast: Cast) -> None:
    run = start_offline(cast.project)
    Run.objects.filter(pk=run.pk).update(recipe="model_comparison", params={"judge": "pairwise", "canary_share": 0.0})
    run.refresh_from_db()

    def told(**said: int) -> Any:
        RunTally.objects.filter(run=run).delete()
        RunTally.objects.bulk_create(
            RunTally(run=run, name=name.replace("__", "."), count=count) for name, count in said.items()
        )
        return judge_figures(run)

    found = told(share__gap__high=69, share__gap__low=1, share__gap__tie=10,
                 draft__model_comparison__compare__prefers_low=30, share__gap__inconsistent=20)  # fmt: skip
    assert (found.gap.count, found.gap.of, found.gap.share) == (69, 100, 69.0)
    assert (round(found.gap.low, 2), round(found.gap.high, 2)) == (59.37, 77.22)
    assert (found.decided.count, found.decided.of) == (100, 130)
    assert found.agrees_too_seldom
    assert not told(share__gap__high=70, share__gap__low=30).agrees_too_seldom
    assert told().gap is None


@pytest.mark.django_db(transaction=True)
def test_000_21_prompts_become_preferences_that_a_trainer_takes(cast: Cast) -> None:
    run = start_offline(cast.project, recipe="generate_pairs", params={"most_rows": 12})
    run = work_through(run)
    assert run.state == "completed"
    pairs = PreferencePair.objects.filter(run=run)
    assert {state for state, _ in standing(run)} <= {"exportable", "held_back"}
    able = pairs.filter(state="exportable")
    assert able.exists()
    for pair in able.select_related("chosen", "rejected", "sample"):
        assert pair.chosen.text.strip() != pair.rejected.text.strip()
        assert pair.margin >= 0.9
        assert pair.chosen.rank < pair.rejected.rank
        assert pair.sample.instruction
        assert pair.sample.output == ""
    kept = Draft.objects.filter(run=run, kind="answer", state="admitted").count()
    assert kept == Answer.objects.filter(run=run).count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("share", [0.0, 0.01])
def test_a_paid_preview_comes_to_its_pairs_though_stages_have_nothing_to_do(tmp_path: Any, share: float) -> None:
    with ground("generate_pairs", tmp_path) as on:
        wish = replace(on.wish, params={"candidates": 3, "canary_share": share})
        run = start_preview(on.project, wish=wish, by=on.person, now=timezone.now())
        for _ in range(40):
            run.refresh_from_db()
            if run.state != "running":
                break
            turn(run)
    found = preview_of(run)
    assert found.over
    assert [each.draft.kind for each in found.drafts if each.stage == "generate_pairs.candidates"].count("pair") == 3
    assert {task.stage for task in found.tasks} >= {"generate_pairs.candidates"}
    assert not PreferencePair.objects.filter(run=run).exists()
