"""Canonical rows to test formats with: of every kind, with every feature that a row can have, fixed or drawn.

A *feature* is one thing that a row may hold beside its bare texts. What a format does with each of them is measured by
`verdict`: it keeps it, refuses it, joins it to something else or leaves it out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from generation.files.strict_json import Fault
from generation.formats.base import Format, Options
from generation.formats.pairs import same_answer
from generation.types import Candidate, Example, Feedback, Kind, Pair, Ranking, Row, Stepwise, Text, ToolCall, Turn

_ASKING = ("input", "system", "turns", "names", "developer", "tools", "images", "videos", "audios")
FEATURES: dict[Kind, tuple[str, ...]] = {
    "sft": (*_ASKING, "calls", "weight"),
    "prompt": _ASKING,
    "preference": (*_ASKING, "answer_tools", "scores", "models"),
    "ranking": ("input", "system", "turns", "more_answers", "scores", "models"),
    "feedback": _ASKING,
    "text": (),
    "stepwise": (),
}
"""What a row of each kind may hold."""

ANNOTATIONS = frozenset({"scores", "models"})
"""What may be left out in silence: it says something about the data and is not trained on."""

Take = Callable[[str], str]
"""Gives the text for a named place."""

_MARKS = {"images": "<image>", "videos": "<video>", "audios": "<audio>"}
_TOOLS = json.dumps([{"type": "function", "function": {"name": "look", "description": "d", "parameters": {}}}])
_UNWRITTEN = re.compile(r"(todo|tbd)\b.*|\[[^\[\]\n]*\]|n/?a|<?no ?input>?|none", re.IGNORECASE | re.DOTALL)


def row_of(kind: Kind, features: Collection[str], take: Take) -> Row:
    """A row of this kind with these features, its texts taken by their places."""
    if kind == "text":
        return Text(take("text"))
    if kind == "stepwise":
        return Stepwise(take("prompt"), (take("step 1"), take("step 2")), (True, False))
    prompt = _prompt(features, take)
    if kind == "prompt":
        return prompt
    if kind == "preference":
        return Pair(prompt, *(_answer(side, features, take) for side in ("chosen", "rejected")))
    if kind == "ranking":
        return Ranking(prompt, _ranked(features, take))
    calls = (ToolCall("look", '{"at": 2}', "call_b"),) if "calls" in features else ()
    example = replace(prompt, output="" if calls else take("output"), calls=calls)
    if kind == "feedback":
        return Feedback(example, good=True)
    return replace(example, weight=0.0 if "weight" in features else None)


def _prompt(features: Collection[str], take: Take) -> Example:
    turns: list[Turn] = []
    if "developer" in features:
        turns.append(Turn("developer", take("developer")))
    if "turns" in features:
        turns += [Turn("user", take("earlier question")), Turn("assistant", take("earlier answer"))]
    if "names" in features:
        turns += [Turn("user", take("named question"), name="eva"), Turn("assistant", take("answer to eva"))]
    marks = "".join(_MARKS[name] for name in _MARKS if name in features)
    steps = (
        Turn("assistant", calls=(ToolCall("look", '{"at": 1}', "call_a"),)),
        Turn("tool", take("result"), call_id="call_a"),
    )
    return Example(
        marks + take("instruction"),
        take("input") if "input" in features else "",
        system=take("system") if "system" in features else "",
        turns=tuple(turns),
        steps=steps if "tools" in features else (),
        tools=_TOOLS if "tools" in features or "calls" in features or "answer_tools" in features else "",
        **{name: (f"{name}/1.bin",) for name in _MARKS if name in features},  # type: ignore[arg-type]
    )


def _answer(side: str, features: Collection[str], take: Take) -> Candidate:
    best = side == "chosen"
    call = ToolCall("look", '{"at": 3}' if best else '{"at": 4}', f"call_{side}")
    steps = (Turn("assistant", calls=(call,)), Turn("tool", take(f"result for {side}"), call_id=call.id))
    return Candidate(
        take(side),
        steps=steps if "answer_tools" in features else (),
        score=(8.5 if best else 3.25) if "scores" in features else None,
        model=("large" if best else "small") if "models" in features else "",
    )


def _ranked(features: Collection[str], take: Take) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            take(f"answer {rank}"),
            rank=rank,
            score=9.5 - rank if "scores" in features else None,
            model=f"model {rank}" if "models" in features else "",
        )
        for rank in range(1, 4 if "more_answers" in features else 3)
    )


def plain(place: str) -> str:
    """A text that tells its place; no two begin alike."""
    return f"{place[::-1]} ({place})."


def verdict(each: Format, kind: Kind, feature: str) -> str:
    """What a format does with a feature: "kept", "refused", "joined", "left out"; "changed" should never be."""
    row, without = row_of(kind, {feature}, plain), row_of(kind, (), plain)
    record = written(each, row)
    if isinstance(record, Fault):
        return "refused" if record.code in ("not_representable", "media_count") else record.code
    back = read_back(each, record)
    if back == row:
        return "kept"
    if feature == "input":
        return "joined" if _has_joined(back) else "changed"
    return "left out" if back == without else "changed"


def _has_joined(row: Any) -> bool:
    example = row if isinstance(row, Example) else getattr(row, "prompt", None) or getattr(row, "example", None)
    return example is not None and example.instruction == f"{plain('instruction')}\n{plain('input')}"


def held(each: Format, kind: Kind) -> frozenset[str]:
    """The features that a format keeps."""
    return frozenset(feature for feature in FEATURES[kind] if verdict(each, kind, feature) == "kept")


def written(each: Format, row: Row, options: Options = Options()) -> dict[str, Any] | Fault:  # noqa: B008
    """The record that a format makes of a row, or why it makes none."""
    try:
        return each.encode(row, options)
    except Fault as fault:
        return fault


def read_back(each: Format, record: dict[str, Any]) -> Any:
    """The row that a format reads from one record."""
    return next(row for _, row in each.read([(1, record)]))


texts = (
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"),
        min_size=1,
        max_size=20,
    )
    .filter(lambda text: text.strip() and not _UNWRITTEN.fullmatch(text.strip()))
    .filter(lambda text: not any(mark in text for mark in _MARKS.values()))
)
"""Any text that a person may have meant: every script, blanks at both ends, no controls, no placeholder."""


@st.composite
def rows(draw: st.DrawFn, kind: Kind, *, among: Collection[str] | None = None) -> tuple[frozenset[str], Row]:
    """A row of this kind with the features that it has, taken from `among`; two answers never say the same."""
    able = FEATURES[kind] if among is None else tuple(among)
    features = draw(st.frozensets(st.sampled_from(sorted(able)), max_size=4)) if able else frozenset()
    said: list[Candidate] = []

    def take(place: str) -> str:
        text = draw(texts)
        while place in ("chosen", "rejected") or place.startswith("answer "):
            if not any(same_answer(Candidate(text), other) for other in said):
                said.append(Candidate(text))
                break
            text = draw(texts) + str(len(said))
        return text

    return features, row_of(kind, features, take)
