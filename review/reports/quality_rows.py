"""The rows that a finding on quality speaks of, with the place that it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generation.access import Seat
from generation.models import Feedback, PreferencePair, Sample, Text
from generation.quality.check_settings import CheckSettings
from generation.quality.places import text_in
from generation.quality.profiles import examine, profile_named
from generation.quality.quotes import Quote, quotes
from generation.quality.report import RowFacts
from generation.quality.report.checks import PREFIX
from generation.quality.report.settings import DEFAULTS, ReportSettings
from generation.quality.rows import TEXT_KIND
from generation.types import Draft, Finding
from review.models import Dataset, FoundRows, QualityReport
from review.quality_facts import facts_of_samples
from review.quality_pairs import facts_of_pairs
from review.reports.quality import found_ids
from review.reports.sights import told_by_run

SHOWN = 8
QUOTED = 10
"""Rows of a finding that a file shows."""
EXCERPT = 240
_AROUND = 70
_A_TEXT = {"kind": TEXT_KIND}


@dataclass(frozen=True, slots=True)
class Beside:
    """The evaluation text that a row repeats, and the row's fields that do, as they were measured: in pieces of which
    every second one is in both. `item` counts from 1, `share` is how much of the text is repeated (0 to 1)."""

    set: str
    item: int
    share: float
    text: tuple[str, ...]
    row: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row of a finding. `kind` says what its id is of: "sample", "pair", "feedback" or "text"; `like` names rows
    that it repeats or contradicts, `beside` the evaluation text that it repeats. `line` is where it begins in its file,
    0 where nobody would look there; `stands` says whether the check that found it finds it still."""

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
    line: int = 0
    stands: bool = True
    beside: Beside | None = None


def kind_of_rows(report: QualityReport) -> str:
    """What the ids of a report are of."""
    return {Dataset.Kind.PREFERENCE: "pair", Dataset.Kind.FEEDBACK: "feedback", Dataset.Kind.TEXT: "text"}.get(
        report.kind,  # type: ignore[call-overload]
        "sample",
    )


def rows_of(
    seat: Seat, report: QualityReport, *, code: str, after: int = 0, size: int = SHOWN
) -> tuple[Sequence[FoundRow], int | None]:  # fmt: skip
    """`size` rows of a finding after the first `after` of them, worst first, as they read now, and where the next ones
    begin. Rows that are gone, or would tell who wrote an answer, keep their place and nothing else. For who may see
    the report."""
    part, start = divmod(after, FoundRows.PART)
    ids = list(found_ids(report, code=code, part=part)[start : start + size + 1])
    more = after + size if len(ids) > size else None
    if more is None and start + len(ids) >= FoundRows.PART:
        more = (part + 1) * FoundRows.PART if found_ids(report, code=code, part=part + 1) else None
    ids = ids[:size]
    kind = kind_of_rows(report)
    known = _READ[kind](seat, ids, Place(code, ReportSettings.from_asked(report.asked)), _run_of(report))
    rows = [known.get(pk, FoundRow(pk, kind, "", "", gone=True)) for pk in ids]
    return [with_place(row, report.told, code) for row in rows], more


def quoted_rows(seat: Seat, report: QualityReport) -> Mapping[str, Sequence[FoundRow]]:
    """The first `QUOTED` rows of every finding that has any, by its code. For who may see the report."""
    codes = [each["code"] for each in report.told.get("findings", ()) if each["rows"]]
    return {code: rows_of(seat, report, code=code, size=QUOTED)[0] for code in codes}


_KINDS = {
    "exact_duplicates": "exact", "near_duplicates": "near", "redundant_answers": "redundant", "conflicts": "conflict",
}  # fmt: skip


def with_place(row: FoundRow, told: Mapping[str, Any], code: str) -> FoundRow:
    """The row with what the report itself remembers of it: what it is like, or which evaluation text it repeats."""
    if row.gone:
        return row
    sections = told.get("sections", {})
    if code in _KINDS:
        examples = sections.get("duplicates", {}).get("examples", ())
        groups = (each["ids"] for each in examples if each["kind"] == _KINDS[code] and row.id in each["ids"])
        return replace(row, like=tuple(pk for pk in next(groups, ()) if pk != row.id)[:6])
    if code == "semantic_duplicates":
        examples = sections.get("semantic", {}).get("examples", ())
        return replace(row, like=next((tuple(each["ids"][:1]) for each in examples if row.id == each["ids"][-1]), ()))
    if code == "contaminated":
        hits = (each for each in sections.get("contamination", {}).get("examples", ()) if each["row"] == row.id)
        if hit := next(hits, None):
            quote = Quote(f"{hit['item'] + 1}: ", hit["text"][:EXCERPT], "", hit["set"])
            return replace(row, quote=quote, beside=_beside(hit))
    return row


def _beside(hit: Mapping[str, Any]) -> Beside | None:
    """None in reports that were measured before both texts were kept."""
    if "beside" not in hit:
        return None
    fields = tuple((name, tuple(pieces)) for name, pieces in hit["beside"]["row"])
    return Beside(hit["set"], hit["item"] + 1, hit["share"], tuple(hit["beside"]["item"]), fields)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the finding `code` is looked for in a row: by the check that found it, under the report's settings."""

    code: str
    settings: ReportSettings = DEFAULTS

    def shown(self, row: FoundRow, draft: Draft) -> FoundRow:
        """The row with the place and what stands around it, where a check names one; and whether it still finds it."""
        if not self.code.startswith(PREFIX):
            return row
        changed = self.settings.changed()
        profile = profile_named(changed["profile"]) if "profile" in changed else None
        bounds = {name: value for name, value in changed.items() if name in CheckSettings.model_fields}
        code = self.code.removeprefix(PREFIX)
        found = [each for each in examine(draft, profile=profile, settings=bounds) if each.code == code]
        quote = next(filter(None, (_quote(draft, each) for each in found)), None)
        return replace(row, quote=quote, stands=bool(found))


def _quote(draft: Draft, found: Finding) -> Quote | None:
    text = text_in(draft, str(found.detail.get("field", "")))
    return next(iter(quotes(text, found.detail, most=1, around=_AROUND, longest=EXCERPT)), None)


def _run_of(report: QualityReport) -> int | None:
    """The run that a row's being here tells of."""
    named = report.criteria.get("run", "")
    return report.run_id or (int(named) if named else None)


def _samples(seat: Seat, ids: Sequence[int], place: Place, run: int | None) -> dict[int, FoundRow]:
    rows = told_by_run(seat, run=run, rows=Sample.objects.filter(project=seat.project, pk__in=ids))
    told = {row["pk"]: row for row in rows.values("pk", "state", "reason")}
    facts = facts_of_samples(rows)
    return {each.id: sample_row(each, told[each.id], place) for each in facts}


def sample_row(facts: RowFacts, told: Mapping[str, Any], place: Place, *, kind: str = "sample") -> FoundRow:
    """A row as it is shown, with the place."""
    draft = facts.draft
    asked = "\n".join(filter(None, (draft.instruction, draft.input)))
    row = FoundRow(
        facts.id, kind, asked[:EXCERPT], draft.output[:EXCERPT], draft.language, told["state"], told["reason"]
    )  # fmt: skip
    return place.shown(row, draft)


def _pairs(seat: Seat, ids: Sequence[int], place: Place, run: int | None) -> dict[int, FoundRow]:
    rows = PreferencePair.objects.filter(project=seat.project, pk__in=ids)
    told = {row["pk"]: row for row in rows.values("pk", "state", "reason")}
    return {each.id: sample_row(each, told[each.id], place, kind="pair") for each in facts_of_pairs(rows)}


def _feedback(seat: Seat, ids: Sequence[int], place: Place, run: int | None) -> dict[int, FoundRow]:
    rows = Feedback.objects.filter(project=seat.project, pk__in=ids)
    found = {}
    for pk, asked, given, said, language in rows.values_list("pk", "prompt", "input", "completion", "language"):
        draft = Draft("sample", asked, given, said, language=language)
        prompt = "\n".join(filter(None, (asked, given)))[:EXCERPT]
        found[pk] = place.shown(FoundRow(pk, "feedback", prompt, said[:EXCERPT], language), draft)
    return found


def _texts(seat: Seat, ids: Sequence[int], place: Place, run: int | None) -> dict[int, FoundRow]:
    rows = Text.objects.filter(project=seat.project, pk__in=ids).values_list("pk", "text", "language")
    return {
        pk: place.shown(FoundRow(pk, "text", "", text[:EXCERPT], language), Draft("sample", output=text, data=_A_TEXT))
        for pk, text, language in rows
    }


_READ = {"sample": _samples, "pair": _pairs, "feedback": _feedback, "text": _texts}
