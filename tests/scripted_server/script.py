"""The script: which reply belongs to which prompt, and which tries fail first.

Everything follows from what a request says and from the order in which *distinct* requests of a rule arrive, so that a
retry gets what its first try should have had, however many workers ask.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_WORD = re.compile(r"\{w(\d+)\}")
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


def made_up_word(arrival: int, number: int) -> str:
    """The `number`-th word of an arrival: three syllables that spell both numbers, so no two are the same."""
    value, size, word = arrival * 40 + number, len(_SYLLABLES), ""
    for _ in range(3):
        value, digit = divmod(value, size)
        word += _SYLLABLES[digit]
    return word


@dataclass
class Rule:
    """Prompts that match `pattern` are answered from `replies`: the n-th distinct request gets the n-th reply.

    `body` is what the request must say besides ({"model": "scripted-2"}).
    """

    name: str
    pattern: re.Pattern[str]
    replies: list[dict[str, Any]]
    faults: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    every_fault: list[dict[str, Any]] = field(default_factory=list)
    arrivals: dict[str, int] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    def arrival(self, fingerprint: str) -> int:
        """Which distinct request of this rule it is, from 0."""
        return self.arrivals.setdefault(fingerprint, len(self.arrivals))

    def reply(self, arrival: int) -> dict[str, Any]:
        """Its reply; the last one serves all that follow. `{w1}` ... are words that no other arrival has."""
        reply = self.replies[min(arrival, len(self.replies) - 1)]
        text = _WORD.sub(lambda found: made_up_word(arrival, int(found[1])), reply["text"])
        return reply | {"text": text}

    def fault(self, arrival: int, attempt: int, fingerprint: str) -> dict[str, Any] | None:
        """What goes wrong at this try (from 0), if anything."""
        listed = self.faults.get(arrival, [])
        if attempt < len(listed):
            return listed[attempt]
        chance = int(fingerprint[:8], 16) / 0x100000000
        for fault in self.every_fault:
            if attempt < fault.get("times", 1) and fault["from"] <= chance < fault["to"]:
                return fault
        return None


@dataclass
class Script:
    """The rules in order; the first that matches answers."""

    latency: float
    rules: list[Rule]
    tries: Counter[str] = field(default_factory=Counter)

    def answer(self, body: dict[str, Any]) -> tuple[str, Rule, int, int]:
        """(fingerprint, rule, arrival, try) of a request; `LookupError` when no rule matches."""
        text = "\n".join(message["content"] for message in body["messages"])
        fingerprint = fingerprint_of(body)
        for rule in self.rules:
            if rule.pattern.search(text) and all(body.get(name) == said for name, said in rule.body.items()):
                attempt = self.tries[fingerprint]
                self.tries[fingerprint] += 1
                return fingerprint, rule, rule.arrival(fingerprint), attempt
        raise LookupError(text[:200])


def fingerprint_of(body: dict[str, Any]) -> str:
    """SHA-256 of the request as canonical JSON."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def load(path: Path) -> Script:
    """The script in a JSON file; see `self_instruct.json` for its form."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Script(
        data.get("latency_ms", 0) / 1000,
        [
            Rule(
                name=rule["name"],
                pattern=re.compile(rule["match"], re.DOTALL),
                replies=[each if isinstance(each, dict) else {"text": each} for each in rule["replies"]],
                faults={int(at): faults for at, faults in rule.get("faults", {}).items()},
                every_fault=rule.get("every_fault", []),
                body=rule.get("body", {}),
            )
            for rule in data["rules"]
        ],
    )
