"""Colours for code in untrusted texts, within bounds: lexers backtrack, some for minutes over 20,000 chosen letters."""

from __future__ import annotations

import re

MOST = 3_000
"""Characters of code that are highlighted in one text."""
LANGUAGES = frozenset({
    "bash", "c", "c#", "c++", "cpp", "cs", "csharp", "css", "diff", "go", "golang", "html", "http", "ini", "java",
    "javascript", "js", "json", "jsx", "kotlin", "latex", "lua", "makefile", "matlab", "perl", "php", "py",
    "python", "python3", "r", "rb", "rs", "ruby", "rust", "scala", "sh", "shell", "sql", "swift", "tex", "toml",
    "ts", "tsx", "typescript", "xml", "yaml", "yml",
})  # fmt: skip
_RUNAWAY = re.compile(r"\s{40}|(.{1,4}?)\1{40}", re.DOTALL)
"""Long runs of one thing, which code does not need and on which every slow lexer is slow."""


def highlighted(code: str, language: str) -> str:
    """The code with Pygments' classes, escaped; "" when it is too long, odd, or in none of `LANGUAGES`."""
    if language.lower() not in LANGUAGES or len(code) > MOST or _RUNAWAY.search(code):
        return ""
    from pygments import highlight  # here, because it costs every process that never shows code
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    return str(highlight(code, get_lexer_by_name(language, stripnl=False), HtmlFormatter(nowrap=True)))
