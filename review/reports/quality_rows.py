"""The rows that a finding on quality speaks of, with the place that it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generation.access import Seat
from generation.models import Feedback, PreferencePair, Sample, Text
from generation.quality.places import text_in
from generation.quality.profiles import examine
from generation.quality.report import RowFacts
from generation.quality.report.checks import PREFIX
from generation.types import Draft, Finding
from review.models import Dataset, QualityReport
from review.quality_facts import facts_of_samples
from review.reports.quality import found_ids
from review.reports.sights import told_by_run

SHOWN = 25
EXCERPT = 240
_AROUND = 70
_PAIR = ("sample__instruction", "sample__input", "chosen__text", "sample__language")


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of a field with the place that a finding means: what stands before it, the place, what follows."""

    field: str
    before: str
    place: str
    after: str


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row of a finding. `kind` says what its id is of: "sample", "pair", "feedback" or "text"; `like` names rows
    that it repeats or contradicts."""

    id: int
    kind: str
    asked: str
    said: str
    language: str = ""
    state: str = ""
    reason: str = ""
    quote: Quote | None = None
    like: tuple[int, ...] = ()
    gone: bool = False


def kind_of_rows(report: QualityReport) -> str:
    """What the ids of a report are of."""
    if report.version is None:
        return "sample"
    kind = report.version.dataset.kind
    return {Dataset.Kind.PREFERENCE: "pair", Dataset.Kind.FEEDBACK: "feedback", Dataset.Kind.TEXT: "text"}.get(
        kind,  # type: ignore[call-overload]
        "sample",
    )


def rows_of(
    seat: Seat, report: QualityReport, *, code: str, after: int = 0, size: int = SHOWN
) -> tuple[Sequence[FoundRow], int | None]:  # fmt: skip
    """`size` rows of a finding after the first `after` of them, worst first, as they read now, and where the next ones
    begin. Rows that are gone, or would tell who wrote
    an answer, keep their place and nothing else. For who may see the report."""
    part, start = divmod(after, 1000)
    ids = list(found_ids(report, code=code, part=part)[start : start + size + 1])
    more = after + size if len(ids) > size else None
    if more is None and start + len(ids) >= 1000:
        more = (part + 1) * 1000 if found_ids(report, code=code, part=part + 1) else None
    ids = ids[:size]
    kind = kind_of_rows(report)
    known = _READ[kind](seat, ids, code, _run_of(report))
    rows = [known.get(pk, FoundRow(pk, kind, "", "", gone=True)) for pk in ids]
    return [_with_place(row, report.told, code) for row in rows], more


_KINDS = {
    "exact_duplicates": "exact", "near_duplicates": "near", "redundant_answers": "redundant", "conflicts": "conflict",
}  # fmt: skip


def _with_place(row: FoundRow, told: Mapping[str, Any], code: str) -> FoundRow:
    """The row with what the report itself remembers of it: what it is like, or which evaluation text it repeats."""
    sections = told.get("sections", {})
    if code in _KINDS:
        examples = sections.get("duplicates", {}).get("examples", ())
        groups = (each["ids"] for each in examples if each["kind"] == _KINDS[code] and row.id in each["ids"])
        return replace(row, like=tuple(pk for pk in next(groups, ()) if pk != row.id)[:6])
    if code == "contaminated":
        hits = (each for each in sections.get("contamination", {}).get("examples", ()) if each["row"] == row.id)
        if hit := next(hits, None):
            return replace(row, quote=Quote(hit["set"], f"{hit['item'] + 1}: ", hit["text"][:EXCERPT], ""))
    return row


def quote_of(draft: Draft, code: str) -> Quote | None:
    """Where a check sees what the finding `code` means, None where no check of that code finds a place."""
    if not code.startswith(PREFIX):
        return None
    found = (each for each in examine(draft) if each.code == code.removeprefix(PREFIX))
    return next(filter(None, (_quote(draft, each) for each in found)), None)


def _quote(draft: Draft, found: Finding) -> Quote | None:
    field, spans = found.detail.get("field", ""), found.detail.get("spans") or ()
    text = text_in(draft, str(field))
    if not text or not spans:
        return None
    start, end = spans[0]
    before, place, after = text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND]
    lead, tail = "…" if start > _AROUND else "", "…" if end + _AROUND < len(text) else ""
    return Quote(str(field), lead + before, place[:EXCERPT], after + tail)


def _run_of(report: QualityReport) -> int | None:
    """The run that a row's being here tells of."""
    named = report.criteria.get("run", "")
    return report.run_id or (int(named) if named else None)


def _samples(seat: Seat, ids: Sequence[int], code: str, run: int | None) -> dict[int, FoundRow]:
    rows = told_by_run(seat, run=run, rows=Sample.objects.filter(project=seat.project, pk__in=ids))
    told = {row["pk"]: row for row in rows.values("pk", "state", "reason")}
    facts = facts_of_samples(rows)
    return {each.id: _sample(each, told[each.id], code) for each in facts}


def _sample(facts: RowFacts, told: Mapping[str, Any], code: str) -> FoundRow:
    draft = facts.draft
    asked = "\n".join(filter(None, (draft.instruction, draft.input)))
    return FoundRow(
        facts.id, "sample", asked[:EXCERPT], draft.output[:EXCERPT], draft.language, told["state"], told["reason"],
        quote_of(draft, code),
    )  # fmt: skip


def _pairs(seat: Seat, ids: Sequence[int], code: str, run: int | None) -> dict[int, FoundRow]:
    rows = PreferencePair.objects.filter(project=seat.project, pk__in=ids)
    found = {}
    for pk, state, reason, asked, given, said, language in rows.values_list("pk", "state", "reason", *_PAIR):
        draft = Draft("pair", asked, given, said, language=language)
        prompt = "\n".join(filter(None, (asked, given)))[:EXCERPT]
        found[pk] = FoundRow(pk, "pair", prompt, said[:EXCERPT], language, state, reason, quote_of(draft, code))
    return found


def _feedback(seat: Seat, ids: Sequence[int], code: str, run: int | None) -> dict[int, FoundRow]:
    rows = Feedback.objects.filter(project=seat.project, pk__in=ids)
    found = {}
    for pk, asked, given, said, language in rows.values_list("pk", "prompt", "input", "completion", "language"):
        draft = Draft("sample", asked, given, said, language=language)
        prompt = "\n".join(filter(None, (asked, given)))[:EXCERPT]
        found[pk] = FoundRow(pk, "feedback", prompt, said[:EXCERPT], language, quote=quote_of(draft, code))
    return found


def _texts(seat: Seat, ids: Sequence[int], code: str, run: int | None) -> dict[int, FoundRow]:
    rows = Text.objects.filter(project=seat.project, pk__in=ids).values_list("pk", "text", "language")
    return {
        pk: FoundRow(pk, "text", "", text[:EXCERPT], language, quote=quote_of(Draft("sample", output=text), code))
        for pk, text, language in rows
    }


_READ = {"sample": _samples, "pair": _pairs, "feedback": _feedback, "text": _texts}
