"""Untrusted text on a page. The one place where markup is made from what models, files and people wrote.

Three gates stand behind each other: markdown with HTML off, so that tags in the text stay text; an allow-list of
elements and attributes over the result; and the page itself, which shows it inside an element where htmx is off. Hidden
characters are shown as chips, never dropped and never obeyed.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from fdc_project.web import highlighting
from fdc_project.web.cjk_emphasis import cjk_emphasis_plugin
from fdc_project.web.differences import word_diff
from fdc_project.web.hidden import hidden_in, long_name_of, name_of

LONGEST_RENDERED = 60_000
"""Characters above which a text is shown as it is instead of being rendered."""
_LONGEST_CACHED = 20_000
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_FULL_ADDRESS = re.compile(r"https?://|mailto:", re.IGNORECASE)


def _full_addresses_only(tag: str, attribute: str, value: str) -> str | None:
    """Without this "http:sign-out" would stay: it has a scheme, and browsers take it as relative to the page."""
    return None if attribute == "href" and not _FULL_ADDRESS.match(value) else value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attribute_filter=_full_addresses_only,
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}, "span": {"class", "title"}, "pre": {"class"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer nofollow",
)
_ADDED = {"same": "{}", "removed": '<del class="removed">{}</del>', "added": '<ins class="added">{}</ins>'}


def safe_html(text: str) -> SafeString:
    """Markdown, code and math of an untrusted text as markup that can do nothing: no scripts, styles, images, forms,
    relative links, ids or attributes of ours. Math comes as `.math` elements with its source as their text."""
    if len(text) > LONGEST_RENDERED:
        return mark_safe(f'<pre class="plain">{visible(text)}</pre>')
    return mark_safe((_render_cached if len(text) <= _LONGEST_CACHED else _render)(text))


def visible(text: str) -> SafeString:
    """The text exactly as it is, escaped, with a chip in the place of each hidden character."""
    parts: list[str] = []
    at = 0
    for found in hidden_in(text):
        parts += [escape(text[at : found.start()]), _chip(found[0])]
        at = found.end()
    return mark_safe("".join([*parts, escape(text[at:])]))


def diff_html(before: str, after: str) -> SafeString:
    """The word diff of two texts with `<del>` and `<ins>`, hidden characters shown."""
    segments = word_diff(before, after)
    return mark_safe("".join(_ADDED[kind].format(visible(words)) for kind, words in segments))


def count_hidden(*texts: str) -> int:
    """How many hidden characters these texts hold together."""
    return sum(len(hidden_in(text)) for text in texts)


def _render(text: str) -> str:
    return _CLEANER.clean(_markdown().render(text))


_render_cached = lru_cache(maxsize=512)(_render)


def _chip(character: str) -> str:
    return f'<span class="hidden-char" title="{long_name_of(character)}">{name_of(character)}</span>'


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """CommonMark without HTML and images, with tables, strike-through and dollar math.

    A line break stays one, because in training data it matters. Nesting is bounded."""
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    markdown.enable(["table", "strikethrough"]).disable(["html_block", "html_inline"])
    cjk_emphasis_plugin(markdown)
    dollarmath_plugin(markdown, allow_space=False, allow_digits=False, double_inline=True)
    rules = {
        "text": _text, "code_inline": _code_inline, "code_block": _code_block, "fence": _fence, "image": _image,
        "math_inline": _math_inline, "math_inline_double": _math_block, "math_block": _math_block,
        "math_block_label": _math_block,
    }  # fmt: skip
    for name, rule in rules.items():
        markdown.add_render_rule(name, rule)
    return markdown


Environment = MutableMapping[str, Any]


def _text(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Environment) -> str:
    return visible(tokens[at].content)


def _code_inline(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Environment) -> str:
    return f"<code>{visible(tokens[at].content)}</code>"


def _code_block(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Environment) -> str:
    return f'<pre class="code">{visible(tokens[at].content)}</pre>'


def _fence(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Environment) -> str:
    code = tokens[at].content
    language = tokens[at].info.strip().split(" ")[0][:30]
    env["code"] = env.get("code", 0) + len(code)
    markup = "" if env["code"] > highlighting.MOST or hidden_in(code) else highlighting.highlighted(code, language)
    return f'<pre class="code">{markup or visible(code)}</pre>'


def _image(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Environment) -> str:
    """An image is shown as its words and its address: loading it would tell a stranger who reads what, and when."""
    source = str(tokens[at].attrs.get("src", ""))
    return f'<span class="image-text">[{visible(tokens[at].content)}] {visible(source)}</span>'


def _math_inline(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Environment) -> str:
    return f'<span class="math inline">{escape(tokens[at].content)}</span>'


def _math_block(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Environment) -> str:
    return f'<span class="math block">{escape(tokens[at].content)}</span>'
