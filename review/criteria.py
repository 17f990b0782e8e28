"""What a list or the queue is narrowed to. Lives in the address, so that a filter can be shared and kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fdc_project.web.numbers import number_in
from generation.models import Sample
from generation.models.samples import SampleQuerySet
from review.models import Comparison, FoundRows

LONGEST_SEARCH = 200
LANGUAGES = ("en", "zh")
_FINDING = re.compile(r"[0-9]{1,18}-[a-z][a-z0-9_.]{0,59}")


@dataclass(frozen=True, slots=True)
class Criteria:
    """A closed set of filters: nothing that a person types ever becomes a field name or a look-up.

    Empty values do not narrow. `skipped` brings back what the person skipped; only the queue reads it. `job` is
    the import that brought the rows in, `finding` names the worst rows of a finding of a report ("12-refusal").
    """

    state: str = ""
    flagged: bool = False
    run: int | None = None
    language: str = ""
    origin: str = ""
    search: str = ""
    skipped: bool = False
    job: int | None = None
    finding: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Criteria:
        """The filters in an address; unknown names and values are left out."""
        return cls(
            state=_one_of(query.get("state", ""), Sample.State.values),
            flagged=query.get("flagged") == "1",
            run=number_in(query.get("run", "")),
            language=_one_of(query.get("language", ""), LANGUAGES),
            origin=_one_of(query.get("origin", ""), Sample.Origin.values),
            search=query.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip(),
            skipped=query.get("skipped") == "1",
            job=number_in(query.get("import", "")),
            finding=query.get("finding", "") if _FINDING.fullmatch(query.get("finding", "")) else "",
        )

    def as_dict(self) -> dict[str, str]:
        """The filters as they stand in an address, empty ones left out."""
        values = {
            "state": self.state,
            "flagged": "1" if self.flagged else "",
            "run": str(self.run) if self.run is not None else "",
            "language": self.language,
            "origin": self.origin,
            "q": self.search,
            "skipped": "1" if self.skipped else "",
            "import": str(self.job) if self.job is not None else "",
            "finding": self.finding,
        }
        return {name: value for name, value in values.items() if value}

    def query(self, **changes: str) -> str:
        """The address part with `changes` made ("" takes a filter away), "" or beginning with "?"."""
        values = {name: value for name, value in (self.as_dict() | changes).items() if value}
        return f"?{urlencode(values)}" if values else ""

    def apply(self, rows: SampleQuerySet) -> SampleQuerySet:
        """The rows that all filters let through."""
        if self.state:
            rows = rows.filter(state=self.state)
        if self.flagged:
            rows = rows.filter(flagged=True)
        if self.run is not None:
            rows = rows.filter(run_id=self.run)
        if self.job is not None:
            rows = rows.filter(job_id=self.job)
        if self.language:
            rows = rows.filter(language=self.language)
        if self.origin:
            rows = rows.filter(origin=self.origin)
        if self.finding:
            rows = rows.filter(pk__in=_found(self.finding))
        return rows.matching(self.search) if self.search else rows


def _found(finding: str) -> Sequence[int]:
    """The worst thousand rows of a finding. Ids of another project's report meet no row of this one; of a report on a
    run, prompts that people are asked about stay out, because their being here says whose answers they have."""
    report, _, code = finding.partition("-")
    part = FoundRows.objects.filter(report=int(report), code=code, part=0).select_related("report").first()
    if part is None or "pairs" in part.report.criteria:
        return ()
    if part.report.run_id is None and "run" not in part.report.criteria:
        return part.ids
    asked = set(Comparison.objects.filter(sample__in=part.ids).values_list("sample_id", flat=True))
    return [pk for pk in part.ids if pk not in asked]


def _one_of(value: str, allowed: object) -> str:
    return value if value in allowed else ""  # type: ignore[operator]
