"""Writing calls down: one statement for many rows, because this is where the engine spends its time.

A row is found by (item, step, index, attempt), so nothing has to be read back. Each statement moves rows only from the
states that it may move them from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q, Sum

from generation.engine.ledger import Answered, Failed, Lost, Parsed, Reused, Sending, StoredCall, Try, Unsent
from generation.models import Call, Run
from generation.types import Reply, Usage

_KEY = 'item_id = %s AND step = %s AND "index" = %s AND attempt = %s'
_INSERT = (
    'INSERT INTO generation_call (run_id, item_id, stage, step, "index", attempt, state, superseded, voided, failure, '
    "failure_detail, maybe_billed, fingerprint, request, raw, text, finish_reason, model_returned, status, request_id, "
    "prompt_tokens, completion_tokens, cached_tokens, thinking_tokens, usage_estimated, reserved_micro, cost_micro, "
    "latency_ms, thinking, sent_at, endpoint_id, model) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', %s, "
    "%s, %s, %s, '', '', '', 0, '', 0, 0, 0, 0, %s, %s, 0, 0, '', %s, %s, %s)"
)
_REUSE = (
    'INSERT INTO generation_call (run_id, item_id, stage, step, "index", attempt, state, superseded, voided, failure, '
    "failure_detail, maybe_billed, fingerprint, request, raw, text, finish_reason, model_returned, status, request_id, "
    "prompt_tokens, completion_tokens, cached_tokens, thinking_tokens, usage_estimated, reserved_micro, cost_micro, "
    "latency_ms, thinking, ended_at, endpoint_id, model, reused_from_id) VALUES (%s, %s, %s, %s, %s, %s, 'answered', "
    "%s, %s, '', '', %s, %s, %s, %s, '', '', '', %s, '', 0, 0, 0, 0, %s, 0, 0, 0, '', %s, %s, %s, "
    "(SELECT id FROM generation_call WHERE id = %s))"
)
_ANSWER = (
    "UPDATE generation_call SET state = 'answered', raw = %s, status = %s, request_id = %s, latency_ms = %s, "
    f"ended_at = %s WHERE {_KEY} AND state IN ('sent', 'unknown')"
)
_PARSE = (
    "UPDATE generation_call SET state = 'parsed', text = %s, finish_reason = %s, model_returned = %s, "
    "prompt_tokens = %s, completion_tokens = %s, cached_tokens = %s, thinking_tokens = %s, usage_estimated = %s, "
    "cost_micro = %s, thinking = %s "
    f"WHERE {_KEY} AND state = 'answered'"
)
_FAIL = (
    "UPDATE generation_call SET state = 'failed', failure = %s, failure_detail = %s, status = %s, superseded = %s, "
    "maybe_billed = %s, prompt_tokens = %s, completion_tokens = %s, cached_tokens = %s, thinking_tokens = %s, "
    "usage_estimated = %s, cost_micro = %s, "
    f"ended_at = COALESCE(ended_at, %s) WHERE {_KEY} AND state IN ('sent', 'answered')"
)
_KEEP_RAW = f"UPDATE generation_call SET raw = %s WHERE {_KEY} AND state = 'failed'"


def _key(call: Try) -> tuple[int, int, int, int]:
    return call.item_id, call.step, call.index, call.attempt


def _moment(now: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(now)


def _many(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def insert_sent(run: Run, *, writes: Iterable[Sending], now: datetime) -> None:
    """The calls as `sent`, or as `planned` where a batch will carry them."""
    moment = _moment(now)
    _many(
        _INSERT,
        [
            (
                run.pk, w.call.item_id, w.stage, w.call.step, w.call.index, w.call.attempt,
                Call.State.PLANNED if w.planned else Call.State.SENT, False, False, False, w.fingerprint,
                w.request.decode("utf-8"), b"", False, w.reserve, None if w.planned else moment, w.endpoint, w.model,
            )
            for w in writes
        ],
    )  # fmt: skip


def insert_reused(run: Run, *, writes: Iterable[Reused], now: datetime) -> None:
    """The calls as `answered` by what an earlier run paid for. They name that call for as long as it is there."""
    moment = _moment(now)
    _many(
        _REUSE,
        [
            (
                run.pk, w.call.item_id, w.stage, w.call.step, w.call.index, w.call.attempt, False, False, False,
                w.fingerprint, w.request.decode("utf-8"), w.answer.raw, w.answer.status, False, moment,
                w.endpoint, w.model, w.answer.call,
            )
            for w in writes
        ],
    )  # fmt: skip


def store_answers(writes: Iterable[Answered], *, now: datetime) -> None:
    """The raw bytes, also of an answer that comes after its call was given up."""
    moment = _moment(now)
    _many(_ANSWER, [(w.raw, w.status, w.request_id[:120], w.latency_ms, moment, *_key(w.call)) for w in writes])


def store_replies(writes: Iterable[Parsed]) -> None:
    """What was read from the bytes, and the cost."""
    _many(_PARSE, [(*_reply(w.reply), w.cost, w.reply.thinking, *_key(w.call)) for w in writes])


def store_failures(writes: Sequence[Failed], *, now: datetime) -> None:
    """The failures; a body that came with one is kept."""
    moment = _moment(now)
    rows = [
        (
            w.kind, w.detail, w.status, not w.final, w.maybe_billed,
            *_reply(w.reply)[3:], w.cost, moment, *_key(w.call),
        )
        for w in writes
    ]  # fmt: skip
    _many(_FAIL, rows)
    _many(_KEEP_RAW, [(w.raw, *_key(w.call)) for w in writes if w.raw])


def _reply(reply: Reply) -> tuple[Any, ...]:
    usage = reply.usage
    return (
        reply.text, reply.finish_reason[:30], reply.model[:160],
        usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens, usage.thinking_tokens, usage.estimated,
    )  # fmt: skip


def _named(call: Try) -> Any:
    return Call.objects.filter(item_id=call.item_id, step=call.step, index=call.index, attempt=call.attempt)


def store_loss(write: Lost, *, superseded: bool, billed: bool) -> bool:
    """The call as `unknown`; whether it was on the wire at all."""
    changes = {"state": Call.State.UNKNOWN, "failure": "unknown_outcome", "maybe_billed": billed}
    return bool(_named(write.call).filter(state=Call.State.SENT).update(superseded=superseded, **changes))


def remove_unsent(write: Unsent) -> bool:
    """Takes back the announcement; whether there was one."""
    return bool(_named(write.call).filter(state=Call.State.SENT).delete()[0])


def settle_late(write: Parsed | Failed) -> int | None:
    """Books an answer to a call that had been given up; how much it held back as maybe billed, None when it was not."""
    call = _named(write.call).filter(maybe_billed=True).first()
    if call is None:
        return None
    Call.objects.filter(pk=call.pk).update(maybe_billed=False)
    return call.reserved_micro


def give_up(run: Run, *, item_ids: Iterable[int]) -> int:
    """The items' calls that were on the wire when their worker vanished become `unknown`; how many.

    What they held back stays spent as maybe billed. Call it inside the transaction that takes the items back.
    """
    lost = Call.objects.filter(item_id__in=list(item_ids), state=Call.State.SENT)
    held = lost.aggregate(total=Sum("reserved_micro"))["total"] or 0
    billed = not run.offline
    count = lost.update(
        state=Call.State.UNKNOWN, failure="unknown_outcome", maybe_billed=billed, superseded=run.retry_unknown
    )
    if held:
        Run.objects.filter(pk=run.pk).update(
            reserved_micro=F("reserved_micro") - held, maybe_billed_micro=F("maybe_billed_micro") + held
        )
    return count


def journals(item_ids: Iterable[int]) -> dict[int, list[StoredCall]]:
    """Item id -> its tries; bytes and texts only of those that speak for their request."""
    found: dict[int, list[StoredCall]] = {}
    rows = Call.objects.filter(item_id__in=list(item_ids)).order_by("item_id", "step", "index", "attempt")
    silent = Q(superseded=True) | Q(voided=True)
    for row in rows.filter(silent).values_list("item_id", "step", "index", "attempt", "state", "failure", "voided"):
        item, step, index, attempt, state, failure, voided = row
        found.setdefault(item, []).append(
            StoredCall(step, index, attempt, state, speaks=False, voided=voided, failure=failure)
        )
    for call in rows.exclude(silent).defer("request", "failure_detail"):
        found.setdefault(call.item_id, []).append(_stored(call))
    return found


def _stored(call: Call) -> StoredCall:
    usage = Usage(
        call.prompt_tokens, call.completion_tokens, call.usage_estimated, call.cached_tokens, call.thinking_tokens
    )  # fmt: skip
    reply = Reply(call.text, call.finish_reason, call.model_returned, usage, thinking=call.thinking)
    return StoredCall(
        call.step, call.index, call.attempt, call.state, speaks=True, failure=call.failure,
        fingerprint=call.fingerprint, raw=bytes(call.raw), status=call.status or 200, reply=reply,
        reused=call.reused, endpoint=call.endpoint_id, model=call.model, reserve=call.reserved_micro,
    )  # fmt: skip
