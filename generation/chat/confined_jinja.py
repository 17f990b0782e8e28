"""The child that renders somebody's own Jinja template for `chat.own_template`: a line of JSON in, a line of JSON out.

The first line is the template, each further line a conversation. It runs with little memory, time and rights, in a
sandbox in which a template sees plain data alone. It stands alone: nothing of ours is imported.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.ext import Extension
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError
from jinja2.utils import Namespace

MEMORY = 512 * 1024**2
SECONDS = 600
SECONDS_EACH = 2.0
MOST_OUTPUT = 4_000_000
MOST_PREFIXES = 64

_OF_TEXTS = {
    "capitalize", "count", "endswith", "find", "index", "isdigit", "join", "lower", "lstrip", "partition", "replace",
    "rfind", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper",
}  # fmt: skip
_OF_MAPPINGS = {"get", "items", "keys", "values"}
_OF_LISTS = {"count", "index"}
_OF_LOOPS = {
    "changed", "cycle", "depth", "depth0", "first", "index", "index0", "last", "length", "nextitem", "previtem",
    "revindex", "revindex0",
}  # fmt: skip


class TooMuchOutputError(Exception):
    """The text is longer than any row may be."""


class RefusedError(Exception):
    """The template itself called `raise_exception`."""


class PlainData(ImmutableSandboxedEnvironment):
    """A sandbox whose templates see texts, numbers, lists and mappings, and of these the harmless methods only."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Nothing that is not named above."""
        if isinstance(obj, Namespace):
            return not attr.startswith("_")
        kinds: tuple[tuple[type, set[str]], ...] = (
            (str, _OF_TEXTS), (dict, _OF_MAPPINGS), (list, _OF_LISTS), (LoopContext, _OF_LOOPS),
        )  # fmt: skip
        return any(isinstance(obj, kind) and attr in allowed for kind, allowed in kinds)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
        """Loud: Jinja would write nothing in its place."""
        raise SecurityError(f"{type(obj).__name__}.{attribute}")


class Generation(Extension):
    """`{% generation %}`: marks what the assistant says, as transformers has it. Marks are taken out afterwards."""

    tags = {"generation"}

    def parse(self, parser: Any) -> Any:
        """The block between the tags, with its marks."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_marked"), [], [], body).set_lineno(line)

    def _marked(self, caller: Callable[[], str]) -> str:
        return f"{self.environment.open_mark}{caller()}{self.environment.close_mark}"  # type: ignore[attr-defined]


class Program:
    """The template, compiled once; again only for data that its marks stand in."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.date = ""
        self.made: PlainData | None = None
        self.template: Any = None

    def for_data(self, told: str) -> Any:
        """The compiled template, whose marks stand neither in it nor in the data."""
        # A control character stands escaped in JSON.
        if self.made is None or json.dumps(self.made.open_mark)[1:-2] in told:  # type: ignore[attr-defined]
            self.made = environment()
            self.made.open_mark, self.made.close_mark = marks(self.source + told)  # type: ignore[attr-defined]
            self.made.globals["strftime_now"] = self._day_as
            self.template = self.made.from_string(self.source)
        return self.template

    def _day_as(self, form: Any) -> str:
        return _day(self.date).strftime(str(form))


def confine() -> None:
    """Takes memory, time and the right to write files away from this process."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))


def environment() -> PlainData:
    """As transformers sets it up, so that a model's own template reads the same here and there."""
    made = PlainData(
        trim_blocks=True, lstrip_blocks=True, autoescape=False, extensions=["jinja2.ext.loopcontrols", Generation]
    )
    made.filters["tojson"] = to_json
    made.globals["raise_exception"] = refuse
    return made


def to_json(value: Any, ensure_ascii: bool = False, indent: int | None = None, **_others: Any) -> str:
    """JSON that is not escaped for HTML."""
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=None if indent is None else min(int(indent), 8))


def refuse(message: Any) -> Any:
    """What templates call when they cannot take a conversation."""
    raise RefusedError(str(message)[:500])


def main() -> int:
    """Answers line after line until there is no more."""
    confine()
    signal.signal(signal.SIGPROF, _out_of_time)
    program = Program(json.loads(sys.stdin.buffer.readline()))
    for line in sys.stdin.buffer:
        signal.setitimer(signal.ITIMER_PROF, SECONDS_EACH)
        try:
            told = answer(program, json.loads(line))
        except BaseException as error:
            told = fault_of(error)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
        sys.stdout.buffer.flush()
    return 0


def answer(program: Program, job: dict[str, Any]) -> dict[str, Any]:
    """The rendered text, and for each of the assistant's turns its range or nothing."""
    template = program.for_data(json.dumps(job, ensure_ascii=False))
    program.date = job["values"].get("date_string", "")
    made = program.made
    text, ranges = taken_out(rendered(template, job, job["messages"], job["generation_prompt"]), made)
    answers = [at for at, message in enumerate(job["messages"]) if message["role"] == "assistant"]
    if "endgeneration" in program.source:
        spans = [[*found, turn] for found, turn in zip(ranges, answers, strict=False)]
        return {"text": text, "spans": spans, "unknown": len(ranges) != len(answers)}
    spans = by_prefixes(template, job, text, answers[-MOST_PREFIXES:], made)
    return {"text": text, "spans": spans, "unknown": len(spans) < len(answers)}


def rendered(template: Any, job: dict[str, Any], messages: list[Any], generation_prompt: bool) -> str:
    """The text with its marks; `TooMuchOutputError` above the limit."""
    parts: list[str] = []
    size = 0
    values = {**job["values"], "messages": messages, "tools": job["tools"] or None}
    for part in template.generate(**values, add_generation_prompt=generation_prompt):
        size += len(part)
        if size > MOST_OUTPUT:
            raise TooMuchOutputError
        parts.append(part)
    return "".join(parts)


def by_prefixes(template: Any, job: dict[str, Any], text: str, answers: list[int], made: Any) -> list[list[int]]:
    """What each answer adds to the text that asks for it, as far as the one goes on where the other ends."""
    spans = []
    for at in answers:
        try:
            before, _ = taken_out(rendered(template, job, job["messages"][:at], True), made)
            after, _ = taken_out(rendered(template, job, job["messages"][: at + 1], False), made)
        except (TemplateError, RefusedError):
            continue
        if after.startswith(before) and text.startswith(after):
            # The line feed that many templates write behind the end token belongs to the frame.
            end = len(after.rstrip("\n")) if not job["messages"][at]["content"].endswith("\n") else len(after)
            spans.append([len(before), max(len(before), end), at])
    return spans


def marks(told: str) -> tuple[str, str]:
    """Two marks that stand nowhere in the template or the data."""
    number = 0
    while f"\x02{number}" in told or f"\\u0002{number}" in told:
        number += 1
    return f"\x02{number}(", f"\x02{number})"


def taken_out(text: str, made: Any) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the ranges between them."""
    parts, ranges, size = [], [], 0
    head, *rest = text.split(made.open_mark)
    parts.append(head)
    size += len(head)
    for each in rest:
        inside, _, outside = each.partition(made.close_mark)
        ranges.append((size, size + len(inside)))
        parts += [inside, outside]
        size += len(inside) + len(outside)
    return "".join(parts).replace(made.close_mark, ""), ranges


def fault_of(error: BaseException) -> dict[str, Any]:
    """What went wrong, by code, with the line of the template where there is one."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    line = getattr(error, "lineno", None) or (lines[-1] if lines else 0)
    codes: tuple[tuple[type[BaseException], str], ...] = (
        (TemplateSyntaxError, "template_syntax"),
        (SecurityError, "template_forbidden"),
        (UndefinedError, "template_undefined"),
        (RefusedError, "template_refuses"),
        (TooMuchOutputError, "too_much_output"),
        (MemoryError, "too_much_memory"),
        (TimeoutError, "took_too_long"),
        (RecursionError, "too_deep"),
    )
    code = next((code for kind, code in codes if isinstance(error, kind)), "template_failed")
    return {"fault": code, "line": line, "message": str(error)[:500]}


def _day(date: str) -> datetime:
    try:
        return datetime.strptime(date, "%d %b %Y")
    except ValueError:
        return datetime(2024, 7, 26)


def _out_of_time(*_: Any) -> None:
    raise TimeoutError


if __name__ == "__main__":
    sys.exit(main())
