"""Judges against people, read from pairs, decisions and runs; and everybody's own votes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.core.cache import cache
from django.test import Client

from generation.models import Answer, Pool, Run, RunTally
from review.actions.comparing import Said, judge, next_comparisons
from review.models import Comparison, Judgement, Round
from review.reports.judges import judges_of
from review.reports.own_votes import own_votes_of
from tests.cast import NOW, Cast, make_cast, make_person, new_key
from tests.pairs import make_pair
from tests.votes import all_say, comparisons, make_round, say

pytestmark = pytest.mark.django_db
RUBRIC = "a" * 64


@pytest.fixture
def cast() -> Cast:
    cache.clear()  # ids come again in every test
    return make_cast()


def make_run(cast: Cast, **fields: object) -> Run:
    """A run that is over."""
    pool, _ = Pool.objects.get_or_create(project=cast.project, name="main")
    values: dict[str, object] = {"recipe": "rank_responses", "state": "completed", "model": "m", "created_at": NOW}
    return Run.objects.create(project=cast.project, pool=pool, **values | fields)


def judged(winner: str = "chosen", *, first: str = "chosen", backward: str = "", **more: object) -> dict[str, object]:
    """What a pair keeps of a duel."""
    facts = {"kind": "pairwise", "model": "judge-1", "forward": winner, "backward": backward or winner, "first": first}
    return {"judge": facts | more}


def decided(cast: Cast, count: int, *, agree: int, meta: dict[str, object], name: str = "Pairs") -> Round:
    """So many pairs of one judge, of which people agree with so many."""
    asked = make_round(cast, count, name=name, overlap=1, rubric=RUBRIC, consistent=True, meta=meta)
    all_say(cast, asked, "carol", ["chosen"] * agree + ["rejected"] * (count - agree))
    return asked


def test_a_judge_is_known_by_model_kind_and_rubric_and_set_beside_people(cast: Cast) -> None:
    decided(cast, 10, agree=8, meta=judged())
    make_pair(cast.project, "Other?", "a", "b", rubric="b" * 64, meta=judged(first="rejected"))
    found = judges_of(cast.project)
    first, other = found.judges
    assert (first.model, first.kind, first.rubric) == ("judge-1", "pairwise", RUBRIC)
    assert (first.figures.agreement.value, first.figures.agreement.n) == (0.8, 10)
    assert (first.figures.consistency.value, first.figures.first.value) == (1.0, 0.5)
    assert (other.rubric, other.figures.agreement.value, other.findings) == ("b" * 64, None, ())
    assert (found.pairs, found.decided, found.capped) == (11, 10, False)


def test_length_own_model_planted_attacks_and_what_could_not_be_read(cast: Cast) -> None:
    run = make_run(cast)
    asked = decided(cast, 4, agree=1, meta=judged(run=run.pk))
    pairs = [row.pair_id for row in comparisons(asked)]
    Answer.objects.filter(text__startswith="better").update(model="Judge-1", text="a much longer answer")
    make_pair(cast.project, "Odd?", "x", "yy", rubric=RUBRIC, meta=judged(backward="invalid"))
    for outcome, count in (("fooled", 1), ("resisted", 19)):
        RunTally.objects.create(run=run, name=f"share.canary.{outcome}", count=count)
    [judge] = judges_of(cast.project).judges
    assert len(pairs) == 4
    assert (judge.figures.longer_there.value, judge.figures.people_longer.value) == (1.0, 0.25)
    assert (judge.figures.own_there.value, judge.figures.people_own.value) == (1.0, 0.25)
    assert (judge.fooled.value, judge.fooled.n, judge.figures.invalid.value) == (0.05, 20, 0.2)
    assert judge.findings[:2] == ("fooled", "disagrees")


def test_scores_are_verdicts_too(cast: Cast) -> None:
    for scores in ([8, 6], [5, 5], [4, 7], [None, 3]):
        meta = {"judge": {"kind": "single", "model": "judge-1", "scores": scores, "low": 1, "high": 10}}
        make_pair(cast.project, f"Scored {scores}?", "a", "b", meta=meta)
    [judge] = judges_of(cast.project).judges
    assert (judge.figures.pairs, judge.figures.invalid.value, judge.figures.consistency.value) == (4, 0.25, None)


@pytest.mark.parametrize(("agree", "warns"), [(7, ()), (6, ("gap_people",))], ids=["seventy percent", "sixty percent"])
def test_002_13_the_gap_between_models_is_a_guess_and_warns_below_seventy_percent(
    cast: Cast, client: Client, agree: int, warns: Sequence[str]
) -> None:
    """Judge and people are asked whether the stronger model's answer is the better one: rates with their intervals."""
    run = make_run(cast, recipe="model_comparison", model="strong")
    Run.objects.filter(pk=run.pk).update(parts={"low": {"model": "weak"}})
    decided(cast, 10, agree=agree, meta=judged() | {"gap": "high"})
    cast.project.pairs.update(run=run, source="model_gap")
    for name, count in (("share.gap.high", 9), ("share.gap.tie", 1), ("share.gap.inconsistent", 2)):
        RunTally.objects.create(run=run, name=name, count=count)
    found = judges_of(cast.project)
    [gap] = found.gaps
    assert (gap.high, gap.low, gap.runs) == ("strong", "weak", [run.pk])
    assert (gap.judge.value, gap.judge.n) == (0.75, 12)
    assert (gap.people.value, gap.people.n, gap.findings) == (agree / 10, 10, warns)
    assert gap.people.low is not None
    assert gap.people.high is not None
    assert gap.people.low < agree / 10 < gap.people.high
    assert ("disagrees" in found.judges[0].findings) == bool(warns)
    client.force_login(cast.bob)
    page = client.get("/p/poems/judges").content.decode()
    assert (f"{agree}0 %" in page, "people: less than 70 %" in page) == (True, bool(warns))
    answer = client.get("/api/v1/projects/poems/judges").json()
    assert answer["gaps"][0]["people"]["value"] == agree / 10
    assert answer["judges"][0]["figures"]["agreement"]["n"] == 10


def test_a_pair_that_was_turned_round_still_counts_for_the_stronger_model(cast: Cast) -> None:
    run = make_run(cast, recipe="model_comparison", model="strong", params={"prefers_low": "swap"})
    decided(cast, 2, agree=1, meta=judged() | {"gap": "low"})
    cast.project.pairs.update(run=run)
    RunTally.objects.create(run=run, name="draft.model_comparison.compare.prefers_low", count=2)
    RunTally.objects.create(run=run, name="share.gap.high", count=2)
    [gap] = judges_of(cast.project).gaps
    assert (gap.people.value, gap.judge.value, gap.judge.n) == (0.5, 0.5, 4)


def test_ones_own_votes_are_ones_own(cast: Cast, client: Client) -> None:
    asked = make_round(cast, 6)
    for row in comparisons(asked):
        say(cast, row, "carol", "chosen")
        say(cast, row, "erin", "chosen")
    Judgement.objects.filter(person=cast.carol).update(verdict="left")
    mine = own_votes_of(cast.seat("carol")).mine
    assert (mine.votes, mine.people, mine.seconds) == (6, 1, 8.0)
    assert (mine.left.value, mine.left_p) == (1.0, pytest.approx(2 / 2**6))
    assert (mine.with_outcome.value, mine.with_outcome.n, mine.steady.value) == (1.0, 6, None)
    assert own_votes_of(cast.seat("carol")).everybody is None
    assert own_votes_of(cast.seat("bob")).everybody is None  # two people are too few to hide in
    third = make_person("frank")
    [first, *_] = comparisons(asked)
    Judgement.objects.create(
        project=cast.project, comparison=first, sample=first.sample, person=third, verdict="tie", key="k" * 20,
        shown=first.answers, created_at=NOW,
    )  # fmt: skip
    everybody = own_votes_of(cast.seat("bob")).everybody
    assert everybody is not None
    assert (everybody.votes, everybody.people) == (13, 3)
    client.force_login(cast.carol)
    page = client.get("/p/poems/compare/mine").content.decode()
    assert ("a lean to one side" in page, "together" in page) == (True, False)


def test_what_was_asked_twice_tells_how_steady_somebody_is(cast: Cast) -> None:
    asked = make_round(cast, 4)
    all_say(cast, asked, "carol", ["chosen"] * 4)
    for turn, row in enumerate(comparisons(asked)):
        vote = Judgement.objects.get(comparison=row, person=cast.carol)
        again = Comparison.objects.create(
            round=asked, project=cast.project, sample=row.sample, pair=row.pair, answers=row.answers, created_at=NOW
        )
        ranking = vote.ranking if turn else list(reversed(vote.ranking))
        Judgement.objects.create(
            project=cast.project, comparison=again, sample=row.sample, person=cast.carol, verdict="left",
            shown=list(reversed(vote.shown)) if turn < 3 else vote.shown, ranking=ranking,
            key=f"again-{turn}-{again.pk}", created_at=NOW,
        )  # fmt: skip
    mine = own_votes_of(cast.seat("carol")).mine
    assert (mine.steady.value, mine.steady.n) == (0.75, 4)
    assert (mine.swapped.value, mine.swapped.n) == (2 / 3, 3)


def test_some_votes_are_asked_again_with_the_sides_swapped_and_change_nothing(cast: Cast, client: Client) -> None:
    asked = make_round(cast, 30, overlap=2)
    all_say(cast, asked, "carol", ["chosen"] * 30)
    all_say(cast, asked, "erin", ["chosen"] * 30)
    before = set(cast.project.pairs.values_list("pk", "state", "version"))
    client.force_login(cast.bob)
    assert client.post(f"/p/poems/compare/{asked.pk}/again", {"share": "10"}).status_code == 302
    assert client.post(f"/p/poems/compare/{asked.pk}/again", {"share": "10"}).status_code == 302
    again = Round.objects.exclude(pk=asked.pk).get()
    rows = list(again.comparisons.order_by("pk"))
    assert [row.assignments.get().person_id for row in rows] == [cast.carol.pk] * 3 + [cast.erin.pk] * 3
    for name, mine in (("carol", rows[:3]), ("erin", rows[3:])):
        seat = cast.seat(name)
        assert set(next_comparisons(seat, round_id=again.pk)) <= {row.pk for row in mine}
        for turn, row in enumerate(mine):
            first = Judgement.objects.get(person=seat.person, comparison__round=asked, sample=row.sample)
            verdict = "left" if (first.verdict == "right") == (turn > 0) else "right"
            key = new_key()
            judge(seat, comparison_id=row.pk, said=Said(verdict=verdict), key=key, version=row.version, now=NOW)
    habits = own_votes_of(cast.seat("carol")).mine
    assert (habits.swapped.value, habits.swapped.n, habits.steady.n) == (2 / 3, 3, 3)
    assert set(cast.project.pairs.values_list("pk", "state", "version")) == before
    assert judges_of(cast.project).decided == 0
