"""Decisions in any order, against a model in a dictionary: what people see and what the rows say never part.

200 sequences by default under `FDC_TRUST=1`, 25 otherwise.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from generation.actions.tallies import counts
from generation.models import Revision, Sample
from review.actions.changes import DecisionError, Texts
from review.actions.decisions import decide, reopen, undo
from review.actions.queue import next_cards
from review.criteria import Criteria
from review.models import Claim, Decision
from tests.cast import NOW, make_cast, make_samples, new_key
from tests.faults.report import FULL, write_down

PEOPLE = st.sampled_from(["carol", "erin", "bob"])
AFTER = {"approve": "approved", "reject": "rejected"}


class Decisions(RuleBasedStateMachine):
    """Three people, five samples. `states` is what the rows must say; `stacks` is what each person could take back."""

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.cast = make_cast()
        self.rows = make_samples(self.cast.project, 5)
        self.states = {row.pk: "needs_review" for row in self.rows}
        self.desks: dict[str, list[int]] = {}
        self.answered: list[tuple[str, str, int, str, int]] = []

    def teardown(self) -> None:
        """Everything of this sequence is forgotten before the next one begins."""
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    @rule(who=PEOPLE)
    def ask_for_cards(self, who: str) -> None:
        self.desks[who] = next_cards(self.cast.seat(who), criteria=Criteria())
        assert len(self.desks[who]) <= 2
        assert all(self.states[pk] == "needs_review" for pk in self.desks[who])

    @rule(who=PEOPLE, action=st.sampled_from(["approve", "reject", "skip", "flag", "unflag", "edit"]))
    def say(self, who: str, action: str) -> None:
        if not self.desks.get(who):
            return
        pk = self.desks[who][0]
        seen = Sample.objects.get(pk=pk)
        text = Texts(instruction="New", output=f"{action} {new_key()}") if action == "edit" else None
        key = new_key()
        outcome = decide(
            self.cast.seat(who), sample_id=pk, action=action, key=key, version=seen.version, text=text, now=NOW
        )  # fmt: skip
        assert outcome.saved == (action == "skip" or self.states[pk] == "needs_review")
        if outcome.saved:
            self.states[pk] = AFTER.get(action, self.states[pk])
            self.answered.append((who, key, outcome.version, outcome.state, pk))
        if action in ("approve", "reject", "skip"):
            self.desks[who].pop(0)

    @rule(who=PEOPLE, action=st.sampled_from(["approve", "reject"]), at=st.integers(0, 4))
    def say_with_an_old_page(self, who: str, action: str, at: int) -> None:
        row = Sample.objects.get(pk=self.rows[at].pk)
        outcome = decide(self.cast.seat(who), sample_id=row.pk, action=action, key=new_key(), version=1, now=NOW)
        spoken = Decision.objects.filter(sample=row, version__gt=1, action__in=("approve", "reject", "edit", "reopen"))
        if outcome.saved:
            assert self.states[row.pk] == "needs_review"
            assert not spoken.exclude(pk=outcome.decision_id).exists()
            self.states[row.pk] = AFTER[action]

    @rule(who=PEOPLE)
    def take_back(self, who: str) -> None:
        mine = Decision.objects.filter(person=getattr(self.cast, who), undone_by=None).exclude(action="undo")
        if not mine.exists():
            with pytest.raises(DecisionError, match="nothing_to_undo"):
                undo(self.cast.seat(who), key=new_key(), now=NOW)
            return
        outcome = undo(self.cast.seat(who), key=new_key(), now=NOW)
        if outcome.saved:
            undone = Decision.objects.get(pk=outcome.decision_id).undoes
            assert undone is not None
            if undone.action in ("approve", "reject", "reopen"):
                self.states[outcome.sample_id] = undone.before["state"]
            assert outcome.state == self.states[outcome.sample_id]
            row = Sample.objects.get(pk=outcome.sample_id)
            touched = ("flagged",) if undone.action in ("flag", "unflag") else ("state", "reason", "edited", "revision")
            assert all(getattr(row, name) == undone.before[name] for name in touched)

    @rule(at=st.integers(0, 4))
    def put_back(self, at: int) -> None:
        row = Sample.objects.get(pk=self.rows[at].pk)
        seat = self.cast.seat("bob")
        outcome = reopen(seat, sample_id=row.pk, key=new_key(), version=row.version, reason="again", now=NOW)
        assert outcome.saved == (self.states[row.pk] in ("approved", "rejected"))
        self.states[row.pk] = "needs_review"

    @rule(who=PEOPLE)
    def let_claims_run_out(self, who: str) -> None:
        Claim.objects.filter(person=getattr(self.cast, who)).update(expires_at=Now() - timedelta(seconds=1))

    @precondition(lambda self: self.answered)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        who, key, version, state, pk = data.draw(st.sampled_from(self.answered))
        outcome = decide(self.cast.seat(who), sample_id=pk, action="approve", key=key, version=1, now=NOW)
        assert (outcome.repeated, outcome.version, outcome.state) == (True, version, state)
        other = next(row.pk for row in self.rows if row.pk != pk)
        outcome = decide(self.cast.seat(who), sample_id=other, action="approve", key=key, version=1, now=NOW)
        assert (outcome.saved, outcome.code) == (False, "key_used")

    @invariant()
    def rows_and_tallies_say_the_same(self) -> None:
        rows = dict(Sample.objects.filter(project=self.cast.project).values_list("pk", "state"))
        assert rows == self.states
        assert counts(self.cast.project.pk, kind="sample") == dict(Counter(rows.values()))

    @invariant()
    def versions_have_no_gap_and_texts_are_their_revisions(self) -> None:
        for row in Sample.objects.filter(project=self.cast.project):
            versions = Decision.objects.filter(sample=row).exclude(action="skip").values_list("version", flat=True)
            assert sorted(versions) == list(range(2, row.version + 1))
            if row.revision == 1 and not row.revisions.exists():
                continue
            shown = Revision.objects.get(sample=row, number=row.revision)
            assert (row.output, row.content_hash) == (shown.output, shown.content_hash)

    @invariant()
    def nobody_holds_what_another_holds(self) -> None:
        live = Claim.objects.filter(expires_at__gt=Now()).values_list("subject_id", flat=True)
        assert all(n == 1 for n in Counter(live).values())


@pytest.mark.slow
@pytest.mark.django_db
def test_decisions_in_any_order_keep_every_promise() -> None:
    stories, steps = (200, 50) if FULL else (25, 30)
    run_state_machine_as_test(
        Decisions,
        settings=settings(
            max_examples=stories, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck), database=None,
        ),
    )  # fmt: skip
    write_down(test="decisions in any order", stories=stories, steps_at_most=steps, promises_broken=0)
