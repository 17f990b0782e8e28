"""Answers that repeat themselves: n-grams (data-juicer: half), one sentence over and over, a loop at the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from generation.quality.places import answers_of, placed
from generation.quality.text import CJK, has_cjk
from generation.types import N_, Draft, Finding

_WORD = re.compile(f"[{CJK}]|[^\\W_{CJK}]+")
_SENTENCE = re.compile(r"[^.!?。！？；;\n]+")
_SAID = re.compile(r"[^\W\d_]")
_NUMBERED = re.compile(r"^[\s\d.、)(\-*•:：,，\"“”]+|[\s\"”,，]+$")
_N = 10
_MOST = 20_000
"""Characters at the front of a text that n-grams are counted in, and behind a place that are searched."""
_SAMPLES = 12
_SAMPLES_AGAIN = 2
_LOOP = 4
"""Times that a text must end in the same words to be a loop, at least."""
_LOOP_CHARACTERS = 40
_LOOP_PERIOD = 400
_TIMES = 3
_WEIGHT = 0.25
"""Share of the text that repeats of one sentence must take."""


class Repetition:
    """Points at answers that repeat themselves, and drops those that end in a loop."""

    name = "repetition"
    title = N_("Does not repeat itself")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """The first of `ends_in_loop`, `repeated_sentence`, `repeated_words` and `repeated_characters` for an answer.

        `max_repetition` is the share of 10-grams, of words or of characters, that may occur more than once.
        """
        most = settings.get("max_repetition", 0.5)
        findings = []
        for field, text in answers_of(draft):
            if len(text) < _LOOP_CHARACTERS / 2:
                continue
            if spans := _loop(text):
                findings.append(placed(self.name, "ends_in_loop", field=field, spans=spans, drop=True))
            elif not _suspicious(text):
                continue
            elif spans := _sentences(text):
                findings.append(placed(self.name, "repeated_sentence", field=field, spans=spans))
            elif spans := _grams(_words(text), most):
                findings.append(placed(self.name, "repeated_words", field=field, spans=spans))
            elif not has_cjk(text) and _top_share(text) > most and (spans := _grams(_characters(text), 0.0)):
                findings.append(placed(self.name, "repeated_characters", field=field, spans=spans))
        return findings


def _suspicious(text: str) -> bool:
    """Whether some of a few samples occur again nearby: a text of which a quarter is repeated seldom passes that."""
    size = 6 if has_cjk(text) else 14
    end = len(text) - size
    step = max(1, end // _SAMPLES)
    again = 0
    for at in range(0, end + 1, step):
        if text.find(text[at : at + size], at + 1, at + _MOST) >= 0:
            again += 1
            if again >= _SAMPLES_AGAIN:
                return True
    return False


def _loop(text: str) -> list[tuple[int, int]]:
    """The tail that says the same thing at least `_LOOP` times running, the last time perhaps not to its end."""
    end = len(text.rstrip())
    for size in (24, 12, 6):
        last = text[max(0, end - size) : end]
        before = text.rfind(last, max(0, end - size - _LOOP_PERIOD), end - 1)
        if len(last) < size or before < 0 or not _SAID.search(last):
            continue
        period = end - size - before
        at = end - 1
        floor = max(period, end - _MOST)
        while at >= floor and text[at] == text[at - period]:
            at -= 1
        start = at + 1 - period
        least = _LOOP if period >= 6 else 4 * _LOOP
        if end - start >= max(least * period - period // 2, _LOOP_CHARACTERS if not has_cjk(last) else 20):
            return [(start, end)]
    return []


def _sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentence that is said most often stands again, if that is a good part of the text."""
    least = 5 if has_cjk(text) else 14
    places: dict[str, list[tuple[int, int]]] = {}
    for found in islice(_SENTENCE.finditer(text), 20_000):
        said = _NUMBERED.sub("", found[0][:400]).casefold()
        if len(said) >= least and (said.count(" ") > 1 or not said.isascii()) and _SAID.search(said):
            places.setdefault(said, []).append(found.span())
    spans = max(places.values(), key=len, default=[])
    repeated = sum(end - start for start, end in spans[1:])
    return spans[1:] if len(spans) >= _TIMES and repeated >= _WEIGHT * len(text) else []


def _words(text: str) -> list[tuple[int, int, str]]:
    return [(found.start(), found.end(), found[0]) for found in _WORD.finditer(_front(text))]


def _characters(text: str) -> list[tuple[int, int, str]]:
    return [(at, at + 1, character) for at, character in enumerate(_front(text))]


def _front(text: str) -> str:
    return text[:_MOST]


def _grams(parts: Sequence[tuple[int, int, str]], most: float) -> list[tuple[int, int]]:
    """Where n-grams stand that were there before, joined, if more than `most` of all n-grams occur more than once."""
    said = [part for _, _, part in parts]
    grams = list(zip(*(said[at:] for at in range(_N)), strict=False))
    if len(grams) < _N:
        return []
    counts = Counter(grams)
    if sum(counts[gram] > 1 for gram in grams) <= most * len(grams):
        return []
    if 2 * sum(part.isdigit() or not part.isalnum() for part in said) > len(said):
        return []
    seen: set[tuple[str, ...]] = set()
    again = []
    for at, gram in enumerate(grams):
        if gram in seen:
            again.append((parts[at][0], parts[at + _N - 1][1]))
        seen.add(gram)
    return list(_joined(again))


def _top_share(text: str) -> float:
    """data-juicer's share of characters: that of the commonest 10-grams, as many as the root of how many there are."""
    front = text[:_MOST]
    counts = Counter(front[at : at + _N] for at in range(len(front) - _N + 1))
    repeated = sum(count > 1 for count in counts.values())
    top = min(int(len(counts) ** 0.5), repeated)
    return sum(count for _, count in counts.most_common(top)) / max(1, sum(counts.values()))


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start, end = spans[0]
    for left, right in spans[1:]:
        if left > end:
            yield start, end
            start = left
        end = right
    yield start, end


CHECK = Repetition()
