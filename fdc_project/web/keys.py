"""The actions that a person may give another key, and the keys that they have otherwise."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTIONS = {
    "approve": ("Enter", _("Approve")),
    "reject": ("x", _("Reject")),
    "edit": ("e", pgettext_lazy("key", "Edit")),
    "skip": ("Space", _("Skip")),
    "undo": ("u", _("Undo")),
    "flag": ("f", _("Flag")),
    "pair": ("p", _("Make a pair of the edit")),
    "receipt": ("i", _("Show or hide the receipt")),
    "raw": ("v", _("Raw text")),
    "search": ("/", _("Search")),
    "save": ("Ctrl+Enter", _("Save")),
    "next_page": ("n", _("Next page")),
}
RESERVED = frozenset({"?", "Escape", "Tab"})
_KEY = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+){0,2}(?:[!-~]|[A-Z][A-Za-z]+|F\d{1,2})\Z")


def faults(chosen: dict[str, str]) -> list[tuple[str, str]]:
    """What is wrong with a choice of keys, as (action, code): "unknown_key", "reserved_key" or "used_twice"."""
    found = []
    effective = {action: chosen.get(action) or key for action, (key, _label) in ACTIONS.items()}
    for action, key in chosen.items():
        if action not in ACTIONS or not _KEY.match(key):
            found.append((action, "unknown_key"))
        elif key in RESERVED or key.isdigit():
            found.append((action, "reserved_key"))
        elif list(effective.values()).count(key) > 1:
            found.append((action, "used_twice"))
    return found
