"""A project's own Jinja template, rendered by a confined child (`confined_jinja`) that knows nothing of ours.

A template is a program. In the child it sees plain data, has no file, no network and no secret, and ends after two
seconds, 512 MB or 4 million characters, whichever comes first.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from generation.chat.base import Conversation, Note, PieceKind, Settings, arguments_of
from generation.chat.rendering import Part, Rendered, Span
from generation.types import Turn

LONGEST = 64_000
"""Characters of a template."""
PATIENCE = 10.0
"""Seconds of waiting for one rendering, after which the child is given up."""
_CHUNK = 64 * 1024
_DEFAULTS = Settings()


class TemplateFaultError(ValueError):
    """The template cannot render this. `code` says why and `line` where in the template (0: nowhere in particular)."""

    def __init__(self, code: str, *, line: int = 0, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.message = message


@contextmanager
def own_template(source: str, *, name: str, bos: str = "", eos: str = "") -> Iterator[OwnTemplate]:
    """The template, ready to render many rows; its child is gone when the block ends.

    `bos` and `eos` are what the template knows as `bos_token` and `eos_token`. `TemplateFaultError` "template_empty" or
    "template_too_long"; other faults show when a row is rendered.
    """
    if not source.strip():
        raise TemplateFaultError("template_empty")
    if len(source) > LONGEST:
        raise TemplateFaultError("template_too_long", message=str(LONGEST))
    child = subprocess.Popen(
        [sys.executable, "-I", str(Path(__file__).with_name("confined_jinja.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        cwd="/",
        env={"LC_ALL": "C.UTF-8"},
    )
    try:
        made = OwnTemplate(child, name=name, bos=bos, eos=eos)
        made.tell(source)
        yield made
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                # What was still to be sent to a child that is gone is lost with it.
                with suppress(OSError):
                    pipe.close()


class OwnTemplate:
    """A template in its child."""

    def __init__(self, child: subprocess.Popen[bytes], *, name: str, bos: str, eos: str) -> None:
        self._child = child
        self._rest = b""
        self.name = name
        self.bos = bos
        self.eos = eos

    def render(
        self,
        talk: Conversation,
        *,
        settings: Settings = _DEFAULTS,
        notes: Sequence[Note] = (),
    ) -> Rendered:
        """The conversation as the template writes it.

        Trained are the blocks that it marks with `{% generation %}`; without them, what each answer adds to the text
        that asks for it. `TemplateFaultError`, also "child_died".
        """
        self.tell(
            {
                "messages": [message_of(turn, at) for at, turn in enumerate(talk.turns)],
                "tools": list(talk.tools),
                "generation_prompt": settings.generation_prompt,
                "values": {
                    "bos_token": self.bos,
                    "eos_token": settings.eos or self.eos,
                    "date_string": settings.date,
                    "enable_thinking": settings.thinking,
                },
            }
        )
        told = json.loads(self._line())
        if "fault" in told:
            raise TemplateFaultError(told["fault"], line=told["line"], message=told["message"])
        warnings = [*notes, *([Note("spans_unknown")] if told["unknown"] else [])]
        return _rendered(self.name, told["text"], told["spans"], talk.turns, settings, warnings)

    def tell(self, value: Any) -> None:
        """Sends a line to the child."""
        try:
            assert self._child.stdin is not None
            self._child.stdin.write(json.dumps(value).encode() + b"\n")
            self._child.stdin.flush()
        except OSError as error:
            raise TemplateFaultError("child_died") from error

    def _line(self) -> bytes:
        assert self._child.stdout is not None
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self._child.stdout], [], [], PATIENCE)
            if not ready:
                self._child.kill()
                raise TemplateFaultError("took_too_long")
            data = os.read(self._child.stdout.fileno(), _CHUNK)
            if not data:
                raise TemplateFaultError("child_died")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line


def message_of(turn: Turn, at: int) -> dict[str, Any]:
    """A turn as templates of transformers know messages: arguments are parsed, what is empty is left out."""
    told: dict[str, Any] = {"role": turn.role, "content": turn.content}
    if turn.name:
        told["name"] = turn.name
    if turn.call_id:
        told["tool_call_id"] = turn.call_id
    if turn.calls:
        told["tool_calls"] = [
            {"type": "function", "function": {"name": call.name, "arguments": arguments_of(call, at)}}
            | ({"id": call.id} if call.id else {})
            for call in turn.calls
        ]
    return told


def _rendered(
    name: str,
    text: str,
    ranges: Sequence[Sequence[int]],
    turns: tuple[Turn, ...],
    settings: Settings,
    warnings: Sequence[Note],
) -> Rendered:
    last = max((at for at, turn in enumerate(turns) if turn.role == "assistant"), default=-1)
    spans = []
    for start, end, turn in ranges:
        weight = turns[turn].weight
        if weight != 0 and start < end and (turn == last or not settings.mask_history):
            spans.append(Span(start, end, turn, 1.0 if weight is None else weight))
    parts = tuple(_parts(text, turns, spans))
    return Rendered(name, text, parts, tuple(spans), tuple(dict.fromkeys(warnings)), turns)


def _parts(text: str, turns: Sequence[Turn], spans: Sequence[Span]) -> Iterator[Part]:
    """Where each turn's words stand, as far as they are found in order; what lies between is the template's."""
    by_turn = {span.turn: span for span in spans}
    at = 0
    for number, turn in enumerate(turns):
        span = by_turn.get(number)
        words = turn.content.strip()
        found = (span.start, span.end) if span else _found(text, words, at)
        if found is None or found[0] < at:
            continue
        if found[0] > at:
            yield Part(at, found[0], "frame", -1, False)
        kind: PieceKind = "answer" if turn.role == "assistant" else "content"
        said = (span and _found(text, words, found[0])) or found
        if said[1] > found[1]:
            said = found
        # What the template adds to the words inside a trained range is its own, and is trained with them.
        if said[0] > found[0]:
            yield Part(found[0], said[0], "frame", number, True)
        yield Part(said[0], said[1], kind, number, span is not None)
        if found[1] > said[1]:
            yield Part(said[1], found[1], "end", number, True)
        at = found[1]
    if at < len(text):
        yield Part(at, len(text), "frame", -1, False)


def _found(text: str, words: str, at: int) -> tuple[int, int] | None:
    start = text.find(words, at) if words else -1
    return (start, start + len(words)) if start >= 0 else None
