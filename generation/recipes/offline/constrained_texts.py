"""Texts made to meet constraints, by rules: what an attentive writer would do, one constraint at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, unescape

from generation.quality.constraints import holds
from generation.quality.constraints.counting import count_words, paragraphs, sentences
from generation.quality.text import has_cjk

Args = Mapping[str, Any]
Words = Mapping[str, Any]
_ROUNDS = 4
_ELEMENT = re.compile("</?answer>")
_HEADING = re.compile(r"^(?:(?:Section|Part|Chapter) \d|第\d(?:部分|节|章))$\n?", re.MULTILINE)
_LATER = (
    "no_comma", "english_capital", "english_lowercase", "number_words", "number_sentences", "forbidden_words",
    "capital_word_frequency", "letter_frequency", "keyword_frequency", "keyword_existence", "number_paragraphs",
    "nth_paragraph_first_word", "multiple_sections", "number_highlighted_sections", "number_placeholders",
    "number_bullet_list", "title", "postscript", "end_checker", "two_responses", "repeat_prompt", "quotation",
    "json_format", "xml_format",
)  # fmt: skip
"""What is mended last stands outermost."""


@cache
def words_of(language: str) -> Words:
    """Our own sentences in the language."""
    known = _data()
    return {**known["zh" if language == "zh" else "en"], "languages": known["languages"]}


@cache
def _data() -> dict[str, Any]:
    text = Path(__file__).with_name("constrained_texts.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def meet(text: str, demands: Sequence[Mapping[str, Any]], *, language: str) -> str:
    """The text changed until all demands are met, or given up after a few rounds."""
    order = sorted(demands, key=lambda each: _LATER.index(each["kind"]) if each["kind"] in _LATER else -1)
    for _ in range(_ROUNDS):
        if all(holds(text, each) for each in order):
            break
        text = _unwrapped(text)
        for each in order:
            if not holds(text, each):
                text = mend(text, each, language=language)
    return text


def _unwrapped(text: str) -> str:
    """What stands inside the frames that are put around texts here, so that they are not put around twice."""
    text = _HEADING.sub("", text)
    try:
        inside = json.loads(text)
    except ValueError:
        return unescape(_ELEMENT.sub("", text)) if _ELEMENT.search(text) else text
    return str(inside["answer"]) if isinstance(inside, dict) and "answer" in inside else text


def mend(text: str, made: Mapping[str, Any], *, language: str) -> str:
    """The text changed for one demand alone."""
    return _MENDERS[made["kind"]](text.strip(), made["args"], words_of(language))


def _keywords(text: str, args: Args, words: Words) -> str:
    return _with(text, words["about"].format(words["joint"].join(args["keywords"])))


def _keyword(text: str, args: Args, words: Words) -> str:
    key = args["keyword"]
    if args["relation"] == "at_least":
        return _with(text, words["about"].format(words["joint"].join([key] * args["count"])))
    return _thinned(text, re.escape(key), args["count"] - 1, words["it"])


def _thinned(text: str, pattern: str, keep: int, instead: str) -> str:
    seen = iter(range(len(text) + 1))
    return re.sub(pattern, lambda found: found[0] if next(seen) < keep else instead, text, flags=re.IGNORECASE)


def _forbidden(text: str, args: Args, words: Words) -> str:
    for word in args["keywords"]:
        edge = "" if has_cjk(word) else r"\b"
        text = re.sub(f"{edge}{re.escape(word)}{edge}", words["it"], text, flags=re.IGNORECASE)
    return text


def _letter(text: str, args: Args, words: Words) -> str:
    letter = args["letter"]
    if args["relation"] == "at_least":
        return _with(text, words["about"].format(" ".join([letter] * args["count"])))
    return _thinned(text, re.escape(letter), args["count"] - 1, "")


def _language(text: str, args: Args, words: Words) -> str:
    return str(words["languages"][args["code"]])


def _sentences(text: str, args: Args, words: Words) -> str:
    found = sentences(text)
    if args["relation"] == "less_than":
        return _joined(found[: args["count"] - 1])
    return _with(text, *words["sentences"][: args["count"] - len(found)])


def _words(text: str, args: Args, words: Words) -> str:
    if args["relation"] == "at_least":
        for each in words["sentences"] * 6:
            if count_words(text) >= args["count"]:
                break
            text = _with(text, each)
        return text
    kept: list[str] = []
    for each in sentences(text):
        if count_words(_joined([*kept, each])) >= args["count"]:
            break
        kept.append(each)
    return _joined(kept) or str(words["sentences"][1])


def _blocks(text: str, count: int, words: Words) -> list[str]:
    """`count` blocks of about as many sentences each."""
    found = sentences(text.replace("***", " "))
    found += words["sentences"][: max(0, count - len(found))]
    size = len(found) // count
    return [_joined(found[at * size : (at + 1) * size if at + 1 < count else None]) for at in range(count)]


def _paragraphs(text: str, args: Args, words: Words) -> str:
    return "\n***\n".join(_blocks(text, args["count"], words))


def _first_word(text: str, args: Args, words: Words) -> str:
    parts = paragraphs(text)
    if len(parts) != args["paragraphs"]:
        parts = _blocks(text, args["paragraphs"], words)
    at = args["nth"] - 1
    parts[at] = f"{args['first_word']} {parts[at]}"
    return "\n\n".join(parts)


def _placeholders(text: str, args: Args, words: Words) -> str:
    return _with(text, words["about"].format(words["joint"].join(words["names"][: args["count"]])))


def _bullets(text: str, args: Args, words: Words) -> str:
    plain = re.sub(r"^[ \t]*[*-](?![*-])[ \t]*", "", text, flags=re.MULTILINE)
    return "\n".join([plain, *(f"* {words['point'].format(at)}" for at in range(1, args["count"] + 1))])


def _highlights(text: str, args: Args, words: Words) -> str:
    return _with(text, words["joint"].join(words["stars"].format(at) for at in range(1, args["count"] + 1)))


def _sections(text: str, args: Args, words: Words) -> str:
    chinese = has_cjk(args["splitter"])
    heads = [
        words["heading"].format(at, args["splitter"]) if chinese else f"{args['splitter']} {at}"
        for at in range(1, args["count"] + 1)
    ]
    return "\n".join(f"{head}\n{part}" for head, part in zip(heads, _blocks(text, args["count"], words), strict=True))


def _postscript(text: str, args: Args, words: Words) -> str:
    return f"{text}\n{args['marker']} {words['more']}"


def _ended(text: str, args: Args, words: Words) -> str:
    return _with(text, args["phrase"])


def _capitals(text: str, args: Args, words: Words) -> str:
    if args["relation"] == "at_least":
        return _with(text, words["about"].format(" ".join(["OK", "YES", "NOW", "HERE", "GO", "TOP"][: args["count"]])))
    return re.sub(r"(?<![^\W_])[A-Z]{2,}(?![^\W_])", lambda found: found[0].capitalize(), text)


def _without_comma(text: str, args: Args, words: Words) -> str:
    return re.sub("[,，﹐､]", "", text)


def _english(text: str, words: Words) -> str:
    return str(words["lower"]) if has_cjk(text) or not text else text


def _quoted(text: str, args: Args, words: Words) -> str:
    marks = ("“", "”") if has_cjk(text) else ('"', '"')
    return marks[0] + text.strip('"“”') + marks[1]


def _with(text: str, *more: str) -> str:
    return _joined([text, *more])


def _joined(parts: Sequence[str]) -> str:
    return ("" if has_cjk("".join(parts)) else " ").join(part for part in parts if part)


_MENDERS: Mapping[str, Callable[[str, Args, Words], str]] = {
    "keyword_existence": _keywords,
    "keyword_frequency": _keyword,
    "forbidden_words": _forbidden,
    "letter_frequency": _letter,
    "response_language": _language,
    "number_sentences": _sentences,
    "number_words": _words,
    "number_paragraphs": _paragraphs,
    "nth_paragraph_first_word": _first_word,
    "number_placeholders": _placeholders,
    "postscript": _postscript,
    "number_bullet_list": _bullets,
    "constrained_response": lambda text, args, words: str(args["options"][0]),
    "number_highlighted_sections": _highlights,
    "multiple_sections": _sections,
    "json_format": lambda text, args, words: json.dumps({"answer": text}, ensure_ascii=False),
    "xml_format": lambda text, args, words: f"<answer>{escape(text)}</answer>",
    "title": lambda text, args, words: f"<<{words['title']}>>\n{text}",
    "two_responses": lambda text, args, words: f"{text}\n******\n{words['other']}",
    "repeat_prompt": lambda text, args, words: f"{args['prompt']}\n{text}",
    "end_checker": _ended,
    "capital_word_frequency": _capitals,
    "english_capital": lambda text, args, words: _english(text, words).upper(),
    "english_lowercase": lambda text, args, words: _english(text, words).lower(),
    "no_comma": _without_comma,
    "quotation": _quoted,
}
