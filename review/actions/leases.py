"""Leases of the two queues: who holds a row, until when, and the statement that picks and claims in one.

A claim is a lease. The database's clock judges its end, the statement that claims also takes over what has run out, and
its unique slot is what makes two claims of one slot impossible, whatever else goes wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, DateTimeField, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from generation.access import Seat
from review.actions.changes import DecisionError, StaleError
from review.models import Claim

CLAIM_TIME = timedelta(minutes=15)
Statement = tuple[str, tuple[Any, ...]]
Result = TypeVar("Result")
_ATTEMPTS = 5
_LET_GO = datetime(2000, 1, 1, tzinfo=UTC)
_INSERT = "INSERT INTO review_claim (project_id, subject_kind, subject_id, slot, person_id, expires_at) "
_ON_CONFLICT = (
    " ON CONFLICT (subject_kind, subject_id, slot) DO UPDATE SET project_id = excluded.project_id,"
    " person_id = excluded.person_id, expires_at = excluded.expires_at"
    " WHERE review_claim.person_id = excluded.person_id OR review_claim.expires_at <= "
)


def until() -> CombinedExpression:
    """The end of a lease that begins now, by the database's clock."""
    return Now() + CLAIM_TIME


def claims_of(seat: Seat, *, kind: str) -> QuerySet[Claim]:
    """What the person holds in the project, that which ran out included."""
    return Claim.objects.filter(project=seat.project, person=seat.person, subject_kind=kind)


def renew_and_release(seat: Seat, *, kind: str, done: int) -> None:
    """Renews what the person holds and lets go of `done`, in one statement. The row is swept with the next page; until
    then its date says that it was let go, or the next request would take it back."""
    mine = claims_of(seat, kind=kind).filter(expires_at__gt=_LET_GO)
    let_go = Value(_LET_GO, output_field=DateTimeField())
    mine.update(expires_at=Case(When(subject_id=done, then=let_go), default=until()))


def tries() -> int:
    """How often to look for a free row: where rows are locked singly, somebody may have been faster."""
    return 3 if connection.features.has_select_for_update_skip_locked else 1


def claiming(picked: QuerySet[Any, Any]) -> Statement:
    """The statement that claims what `picked` selects (project, kind, subject, slot, person, end), and its values.

    Django cannot say its last clause, so the two halves are compiled by the ORM and joined here; every value travels as
    a parameter.
    """
    compiler = picked.query.get_compiler(connection=connection)
    select, params = compiler.as_sql()
    clock, more = compiler.compile(Now())
    return _INSERT + select + _ON_CONFLICT + clock + " RETURNING subject_id", (*params, *more)


def claim(statement: Statement, *, holes: Sequence[int]) -> tuple[int, ...]:
    """Runs what `claiming` composed; the ids that were claimed. -1, -2, ... in its values stand for the last of
    `holes`, the one before, ..., so that one statement serves for whatever a page shows."""
    text, values = statement
    with connection.cursor() as cursor:
        cursor.execute(text, [holes[v] if isinstance(v, int) and v < 0 else v for v in values])
        return tuple(row[0] for row in cursor.fetchall())


def until_written(attempt: Callable[[], Result]) -> Result:
    """One transaction; again from the start when somebody was faster, because then there is something new to read."""
    for _ in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return attempt()
        except (StaleError, IntegrityError):
            continue
    raise DecisionError("busy")
