"""Questions on documents by rules: statements with a gap, and what sentences say of a name. Now and then one is spoilt,
in every way that the recipe knows, and is dropped by it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generation.documents.chunks import sentences_of

Pair = dict[str, str]

_SPOILT_REPLY = 0.06
_SPOILT_PAIR = 0.14
_SPOILT_VERDICT = 0.04
_GAP = "____"
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_WORD = re.compile(r"[A-Za-z][a-z]{4,}")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_MARKS = re.compile(r"^[#>*\-\s]+")
_ENDS = ".。！？!?"
_REASONS = {
    "en": re.compile(r"\bbecause\b|\bso that\b|\bsince\b", re.I),
    "zh": re.compile("因为|由于|以便|使得|否则|所以"),
}
_TEXTS = {
    "en": {
        "fact": "Which word or number fills the gap? {}",
        "fact_answer": "The gap stands for “{}”.",
        "reason": "Why can one say the following? {}",
        "summary": "What are the main points about {} and {}?",
        "comparison": "How do these two differ: {} and {}?",
        "unanswerable": "How many people wrote a letter about {} last year?",
        "says_not": "The passage does not say how many people wrote about {}.",
        "pointing": "According to the passage, what is said about {}?",
        "refusal": "I'm sorry, but I cannot help with that.",
        "guess": "About forty of them did.",
        "untrue": "Nobody has ever heard of it in all the years that came before.",
    },
    "zh": {
        "fact": "请补全空缺处的词或数字：{}",
        "fact_answer": "空缺处是“{}”。",
        "reason": "为什么可以这样说：{}",
        "summary": "关于“{}”和“{}”，要点有哪些？",
        "comparison": "“{}”与“{}”有什么不同？",
        "unanswerable": "去年有多少人写信谈到“{}”？",
        "says_not": "段落没有提到有多少人写信谈到“{}”。",
        "pointing": "根据上文，关于“{}”说了什么？",
        "refusal": "很抱歉，我无法回答这个问题。",
        "guess": "大约有四十人。",
        "untrue": "在此之前的许多年里从来没有人听说过它。",
    },
}


def ask(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A JSON list with a question of each kind that is wanted."""
    if rng.random() < _SPOILT_REPLY:
        return rng.choice(["[{", "Here are the questions you wanted.", '{"quote": "-"}'])
    language = "zh" if variables["written_in"] == "zh" else "en"
    said = [_MARKS.sub("", each) for each in sentences_of(variables["text"])]
    said = [each for each in said if len(each) >= 8 and each[-1] in _ENDS] or [variables["text"].strip()[:200]]
    rng.shuffle(said)
    pairs = [_pair(kind, at, said, language, rng) for at, kind in enumerate(variables["types"])]
    pairs = [each for pair in pairs for each in _perhaps_spoilt(pair, language, rng)]
    if rng.random() < _SPOILT_REPLY:
        pairs.append(_pair("fact", len(pairs), said, language, rng))
    text = json.dumps(pairs, ensure_ascii=False)
    return f"```json\n{text}\n```" if rng.random() < 0.3 else text


def check(variables: Mapping[str, Any], rng: random.Random) -> str:
    """Yes where a sentence of the passage, or words in quotation marks, stand in the answer; now and then unclear."""
    said, text = variables["said"], variables["text"]
    chinese = bool(_HAN.search(said))
    if rng.random() < _SPOILT_VERDICT:
        return "也许吧。" if chinese else "Perhaps."
    words = re.findall(r"“(.+?)”", said)
    true = any(each in said for each in sentences_of(text)) or bool(words) or variables["kind"] == "unanswerable"
    return ("是" if true else "否") if chinese else ("Yes" if true else "No")


def _pair(kind: str, at: int, said: Sequence[str], language: str, rng: random.Random) -> Pair:
    texts, first = _TEXTS[language], said[at % len(said)]
    other = said[(at + 1) % len(said)]
    if kind == "reason":
        found = next((each for each in said if _REASONS[language].search(each)), first)
        statement = _REASONS[language].split(found)[0].strip(" ,，、；;") or found
        return _made(kind, texts["reason"].format(statement), found, found)
    if kind in ("summary", "comparison"):
        question = texts[kind].format(_term(first, language, rng), _term(other, language, rng))
        joint = "" if language == "zh" else " "
        return _made(kind, question, first if first == other else f"{first}{joint}{other}", first)
    if kind == "unanswerable":
        term = _term(first, language, rng)
        return _made(kind, texts[kind].format(term), texts["says_not"].format(term), "")
    gap = _gap(first, language, rng)
    if gap is None:
        return _made(kind, texts["reason"].format(first), first, first)
    statement = first.replace(gap, _GAP, 1)
    return _made(kind, texts["fact"].format(statement), texts["fact_answer"].format(gap), first)


def _made(kind: str, question: str, answer: str, quote: str) -> Pair:
    return {"type": kind, "question": question, "answer": answer, "quote": quote}


def _gap(sentence: str, language: str, rng: random.Random) -> str | None:
    found = _NUMBER.findall(sentence) or (_HAN if language == "zh" else _WORD).findall(sentence)[1:]
    return rng.choice(found) if found else None


def _term(sentence: str, language: str, rng: random.Random) -> str:
    if language == "zh":
        return rng.choice(_HAN.findall(sentence) or [sentence[:8]])[:8]
    words = sentence.rstrip(_ENDS).split()
    start = rng.randrange(max(1, len(words) - 4))
    return f"“{' '.join(words[start : start + 4])}”"


def _perhaps_spoilt(pair: Pair, language: str, rng: random.Random) -> list[Pair]:
    if rng.random() >= _SPOILT_PAIR:
        return [pair]
    return rng.choice(_SPOILERS)(pair, _TEXTS[language])


def _misquoted(pair: Pair, texts: Mapping[str, str]) -> list[Pair]:
    return [pair | {"quote": texts["untrue"]}]


def _unquoted(pair: Pair, texts: Mapping[str, str]) -> list[Pair]:
    return [pair | {"quote": ""}]


def _barely_quoted(pair: Pair, texts: Mapping[str, str]) -> list[Pair]:
    return [pair | {"quote": pair["quote"][:2] or "-"}]


def _pointing(pair: Pair, texts: Mapping[str, str]) -> list[Pair]:
    return [pair | {"question": texts["pointing"].format(pair["quote"][:20])}]


def _refused(pair: Pair, texts: Mapping[str, str]) -> list[Pair]:
    return [pair | {"answer": texts["refusal"]}]


def _guessed(pair: Pair, texts: Mapping[str, str]) -> list[Pair]:
    """For a question without an answer a guess; elsewhere an answer that the passage does not bear."""
    return [pair | {"answer": texts["guess" if pair["type"] == "unanswerable" else "untrue"]}]


def _unasked(pair: Pair, texts: Mapping[str, str]) -> list[Pair]:
    return [pair | {"answer": ""}]


def _doubled(pair: Pair, texts: Mapping[str, str]) -> list[Pair]:
    return [pair, pair]


_SPOILERS: Sequence[Callable[[Pair, Mapping[str, str]], list[Pair]]] = (
    _misquoted, _unquoted, _barely_quoted, _pointing, _refused, _guessed, _unasked, _doubled,
)  # fmt: skip

RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "document_qa.ask": ask,
    "document_qa.ask_beside": ask,
    "document_qa.check": check,
}
