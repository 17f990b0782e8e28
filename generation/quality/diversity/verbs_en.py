"""The verb that an English instruction is put with and its direct object, by rules and a list of verbs.

Source of the figure: Self-Instruct (arXiv 2212.10560), which takes the root verb and its direct object from a parser.
Here the root is the first verb of the list that stands where an order, a wish or a request puts it, and the object is
the head of the noun phrase after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

_LISTS = json.loads(Path(__file__).with_name("verbs.en.json").read_text(encoding="utf-8"))
_WORDS = {name: frozenset(" ".join(lines).split()) for name, lines in _LISTS.items() if isinstance(lines, list)}
VERBS = _WORDS["verbs"]
_WORD = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*|\d+|[.!?,;:\n()\"“”]")
_END = frozenset(".!?;:\n")
_MARKS = frozenset('.!?;:\n,()"“”')
_SKIPPED = _WORDS["skipped"]
"""Words that may stand before the verb of an order."""
_ASKERS = _WORDS["askers"]
_WISHES = _WORDS["wishes"]
_PEOPLE = _WORDS["people"]
_BEFORE = _WORDS["before"]
_BOUNDARY = _WORDS["boundary"]
_NEVER = _WORDS["never"]
_ING_NOUNS = _WORDS["ing_nouns"]
_LY_NOUNS = _WORDS["ly_nouns"]
FUNCTION_WORDS = _BOUNDARY | _BEFORE | _NEVER | _SKIPPED | _ASKERS | _PEOPLE
_PLURALS: Mapping[str, str] = _LISTS["plurals"]
_SPELLED = {"analyse": "analyze", "summarise": "summarize"}
_WITH_PARTICLES = (("come", "up", "with"), ("think", "of"), ("look", "for"), ("talk", "about"), ("act", "as"))
_MOST_WORDS = 60
_DETERMINED = _WORDS["determined"]


def verb_noun_en(text: str) -> tuple[str, str] | None:
    """(verb, noun) of the first sentence that has a clause with both, in base form; None where rules find none."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text[:600])][:_MOST_WORDS]
    sentences = 0
    for at, word in enumerate(words):
        if word in _END:
            sentences += at > 2
            if sentences > 1:
                return None
        elif word in VERBS and _orders(words, at):
            verb, after = _whole(words, at)
            if noun := _object(words, after):
                return verb, noun
    return None


def _whole(words: list[str], at: int) -> tuple[str, int]:
    """The verb with the particles that make it one, and where its object may begin."""
    for verb in _WITH_PARTICLES:
        if words[at : at + len(verb)] == list(verb):
            return " ".join(verb), at + len(verb)
    return _SPELLED.get(words[at], words[at]), at + 1


def _orders(words: list[str], at: int) -> bool:
    """Whether the word stands where the verb of an order, a wish or a polite question stands."""
    if at + 1 < len(words) and words[at + 1] == ":":
        return False
    if _opens(words, at):
        return True
    place = at - 1
    while place > 0 and words[place] in _SKIPPED:
        place -= 1
    before, earlier = words[place], words[max(0, place - 1)]
    if {before, earlier} & _ASKERS and "you" in (before, earlier):
        return True
    if before == "to":
        return any(word in _WISHES for word in words[max(0, at - 5) : at - 1])
    return False


def _opens(words: list[str], at: int) -> bool:
    """Whether only a polite word, an adverb or a mark stands between the word and the beginning of its clause."""
    place = at - 1
    while place >= 0 and (words[place] in _SKIPPED or words[place].endswith("ly") or words[place].isdigit()):
        place -= 1
    if place < 0 or words[place] in _END or words[place] in '"“':
        return True
    return words[place] == "," and _aside(words, place)


def _aside(words: list[str], comma: int) -> bool:
    """Whether what stands before the comma is an opening that no verb of an order is in: Given a list of words, ..."""
    start = comma
    while start > 0 and words[start - 1] not in _END:
        start -= 1
    if start == comma:
        return True
    first = words[start]
    opening = first in _BOUNDARY or first in ("you", "assume", "imagine", "suppose", "hi", "hello", "let", "based")
    return opening or first.endswith(("ing", "ed")) or first not in VERBS


def _object(words: list[str], at: int) -> str:
    """The head noun of the phrase that begins here, in the singular; "" for none."""
    if at < len(words) and words[at] in ("and", "or", "&") and at + 1 < len(words) and words[at + 1] in VERBS:
        at += 2  # compare and contrast the two
    if at < len(words) and words[at] in ("me", "us", "him", "her", "them") and at + 1 < len(words):
        at += 1
    head, determined = "", False
    for word in words[at : at + 12]:
        if word in _MARKS and not (word in '"“”' and not head):
            if word == "," and head and not determined:
                break
            if word != "," or (head and not _quality(head)):
                break
            continue
        if word in _BOUNDARY and (head or word not in _DETERMINED):
            if word in ("and", "or") and _quality(head):
                continue
            if not head and word in ("of", "about", "with", "for"):
                return ""
            if word in ("given", "based", "such") and not head:
                continue
            break
        if head and word.endswith(("ing", "ed")) and word not in _ING_NOUNS and not _quality(head):
            break
        if head and word in _PEOPLE:
            break
        determined = determined or word in _DETERMINED
        if word not in _BEFORE and not word.isdigit() and (not word.endswith("ly") or word in _LY_NOUNS):
            head = word
    noun = singular(head.removesuffix("'s"))
    return "" if noun in _NEVER or noun in _BEFORE or len(noun) < 2 else noun


def _quality(word: str) -> bool:
    """Whether a word is an adjective by its ending, or none at all."""
    return not word or word.endswith(("ful", "ous", "ive", "able", "ible", "ish", "less", "ic", "ny", "al", "ed"))


def singular(word: str) -> str:
    """A noun in the singular, by rule and a few exceptions."""
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
