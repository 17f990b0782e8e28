"""The report of `alpaca_constructor` as a terminal shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from generation.alpaca.cleaners import CLEANERS
from generation.alpaca.construct import Report
from generation.management.files import in_words, padded

_CHANGES = {cleaner.name: cleaner.title for cleaner in CLEANERS}
_COLUMNS = ("min", "mean", "median", "p95", "max")


def of(report: Report) -> str:
    """The counts, what was changed, pointed at and left out, and the statistics of the rows that were written."""
    told = report.as_json()
    lines = [
        _("Conversion: %(name)s") % {"name": told["conversion"]},
        _("%(read)d rows read, %(written)d written, %(changed)d of them changed, %(dropped)d left out")
        % {name: told[f"rows_{name}"] for name in ("read", "written", "changed", "dropped")},
    ]
    lines += _counted(_("Texts changed"), report.events["changed"], words=_CHANGES)
    lines += _counted(_("Worth a look"), report.events["doubt"])
    lines += _counted(_("Warnings"), report.events["warning"])
    lines += _counted(_("Left out"), report.events["dropped"])
    return "\n".join([*lines, *_statistics(told["statistics"])])


def _counted(heading: Any, counts: Mapping[str, int], *, words: Mapping[str, str] | None = None) -> list[str]:
    if not counts:
        return []
    found = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    said = [_(words[code]) if words and code in words else in_words(code) for code, _count in found]
    return [f"{heading}:", *(f"  {n:>7,}  {code}: {word}" for (code, n), word in zip(found, said, strict=True))]


def _statistics(figures: Mapping[str, Any]) -> list[str]:
    if not figures["rows"]:
        return []
    characters, tokens, blank = _("characters"), _("tokens (est.)"), _("empty")
    lines = [
        _("Duplicates: %(exact)d exact, %(alike)d but for case, width and blanks")
        % {"exact": figures["duplicates_exact"], "alike": figures["duplicates_normalised"]},
        padded("", 28) + "".join(f"{name:>9}" for name in _COLUMNS) + "  " + blank,
    ]
    for name, field in figures["fields"].items():
        empty = f"{field['empty_share']:>9.1%}"
        lines.append(_row(f"{name}, {characters}", field["characters"]) + empty)
        lines.append(_row(f"{name}, {tokens}", field["tokens_estimated"]))
    spoken = figures["fields"]["output"]["languages"]
    lines.append(_("Languages of outputs: ") + ", ".join(f"{name} {count:,}" for name, count in spoken.items()))
    return lines


def _row(heading: str, spread: Mapping[str, float]) -> str:
    return padded(heading, 28) + "".join(f"{spread[name]:>9,.5g}" for name in _COLUMNS)
