"""One tree of OASST1 messages: what a message is, and where it hangs."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import record_excerpt
from generation.types import RowError

READY = "ready_for_export"


@dataclass(slots=True)
class Node:
    """One message. `left_out`: deleted, or refused by its reviewers; what hangs on it goes too."""

    identity: str
    parent: str
    tree: str
    role: str
    text: str
    rank: int | None
    language: str
    state: str
    left_out: bool
    line: int
    replies: list[Node] = field(default_factory=list)

    @property
    def place(self) -> float:
        """Smaller is better; a message without a rank comes after all that have one."""
        return math.inf if self.rank is None else self.rank

    @classmethod
    def of(cls, record: Record, line: int, *, parent: str = "", tree: str = "") -> Node:
        """The message in a record; `Fault` for missing ids or texts and for an unknown role."""
        identity, text = (_text(record, name) for name in ("message_id", "text"))
        role = _text(record, "role")
        if role not in ("prompter", "assistant"):
            raise Fault("unrecognized_role", path="role", message=role[:40])
        rank = record.get("rank")
        if isinstance(rank, float) and rank.is_integer():
            rank = int(rank)
        if rank is not None and (isinstance(rank, bool) or not isinstance(rank, int)):
            raise Fault("not_numeric", path="rank", message=repr(rank)[:40])
        refused = record.get("deleted") is True or record.get("review_result") is False
        return cls(
            identity, _optional(record, "parent_id") or parent,
            _optional(record, "message_tree_id") or tree or identity,
            role, text, rank, _optional(record, "lang"), _optional(record, "tree_state"), refused, line,
        )  # fmt: skip


@dataclass(slots=True)
class Tree:
    """The messages of one tree, those that are left out taken away with all that hangs on them."""

    identity: str
    line: int
    state: str = READY
    roots: list[Node] = field(default_factory=list)
    size: int = 0
    _known: dict[str, Node | None] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether its makers released it."""
        return self.state == READY

    def add(self, node: Node) -> None:
        """Hangs the message up. `Fault` "unknown_parent", "duplicate_message", "wrong_turn_order"."""
        if node.identity in self._known:
            raise Fault("duplicate_message", path="message_id")
        if node.state:
            self.state = node.state
        if node.parent and node.parent not in self._known:
            self._known[node.identity] = None
            raise Fault("unknown_parent", path="parent_id")
        parent = self._known.get(node.parent) if node.parent else None
        self.size += 1
        if node.left_out or (node.parent and parent is None):
            self._known[node.identity] = None
            return
        expected = "prompter" if parent is None or parent.role == "assistant" else "assistant"
        if node.role != expected:
            self._known[node.identity] = None
            raise Fault("wrong_turn_order", path="role")
        self._known[node.identity] = node
        (parent.replies if parent else self.roots).append(node)


def nested(record: Record, line: int) -> Tree | None:
    """The tree in a record of the published tree files; None for a single message."""
    prompt = record.get("prompt")
    if not isinstance(prompt, dict):
        return None
    identity = _text(record, "message_tree_id")
    tree = Tree(identity, line, _optional(record, "tree_state") or READY)
    waiting: deque[tuple[Any, str]] = deque([(prompt, "")])
    while waiting:
        told, parent = waiting.popleft()
        if not isinstance(told, dict):
            raise Fault("not_an_object", path="prompt.replies")
        node = Node.of({**told, "tree_state": None}, line, parent=parent, tree=identity)
        tree.add(node)
        replies = told.get("replies") or []
        if not isinstance(replies, list):
            raise Fault("not_a_list", path="prompt.replies")
        waiting.extend((reply, node.identity) for reply in replies)
    return tree


def message_fault(record: Record) -> RowError | None:
    """Why a record is neither a message nor a tree; None where it is one."""
    try:
        if nested(record, 0) is None:
            Node.of(record, 0)
    except Fault as fault:
        return RowError(0, fault.code, fault.path, fault.message, record_excerpt(record))
    return None


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    if value is None:
        raise Fault("missing_field", path=name)
    if not isinstance(value, str):
        raise Fault("not_a_string", path=name)
    return value


def _optional(record: Record, name: str) -> str:
    return "" if record.get(name) is None else _text(record, name)
