"""Bold and italics beside Chinese, Japanese and Korean: `**原因：**循环` is bold although no blank stands after it.

CommonMark lets a run of `*` close after punctuation only before a blank or more punctuation; texts in these scripts
have no blanks between words. The relaxed rule is that of the CJK-friendly amendments to it (tats-u,
markdown-cjk-friendly): punctuation of these scripts does not count as such, and their letters stand for a blank.
"""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import category, east_asian_width

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as emphasis
from markdown_it.rules_inline.strikethrough import tokenize as strikethrough

Rule = Callable[[StateInline, bool], bool]


def cjk_emphasis_plugin(markdown: MarkdownIt) -> None:
    """Has `*`, `**` and `~~` open and close beside these scripts; `_` keeps its rules, for the sake of names."""
    markdown.inline.ruler.at("emphasis", _relaxed(emphasis))
    markdown.inline.ruler.at("strikethrough", _relaxed(strikethrough))


def _relaxed(rule: Rule) -> Rule:
    def tokenize(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.delimiters)
        if not rule(state, silent):
            return False
        if state.src[start] != "_":
            before = state.src[start - 1] if start else " "
            after = state.src[state.pos] if state.pos < state.posMax else " "
            for each in state.delimiters[known:]:
                each.open = each.open or _flanks(before, after)
                each.close = each.close or _flanks(after, before)
        return True

    return tokenize


def _flanks(outside: str, inside: str) -> bool:
    """Whether a run between the two may mark the text that begins, or ends, with `inside`."""
    if inside.isspace():
        return False
    return not _marks(inside) or outside.isspace() or _marks(outside) or _wide(outside)


def _marks(character: str) -> bool:
    """Punctuation and symbols of other scripts."""
    return category(character)[0] in "PS" and not _wide(character)


def _wide(character: str) -> bool:
    """A character of these scripts, its punctuation included; half-width Katakana and Hangul, too."""
    return east_asian_width(character) in ("W", "F", "H")
