"""What the pages of conflicts read: the groups with what is left of them, and one group as its samples read now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from fdc_project.web.paging import Page, page_of
from generation.access import Seat
from generation.models import Sample
from generation.quality.checks.size_guide import LABEL_TASKS
from generation.quality.near_duplicates import Questions, WordHashes
from generation.quality.report import RowFacts
from generation.quality.report.duplicates import prompt_of
from review.actions.conflict_searches import ALIVE
from review.models import ConflictGroup, ConflictSearch
from review.quality_facts import facts_of_samples
from review.reports.sights import sights_of

VIEWS = ("conflict", "redundant", "settled")
_LABEL_WORDS = 4
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in the list: what its first sample asks, and how many of its samples still stand."""

    group: ConflictGroup
    asked: str
    language: str
    alive: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One sample of a group as it reads now. `camp` counts from 1: samples of one camp agree; 0 where it is out."""

    id: int
    asked: str
    said: str
    language: str
    state: str
    reason: str
    score: float | None
    camp: int
    alive: bool
    place: int


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group with its samples; `stands` says whether they still are what it says, by their texts of this moment."""

    group: ConflictGroup
    samples: Sequence[Standing]
    stands: bool
    next_id: int | None


def groups_of(seat: Seat, *, view: str, after: str | None) -> tuple[Page[ConflictGroup], list[GroupLine]]:
    """One page of the project's groups: the open ones of a kind, or those that were settled."""
    rows = ConflictGroup.objects.filter(project=seat.project)
    if view == "settled":
        rows = rows.exclude(state=ConflictGroup.State.OPEN).select_related("settled_by")
    else:
        rows = rows.filter(state=ConflictGroup.State.OPEN, kind=view)
    page = page_of(rows, after=after)
    ids = {pk for group in page.rows for pk in group.samples}
    told = {
        pk: (state, asked, language)
        for pk, state, asked, language in Sample.objects.filter(project=seat.project, pk__in=ids).values_list(
            "pk", "state", "instruction", "language"
        )
    }
    lines = []
    for group in page.rows:
        known = [told[pk] for pk in group.samples if pk in told]
        _state, asked, language = known[0] if known else ("", "", "")
        lines.append(GroupLine(group, asked[:200], language, sum(state in ALIVE for state, *_ in known)))
    return page, lines


def counts_of(seat: Seat) -> dict[str, int]:
    """Open groups by kind, and those that were settled."""
    rows = ConflictGroup.objects.filter(project=seat.project).order_by().values_list("kind", "state")
    found = dict.fromkeys(VIEWS, 0)
    for kind, state, count in rows.annotate(Count("pk")):
        found[kind if state == ConflictGroup.State.OPEN else "settled"] += count
    return found


def newest_search(seat: Seat) -> ConflictSearch | None:
    """The latest search, whether it is done or not."""
    return ConflictSearch.objects.filter(project=seat.project).select_related("job").order_by("-pk").first()


def group_seen(seat: Seat, group_id: int) -> GroupSeen | None:
    """The group of that id, None where the project has none."""
    group = ConflictGroup.objects.filter(project=seat.project, pk=group_id).select_related("settled_by").first()
    if group is None:
        return None
    rows = Sample.objects.filter(project=seat.project, pk__in=group.samples[:_SHOWN])
    told = {row["pk"]: row for row in rows.values("pk", "state", "reason", "input", "instruction")}
    facts = {each.id: each for each in facts_of_samples(rows)}
    open_to = {pk: sight.verdicts for pk, sight in sights_of(seat, samples=facts).items()}
    alive = [facts[pk] for pk in group.samples if pk in facts and facts[pk].state in ALIVE]
    camps = _camps(alive)
    samples = [
        _standing(facts[pk], str(told[pk]["reason"]), camps, place=place, scored=open_to[pk])
        for place, pk in enumerate((pk for pk in group.samples if pk in facts), 1)
    ]
    more = ConflictGroup.objects.filter(project=seat.project, kind=group.kind, state=ConflictGroup.State.OPEN)
    following = more.exclude(pk=group.pk).order_by("pk")
    ahead = following.filter(pk__gt=group.pk).first() or following.first()
    told_apart = len(set(camps.values()))
    stands = told_apart > 1 if group.kind == ConflictGroup.Kind.CONFLICT else len(alive) > 1
    return GroupSeen(group, samples, stands, ahead.pk if ahead else None)


def _standing(facts: RowFacts, reason: str, camps: Mapping[int, int], *, place: int, scored: bool) -> Standing:
    """`scored` says whether the person may know what the sample was scored."""
    draft, scores = facts.draft, facts.scores if scored else {}
    asked = "\n".join(filter(None, (draft.instruction, draft.input)))
    score = sum(scores.values()) / len(scores) if scores else None
    return Standing(
        facts.id, asked, draft.output, draft.language, facts.state, reason, score, camps.get(facts.id, 0),
        facts.state in ALIVE, place,
    )  # fmt: skip


def _camps(rows: Sequence[RowFacts]) -> dict[int, int]:
    """Sample -> its camp, of those that still ask the same as another one."""
    hashes, questions = WordHashes(), Questions()
    for each in rows:
        output = hashes.of(f"{each.draft.output}\n{each.draft.rejected}")
        closed = each.draft.task_type in LABEL_TASKS or len(output) <= 8 * _LABEL_WORDS
        questions.add(hashes.of(prompt_of(each.draft)), output, closed=closed)
    found: dict[int, int] = {}
    for question in questions.groups():
        begin = max(found.values(), default=0)
        for number, camp in enumerate(question.camps, 1):
            found |= {rows[row].id: begin + number for row in camp}
    return found
