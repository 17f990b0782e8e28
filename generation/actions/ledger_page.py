"""One batch of the engine's writes, entered kind by kind inside one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from generation.actions import calls
from generation.actions.drafts import add_drafts
from generation.actions.run_tallies import move_tallies
from generation.actions.spending import add_spends, grant, settle, spend_of
from generation.engine.ledger import (
    DONE,
    LOST,
    Answered,
    Failed,
    Finished,
    Lost,
    Outcome,
    Parsed,
    Released,
    Reused,
    Sending,
    Unsent,
    Write,
)
from generation.models import Item, Run

W = TypeVar("W", bound=Write)


class Page:
    """Enters writes, counts what they move, and moves the run's sums and tallies last. `held` maps item id -> claim."""

    def __init__(self, run: Run, held: dict[int, int], *, now: datetime) -> None:
        self._run = run
        self._held = held
        self._now = now
        self._moves: Counter[str] = Counter()
        self._spends: dict[tuple[str, str], Counter[str]] = {}
        self._reserved = self._spent = self._maybe_billed = 0

    def enter(self, batch: Sequence[Write]) -> list[Outcome]:
        """Writes the batch and says what became of each, in its order."""
        outcomes = [DONE if self._holds(write) else LOST for write in batch]
        mine = [write for write, outcome in zip(batch, outcomes, strict=True) if outcome is DONE]
        late = [write for write, outcome in zip(batch, outcomes, strict=True) if outcome is LOST]
        calls.store_answers(_only(batch, Answered), now=self._now)
        self._reuse(_only(mine, Reused))
        self._parse(_only(mine, Parsed))
        self._fail(_only(mine, Failed))
        self._book_late(late)
        self._lose(_only(batch, Lost))
        self._settle()  # what came home in this batch may be granted in it again
        granted = self._send(_only(mine, Sending))
        self._withdraw(_only(batch, Unsent))
        self._finish(_only(mine, Finished))
        self._release(_only(mine, Released))
        self._settle()
        add_spends(self._run.pk, day=self._now.date(), sums=self._spends)
        move_tallies(self._run.pk, moves=self._moves)
        return [granted.get(id(write), outcome) for write, outcome in zip(batch, outcomes, strict=True)]

    def _settle(self) -> None:
        settle(self._run.pk, reserved=self._reserved, spent=self._spent, maybe_billed=self._maybe_billed)
        self._reserved = self._spent = self._maybe_billed = 0

    def _holds(self, write: Write) -> bool:
        item_id, claim = claim_of(write)
        return self._held.get(item_id) == claim

    def _send(self, writes: Sequence[Sending]) -> dict[int, Outcome]:
        if not writes:
            return {}
        outcomes = grant(self._run.pk, asked=[write.reserve for write in writes])
        sent = [write for write, outcome in zip(writes, outcomes, strict=True) if outcome is DONE]
        calls.insert_sent(self._run, writes=sent, now=self._now)
        self._moves["call.wire"] += len(sent)
        self._moves["call.tries"] += len(sent)
        self._moves["call.asked"] += sum(write.first for write in sent)
        return {id(write): outcome for write, outcome in zip(writes, outcomes, strict=True)}

    def _reuse(self, writes: Sequence[Reused]) -> None:
        calls.insert_reused(self._run, writes=writes, now=self._now)
        self._moves["call.wire"] += len(writes)
        self._moves["call.asked"] += sum(write.first for write in writes)

    def _parse(self, writes: Sequence[Parsed]) -> None:
        calls.store_replies(writes)
        for write in writes:
            self._reserved -= write.reserve
            self._spent += write.cost
            self._count_usage(write)
            self._moves["call.recovered"] += write.retried
            self._moves["call.reused"] += write.reused
        self._moves["call.wire"] -= len(writes)
        self._moves["call.answered"] += len(writes)

    def _fail(self, writes: Sequence[Failed]) -> None:
        calls.store_failures(writes, now=self._now)
        for write in writes:
            self._reserved -= write.reserve
            self._spent += write.cost
            self._count_usage(write)
            self._maybe_billed += write.reserve if write.maybe_billed else 0
            self._moves["call.maybe_billed"] += write.maybe_billed
            self._moves["call.failed" if write.final else "call.retried"] += 1
            self._moves[f"{'failure' if write.final else 'retry'}.{write.kind}"] += 1
        self._moves["call.wire"] -= len(writes)

    def _count_usage(self, write: Parsed | Failed) -> None:
        usage, key = write.reply.usage, (write.stage, write.model or self._run.model)
        self._moves["tokens.in"] += usage.prompt_tokens
        self._moves["tokens.out"] += usage.completion_tokens
        sums = self._spends.setdefault(key, Counter())
        if isinstance(write, Parsed) and write.reused:
            sums.update(reused=1, saved_micro=write.saved)
            self._moves["saved.micro"] += write.saved
        else:
            sums.update(spend_of(usage=usage, cost=write.cost))

    def _book_late(self, writes: Sequence[Write]) -> None:
        """Answers of claims that are gone were paid for all the same: booked, and never used."""
        calls.store_replies(_only(writes, Parsed))
        for write in writes:
            if isinstance(write, Parsed | Failed) and (held := calls.settle_late(write)) is not None:
                self._maybe_billed -= held
                self._spent += write.cost
                self._count_usage(write)

    def _lose(self, writes: Sequence[Lost]) -> None:
        superseded, billed = self._run.retry_unknown, not self._run.offline
        for write in writes:
            if calls.store_loss(write, superseded=superseded, billed=billed):
                self._reserved -= write.reserve
                self._maybe_billed += write.reserve if billed else 0
                self._moves["call.wire"] -= 1
                self._moves["call.unknown"] += 1
                self._moves["call.maybe_billed"] += billed
                self._moves["call.retried" if superseded else "call.failed"] += 1
                self._moves[f"{'retry' if superseded else 'failure'}.unknown_outcome"] += 1

    def _withdraw(self, writes: Sequence[Unsent]) -> None:
        for write in writes:
            if calls.remove_unsent(write):
                self._reserved -= write.reserve
                self._moves["call.wire"] -= 1
                self._moves["call.tries"] -= 1
                self._moves["call.asked"] -= write.first

    def _finish(self, writes: Sequence[Finished]) -> None:
        if not writes:
            return
        add_drafts(self._run.pk, writes=writes)
        ended = {"owner": "", "lease_until": None, "finished_at": self._now}
        whole = [write.item.id for write in writes if not write.failure]
        Item.objects.filter(pk__in=whole).update(state=Item.State.DONE, failure="", failure_detail="", **ended)
        for write in writes:
            if write.failure:
                Item.objects.filter(pk=write.item.id).update(
                    state=Item.State.FAILED, failure=write.failure, failure_detail=write.detail, **ended
                )
        self._moves["item.done"] += len(whole)
        self._moves["item.failed"] += len(writes) - len(whole)

    def _release(self, writes: Sequence[Released]) -> None:
        for write in writes:
            later = self._now + timedelta(seconds=write.wait) if write.wait else None
            Item.objects.filter(pk=write.item.id).update(
                state=Item.State.PLANNED, owner="", lease_until=None, not_before=later
            )


def claim_of(write: Write) -> tuple[int, int]:
    """(item id, attempt) that the write is made under."""
    if isinstance(write, Finished | Released):
        return write.item.id, write.item.attempt
    return write.call.item_id, write.call.claim


def _only(writes: Iterable[Write], kind: type[W]) -> list[W]:
    return [write for write in writes if isinstance(write, kind)]
