"""Answers that were called good and bad: labels that contradict each other teach a model nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q

from generation.access import Seat
from generation.models import Feedback, Project
from review.labels import DECISIONS, PAIRS, of_origin, tells_preferences
from review.models import Dataset, Decision, Judgement
from review.reports.sights import has_looked_at_all

MOST = 200
LOOKED_AT = 50_000
"""Labels that are compared, the newest of a project: there is no index over whole texts, and a page must not read the
texts of a million rows."""
_SAME = ("system", "prompt", "input", "completion")
_VOTED = (Judgement.Action.VOTE, Judgement.Action.ADJUDICATE)
_SAID = {Decision.Action.APPROVE: True, Decision.Action.EDIT: True, Decision.Action.REJECT: False}


@dataclass(frozen=True, slots=True)
class LabelSide:
    """One of the two labels: how often it was given, and of its newest row the origin, the file and who gave it."""

    count: int
    newest: int
    origin: str = ""
    file: str = ""
    sample: int | None = None
    people: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class LabelConflict:
    """One prompt and completion with both labels. `newest` is the id of the last."""

    prompt: str
    input: str
    completion: str
    good: LabelSide
    bad: LabelSide
    newest: int


@dataclass(frozen=True, slots=True)
class ConflictsSeen:
    """The conflicts as one person may see them. `hidden` says that they would tell what people judge blind; their
    number is told to everybody who may ask. `of_newest` is how many labels were compared where there are more."""

    count: int
    rows: Sequence[LabelConflict] = field(default=())
    hidden: bool = False
    of_newest: int | None = None


def conflicts_seen(seat: Seat) -> ConflictsSeen:
    """What the seat's person may see: all of it, unless rounds or pairs gave labels and the person may still vote."""
    oldest = _oldest(seat.project)
    rows, of_newest = label_conflicts(seat.project, oldest=oldest), LOOKED_AT if oldest else None
    if tells_preferences(seat.project, kind=Dataset.Kind.FEEDBACK) and not has_looked_at_all(seat):
        return ConflictsSeen(len(rows), hidden=True, of_newest=of_newest)
    return ConflictsSeen(len(rows), rows, of_newest=of_newest)


def _oldest(project: Project) -> int:
    """The id from which on labels are compared; 0 for all of them."""
    newest = Feedback.objects.filter(project=project).order_by("-pk").values_list("pk", flat=True)
    before = list(newest[LOOKED_AT : LOOKED_AT + 1])
    return before[0] + 1 if before else 0


def label_conflicts(project: Project, *, oldest: int = 0) -> Sequence[LabelConflict]:
    """What has both labels, byte for byte the same, the newest first; `MOST` at most. Labels put away do not count, nor
    those with an id below `oldest`."""
    known = Feedback.objects.filter(of_origin(""), project=project, turns=[], pk__gte=oldest)
    rows = known.order_by().values(*_SAME)
    up, down = Q(good=True), Q(good=False)
    both = rows.annotate(
        ups=Count("pk", filter=up), downs=Count("pk", filter=down), newest=Max("pk"),
        last_up=Max("pk", filter=up), last_down=Max("pk", filter=down),
    ).filter(ups__gt=0, downs__gt=0)  # fmt: skip
    found = list(both.order_by("-newest")[:MOST])
    sides = _sides({row["last_up"]: row["ups"] for row in found} | {row["last_down"]: row["downs"] for row in found})
    return [
        LabelConflict(
            row["prompt"], row["input"], row["completion"], sides[row["last_up"]], sides[row["last_down"]],
            row["newest"],
        )
        for row in found
    ]  # fmt: skip


def _sides(counts: Mapping[int, int]) -> dict[int, LabelSide]:
    labels = Feedback.objects.select_related("job__made_by").in_bulk(counts)
    judged = _judged(label for label in labels.values() if _origin(label) == "round")
    decided = _decided({label.sample_id for label in labels.values() if label.source == DECISIONS and label.sample_id})
    found = {}
    for pk, label in labels.items():
        origin, people, file = _origin(label), set[str](), ""
        if origin == "round":
            people = judged[label.sample_id, label.answer_id, label.good]
        elif origin == "decision":
            people = decided[label.sample_id, label.good]
        elif origin == "import" and label.job is not None:
            file = str(label.job.params.get("name", ""))
            people = {label.job.made_by.username} if label.job.made_by else set()
        found[pk] = LabelSide(counts[pk], pk, origin, file, label.sample_id, sorted(people))
    return found


def _origin(label: Feedback) -> str:
    if label.source in (DECISIONS, PAIRS):
        return "decision" if label.source == DECISIONS else "pair"
    return "import" if label.job_id else "round"


def _judged(labels: Iterable[Feedback]) -> Mapping[tuple[int | None, int | None, bool], set[str]]:
    """(sample, answer, good) -> who said so in rounds of rating, of those whose vote stands."""
    samples = {label.sample_id for label in labels if label.sample_id}
    votes = Judgement.objects.filter(sample__in=samples, live=True, action__in=_VOTED, verdict__in=("good", "bad"))
    found: dict[tuple[int | None, int | None, bool], set[str]] = defaultdict(set)
    for sample, answers, verdict, name in votes.values_list(
        "sample_id", "comparison__answers", "verdict", "person__username"
    ):
        found[sample, answers[0] if answers else None, verdict == Judgement.Verdict.GOOD].add(name)
    return found


def _decided(samples: Collection[int | None]) -> Mapping[tuple[int | None, bool], set[str]]:
    """(sample, good) -> who approved or rejected it, of what was not taken back."""
    rows = Decision.objects.filter(sample__in=samples, action__in=_SAID, undone_by=None)
    found: dict[tuple[int | None, bool], set[str]] = defaultdict(set)
    for sample, action, name in rows.values_list("sample_id", "action", "person__username"):
        found[sample, _SAID[Decision.Action(action)]].add(name)
    return found
