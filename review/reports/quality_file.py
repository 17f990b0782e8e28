"""A report on quality as one HTML file that needs nothing else: no script, no address, styles and charts inside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from review.reports.quality_sections import sections_of


def quality_file(told: Mapping[str, Any], *, name: str, about: str = "", when: datetime | None = None) -> str:
    """The file, in the language that is in force. Everything that the rows said in it is escaped."""
    warnings = sum(each["level"] == "warn" for each in told["findings"])
    context = {
        "told": told, "sections": sections_of(told), "name": name, "about": about, "when": when, "warnings": warnings,
    }  # fmt: skip
    return render_to_string("review/quality_report_file.html", context)
