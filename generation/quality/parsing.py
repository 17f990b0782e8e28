"""Where code stops making sense, for languages that the standard library reads. Safe on hostile text. Pure."""

from __future__ import annotations

import ast
import json
import re
import textwrap

_DEEPEST = 40
_ELLIPSIS = re.compile(r"(?:^|[\s(\[{,:=])(?:\.\.\.|…)|(?:\.\.\.|…)$|\{\{|\{%|\bYOUR_\w+ HERE\b", re.MULTILINE)
_BLANK = re.compile(r"<[A-Za-z][\w .-]*[ _][\w .-]*>|<[\u4e00-\u9fff]+>|<your")
"""What a sketch leaves out, and marks of template languages."""
_NOT_OURS = re.compile("null bytes|Exceeds the limit|too many nested|too complex")
"""What Python itself will not read, right or wrong."""
_ALONE = re.compile(r"(?<=\n)[ \t]*\.\.\.[ \t]*$|(?<=:) *\.\.\.[ \t]*$", re.MULTILINE)
_SESSION = re.compile(r"^[ \t]*(?:>>>|In \[\d+\]:|\$ |[%!]\w)", re.MULTILINE)
_OLD_PYTHON = re.compile(
    r"^[ \t]*print\s+[^\s(=.]|^[ \t]*except\s+[\w.]+\s*,\s*\w+\s*:|^[ \t]*exec\s+[\"']|"
    r"^[ \t]*raise\s+\w+\s*,|<>|\bur?\"",
    re.MULTILINE,
)
_WRONG_ESCAPE = re.compile(r"(?<!\\)((?:\\\\){0,99})\\(?![\\'\"abfnrtvxuUN0-7\n])")
_COMMENT = re.compile(r"^[ \t]*(?://|/\*|#)|\s//\s|/\*", re.MULTILINE)
_TAG = re.compile(r"<(/?)([^\W\d_][\w:.-]{0,60})((?:[^<>\"']|\"[^\"<]{0,2000}\"|'[^'<]{0,2000}')*)>")
_HIDDEN = re.compile(
    r"<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(script|style|"
    r"pre)\b[\s\S]*?</\1\s*>",
    re.IGNORECASE,
)
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr")
_OPTIONAL = re.compile("html|head|body|p|li|dt|dd|tr|td|th|thead|tbody|tfoot|option|optgroup|colgroup|rt|rp")
"""Elements of HTML that need no end tag."""


def fault_of(language: str, code: str) -> int | None:
    """The place at which code in `python`, `json`, `xml` or `html` goes wrong, in characters; None where it does not.

    Sketches with gaps, sessions, Python 2 and what is nested too deeply to be parsed safely count as right.
    """
    if not code.strip() or _deep(code):
        return None
    return {"python": _python, "json": _json, "xml": _tags, "html": _tags}[language](code, language)


def _sketch(code: str) -> bool:
    return bool(_ELLIPSIS.search(code) or _BLANK.search(code))


def _deep(code: str) -> bool:
    depth = 0
    for sign in re.findall(r"[(\[{]|[)\]}]", code):
        depth += 1 if sign in "([{" else -1
        if depth > _DEEPEST:
            return True
    return (
        re.search(r"(?:[-+~]\s*|\bnot\s+|\blambda[^:\n]{0,20}:\s*){40}|(?:[-+~*/%&|^]\s*\w+\s*){400}", code) is not None
    )


def _python(code: str, _language: str) -> int | None:
    if _SESSION.search(code) or _OLD_PYTHON.search(code) or _sketch(_ALONE.sub("pass", code)):
        return None
    # Doubling a backslash that escapes nothing changes no structure, and spares a warning for each.
    plain = _WRONG_ESCAPE.sub(r"\1\\\\", textwrap.dedent(code))
    try:
        ast.parse(plain)
    except SyntaxError as fault:
        if _NOT_OURS.search(fault.msg):
            return None
        return _start_of_line(code, (fault.lineno or 1) - 1)
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _start_of_line(code: str, number: int) -> int:
    lines = code.splitlines(keepends=True)
    number = max(0, min(number, len(lines) - 1))
    while number and not lines[number].strip():
        number -= 1
    return sum(map(len, lines[:number]))


def _json(code: str, _language: str) -> int | None:
    if _sketch(code) or _COMMENT.search(code) or re.search(r"<[A-Za-z]\w*>", code):
        return None
    try:
        json.loads(code)
    except json.JSONDecodeError as fault:
        return None if _lines_of_json(code) else fault.pos
    except (ValueError, RecursionError):
        return None
    return None


def _lines_of_json(code: str) -> bool:
    """Whether several values stand one after the other, each whole: JSON Lines, or request and reply."""
    reader, at = json.JSONDecoder(), 0
    try:
        while at < len(code):
            _, at = reader.raw_decode(code, at)
            at += len(code[at:]) - len(code[at:].lstrip())
    except (ValueError, RecursionError):
        return False
    return True


def _tags(code: str, language: str) -> int | None:
    if _ELLIPSIS.search(code) and language == "xml":
        return None
    shown = _HIDDEN.sub(lambda hidden: " " * len(hidden[0]), code)
    opened: list[tuple[str, int]] = []
    for tag in _TAG.finditer(shown):
        name = tag[2].lower() if language == "html" else tag[2]
        if tag[3].rstrip().endswith("/") or (language == "html" and _VOID.fullmatch(name)):
            continue
        if not tag[1]:
            opened.append((name, tag.start()))
            continue
        while opened and language == "html" and opened[-1][0] != name and _OPTIONAL.fullmatch(opened[-1][0]):
            opened.pop()
        if not opened or opened[-1][0] != name:
            return None if language == "html" and _OPTIONAL.fullmatch(name) else tag.start()
        opened.pop()
    left = [place for name, place in opened if language == "xml" or not _OPTIONAL.fullmatch(name)]
    return left[0] if left else None
