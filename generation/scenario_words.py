"""What can be wrong with a scenario, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from generation.row_words import ROW_FAULTS

SCENARIO_FAULTS: Mapping[str, Any] = {
    **ROW_FAULTS,
    "unknown_scenario": _("No scenario of this name ships:"),
    "no_such_language": _("The scenario does not come in this language:"),
    "no_manifest": _("This folder holds no scenario.json:"),
    "bad_manifest": _("The scenario.json is not sound:"),
    "no_such_file": _("The scenario names a file that is not in its folder:"),
    "no_seeds": _("The scenario holds no seed:"),
}
