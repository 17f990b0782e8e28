"""A report on quality as one HTML file that needs nothing else: no script, no address, styles and charts inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from generation.quality.report.settings import DEFAULTS, ReportSettings
from review.reports.quality_page import laid_out


def quality_file(
    told: Mapping[str, Any], *, name: str, about: str = "", when: datetime | None = None,
    rows: Mapping[str, Sequence[Any]] | None = None, settings: ReportSettings | None = None,
) -> str:  # fmt: skip
    """The file, in the language that is in force. `rows` are the first rows of each finding by its code, as
    `quality_rows.FoundRow`; everything that they say is escaped."""
    warnings = sum(each["level"] == "warn" for each in told["findings"])
    quoted = rows or {}
    context = {
        "told": told, "page_of": laid_out(told), "name": name, "about": about, "when": when, "warnings": warnings,
        "findings": [(each, quoted.get(each["code"], ())) for each in told["findings"]], "file": True,
        "changed": (settings or DEFAULTS).changed(),
    }  # fmt: skip
    return render_to_string("review/quality_report_file.html", context)
