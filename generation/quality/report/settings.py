"""What may be set for a report, declared once: the page's form, the API and the command's options are made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, Self

from pydantic import Field, ValidationError

from generation.quality.check_settings import CheckSettings
from generation.quality.near_duplicates.conflicts import ALIKE
from generation.quality.near_duplicates.index import THRESHOLD
from generation.quality.near_duplicates.semantic import EPSILON
from generation.quality.report import coverage_findings, diversity_findings
from generation.types import N_

ProfileName = Literal[
    "", "general", "labels", "short_answers", "code", "mathematics", "translation", "conversation", "long_text",
    "evaluation", "texts", "instructions",
]  # fmt: skip
PresetName = Literal["thirteen_words", "eight_words", "ten_words"]


class ReportSettings(CheckSettings):
    """Thresholds and guides of a report, and the bounds of its checks; all bounds are inclusive.

    A bound of a check that differs from its default stands above those of every profile; one that does not leaves each
    row to its own profile. A field of another section says in `section` under which name that section reads it.
    """

    profile: ProfileName = Field("", title=N_("Profile of checks"), json_schema_extra={"section": "checks.profile"})
    near_duplicates: float = Field(
        THRESHOLD, ge=0.5, le=1, title=N_("Likeness from which rows are nearly the same"),
        json_schema_extra={"section": "near_duplicates.threshold"},
    )  # fmt: skip
    conflicts_alike: float = Field(
        ALIKE, ge=0, le=1, title=N_("Likeness from which two answers agree"),
        json_schema_extra={"section": "conflicts.alike"},
    )  # fmt: skip
    semantic_epsilon: float = Field(
        EPSILON, ge=0, le=1, title=N_("Distance of meaning up to which rows say the same"),
        description=N_("1 less the cosine of two rows' vectors; counts where the installation has a model for them."),
        json_schema_extra={"section": "semantic.epsilon"},
    )  # fmt: skip
    contamination: PresetName = Field(
        "thirteen_words", title=N_("What counts as repeating an evaluation text"),
        json_schema_extra={"section": "contamination.preset"},
    )  # fmt: skip
    least_distinct_2: float = Field(
        0.0, ge=0, le=1, title=N_("Least share of different pairs of words"),
        description=N_("0 stands for 0.4 in Chinese and 0.5 otherwise."),
        json_schema_extra={"section": "diversity.least_distinct_2"},
    )  # fmt: skip
    most_self_bleu: float = Field(
        diversity_findings.MOST_SELF_BLEU, ge=0, le=1, title=N_("Largest self-BLEU"),
        json_schema_extra={"section": "diversity.most_self_bleu"},
    )  # fmt: skip
    most_nearest: float = Field(
        diversity_findings.MOST_NEAREST, ge=0, le=1, title=N_("Largest mean likeness to the nearest row"),
        json_schema_extra={"section": "diversity.most_nearest"},
    )  # fmt: skip
    least_vendi: float = Field(
        diversity_findings.LEAST_VENDI, ge=0, le=1, title=N_("Least Vendi score, as a share of the rows"),
        json_schema_extra={"section": "diversity.least_vendi"},
    )  # fmt: skip
    most_of_one_pair: float = Field(
        diversity_findings.MOST_OF_ONE_PAIR, ge=0, le=1, title=N_("Largest share of one verb with one object"),
        json_schema_extra={"section": "diversity.most_of_one_pair"},
    )  # fmt: skip
    most_of_one_verb: float = Field(
        diversity_findings.MOST_OF_ONE_VERB, ge=0, le=1, title=N_("Largest share of one verb"),
        json_schema_extra={"section": "diversity.most_of_one_verb"},
    )  # fmt: skip
    least_effective_seeds: float = Field(
        diversity_findings.LEAST_EFFECTIVE_SEEDS, ge=0, le=1, title=N_("Least share of seeds in effect"),
        json_schema_extra={"section": "diversity.least_effective_seeds"},
    )  # fmt: skip
    most_of_one_topic: float = Field(
        coverage_findings.MOST_OF_ONE_TOPIC, ge=0, le=1, title=N_("Largest share of one topic"),
        json_schema_extra={"section": "coverage.most_of_one_topic"},
    )  # fmt: skip
    most_unused_terms: float = Field(
        coverage_findings.MOST_UNUSED_TERMS, ge=0, le=1, title=N_("Largest share of terms that no row holds"),
        json_schema_extra={"section": "coverage.most_unused_terms"},
    )  # fmt: skip
    most_at_one_place: float = Field(
        coverage_findings.MOST_AT_ONE_PLACE, ge=0, le=1, title=N_("Largest share of evidence at one place"),
        json_schema_extra={"section": "coverage.most_at_one_place"},
    )  # fmt: skip

    @classmethod
    def from_asked(cls, asked: Mapping[str, Any]) -> Self:
        """The settings that `as_asked` wrote down; the defaults where they no longer fit."""
        given = {name: asked[key] for name, key in _keys(cls) if key in asked}
        try:
            return cls.model_validate(given)
        except ValidationError:
            return cls.model_validate({})

    def changed(self) -> dict[str, Any]:
        """Those that differ from their defaults, by name."""
        fields = type(self).model_fields
        return {name: value for name, value in self.model_dump().items() if value != fields[name].default}

    def as_asked(self) -> dict[str, Any]:
        """The same under the names by which sections read them (`Asked.settings`): plain JSON."""
        changed = self.changed()
        return {key: changed[name] for name, key in _keys(type(self)) if name in changed}


def _keys(settings: type[ReportSettings]) -> Iterator[tuple[str, str]]:
    for name, field in settings.model_fields.items():
        extra = field.json_schema_extra
        section = extra.get("section") if isinstance(extra, dict) else None
        yield name, str(section or f"checks.{name}")


DEFAULTS = ReportSettings.model_validate({})
