"""The settings of a report: declared once, kept as what differs, read by every section under its own name."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from generation.quality.contamination import PRESETS
from generation.quality.profiles import PROFILES
from generation.quality.report import SECTIONS, Asked
from generation.quality.report.settings import DEFAULTS, PresetName, ProfileName, ReportSettings


def test_only_what_differs_is_kept_under_the_names_that_sections_read() -> None:
    chosen = ReportSettings.model_validate({
        "near_duplicates": 0.7, "profile": "code", "output_least": 5, "contamination": "ten_words",
        "most_self_bleu": 0.3, "most_of_one_topic": 0.2, "conflicts_alike": 0.4, "output_most": 4000,
    })  # fmt: skip
    asked = {
        "near_duplicates.threshold": 0.7, "checks.profile": "code", "checks.output_least": 5,
        "contamination.preset": "ten_words", "diversity.most_self_bleu": 0.3, "coverage.most_of_one_topic": 0.2,
        "conflicts.alike": 0.4,
    }  # fmt: skip
    assert chosen.as_asked() == asked
    assert ReportSettings.from_asked(asked) == chosen
    assert DEFAULTS.as_asked() == {}
    assert ReportSettings.from_asked({"checks.output_least": "many", "unheard.of": 1}) == DEFAULTS
    for made in SECTIONS:
        made(Asked(settings=asked))


@pytest.mark.parametrize("wrong", [
    {"near_duplicates": 0.2}, {"near_duplicates": float("nan")}, {"profile": "unheard_of"}, {"contamination": ""},
    {"output_least": 9000}, {"unheard_of": 1}, {"most_self_bleu": 1.01}, {"min_words": 0},
])  # fmt: skip
def test_what_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ReportSettings.model_validate(wrong)


def test_every_profile_and_every_preset_can_be_named() -> None:
    assert get_args(ProfileName) == ("", *(each.name for each in PROFILES))
    assert set(get_args(PresetName)) == set(PRESETS)
