"""Data that lead to a person or open a door: addresses, numbers with check digits, keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality import personal
from generation.quality.places import placed, texts_of
from generation.types import N_, Draft, Finding

_DIGIT = re.compile("[0-9]")
_DIGITS = re.compile(r"[0-9](?:(?:[-. ()（）]{0,2}[0-9]){6}|[0-9]{0,2}\.(?:[0-9]{1,3}\.){2}[0-9])")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{1,4}:[0-9a-fA-F]{0,4}:")


class PersonalData:
    """Points at personal data that look real; samples of documentation and reserved numbers pass. Never drops."""

    name = "personal_data"
    title = N_("No personal data")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """A finding for each kind and field, by place alone: the data themselves are not written down again.

        `email_address`, `phone_number`, `identity_number`, `card_number`, `bank_account`, `ip_address`, `secret_key`.
        """
        findings = []
        for field, text in texts_of(draft):
            if "@" not in text and not _may_count(text) and not personal.may_hold_key(text):
                continue
            for code, spans in personal.found_in(text).items():
                findings.append(placed(self.name, code, field=field, spans=spans))
        return findings


def _may_count(text: str) -> bool:
    """A cheap test for numbers as long as one of those that are looked for."""
    first = _DIGIT.search(text)
    if not first:
        return False
    return bool(_DIGITS.search(text, first.start()) or (text.count(":") > 2 and _HEXADECIMAL.search(text)))


CHECK = PersonalData()
