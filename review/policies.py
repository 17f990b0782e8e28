"""Who may do what in review, as pairs: `can_x` answers, `check_can_x` refuses. And when a verdict settles a sample."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied

from generation.access import Seat
from generation.models import Role, Sample

REJECT_REASONS = ("incorrect", "off_task", "poor_language", "unsafe", "not_useful")
"""The reasons behind the keys 1 to 5, unless the project names its own."""


def reject_reasons(seat: Seat) -> Sequence[str]:
    """The project's reasons for rejecting, at most five; codes when the project has none of its own."""
    return tuple(seat.project.reject_reasons[:5]) or REJECT_REASONS


def can_review(seat: Seat) -> bool:
    """Whether this person may claim, decide, edit, flag, skip and undo."""
    return seat.may(Role.REVIEWER)


def check_can_review(seat: Seat) -> None:
    """`PermissionDenied` unless `can_review`."""
    if not can_review(seat):
        raise PermissionDenied


def can_reopen(seat: Seat) -> bool:
    """Whether this person may put decided or filtered samples back to review."""
    return seat.may(Role.EDITOR)


def check_can_reopen(seat: Seat) -> None:
    """`PermissionDenied` unless `can_reopen`."""
    if not can_reopen(seat):
        raise PermissionDenied


def settled(verdicts: Sequence[str], *, overlap: int) -> str | None:
    """The state that verdicts ("approve", "reject") of different people lead to, None while it is open.

    With overlap 1 the first verdict settles. Otherwise the majority of `overlap` verdicts does; a tie stays open until
    somebody breaks it.
    """
    if len(verdicts) < overlap:
        return None
    for_it = verdicts.count("approve")
    against = len(verdicts) - for_it
    if for_it == against:
        return None
    return Sample.State.APPROVED if for_it > against else Sample.State.REJECTED


def can_open_rounds(seat: Seat) -> bool:
    """Whether this person may open, deal, close and withdraw rounds of comparing, and look behind their answers."""
    return seat.may(Role.EDITOR)


def check_can_open_rounds(seat: Seat) -> None:
    """`PermissionDenied` unless `can_open_rounds`."""
    if not can_open_rounds(seat):
        raise PermissionDenied


def can_adjudicate(seat: Seat) -> bool:
    """Whether this person may settle what others dispute."""
    return seat.may(Role.EDITOR)


def check_can_adjudicate(seat: Seat) -> None:
    """`PermissionDenied` unless `can_adjudicate`."""
    if not can_adjudicate(seat):
        raise PermissionDenied


def can_keep_pairs(seat: Seat) -> bool:
    """Whether this person may hold back and release preference pairs, and have shown what stands behind all of them."""
    return seat.may(Role.EDITOR)


def check_can_keep_pairs(seat: Seat) -> None:
    """`PermissionDenied` unless `can_keep_pairs`."""
    if not can_keep_pairs(seat):
        raise PermissionDenied


def can_measure(seat: Seat) -> bool:
    """Whether this person may have the quality of rows measured, and use the remedies of what is found."""
    return seat.may(Role.EDITOR)


def check_can_measure(seat: Seat) -> None:
    """`PermissionDenied` unless `can_measure`."""
    if not can_measure(seat):
        raise PermissionDenied
