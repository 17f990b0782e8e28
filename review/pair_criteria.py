"""What a list of preference pairs is narrowed to. Lives in the address, so that a filter can be shared and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import QuerySet

from fdc_project.web.numbers import number_in
from generation.models import PreferencePair, Sample
from generation.preferences.gate import REASONS
from review.criteria import LANGUAGES, LONGEST_SEARCH

State, Source = PreferencePair.State, PreferencePair.Source


@dataclass(frozen=True, slots=True)
class PairCriteria:
    """A closed set of filters; empty values do not narrow. `search` looks into prompts.

    State, reason, source, run and import tell something of the pairs that they let through: whoever may not know it of
    a pair gets no list by them.
    """

    state: str = ""
    reason: str = ""
    source: str = ""
    run: int | None = None
    job: int | None = None
    language: str = ""
    search: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> PairCriteria:
        """The filters in an address; unknown names and values are left out. A reason is one of those held back."""
        reason = _one_of(query.get("reason", ""), REASONS)
        return cls(
            state=State.HELD_BACK.value if reason else _one_of(query.get("state", ""), State.values),
            reason=reason,
            source=_one_of(query.get("source", ""), Source.values),
            run=number_in(query.get("run", "")),
            job=number_in(query.get("import", "")),
            language=_one_of(query.get("language", ""), LANGUAGES),
            search=query.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip(),
        )

    @property
    def telling(self) -> bool:
        """Whether a list by these filters says anything of its pairs beside their prompts."""
        return self != self.neutral()

    def neutral(self) -> PairCriteria:
        """The filters that tell nothing of a pair but its prompt."""
        return replace(self, state="", reason="", source="", run=None, job=None)

    def as_dict(self) -> dict[str, str]:
        """The filters as they stand in an address, empty ones left out."""
        values = {
            "state": self.state, "reason": self.reason, "source": self.source,
            "run": str(self.run) if self.run is not None else "",
            "import": str(self.job) if self.job is not None else "",
            "language": self.language, "q": self.search,
        }  # fmt: skip
        return {name: value for name, value in values.items() if value}

    def query(self) -> str:
        """The address part, "" or beginning with "?"."""
        values = self.as_dict()
        return f"?{urlencode(values)}" if values else ""

    def apply(self, rows: QuerySet[PreferencePair]) -> QuerySet[PreferencePair]:
        """The rows that all filters let through."""
        plain = {
            "state": self.state, "reason": self.reason, "source": self.source, "run_id": self.run, "job_id": self.job,
            "sample__language": self.language,
        }  # fmt: skip
        rows = rows.filter(**{name: value for name, value in plain.items() if value not in ("", None)})
        if self.search:
            rows = rows.filter(sample__in=Sample.objects.matching(self.search).values("pk"))
        return rows


def _one_of(value: str, allowed: object) -> str:
    return value if value in allowed else ""  # type: ignore[operator]
