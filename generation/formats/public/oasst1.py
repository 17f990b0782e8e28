"""OpenAssistant conversations (OASST1, OASST2): messages that form trees by `parent_id`, or whole trees as records.

Source: OpenAssistant/oasst1 and its paper (arXiv 2304.07327). Rank 0 is the best of the answers to one message. Trees
lie together in the published files; one is in memory at a time, and one of more than `MOST_MESSAGES` is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from generation.files.records import Line, Record
from generation.files.strict_json import Fault
from generation.files.text import excerpt, record_excerpt
from generation.formats.base import Options, readable
from generation.formats.parts import text_faults
from generation.formats.public.oasst1_tree import Node, Tree, message_fault, nested
from generation.formats.public.reading import refuse_writing
from generation.formats.turns import example_from, prompt_from
from generation.types import N_, Candidate, Example, Kind, Pair, Row, RowError, Turn

MOST_MESSAGES = 10_000

Rows = Callable[[Tree], Iterator[Row]]


class Oasst1:
    """See `Format`. `rows` says what a whole tree gives."""

    layouts: tuple[str, ...] = ()

    def __init__(self, name: str, *, title: str, kind: Kind, rows: Rows, sure: int) -> None:
        self.name, self.title, self.kind = name, title, kind
        self._rows, self._sure = rows, sure

    def likeness(self, record: Record) -> int:
        """A message with an id, a parent and a role, or a tree that begins with a prompt."""
        if {"message_id", "parent_id", "text", "role"} <= record.keys():
            return self._sure
        return self._sure if "message_tree_id" in record and isinstance(record.get("prompt"), dict) else 0

    def read(self, records: Iterable[Line]) -> Iterator[tuple[int, Row | RowError]]:
        """What each tree gives, on the line of its first message; a tree that gives nothing is warned of."""
        tree: Tree | None = None
        for line, record in records:
            if isinstance(record, RowError):
                yield line, record
                continue
            try:
                whole = nested(record, line)
                node = None if whole else Node.of(record, line)
            except Fault as fault:
                yield line, readable(RowError(line, fault.code, fault.path, fault.message, record_excerpt(record)))
                continue
            if tree is not None and (whole or (node is not None and tree.identity != node.tree)):
                yield from self._told(tree)
                tree = None
            if whole:
                yield from self._told(whole)
            elif node is not None:
                tree = tree or Tree(node.tree, line)
                yield from _placed(tree, node)
        if tree is not None:
            yield from self._told(tree)

    def _told(self, tree: Tree) -> Iterator[tuple[int, Row | RowError]]:
        found = 0
        if tree.ready:
            for row in self._rows(tree):
                found += 1
                yield tree.line, row
        if not found:
            reason = "" if tree.ready else tree.state
            warning = RowError(
                tree.line, "tree_left_out", message=excerpt(reason), excerpt=excerpt(tree.identity), severity="warning"
            )
            yield tree.line, warning

    def encode(self, row: Any, options: Options = Options()) -> Record:  # noqa: B008 - frozen
        """Never: it is only read."""
        return refuse_writing(row, options)

    def check(self, record: Record) -> list[RowError]:
        """A message (or a tree of them) with ids, a known role and sound texts."""
        fault = message_fault(record)
        return [readable(each) for each in ([fault] if fault else text_faults(record))]


def _placed(tree: Tree, node: Node) -> Iterator[tuple[int, RowError]]:
    if tree.size >= MOST_MESSAGES:
        yield node.line, RowError(node.line, "tree_too_large", "message_tree_id", excerpt=excerpt(tree.identity))
        return
    try:
        tree.add(node)
    except Fault as fault:
        yield node.line, RowError(node.line, fault.code, fault.path, excerpt=excerpt(node.text))


def best_chain(tree: Tree) -> Iterator[Example]:
    """The conversation down the tree that always takes the best-ranked message, up to the assistant's last one."""
    path: list[Node] = []
    level = tree.roots
    while level:
        best = min(level, key=lambda node: node.place)
        path.append(best)
        level = best.replies
    while path and path[-1].role != "assistant":
        path.pop()
    if path:
        yield example_from(_turns(path), meta=_meta(tree, path))


def ranked_pairs(tree: Tree) -> Iterator[Pair]:
    """For each message of the prompter, every two of its ranked answers, the better one chosen."""
    waiting = [[root] for root in reversed(tree.roots)]
    while waiting:
        path = waiting.pop()
        replies = path[-1].replies
        waiting += [[*path, reply] for reply in reversed(replies)]
        if path[-1].role != "prompter":
            continue
        ranked = sorted((node for node in replies if node.rank is not None), key=lambda node: node.place)
        prompt = prompt_from(_turns(path), meta=_meta(tree, path)) if len(ranked) > 1 else Example("")
        for at, better in enumerate(ranked):
            for worse in ranked[at + 1 :]:
                if better.rank != worse.rank and better.text != worse.text:
                    yield Pair(prompt, _candidate(better), _candidate(worse))


def _candidate(node: Node) -> Candidate:
    return Candidate(node.text, rank=(node.rank or 0) + 1, meta={"message_id": node.identity})


def _turns(path: list[Node]) -> list[Turn]:
    return [Turn("assistant" if node.role == "assistant" else "user", node.text) for node in path]


def _meta(tree: Tree, path: list[Node]) -> dict[str, Any]:
    return {"message_tree_id": tree.identity, "message_id": path[-1].identity, "lang": path[0].language}


FORMAT = Oasst1("oasst1", title=N_("OASST1, best answers"), kind="sft", rows=best_chain, sure=95)
PAIRS = Oasst1("oasst1_pairs", title=N_("OASST1, ranked answers"), kind="preference", rows=ranked_pairs, sure=90)
