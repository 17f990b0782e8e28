"""Costs are known before, kept within the cap, never paid twice, and never above what people let pass unasked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from generation.actions.confirming import Concern, needs_confirmation
from generation.actions.earlier import _FIND
from generation.actions.endpoints import edit_endpoint
from generation.actions.estimates import Measured, expect
from generation.actions.previews import preview_of, start_preview
from generation.actions.run_tallies import tallies
from generation.actions.runs import StartRefusedError, raise_budget, start_wished
from generation.actions.seeds import save_seed
from generation.actions.sources import Choice
from generation.actions.starts import Repeats
from generation.engine import sending
from generation.formats.seed_tasks import SeedRow
from generation.models import Call, Item, Project, Run, Sample, Seed, Spend
from review.reports.spend import totals
from tests.cast import NOW, make_cast, make_samples
from tests.runs import offline_endpoint, start_offline, turn, work_through
from tests.scripted_runs import Ground, ground

pytestmark = pytest.mark.django_db(transaction=True)


CAP = 9_000
"""Micro-units: more than one call keeps back, and about what the whole run costs."""


def drafts_of(run: Run) -> list[tuple[str, str, str]]:
    rows = run.drafts.order_by("item__number", "index")
    return [(row.stage, row.reason, str(row.content["scores"])) for row in rows]


def test_000_32_a_cap_stops_the_run_which_can_be_resumed_and_what_was_paid_costs_nothing_again(tmp_path: Path) -> None:
    with ground("quality_scoring", tmp_path) as stage:
        preview = preview_of(work_through(start_preview(stage.project, wish=stage.wish, by=None, now=timezone.now())))
        found = expect(stage.project, wish=stage.wish, on=timezone.now().date(), measured=preview.measured)
        stopped = stage.run(budget_micro=CAP)
        assert (stopped.state, stopped.pause_reason) == ("paused", "budget")
        assert 0 < stopped.spent_micro + stopped.maybe_billed_micro <= CAP
        done = work_through(raise_budget(stopped, budget_micro=10**9), turns=200)
        assert done.state == "completed"
        assert abs((found.likely_micro or 0) - done.spent_micro) <= 0.10 * done.spent_micro
        before = stage.received()
        again = stage.run(reuse=True)
        assert (again.state, again.spent_micro, stage.received()) == ("completed", 0, before)
        counts = tallies(again.pk)
        assert (
            counts["call.reused"] == counts["call.asked"] == counts["call.answered"] == tallies(done.pk)["call.asked"]
        )
        assert counts["saved.micro"] == done.spent_micro
        assert drafts_of(again) == drafts_of(done)


ANYTHING = Repeats(near_duplicates="off")
"""The second run of the same answers says again what the first has said."""


def test_a_reused_call_names_its_source_and_keeps_its_bytes(tmp_path: Path) -> None:
    with ground("evol_instruct", tmp_path) as stage:
        first = stage.run(repeats=ANYTHING)
        second = stage.run(reuse=True, repeats=ANYTHING)
        third = stage.run(reuse=True, repeats=ANYTHING)
        for run in (second, third):  # never one that was itself taken over
            calls = Call.objects.filter(run=run).select_related("reused_from")
            assert {call.reused_from.run_id for call in calls if call.reused_from} == {first.pk}
            assert all(call.reused and call.raw == call.reused_from.raw and not call.cost_micro for call in calls)
        first.delete()
        call = Call.objects.filter(run=second).first()
        assert call is not None
        assert (call.reused, call.reused_from, bool(call.raw)) == (True, None, True)
        total = totals(stage.project)[0]
        assert (total.cost_micro, total.reused) == (0, 2 * tallies(second.pk)["call.reused"])


def test_nothing_is_reused_unless_it_is_the_very_same_and_ones_own(tmp_path: Path) -> None:
    with ground("quality_scoring", tmp_path) as stage, ground("quality_scoring", tmp_path, slug="q") as other:
        stage.run()
        asked = stage.received()
        assert tallies(stage.run(reuse=False).pk).get("call.reused", 0) == 0
        assert tallies(other.run(reuse=True).pk).get("call.reused", 0) == 0, "another project's answers are its own"
        assert tallies(stage.run(reuse=True, model="scripted-2").pk).get("call.reused", 0) == 0
        assert tallies(stage.run(reuse=True).pk)["call.reused"] == asked
        edit_endpoint(stage.endpoint, by=stage.person, now=timezone.now(), base_url=other.server.base_url)
        moved = stage.run(reuse=True)
        assert tallies(moved.pk).get("call.reused", 0) == 0, "another address may be another model"


def test_a_run_that_failed_halfway_gives_only_its_answers(tmp_path: Path) -> None:
    with ground("quality_scoring", tmp_path) as stage:
        first = stage.run()
        kept = Call.objects.filter(run=first, state="parsed")
        lost = kept.order_by("id").first()
        assert lost is not None
        Call.objects.filter(pk=lost.pk).update(state="failed", failure="server_error")
        again = stage.run(reuse=True)
        assert tallies(again.pk)["call.reused"] == kept.count()
        assert Spend.objects.filter(run=again, reused=0).count() == 0
        assert again.spent_micro == lost.cost_micro


class Crash(BaseException):
    """A worker that vanishes."""


def test_000_34_ten_rows_then_five_more_make_exactly_five_new_calls_and_a_crash_loses_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = make_cast()
    make_samples(cast.project, 10, state=Sample.State.APPROVED)
    wish = {"recipe": "quality_scoring", "params": {"quality": False}, "choice": Choice(fresh=True)}
    first = work_through(start_offline(cast.project, **wish))
    assert (first.state, Call.objects.count()) == ("completed", 10)
    with pytest.raises(StartRefusedError) as refused:
        start_offline(cast.project, **wish)
    assert refused.value.code == "nothing_new"
    added = make_samples(cast.project, [(f"Count to {n} and back.", "1") for n in range(5)], state="approved")
    second = start_offline(cast.project, **wish)
    answered = 0

    def vanish(place: str) -> None:
        nonlocal answered
        answered += place == "answered"
        if answered == 3:
            raise Crash

    monkeypatch.setattr(sending, "killpoint", vanish)
    with pytest.raises(Crash):
        turn(second)
    monkeypatch.undo()
    second = work_through(second)
    assert second.state == "completed"
    assert sorted(pin[0] for pin in second.pinned["samples"]) == sorted(sample.pk for sample in added)
    live = Call.objects.filter(run=second, superseded=False)
    assert live.count() == Item.objects.filter(run=second).count() == 5
    assert [draft.content["sample_ids"] for draft in second.drafts.order_by("item__number")] == [
        [sample.pk] for sample in added
    ]
    assert start_offline(cast.project, **wish | {"params": {"quality": True}}).pinned["samples"] != []


def test_new_seeds_alone_are_taken_and_those_of_a_run_that_ended_early_come_again() -> None:
    cast = make_cast()
    seeds = [plant_seed(cast.project, number) for number in range(10)]
    wish = {"choice": Choice(fresh=True)}
    first = start_offline(cast.project, **wish)
    new = plant_seed(cast.project, 11)
    assert start_offline(cast.project, **wish).seed_ids == [new.pk]
    Run.objects.update(state=Run.State.CANCELLED)
    assert start_offline(cast.project, **wish).seed_ids == [seed.pk for seed in [*seeds, new]]
    assert start_offline(cast.project, **wish | {"language": "zh"}).seed_ids == [*first.seed_ids, new.pk]


def plant_seed(project: Project, number: int) -> Seed:
    return save_seed(project, row=SeedRow(instruction=f"Write a line about the number {number}."), now=NOW)


def concern(stage: Ground, *, budget: int | None = None, measured: Measured | None = None) -> Concern | None:
    found = expect(stage.project, wish=stage.wish, on=timezone.now().date(), measured=measured)
    return needs_confirmation(stage.project, estimate=found, budget_micro=budget)


def test_000_36_above_the_limit_somebody_has_to_say_yes(tmp_path: Path) -> None:
    with ground("evol_instruct", tmp_path) as stage:
        unmeasured = concern(stage)
        assert unmeasured is not None
        assert (unmeasured.code, unmeasured.limit, unmeasured.currency) == ("not_measured", 1_000_000, "CNY")
        assert concern(stage, budget=1_000_000) is None, "a cap within the limit is a yes"
        capped = concern(stage, budget=1_000_001)
        assert capped is not None
        assert (capped.code, capped.most) == ("over_limit", 1_000_001)
        preview = preview_of(work_through(start_preview(stage.project, wish=stage.wish, by=None, now=timezone.now())))
        assert concern(stage, measured=preview.measured) is None, "what was measured lies below the limit"
        stage.project.confirm_above = {"CNY": 0, "USD": 10**9}
        over = concern(stage, measured=preview.measured)
        assert over is not None
        assert over.most == expect(
            stage.project, wish=stage.wish, on=timezone.now().date(), measured=preview.measured
        ).micro[1]  # fmt: skip
        stage.endpoint.prices.all().delete()
        unknown = concern(stage, measured=preview.measured)
        assert unknown is not None
        assert unknown.code == "unknown_price"
        with pytest.raises(StartRefusedError) as refused:
            start_wished(stage.project, wish=stage.wish, by=None, now=NOW, confirmed=False)
        assert refused.value.code == "needs_confirmation"
        assert not Run.objects.filter(preview=False).exists()
        free = replace(stage.wish, endpoint=offline_endpoint(), model="")
        assert start_wished(stage.project, wish=free, by=None, now=NOW, confirmed=False).offline


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the planner of PostgreSQL decides by what the tables hold")
def test_earlier_answers_are_found_by_their_index() -> None:
    statement = _FIND.format(places="%s, %s", since="")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", ["a", "b", 1, 2, 3, "m"])
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "call_answers" in plan
    assert "SCAN" not in plan
