"""The settings of a report on quality as a form, made from their one declaration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from generation.evaluation_words import PRESET_WORDS
from generation.forms.params import PREFIX, faults_of, param_fields, params_from
from generation.quality.check_settings import CheckSettings
from generation.quality.profiles import PROFILES
from generation.quality.report.settings import DEFAULTS, ReportSettings

PROFILE_CHOICES = [("", _("each row by its own")), *((each.name, _(each.title)) for each in PROFILES)]


class SettingsForm(forms.Form):
    """Every setting with its default; `settings` are those that were chosen, once the form is valid."""

    settings = DEFAULTS

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        made = param_fields(ReportSettings)
        checks = {PREFIX + name for name in CheckSettings.model_fields}
        self.fields |= {name: made[name] for name in sorted(made, key=lambda name: name in checks)}
        self.fields[PREFIX + "profile"].choices = PROFILE_CHOICES  # type: ignore[attr-defined]
        self.fields[PREFIX + "contamination"].choices = [*PRESET_WORDS.items()]  # type: ignore[attr-defined]
        self._of_checks = checks

    def clean(self) -> dict[str, Any]:
        """Reads the settings; each that does not fit is a fault of its field."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                self.settings = ReportSettings.model_validate(
                    params_from(ReportSettings, {name: value for name, value in values.items() if value != ""})
                )
            except ValidationError as error:
                for field, sentence in faults_of(error, ReportSettings):
                    self.add_error(field, sentence)
        return values

    def of_sections(self) -> Iterator[forms.BoundField]:
        """The fields of everything but the checks' bounds."""
        return (self[name] for name in self.fields if name not in self._of_checks)

    def of_checks(self) -> Iterator[forms.BoundField]:
        """The fields of the checks' bounds."""
        return (self[name] for name in self.fields if name in self._of_checks)


def hidden_settings(settings: ReportSettings) -> dict[str, str]:
    """What a form has to carry so that the same settings are asked for again."""
    return {PREFIX + name: str(value) for name, value in settings.changed().items()}
