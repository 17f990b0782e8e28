"""What the page of a run shows, read from its tallies and from small indexed queries: as cheap at a million calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from pydantic import ValidationError

from generation.models import Call, Run, RunTally
from generation.recipes import UnknownRecipe, recipe

SERIES_SECONDS = 60
_FAILED = (Call.State.FAILED, Call.State.UNKNOWN)


@dataclass(frozen=True)
class CallFigures:
    """Requests, not tries: `asked` = answered + failed + skipped + on_wire + waiting.

    `waiting` are between two tries or back in the queue; `retries` are tries that another one followed, `refused` those
    of them that the server refused for their rate, `recovered` the requests that were answered after such tries.
    `reused` were answered by earlier runs' calls, which would have cost `saved_micro` at this run's price.
    """

    asked: int
    answered: int
    failed: int
    skipped: int
    on_wire: int
    waiting: int
    tries: int
    retries: int
    refused: int
    recovered: int
    maybe_billed: int
    reused: int = 0
    saved_micro: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether every request is accounted for: none is counted twice or lost."""
        return self.waiting >= 0 and self.on_wire >= 0


@dataclass(frozen=True)
class ItemFigures:
    """Tasks of the run: planned = waiting + done + failed + cancelled."""

    planned: int
    waiting: int
    done: int
    failed: int
    cancelled: int


@dataclass(frozen=True)
class FailureFigures:
    """Requests that failed for good, by kind, and the newest of them: its raw reply is a click away."""

    kind: str
    count: int
    newest_call: int


@dataclass(frozen=True)
class StageFigures:
    """Drafts of one stage: how many were admitted, and how many were dropped for each reason, most frequent first."""

    stage: str
    admitted: int
    dropped: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ShareFigures:
    """How the admitted drafts are shared out in one aspect: (value, count, percent) of each value, by value.

    `apart` is for places ("2/5" is the second of five): by how much the place that came up most is ahead of the one
    that came up least; None for every other aspect.
    """

    aspect: str
    values: tuple[tuple[str, int, float], ...]
    apart: int | None = None


@dataclass(frozen=True)
class GoalFigures:
    """How far the recipe's own goal is reached: drafts of `stage` that were admitted, of those that are wanted."""

    stage: str
    admitted: int
    wanted: int


@dataclass(frozen=True)
class CourseFigures:
    """What the run was expected to take, and where it is heading, least and most; None where nobody measured it.

    `cost_now` is the mean price of an answered call so far, times the calls that the recipe may need. Micro-units.
    """

    calls: tuple[int, int] | None
    cost: tuple[int, int] | None
    seconds: tuple[float, float] | None
    cost_now: tuple[int, int] | None


@dataclass(frozen=True)
class RunFigures:
    """All figures of a run at one moment. Money is in micro-units of the run's currency, time in seconds.

    `samples` and `pairs` count what it made by the state in which it came, `scores` what it scored by aspect; `held` is
    (reason, count) of the pairs that were held back, most frequent first.
    """

    calls: CallFigures
    items: ItemFigures
    tokens_in: int
    tokens_out: int
    per_second: tuple[int, ...]
    rate: float
    seconds_left: float | None
    failures: tuple[FailureFigures, ...]
    stages: tuple[StageFigures, ...]
    shares: tuple[ShareFigures, ...]
    samples: Mapping[str, int]
    pairs: Mapping[str, int]
    held: tuple[tuple[str, int], ...]
    scores: Mapping[str, int]
    goal: GoalFigures | None
    course: CourseFigures


def figures(run: Run, *, now: datetime) -> RunFigures:
    """The run's figures. Four queries, none of which grows with the number of calls."""
    counts = dict(RunTally.objects.filter(run=run).values_list("name", "count"))
    series = _per_second(run, now=now)
    recent = series[-10:]
    rate = sum(recent) / len(recent)
    items, goal = _items(counts), _goal(run, counts)
    return RunFigures(
        calls=_calls(counts),
        items=items,
        tokens_in=counts.get("tokens.in", 0),
        tokens_out=counts.get("tokens.out", 0),
        per_second=series,
        rate=rate,
        seconds_left=_seconds_left(run, counts, items, goal, rate),
        failures=_failures(run, counts),
        stages=_stages(counts),
        shares=_shares(counts),
        samples=_under("sample.", counts),
        pairs={state: count for state, count in _under("pair.", counts).items() if "." not in state},
        held=tuple(sorted(_under("pair.held_back.", counts).items(), key=lambda each: (-each[1], each[0]))),
        scores=_under("score.", counts),
        goal=goal,
        course=_course(run, counts),
    )


def _calls(counts: Mapping[str, int]) -> CallFigures:
    asked, answered, failed, skipped, on_wire = (
        counts.get(f"call.{name}", 0) for name in ("asked", "answered", "failed", "skipped", "wire")
    )
    return CallFigures(
        asked=asked,
        answered=answered,
        failed=failed,
        skipped=skipped,
        on_wire=on_wire,
        waiting=asked - answered - failed - skipped - on_wire,
        tries=counts.get("call.tries", 0),
        retries=counts.get("call.retried", 0),
        refused=counts.get("retry.rate_limited", 0),
        recovered=counts.get("call.recovered", 0),
        maybe_billed=counts.get("call.maybe_billed", 0),
        reused=counts.get("call.reused", 0),
        saved_micro=counts.get("saved.micro", 0),
    )


def _items(counts: Mapping[str, int]) -> ItemFigures:
    planned, done, failed, cancelled = (
        counts.get(f"item.{name}", 0) for name in ("planned", "done", "failed", "cancelled")
    )
    return ItemFigures(planned, planned - done - failed - cancelled, done, failed, cancelled)


def _per_second(run: Run, *, now: datetime) -> tuple[int, ...]:
    """Calls that came home in each of the last sixty whole seconds, oldest first."""
    start = now.replace(microsecond=0) - timedelta(seconds=SERIES_SECONDS)
    series = [0] * SERIES_SECONDS
    for ended in Call.objects.filter(run=run, ended_at__gte=start).values_list("ended_at", flat=True).iterator():
        second = int((ended - start).total_seconds()) if ended else -1
        if 0 <= second < SERIES_SECONDS:
            series[second] += 1
    return tuple(series)


def _seconds_left(
    run: Run, counts: Mapping[str, int], items: ItemFigures, goal: GoalFigures | None, rate: float
) -> float | None:
    """For what is planned, and for what the goal still needs, at the present rate; None when nobody can tell."""
    if run.state != Run.State.RUNNING or not rate or not items.planned or (goal and not goal.admitted):
        return None
    ended = items.done + items.failed
    tries = counts.get("call.tries", 0) - counts.get("call.wire", 0)
    planned = items.waiting * (tries / ended if ended else 1.0)
    to_goal = tries * (goal.wanted - goal.admitted) / goal.admitted if goal else 0.0
    return max(planned, to_goal) / rate


def _goal(run: Run, counts: Mapping[str, int]) -> GoalFigures | None:
    try:
        made = recipe(run.recipe)
        found = made.goal(made.Params(**run.params))
    except (UnknownRecipe, ValidationError):  # a run of a recipe that is gone, or that has changed since
        return None
    return GoalFigures(found[0], counts.get(f"draft.{found[0]}.admitted", 0), found[1]) if found else None


def _course(run: Run, counts: Mapping[str, int]) -> CourseFigures:
    calls, cost, seconds = (_pair(run.estimate.get(name)) for name in ("calls", "cost_micro", "seconds"))
    answered, now = counts.get("call.answered", 0), None
    if run.input_price is not None and answered and calls:
        each = run.spent_micro / answered
        now = (max(run.spent_micro, round(each * calls[0])), max(run.spent_micro, round(each * calls[1])))
    return CourseFigures(calls, cost, seconds, now)


def _pair(found: Any) -> Any:
    return tuple(found) if found else None


def _failures(run: Run, counts: Mapping[str, int]) -> tuple[FailureFigures, ...]:
    kinds = _under("failure.", counts)
    if not kinds:
        return ()
    live = Call.objects.filter(run=run, superseded=False, voided=False, state__in=_FAILED).exclude(failure="")
    newest = dict(live.order_by().values_list("failure").annotate(Max("id")))
    found = [FailureFigures(kind, count, newest.get(kind, 0)) for kind, count in kinds.items()]
    return tuple(sorted(found, key=lambda each: (-each.count, each.kind)))


def _stages(counts: Mapping[str, int]) -> tuple[StageFigures, ...]:
    by_stage: dict[str, dict[str, int]] = {}
    for name, count in _under("draft.", counts).items():
        stage, _, reason = name.rpartition(".")
        by_stage.setdefault(stage, {})[reason] = count
    return tuple(
        StageFigures(
            stage,
            reasons.pop("admitted", 0),
            tuple(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        )
        for stage, reasons in by_stage.items()
    )


def _shares(counts: Mapping[str, int]) -> tuple[ShareFigures, ...]:
    """The types first: they are what was wished."""
    by_aspect: dict[str, dict[str, int]] = {}
    for name, count in _under("share.", counts).items():
        aspect, _, value = name.partition(".")
        by_aspect.setdefault(aspect, {})[value] = count
    return tuple(
        ShareFigures(
            aspect,
            tuple((value, n, round(100 * n / sum(found.values()), 2)) for value, n in sorted(found.items())),
            _apart(found) if aspect.endswith("_position") else None,
        )
        for aspect, found in sorted(by_aspect.items(), key=lambda each: (each[0] != "type", each[0]))
    )


def _apart(found: Mapping[str, int]) -> int:
    """Rows with fewer places than others are compared among themselves; a place that never came up counts as 0."""
    numbers = {int(value.partition("/")[2]) for value in found}
    counts = [[found.get(f"{place}/{of}", 0) for place in range(1, of + 1)] for of in numbers]
    return max(max(each) - min(each) for each in counts)


def _under(prefix: str, counts: Mapping[str, int]) -> dict[str, int]:
    return {name.removeprefix(prefix): count for name, count in counts.items() if name.startswith(prefix) and count}
