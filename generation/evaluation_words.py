"""Why a file gives no evaluation set, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from generation.row_words import ROW_FAULTS
from generation.words import JOB_FAULTS

EVALUATION_FAULTS: Mapping[str, Any] = {
    **JOB_FAULTS,
    **ROW_FAULTS,
    "name_missing": _("Give the set a name."),
    "name_taken": _("Another set has this name. Delete that one first, or name this one otherwise."),
    "no_items": _("No row of this file holds a text."),
    "too_many_items": _("The file holds more than 100,000 rows. Split it into several sets."),
    "file_missing": _("Choose a file."),
    "file_too_large": _("The file is larger than 200 MB. Split it into several sets."),
}

PRESET_WORDS: Mapping[str, Any] = {
    "thirteen_words": _("13 words in a row"),
    "eight_words": _("8 words in a row, over half of the text"),
    "ten_words": _("10 words in a row, over half of the letters"),
}
"""What counts as repeating an evaluation text, by the names of `PRESETS`."""
