"""Figures as people read them: money, spans of time, and small charts as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

register = template.Library()

_SIGNS = {"USD": "$", "CNY": "¥", "EUR": "€", "": "$"}


@register.filter
def money(micro: int | None, currency: str = "USD") -> str:
    """Micro-units of a currency as an amount: `$1.98`; four decimals below one unit, so that small costs show."""
    if micro is None:
        return ""
    amount = micro / 1_000_000
    decimals = 2 if amount >= 1 or not micro else 4
    if decimals == 4 and micro % 10_000 == 0:
        decimals = 2
    figure = number_format(round(amount, decimals), decimal_pos=decimals, force_grouping=True)
    sign = _SIGNS.get(currency or "")
    return f"{sign}{figure}" if sign else f"{figure} {currency}"


@register.filter
def duration(seconds: float | None) -> str:
    """A span of time in its two largest units: `2 min 23 s`."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return gettext("%(s)d s") % {"s": whole}
    if whole < 3600:
        return gettext("%(min)d min %(s)d s") % {"min": whole // 60, "s": whole % 60}
    return gettext("%(h)d h %(min)d min") % {"h": whole // 3600, "min": whole % 3600 // 60}


@register.inclusion_tag("generation/_sparkline.html")
def sparkline(series: Sequence[float], label: str = "") -> dict[str, Any]:
    """A small line over time, newest at the right; it has its words for those who cannot see it."""
    width, height, most = 300, 40, max([*series, 1])
    step = width / max(len(series) - 1, 1)
    points = [
        f"{index * step:.1f},{height - 2 - value / most * (height - 6):.1f}" for index, value in enumerate(series)
    ]
    area = " ".join([f"0,{height}", *points, f"{width},{height}"])
    return {
        "points": " ".join(points),
        "area": area,
        "width": width,
        "height": height,
        "last": points[-1:],
        "label": label,
    }


@register.inclusion_tag("generation/_stacked.html")
def stacked(total: int, *parts: Any) -> dict[str, Any]:
    """A bar of parts: `{% stacked total done "ok" failed "bad" %}`. What is missing to the total stays empty."""
    width, at, bars = 1000, 0.0, []
    for count, kind in zip(parts[::2], parts[1::2], strict=True):
        share = width * count / total if total else 0
        bars.append({"x": f"{at:.2f}", "width": f"{max(share, 2 if count else 0):.2f}", "kind": kind})
        at += share
    return {"bars": bars, "width": width}
