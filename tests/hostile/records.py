"""Records that are almost sound: each part of a good one taken away, or replaced by a value of another kind."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1e308, "", " ", "\x00", "x", "[]", "{", "<image>",
    [], [None], [[]], ["x"], [{}], [["x", "y", "z"]], {}, {"role": "user"}, {"role": 5, "content": []},
    {"from": "gpt", "value": None}, [{"role": "assistant", "content": None}], [{"role": "tool", "content": "x"}],
    [{"role": "user", "content": [{"type": "image"}, {"text": 5}, "x"]}], [{"from": "function_call", "value": "{"}],
)  # fmt: skip


def mutated(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """For each place in the record, down to four levels: it is gone, or holds each of `VALUES`; and unknown keys."""
    for path in list(_places(record, ())):
        whole = copy.deepcopy(record)
        del _parent(whole, path)[path[-1]]
        yield whole
        for value in VALUES:
            whole = copy.deepcopy(record)
            _parent(whole, path)[path[-1]] = copy.deepcopy(value)
            yield whole
    yield record | {"": None, "x" * 300: [1], "é\u2028": {"a": {"b": []}}}


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if len(path) < 4 and isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(part, (*path, name))


def _parent(whole: Any, path: tuple[Any, ...]) -> Any:
    for name in path[:-1]:
        whole = whole[name]
    return whole
