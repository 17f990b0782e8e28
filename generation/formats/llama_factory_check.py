"""What LLaMA-Factory would do with a `dataset_info.json` and its files, told before it does it: most of it is silent.

A re-implementation of the rules in its `data/parser.py`, `data/converter.py` and the processors of each stage. There a
row that breaks a rule is skipped with a line in the log, or stops the program; here each is a `RowError`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generation.files.records import Record
from generation.types import RowError

_COLUMNS = {
    "prompt": "instruction", "query": "input", "response": "output", "messages": "conversations",
    "history": None, "system": None, "tools": None, "images": None, "videos": None, "audios": None,
    "chosen": None, "rejected": None, "kto_tag": None,
}  # fmt: skip
_TAGS = {
    "role_tag": "from", "content_tag": "value", "user_tag": "human", "assistant_tag": "gpt",
    "observation_tag": "observation", "function_tag": "function_call", "system_tag": "system",
}  # fmt: skip
_FORMATTINGS = ("alpaca", "sharegpt", "openai")
_SOURCES = ("hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name", "file_name")
_MARKS = {"images": "<image>", "videos": "<video>", "audios": "<audio>"}

Names = dict[str, Any]


def check_entry(told: Mapping[str, Any], *, files: Iterable[str], stage: str) -> list[RowError]:
    """The faults of one entry that a run of this stage ("pt", "sft", "rm", "dpo", "kto") would meet; line 0."""
    faults = []
    if not any(isinstance(told.get(source), str) for source in _SOURCES):
        faults.append(RowError(0, "lf_no_source", "file_name"))
    elif isinstance(told.get("file_name"), str) and told["file_name"] not in set(files):
        faults.append(RowError(0, "lf_no_file", "file_name", str(told["file_name"])[:200]))
    formatting = told.get("formatting", "alpaca")
    if formatting not in _FORMATTINGS:
        faults.append(RowError(0, "lf_formatting", "formatting", str(formatting)[:60]))
    if bool(told.get("ranking")) != (stage in ("rm", "dpo")):
        faults.append(RowError(0, "lf_stage", "ranking", stage))
    names = columns(told)
    needed = _needed(formatting, stage)
    faults += [RowError(0, "lf_columns_partial", f"columns.{name}") for name in needed if names.get(name) is None]
    if formatting != "alpaca":
        tags = tags_of(told)
        faults += [RowError(0, "lf_tags_partial", f"tags.{name}") for name in list(_TAGS)[:4] if tags[name] is None]
    for block, known in (("columns", _COLUMNS), ("tags", _TAGS)):
        faults += [
            RowError(0, "lf_unknown_name", f"{block}.{name}"[:200])
            for name in told.get(block) or ()
            if name not in known
        ]
    return faults


def _needed(formatting: str, stage: str) -> list[str]:
    asked = ["prompt"] if formatting == "alpaca" else ["messages"]
    if stage in ("rm", "dpo"):
        return [*asked, "chosen", "rejected"]
    if formatting == "alpaca" and stage != "pt":
        asked.append("response")
    return [*asked, "kto_tag"] if stage == "kto" else asked


def columns(told: Mapping[str, Any]) -> Names:
    """The columns as the loader sees them: where there is a block, what it does not list is None."""
    block = told.get("columns")
    return dict(_COLUMNS) if block is None else {name: block.get(name) for name in _COLUMNS}


def tags_of(told: Mapping[str, Any]) -> Names:
    """The tags as the loader sees them, by the same rule."""
    block = told.get("tags")
    return dict(_TAGS) if block is None else {name: block.get(name) for name in _TAGS}


class Loader:
    """Walks the rows of one entry as a run of one stage would; `rows` and `good` count what it saw."""

    def __init__(self, told: Mapping[str, Any], *, stage: str) -> None:
        self._told, self._stage = told, stage
        self._names, self._tags = columns(told), tags_of(told)
        self._chat = told.get("formatting", "alpaca") != "alpaca"
        self._ranking = bool(told.get("ranking"))
        unread = ("prompt", "query", "response", "history") if self._chat else ("messages",)
        if self._ranking or stage == "pt":
            unread = (*unread, "response")
        self._columns = [ours for name, ours in self._names.items() if isinstance(ours, str) and name not in unread]
        self.rows = self.good = 0

    def faults(self, record: Record) -> list[RowError]:
        """What stops this row, or the whole run because of it; none when it is trained on."""
        self.rows += 1
        missing = [RowError(0, "lf_missing_column", name) for name in self._columns if name not in record]
        if missing:
            return missing
        found = list(self._chat_faults(record) if self._chat else self._alpaca_faults(record))
        found += self._side_faults(record)
        return found

    def verdict(self) -> list[RowError]:
        """What can be said of the whole file once every row was seen."""
        if self._stage == "kto" and self.rows and self.good in (0, self.rows):
            return [RowError(0, "one_class", str(self._names["kto_tag"]))]
        return []

    def _part(self, record: Record, name: str) -> Any:
        ours = self._names[name]
        return record.get(ours) if ours else None

    def _alpaca_faults(self, record: Record) -> Iterator[RowError]:
        history = self._part(record, "history")
        if history is not None and not isinstance(history, list):
            yield RowError(0, "not_a_list", str(self._names["history"]))
            history = []
        for at, turn in enumerate(history or ()):
            if not isinstance(turn, list) or len(turn) != 2 or not all(isinstance(text, str) for text in turn):
                yield RowError(0, "not_a_turn", f"{self._names['history']}.{at}")
        asked = [self._part(record, name) for name in ("prompt", "query")]
        if not any(isinstance(text, str) and text for text in asked):
            yield RowError(0, "blank", str(self._names["prompt"]))
        yield from self._answer_faults(record, str)

    def _chat_faults(self, record: Record) -> Iterator[RowError]:
        path = str(self._names["messages"])
        turns = self._part(record, "messages")
        if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
            yield RowError(0, "not_a_list", path)
            return
        role, content = self._tags["role_tag"], self._tags["content_tag"]
        if any(role not in turn or content not in turn for turn in turns):
            yield RowError(0, "lf_missing_column", f"{path}.{role}")
            return
        if self._told.get("formatting") == "openai":
            turns = _merged(turns, self._tags)
        first = 1 if turns and self._tags["system_tag"] and turns[0][role] == self._tags["system_tag"] else 0
        even = (self._tags["user_tag"], self._tags["observation_tag"])
        odd = (self._tags["assistant_tag"], self._tags["function_tag"])
        for at, turn in enumerate(turns[first:]):
            if turn[role] not in (odd if at % 2 else even):
                code = "lf_turn_order" if turn[role] in (*even, *odd) else "lf_unknown_role"
                yield RowError(0, code, f"{path}.{at + first}", str(turn[role])[:60])
                return
            if turn[role] == self._tags["function_tag"] and not _is_call(turn[content]):
                yield RowError(0, "lf_function_call", f"{path}.{at + first}")
        if (len(turns) - first) % 2 != int(self._ranking):
            yield RowError(0, "lf_turn_count", path, str(len(turns) - first))
        yield from self._answer_faults(record, dict)

    def _answer_faults(self, record: Record, kind: type) -> Iterator[RowError]:
        if self._ranking:
            for name in ("chosen", "rejected"):
                value = self._part(record, name)
                if not isinstance(value, kind):
                    yield RowError(0, "lf_ranking_types", str(self._names[name]), type(value).__name__)
                elif isinstance(value, dict) and value.get(self._tags["role_tag"]) not in (
                    self._tags["assistant_tag"], self._tags["function_tag"],
                ):  # fmt: skip
                    yield RowError(0, "lf_unknown_role", str(self._names[name]))
            return
        if self._stage == "kto":
            label = self._part(record, "kto_tag")
            if not isinstance(label, bool):
                yield RowError(0, "lf_kto_tag", str(self._names["kto_tag"]), repr(label)[:60])
            else:
                self.good += label
        if kind is str and self._stage != "pt" and not isinstance(self._part(record, "response"), str):
            yield RowError(0, "not_a_string", str(self._names["response"]))

    def _side_faults(self, record: Record) -> Iterator[RowError]:
        tools = self._part(record, "tools")
        if tools and not (isinstance(tools, list) or (isinstance(tools, str) and _is_list(tools))):
            yield RowError(0, "lf_tools", str(self._names["tools"]))
        for name, mark in _MARKS.items():
            paths = self._part(record, name)
            if paths is not None and not isinstance(paths, list):
                yield RowError(0, "not_a_list", str(self._names[name]))
            elif self._names[name] and _texts(record).count(mark) != len(paths or ()):
                yield RowError(0, "media_count", str(self._names[name]))


def check_info(info: Any, *, files: Mapping[str, Iterable[Record]], stages: Mapping[str, str]) -> Iterator[RowError]:
    """Every fault of a `dataset_info.json` and the rows of its files. `stages` says what each entry is for."""
    if not isinstance(info, dict) or not info:
        yield RowError(0, "not_an_object")
        return
    for name, told in info.items():
        if not isinstance(told, dict):
            yield RowError(0, "not_an_object", str(name)[:200])
            continue
        stage = stages.get(name, "sft")
        faults = check_entry(told, files=files, stage=stage)
        yield from faults
        if faults:
            continue
        loader = Loader(told, stage=stage)
        for line, record in enumerate(files.get(told.get("file_name", ""), ()), 1):
            for fault in loader.faults(record):
                yield RowError(line, fault.code, fault.path, fault.message)
        yield from loader.verdict()


def _merged(turns: list[Any], tags: Names) -> list[Any]:
    """As the loader's "openai" formatting sees them: results in a row are one turn, a call is a function turn."""
    role, content = tags["role_tag"], tags["content_tag"]
    merged: list[Any] = []
    for turn in turns:
        if turn.get("tool_calls"):
            turn = {
                role: tags["function_tag"],
                content: json.dumps([call.get("function") for call in turn["tool_calls"]]),
            }
        elif turn[role] == tags["observation_tag"] and merged and merged[-1][role] == tags["observation_tag"]:
            continue
        merged.append(turn)
    return merged


def _is_call(text: Any) -> bool:
    """Whether a function turn holds {"name", "arguments"} or a list of them."""
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return False
    calls = value if isinstance(value, list) else [value]
    return bool(calls) and all(isinstance(call, dict) and {"name", "arguments"} <= call.keys() for call in calls)


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def _texts(value: Any) -> str:
    """Every text of a record in one piece, for counting marks."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(_texts(part) for part in value.values())
    return "\n".join(_texts(part) for part in value) if isinstance(value, list) else ""
