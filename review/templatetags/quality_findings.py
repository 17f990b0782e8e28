"""One finding on quality in words: what its figure was counted on, what it is made of, how far a remedy goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from review.templatetags.quality_words import chart_name, in_unit

register = template.Library()
_SHOWN = 12
_EXAMPLES = 4


@register.filter
def finding_note(found: Mapping[str, Any]) -> str:
    """What the figure was counted on, as a short sentence: "47 of 257 rows". It may hold words of rows."""
    if found["value"] is None:
        return _("too few rows to measure it on")
    told = _NOTES.get(found["code"], _of_rows)
    return told(found)


@register.filter
def finding_facts(found: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """(what, text) of what else the finding knows of itself. The texts may hold words of rows."""
    detail = found["detail"]
    facts = []
    if fields := {name: count for name, count in detail.get("fields", {}).items() if name}:
        facts.append((_("Where"), _joined([_times(str(chart_name(name)), count) for name, count in fields.items()])))
    if detail.get("drawn_from", 0) > found["n"]:
        facts.append((_("Sample"), _drawn(found)))
    if found["code"] in _FACTS:
        facts += _FACTS[found["code"]](detail)
    return [(what, text) for what, text in facts if text]


@register.simple_tag
def samples_where(samples: Mapping[str, str] | None, find: tuple[str, str] | None) -> str:
    """The query of the list of samples that leads to the rows of a bar, "" where none does."""
    return "" if samples is None or find is None else "?" + urlencode({**samples, find[0]: find[1]})


@register.simple_tag
def in_hundredths(value: float) -> str:
    """Where a figure from 0 to 1 stands on a gauge of 100, two wide."""
    return f"{min(max(100 * value, 0), 98):.1f}"


@register.filter
def quality_done(way: str, rows: int) -> str:
    """What a remedy did to how many rows."""
    if way == "drop":
        said = ngettext("%(n)s row dropped", "%(n)s rows dropped", rows)
    else:
        said = ngettext("%(n)s row sent to people", "%(n)s rows sent to people", rows)
    return said % {"n": _count(rows)}


def _of_rows(found: Mapping[str, Any]) -> str:
    n = found["n"]
    if not found["hits"] and found["unit"] != "share":
        return ngettext("over %(n)s row", "over %(n)s rows", n) % {"n": _count(n)}
    said = ngettext("%(hits)s of %(n)s row", "%(hits)s of %(n)s rows", n)
    return said % {"hits": _count(found["hits"]), "n": _count(n)}


def _in_groups(found: Mapping[str, Any]) -> str:
    groups = found["detail"].get("groups")
    if not groups:
        return _of_rows(found)
    said = ngettext("%(rows)s, %(n)s group", "%(rows)s, %(n)s groups", groups)
    return said % {"rows": _of_rows(found), "n": _count(groups)}


def _vendi(found: Mapping[str, Any]) -> str:
    effective = in_unit(found["detail"].get("vendi"), "number")
    return _("%(n)s rows weigh as much as %(effective)s wholly different ones") % {
        "n": _count(found["n"]), "effective": effective,
    }  # fmt: skip


def _pairs_of_words(found: Mapping[str, Any]) -> str:
    tokens = found["detail"].get("tokens")
    return _("of the pairs in %(n)s words") % {"n": _count(tokens)} if tokens else _of_rows({**found, "unit": ""})


def _mean(found: Mapping[str, Any]) -> str:
    if not found["hits"]:
        return _("mean of %(n)s rows") % {"n": _count(found["n"])}
    return _("mean of %(n)s rows; %(hits)s of them at 0.7 or more") % {
        "n": _count(found["n"]), "hits": _count(found["hits"]),
    }  # fmt: skip


def _drawn(found: Mapping[str, Any]) -> str:
    return _("%(n)s of %(rows)s rows, drawn with random seed %(seed)s") % {
        "n": _count(found["n"]), "rows": _count(found["detail"]["drawn_from"]), "seed": found["detail"]["random_seed"],
    }  # fmt: skip


def _wish(found: Mapping[str, Any]) -> str:
    detail = found["detail"]
    wish = " ".join(filter(None, (detail.get("verb"), detail.get("noun"))))
    return _("“%(wish)s”: %(hits)s of %(n)s rows whose verb is known") % {
        "wish": wish, "hits": _count(found["hits"]), "n": _count(found["n"]),
    }  # fmt: skip


def _seeds(found: Mapping[str, Any]) -> str:
    detail = found["detail"]
    return _("%(seeds)s seeds weigh as much as %(effective)s equal ones") % {
        "seeds": _count(detail.get("seeds", 0)), "effective": in_unit(detail.get("effective"), "number"),
    }  # fmt: skip


def _named(found: Mapping[str, Any]) -> str:
    name = str(chart_name(found["detail"].get("name", "")))
    return _("%(name)s: %(rows)s") % {"name": name, "rows": _of_rows(found)}


def _types(found: Mapping[str, Any]) -> str:
    return _("%(hits)s of %(n)s types") % {"hits": _count(found["hits"]), "n": _count(found["n"])}


def _cells(found: Mapping[str, Any]) -> str:
    return _("%(hits)s of %(n)s combinations") % {"hits": _count(found["hits"]), "n": _count(found["n"])}


def _terms(found: Mapping[str, Any]) -> str:
    return _("%(hits)s of %(n)s terms") % {"hits": _count(found["hits"]), "n": _count(found["n"])}


def _place(found: Mapping[str, Any]) -> str:
    return _("fifth %(fifth)s of the document: %(rows)s") % {
        "fifth": found["detail"].get("bin", 0) + 1, "rows": _of_rows(found),
    }  # fmt: skip


_NOTES = {
    "exact_duplicates": _in_groups, "near_duplicates": _in_groups, "redundant_answers": _in_groups,
    "conflicts": _in_groups, "vendi": _vendi, "distinct_2": _pairs_of_words, "self_bleu": _mean, "nearest": _mean,
    "verb_noun": _wish, "verb": _wish, "seeds": _seeds, "topic": _named, "one_task_type": _named,
    "empty_task_types": _types, "empty_cells": _cells, "unused_terms": _terms, "gold_position": _place,
}  # fmt: skip


def _empty_types(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(_("Missing"), _joined(detail.get("empty", ())))]


def _empty_cells(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(_("Missing"), _joined([" × ".join(map(str, cell)) for cell in detail.get("cells", ())]))]


def _unused(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(str(name), _joined(terms)) for name, terms in list(detail.get("missing", {}).items())[:_EXAMPLES]]


def _uneven(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    top = in_unit(detail.get("top"), "share")
    return [(_("Largest share of one seed"), top), (_("Gini"), in_unit(detail.get("gini"), "number"))]


def _sets(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(_("Contaminated sets"), _joined(detail.get("sets", ())))]


_FACTS = {
    "empty_task_types": _empty_types, "empty_cells": _empty_cells, "unused_terms": _unused, "seeds": _uneven,
    "contaminated": _sets,
}  # fmt: skip


def _times(name: str, count: int) -> str:
    said = ngettext("%(name)s, %(n)s time", "%(name)s, %(n)s times", count)
    return said % {"name": name, "n": _count(count)}


def _joined(names: Sequence[Any]) -> str:
    shown = " · ".join(str(name) for name in names[:_SHOWN])
    return shown + (" …" if len(names) > _SHOWN else "")


def _count(value: Any) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
