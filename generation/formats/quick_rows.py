"""The usual row, made quickly.

A frozen dataclass sets each of its thirteen fields by `object.__setattr__`, which takes longer than parsing the row's
JSON. Its twin without the frost has the same slots, so an instance may change its class: an eighth of the time.
"""

from __future__ import annotations

from dataclasses import MISSING, field, fields, make_dataclass
from typing import Any

from generation.types import Example


def _twin() -> Any:
    return make_dataclass(
        "_Example",
        [
            (
                each.name,
                object,
                field(default=each.default) if each.default_factory is MISSING else field(default_factory=dict),
            )
            for each in fields(Example)
        ],
        slots=True,
    )


_Example = _twin()


def plain_example(instruction: str, given: str, output: str, system: str = "") -> Example:
    """`Example(instruction, given, output, system)`."""
    made = _Example(instruction, given, output, system)
    made.__class__ = Example
    return made  # type: ignore[no-any-return]


def is_plain(example: Example) -> bool:
    """Whether the example has no turns before or between, no tools and no media."""
    return not (
        example.turns or example.steps or example.calls or example.tools
        or example.images or example.videos or example.audios
    )  # fmt: skip
