"""Judges against people: each judge by its model, its kind and what it was told to look for.

Read from the newest pairs, those that people decided first, so that the page opens as fast at any size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Length

from generation.models import PreferencePair, Project, Run, RunTally
from review.actions.repeats import AGAIN_OF
from review.agreement.intervals import Estimate, share_of
from review.agreement.judge_bias import LEAST_AGREEMENT, Judged, JudgeFigures, Side, figures_of
from review.models import Comparison, Judgement, Round

CAP = 5_000
"""So many pairs that people decided are read, and as many that they did not."""
_CLOSED = (Comparison.State.AGREED, Comparison.State.SETTLED)
_KEEP_SECONDS = 60
_MOST_RUNS = 500
_NAMES = ("chosen", "rejected", "tie", "invalid")
_COLUMNS = (
    "pk", "chosen_id", "rejected_id", "run_id", "rubric", "verdict", "gap", "chosen_size", "rejected_size",
    "chosen__model", "rejected__model",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgeSeen:
    """One judge and its figures. `rubric` is the hash of all that it was told to look for, "" for one that is no model.

    `fooled` is the share of planted attacks that it fell for, `runs` the runs that it judged in, newest first.
    """

    model: str
    kind: str
    rubric: str
    figures: JudgeFigures
    fooled: Estimate
    runs: Sequence[int]
    findings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Whether the stronger model's answer is preferred, as a run that compared two models supposes it is.

    `judge` is the share of the judge's verdicts for it, `people` that of people's decisions between the two.
    """

    high: str
    low: str
    judge: Estimate
    people: Estimate
    runs: Sequence[int]

    @property
    def findings(self) -> tuple[str, ...]:
        """Who prefers it too seldom for the pairs to stand on it."""
        low = [name for name in ("judge", "people") if _below(getattr(self, name))]
        return tuple(f"gap_{name}" for name in low)


@dataclass(frozen=True, slots=True)
class Judges:
    """All that the page shows. `capped` says that older pairs were left out."""

    judges: Sequence[JudgeSeen] = ()
    gaps: Sequence[Gap] = ()
    pairs: int = 0
    decided: int = 0
    capped: bool = False


@dataclass(slots=True)
class _Found:
    rows: dict[tuple[str, str, str], list[Judged]] = field(default_factory=lambda: defaultdict(list))
    runs: dict[tuple[str, str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    gaps: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    pairs: int = 0
    decided: int = 0


def judges_of(project: Project) -> Judges:
    """Every judge of the project's pairs, those with most decisions of people first. Kept for a minute."""
    newest = (
        PreferencePair.objects.filter(project=project).order_by("-id").values_list("id", flat=True).first(),
        Judgement.objects.filter(project=project).order_by("-id").values_list("id", flat=True).first(),
    )
    key = f"judges:{project.pk}:{newest[0]}:{newest[1]}"
    kept: Judges | None = cache.get(key)
    if kept is None:
        kept = _read(project)
        cache.set(key, kept, _KEEP_SECONDS)
    return kept


def decisions_of(samples: QuerySet[Any] | Sequence[int]) -> dict[frozenset[int], Mapping[str, Any]]:
    """What people decided between each two answers of these prompts, the latest word of several."""
    rows = Comparison.objects.filter(sample__in=samples, state__in=_CLOSED).exclude(round__kind=Round.Kind.RATE)
    rows = rows.exclude(round__chosen__has_key=AGAIN_OF)
    found: dict[frozenset[int], Mapping[str, Any]] = {}
    for answers, outcome in rows.order_by("pk").values_list("answers", "outcome").iterator(chunk_size=2000):
        for at, one in enumerate(answers):
            found.update({frozenset((one, other)): outcome for other in answers[at + 1 :]})
    return found


def preferred(outcome: Mapping[str, Any], *, chosen: int, rejected: int) -> Side:
    """Which of two answers people preferred; both bad is no preference either."""
    places = {answer: at for at, group in enumerate(outcome.get("ranking") or ()) for answer in group}
    one, other = places.get(chosen), places.get(rejected)
    if one is None or other is None or one == other:
        return "tie"
    return "chosen" if one < other else "rejected"


def _read(project: Project) -> Judges:
    rows = PreferencePair.objects.filter(project=project, meta__has_key="judge").order_by("-id")
    asked = Exists(Comparison.objects.filter(sample=OuterRef("sample"), state__in=_CLOSED))
    samples = list(rows.filter(asked).values_list("sample_id", flat=True)[: CAP + 1])
    decisions = decisions_of(samples[:CAP]) if samples else {}
    found = _Found()
    many = 0
    for part in (rows.filter(asked), rows.filter(~asked)):
        many = max(many, _take(part, decisions, found))
    fooled = _fooled(found)
    judges = [_judge(name, judged, found, fooled) for name, judged in found.rows.items()]
    judges.sort(key=lambda each: (-each.figures.agreement.n, -each.figures.pairs, each.model, each.kind, each.rubric))
    return Judges(judges, _gaps(project, found), found.pairs, found.decided, many > CAP)


def _take(
    rows: QuerySet[PreferencePair], decisions: Mapping[frozenset[int], Mapping[str, Any]], found: _Found
) -> int:  # fmt: skip
    columns = rows.annotate(
        verdict=F("meta__judge"), gap=F("meta__gap"), chosen_size=Length("chosen__text"),
        rejected_size=Length("rejected__text"),
    ).values_list(*_COLUMNS)  # fmt: skip
    count = 0
    for row in columns[: CAP + 1].iterator(chunk_size=2000):
        count += 1
        if count > CAP:
            break
        values = dict(zip(_COLUMNS, row, strict=True))
        outcome = decisions.get(frozenset((values["chosen_id"], values["rejected_id"])))
        _count(values, outcome, found)
    return count


def _count(row: Mapping[str, Any], outcome: Mapping[str, Any] | None, found: _Found) -> None:
    verdict: Mapping[str, Any] = row["verdict"] or {}
    people = None
    if outcome is not None:
        people = preferred(outcome, chosen=row["chosen_id"], rejected=row["rejected_id"])
    model = str(verdict.get("model") or "")
    name = (model, str(verdict.get("kind") or ""), str(row["rubric"]))
    forward, backward = (_side(verdict.get(each)) for each in ("forward", "backward"))
    judged = Judged(
        winner=_winner(verdict), forward=forward, backward=backward, first=str(verdict.get("first") or "chosen"),
        longer=_more(row["chosen_size"], row["rejected_size"]), people=people,
        own=_more(_is(row["chosen__model"], model), _is(row["rejected__model"], model)) if model else "",
    )  # fmt: skip
    found.rows[name].append(judged)
    found.pairs += 1
    found.decided += people is not None
    run = verdict.get("run") or row["run_id"]
    if run:
        found.runs[name].add(int(run))
    if row["gap"] is not None and row["run_id"] and people in ("chosen", "rejected"):
        found.gaps[row["run_id"]].append((people, str(row["gap"])))


def _winner(verdict: Mapping[str, Any]) -> Side:
    """What the judge prefers: of duels what won in both orders, of scores the higher one."""
    if "forward" in verdict:
        said = {verdict.get("forward"), verdict.get("backward", verdict.get("forward"))}
        if "invalid" in said or None in said:
            return "invalid"
        return cast(Side, said.pop()) if len(said) == 1 else "tie"
    scores: Sequence[Any] = verdict.get("scores") or (None, None)
    if len(scores) != 2 or None in scores:
        return "invalid"
    return "chosen" if scores[0] > scores[1] else "rejected" if scores[0] < scores[1] else "tie"


def _side(value: Any) -> Side | None:
    return cast(Side, value) if value in _NAMES else None


def _is(model: str, judge: str) -> int:
    return int(model.strip().lower() == judge.strip().lower())


def _more(chosen: int, rejected: int) -> str:
    return "chosen" if chosen > rejected else "rejected" if rejected > chosen else ""


def _judge(
    name: tuple[str, str, str], judged: Sequence[Judged], found: _Found, fooled: Mapping[int, Counter[str]]
) -> JudgeSeen:  # fmt: skip
    figures, runs = figures_of(judged), sorted(found.runs[name], reverse=True)
    planted: Counter[str] = sum((fooled.get(run, Counter()) for run in runs), Counter())
    fell = share_of(planted["fooled"], planted.total())
    return JudgeSeen(*name, figures, fell, runs, figures.findings(fooled=planted["fooled"]))


def _fooled(found: _Found) -> dict[int, Counter[str]]:
    """What came of the planted attacks of each run."""
    runs = {run for each in found.runs.values() for run in each}
    return _tallied(runs, prefix="share.canary.")


def _gaps(project: Project, found: _Found) -> list[Gap]:
    """The runs that compared two models, by these two; what the judge preferred is read from their tallies, those
    pairs among them that were dropped for it."""
    runs = Run.objects.filter(project=project, recipe="model_comparison", preview=False).order_by("-id")
    columns = list(runs.values_list("pk", "model", "parts", "params")[:_MOST_RUNS])
    counts = _tallied([column[0] for column in columns], prefix="share.gap.")
    dropped = _tallied([column[0] for column in columns], prefix="draft.model_comparison.compare.")
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    ids: dict[tuple[str, str], list[int]] = defaultdict(list)
    for run, model, parts, params in columns:
        models = (model, str((parts or {}).get("low", {}).get("model", "")))
        ids[models].append(run)
        sums[models] += counts.get(run, Counter())
        sums[models]["low"] += dropped.get(run, Counter())["prefers_low"]
        swaps = params.get("prefers_low") == "swap"
        for people, gap in found.gaps.get(run, ()):
            high = "rejected" if swaps and gap == "low" else "chosen"
            sums[models]["people_high" if people == high else "people_low"] += 1
    made = []
    for (high, low), said in sums.items():
        by_judge = sum(said[each] for each in ("high", "low", "tie", "inconsistent"))
        by_people = said["people_high"] + said["people_low"]
        if by_judge or by_people:
            shares = share_of(said["high"], by_judge), share_of(said["people_high"], by_people)
            made.append(Gap(high, low, *shares, ids[high, low]))
    return sorted(made, key=lambda each: (-each.people.n, -each.judge.n, each.high, each.low))


def _tallied(runs: Any, *, prefix: str) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    rows = RunTally.objects.filter(run__in=list(runs), name__startswith=prefix)
    for run, name, count in rows.values_list("run_id", "name", "count"):
        found[run][name.removeprefix(prefix)] += count
    return found


def _below(figure: Estimate) -> bool:
    return figure.value is not None and figure.value < LEAST_AGREEMENT
