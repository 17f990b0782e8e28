"""The books of a run: fences, vanished workers, late answers, and money."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from generation.actions.items import LEASE, MOST_CRASHES, take_back
from generation.actions.ledger import RunLedger
from generation.actions.run_tallies import tallies
from generation.actions.samples import admit
from generation.engine.ledger import (
    Answered,
    ClaimedItem,
    Failed,
    Finished,
    Lost,
    Outcome,
    Parsed,
    Released,
    Sending,
    Try,
    Unsent,
)
from generation.engine.recorder import FileRecorder
from generation.figures import figures
from generation.models import Call, Draft, Item, Run
from generation.types import Draft as DraftValue
from generation.types import Reply, Usage
from tests.cast import NOW, make_cast
from tests.runs import door, plant_seeds, start_offline

pytestmark = pytest.mark.django_db(transaction=True)

HELD = 1_000


@pytest.fixture
def run() -> Run:
    """A running, paid run with its first wave planned."""
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    run = start_offline(cast.project, params={"target": 20})
    hands = door()
    admit(run.pool_id, owner=hands.owner(), folder=hands.folder, clock=hands.now)
    Run.objects.filter(pk=run.pk).update(offline=False, budget_micro=2_500)
    run.refresh_from_db()
    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def ledger(run: Run, folder: Path, *, owner: str = "first") -> RunLedger:
    return RunLedger(run, owner=owner, folder=folder, clock=timezone.now)


def name(item: ClaimedItem, attempt: int = 1) -> Try:
    return Try(item.id, item.attempt, 0, 0, attempt)


def sending(item: ClaimedItem, attempt: int = 1, *, reserve: int = HELD) -> Sending:
    return Sending(name(item, attempt), item.stage, "f" * 64, b'{"model": "m"}', reserve, first=attempt == 1)


def words(outcomes: list[Outcome]) -> list[str]:
    return [outcome.word for outcome in outcomes]


def answer(item: ClaimedItem, attempt: int = 1) -> Answered:
    return Answered(name(item, attempt), b'{"paid": true}', 200, "req-1", 12)


def parsed(item: ClaimedItem, attempt: int = 1, *, cost: int = 300) -> Parsed:
    return Parsed(name(item, attempt), Reply("text", usage=Usage(200, 100)), cost, HELD)


def money(run: Run) -> tuple[int, int, int]:
    run.refresh_from_db()
    return run.spent_micro, run.reserved_micro, run.maybe_billed_micro


def test_i12_a_call_is_in_the_books_before_it_is_on_the_wire(run: Run, folder: Path) -> None:
    books = ledger(run, folder)
    item = books.claim(1)[0]
    assert words(books.write([sending(item)])) == ["done"]
    call = Call.objects.get()
    assert (call.state, call.reserved_micro, call.request) == ("sent", HELD, {"model": "m"})
    assert money(run) == (0, HELD, 0)


def test_an_answer_is_kept_as_bytes_before_it_is_read_and_then_settled(run: Run, folder: Path) -> None:
    books = ledger(run, folder)
    item = books.claim(1)[0]
    books.write([sending(item)])
    books.write([answer(item)])
    call = Call.objects.get()
    assert (call.state, bytes(call.raw), call.text) == ("answered", b'{"paid": true}', "")
    books.write([parsed(item), Finished(item, [DraftValue("sample", instruction="a"), DraftValue("sample")])])
    call.refresh_from_db()
    assert (call.state, call.text, call.cost_micro) == ("parsed", "text", 300)
    assert money(run) == (300, 0, 0)
    assert Draft.objects.filter(item_id=item.id).count() == 2
    assert Item.objects.get(pk=item.id).state == Item.State.DONE


def test_i11_two_workers_cannot_hold_back_more_than_the_budget(run: Run, folder: Path) -> None:
    first, second = ledger(run, folder), ledger(run, folder, owner="second")
    a, b = first.claim(2), second.claim(2)
    granted = words(first.write([sending(item) for item in a])) + words(second.write([sending(item) for item in b]))
    assert granted == ["done", "done", "over_budget", "over_budget"]
    assert money(run) == (0, 2 * HELD, 0)
    assert Call.objects.count() == 2
    assert words(second.write([sending(b[0], reserve=500)])) == ["done"]


def test_nothing_is_sent_for_a_run_that_is_no_longer_running(run: Run, folder: Path) -> None:
    books = ledger(run, folder)
    item = books.claim(1)[0]
    Run.objects.filter(pk=run.pk).update(state=Run.State.PAUSED)
    assert words(books.write([sending(item)])) == ["halted"]
    assert words(books.write([sending(item, reserve=0)])) == ["halted"]
    assert not Call.objects.exists()
    assert books.claim(5) == []


def test_two_workers_never_claim_the_same_item(run: Run, folder: Path) -> None:
    first, second = ledger(run, folder).claim(3), ledger(run, folder, owner="second").claim(3)
    assert not {item.id for item in first} & {item.id for item in second}


def test_i15_a_worker_whose_lease_went_to_another_writes_nothing(run: Run, folder: Path) -> None:
    old, new = ledger(run, folder), ledger(run, folder, owner="second")
    item = old.claim(1)[0]
    old.write([sending(item)])
    expire(item)
    assert take_back(run.pk, folder=folder, now=timezone.now()) == 1
    again = new.claim(1)[0]
    assert (again.id, again.attempt) == (item.id, 2)
    outcomes = old.write([Finished(item, [DraftValue("sample")]), Released(item), sending(item, 2)])
    assert words(outcomes) == ["lost", "lost", "lost"]
    assert not Draft.objects.exists()
    assert Item.objects.get(pk=item.id).owner == "second"
    assert old.renew({item.id: 1}) == set()
    assert new.renew({item.id: 2}) == {item.id}


def expire(item: ClaimedItem) -> None:
    Item.objects.filter(pk=item.id).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_call_whose_worker_vanished_is_listed_as_maybe_billed_and_stays_spent(run: Run, folder: Path) -> None:
    books = ledger(run, folder)
    item = books.claim(1)[0]
    books.write([sending(item)])
    expire(item)
    take_back(run.pk, folder=folder, now=timezone.now())
    call = Call.objects.get()
    assert (call.state, call.maybe_billed, call.superseded) == ("unknown", True, True)
    assert money(run) == (0, 0, HELD)
    again = ledger(run, folder, owner="second").claim(1)[0]
    assert [each.state for each in again.journal] == ["unknown"]
    assert not again.journal[0].speaks


def test_f18_an_answer_that_comes_after_its_lease_is_kept_as_paid_and_never_used(run: Run, folder: Path) -> None:
    old, new = ledger(run, folder), ledger(run, folder, owner="second")
    item = old.claim(1)[0]
    old.write([sending(item)])
    expire(item)
    take_back(run.pk, folder=folder, now=timezone.now())
    again = new.claim(1)[0]
    new.write([sending(again, 2)])
    assert words(old.write([answer(item)])) == ["lost"]
    old.write([parsed(item)])
    late, fresh = Call.objects.order_by("attempt")
    assert (late.state, late.superseded, late.maybe_billed, bytes(late.raw)) == (
        "parsed",
        True,
        False,
        b'{"paid": true}',
    )
    assert fresh.state == "sent"
    assert money(run) == (300, HELD, 0)


def test_policy_may_leave_a_lost_call_to_a_person(run: Run, folder: Path) -> None:
    Run.objects.filter(pk=run.pk).update(retry_unknown=False)
    run.refresh_from_db()
    books = ledger(run, folder)
    item = books.claim(1)[0]
    books.write([sending(item)])
    expire(item)
    take_back(run.pk, folder=folder, now=timezone.now())
    again = ledger(run, folder, owner="second").claim(1)[0]
    assert again.journal[0].speaks
    assert tallies(run.pk)["call.failed"] == 1
    shown = figures(run, now=timezone.now()).failures
    assert [(each.kind, each.count, each.newest_call) for each in shown] == [
        ("unknown_outcome", 1, Call.objects.get().pk)
    ]


def test_a_dead_owner_is_found_at_once_and_only_the_guilty_item_is_blamed(run: Run, folder: Path) -> None:
    recorder = FileRecorder(folder, "first")
    items = ledger(run, folder).claim(4)
    assert take_back(run.pk, folder=folder, now=timezone.now()) == 0, "it lives"
    recorder.mark(items[2].id)
    recorder.abandon()
    assert take_back(run.pk, folder=folder, now=timezone.now()) == 4
    crashes = dict(Item.objects.filter(pk__in=[item.id for item in items]).values_list("pk", "crashes"))
    assert crashes == {item.id: int(item is items[2]) for item in items}
    assert not (folder / "first").exists()


def test_f43_an_item_that_kills_its_worker_three_times_is_parked(run: Run, folder: Path) -> None:
    for turn in range(MOST_CRASHES):
        owner = f"worker-{turn}"
        recorder = FileRecorder(folder, owner)
        item = ledger(run, folder, owner=owner).claim(1)[0]
        recorder.mark(item.id)
        recorder.abandon()
        take_back(run.pk, folder=folder, now=timezone.now())
    parked = Item.objects.get(pk=item.id)
    assert (parked.state, parked.failure) == (Item.State.FAILED, "worker_crashed")
    assert ledger(run, folder, owner="next").claim(1)[0].id != item.id


def test_a_lease_that_is_kept_is_not_taken(run: Run, folder: Path) -> None:
    books = ledger(run, folder)
    item = books.claim(1)[0]
    later = timezone.now() + LEASE / 2
    assert take_back(run.pk, folder=folder, now=later) == 0
    assert take_back(run.pk, folder=folder, now=later + LEASE) == 1
    assert Item.objects.get(pk=item.id).state == Item.State.PLANNED


def test_an_announcement_that_is_taken_back_leaves_no_trace(run: Run, folder: Path) -> None:
    books = ledger(run, folder)
    item = books.claim(1)[0]
    books.write([sending(item)])
    books.write([Unsent(name(item), HELD), Unsent(name(item, 2), HELD)])
    assert not Call.objects.exists()
    assert money(run) == (0, 0, 0)
    assert tallies(run.pk)["call.asked"] == 0


def test_a_cut_off_call_and_a_failed_one_settle_as_maybe_billed_or_not(run: Run, folder: Path) -> None:
    books = ledger(run, folder)
    first, second = books.claim(2)
    books.write([sending(first), sending(second)])
    books.write([Lost(name(first), HELD), Failed(name(second), "server_error", HELD, final=False)])
    assert money(run) == (0, 0, HELD)
    books.write([replace(sending(second, 2), reserve=500)])
    books.write([Failed(name(second, 2), "timeout", 500, maybe_billed=True)])
    assert money(run) == (0, 0, HELD + 500)
    assert tallies(run.pk)["failure.timeout"] == 1


def test_drafts_that_no_database_could_hold_are_made_storable(run: Run, folder: Path) -> None:
    books = ledger(run, folder)
    item = books.claim(1)[0]
    books.write([Finished(item, [DraftValue("sample", instruction="a\x00b\ud800c", data={"k\x00": ["\x00"]})])])
    content = Draft.objects.get().content
    assert content["instruction"] == "a\ufffdb\ufffdc"
    assert content["data"] == {"k\ufffd": ["\ufffd"]}


def test_the_owners_folder_is_the_installations_own() -> None:
    assert str(door().folder).startswith(str(settings.DATA_DIR))
