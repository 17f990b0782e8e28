"""What a record means on its way to Alpaca. One conversion is one entry of `CONVERSIONS`; detection walks the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats import alpaca, likely, seed_tasks
from generation.formats.base import Options
from generation.quality.language import detect as language_of
from generation.quality.text import comparison_key
from generation.types import Example

ALIASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "fewshot_to_alpaca": {
        "instruction": ("instruction", "prompt", "指令", "提示"),
        "output": ("output", "completion", "response", "输出", "回复"),
        "input": ("input", "context", "输入", "上下文"),
    },
    "qa_to_alpaca": {
        "question": ("question", "query", "q", "问题"),
        "answer": ("answer", "response", "a", "答案", "回答"),
        "context": ("context", "passage", "上下文", "背景"),
    },
    "chat_to_alpaca": {"turns": ("conversations", "messages", "conversation", "dialogue", "dialog", "对话")},
    "classification_to_alpaca": {
        "text": ("sentence", "text", "content", "review", "comment", "文本", "句子", "评论", "内容"),
        "label": ("label", "sentiment", "category", "class", "标签", "类别", "情感"),
    },
    "seed_tasks_to_alpaca": {
        "instruction": ("instruction",),
        "instances": ("instances",),
    },
}
OPTIONAL = ("input", "context")
ALPACA_EXTRAS = ("system", "history", "images", "videos", "audios")
EXPECTED = {
    "chat_to_alpaca": ("tools", "id"),
    "seed_tasks_to_alpaca": ("id", "name", "is_classification", "task_type", "language", "tags"),
}
"""Columns that belong to such a file though nothing of them is kept."""
JUDGED = ("chosen", "rejected", "kto_tag", "preferred_output")
_ASK = {
    "en": "Decide which label fits the text. Answer with the label alone.\nLabels: {labels}",
    "zh": "判断下面的文本属于哪个标签，只回答标签本身。\n标签：{labels}",
}
_BETWEEN = {"en": ", ", "zh": "、"}


class AmbiguousConversion(ValueError):  # noqa: N818 - the name says what is the matter
    """Several conversions fit (`candidates`), or none does (no candidates); `columns` are what the rows have."""

    def __init__(self, candidates: Sequence[str], *, columns: Sequence[str]) -> None:
        super().__init__(", ".join(candidates) or "none")
        self.candidates = tuple(candidates)
        self.columns = tuple(columns)


class UnknownConversion(LookupError):  # noqa: N818 - the name says what is the matter
    """No conversion has that name."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a conversion may need to know of the whole file: its labels, in order, and words for those that are codes.

    `drop_tools` leaves tool turns of conversations out, which Alpaca has no place for.
    """

    labels: tuple[str, ...] = ()
    label_words: Mapping[str, str] = field(default_factory=dict)
    drop_tools: bool = False


def conversion_named(name: str) -> Callable[[Record, Settings], list[Record]]:
    """The conversion called `name`: one record in, Alpaca records out, `Fault` when it is none of its kind."""
    try:
        return CONVERSIONS[name]
    except KeyError:
        raise UnknownConversion(name) from None


def detect(records: Iterable[Record]) -> str:
    """The one conversion whose columns the records have; `AmbiguousConversion` when several do, or none."""
    columns = list(dict.fromkeys(name for record in records for name in record))
    keys = {column_key(name) for name in columns}
    fitting = [name for name, roles in ALIASES.items() if all(_named(roles[role], keys) for role in _required(roles))]
    if len(fitting) != 1:
        raise AmbiguousConversion(fitting, columns=columns)
    return fitting[0]


@lru_cache(maxsize=1024)
def column_key(name: str) -> str:
    """A column's name as it is compared: case, width and blanks around it do not matter."""
    return comparison_key(name).strip()


def known_columns(conversion: str) -> frozenset[str]:
    """The columns that a conversion reads, as comparison keys; whatever else a record has is left out."""
    roles = ALIASES[conversion]
    own = ALPACA_EXTRAS if conversion in ("fewshot_to_alpaca", "chat_to_alpaca") else ()
    return frozenset(alias for aliases in roles.values() for alias in aliases).union(own, EXPECTED.get(conversion, ()))


def refuse_judged(record: Record) -> None:
    """`Fault` "wrong_kind" for pairs and feedback: half of their answers are bad ones, and Alpaca teaches all."""
    judged = [name for name in JUDGED if name in record]
    if judged or isinstance(record.get("label"), bool):
        raise Fault("wrong_kind", path=judged[0] if judged else "label")


def labels_of(records: Iterable[Record], *, words: Mapping[str, str] = {}) -> tuple[str, ...]:
    """The label set of classification records in a stable order: sorted, as words."""
    found = set()
    for record in records:
        try:
            found.add(_label(record, words))
        except Fault:
            continue
    return tuple(sorted(found))


def _required(roles: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    return (role for role in roles if role not in OPTIONAL)


def _named(aliases: tuple[str, ...], keys: set[str]) -> bool:
    return any(alias in keys for alias in aliases)


def _column(record: Record, conversion: str, role: str) -> str:
    """The record's column for a role, "" when it has none; `Fault` when two could be meant."""
    if role in record:
        return role
    aliases = ALIASES[conversion][role]
    found = [name for name in record if column_key(name) in aliases]
    if len(found) > 1:
        raise Fault("ambiguous_columns", path=role, message=", ".join(found))
    return found[0] if found else ""


def _text(record: Record, conversion: str, role: str) -> str:
    name = _column(record, conversion, role)
    if not name:
        if role in OPTIONAL:
            return ""
        raise Fault("missing_field", path=role)
    value = record[name]
    if value is None and role in OPTIONAL:
        return ""
    if not isinstance(value, str):
        raise Fault("not_a_string", path=name)
    return value


def _few_shot(record: Record, _settings: Settings) -> list[Record]:
    """Instruction, input and output under whatever names; Alpaca's other fields come along."""
    made: Record = {role: _text(record, "fewshot_to_alpaca", role) for role in ("instruction", "input", "output")}
    made |= {name: record[name] for name in ALPACA_EXTRAS if name in record}
    alpaca.decode(made)
    return [made]


def _question(record: Record, _settings: Settings) -> list[Record]:
    asked, context, answer = (_text(record, "qa_to_alpaca", role) for role in ("question", "context", "answer"))
    return [{"instruction": asked, "input": context, "output": answer}]


def _conversation(record: Record, settings: Settings) -> list[Record]:
    """The last exchange, with the earlier ones as history and the system text beside it."""
    found = next((each for each, _ in likely(record) if each.kind == "sft" and each.name != "alpaca"), None)
    if found is None:
        raise Fault("no_turns", path=_column(record, "chat_to_alpaca", "turns"))
    row = next(iter(found.read([(0, record)])))[1]
    if not isinstance(row, Example):
        raise Fault(getattr(row, "code", "wrong_kind"), path=getattr(row, "path", ""))
    return [alpaca.encode(row, Options(drop_tools=settings.drop_tools))]


def _classification(record: Record, settings: Settings) -> list[Record]:
    text, label = _text(record, "classification_to_alpaca", "text"), _label(record, settings.label_words)
    if label not in settings.labels:
        raise Fault("label_outside_set", path="label", message=label)
    language = "zh" if language_of(text) == "zh" else "en"
    asked = _ASK[language].format(labels=_BETWEEN[language].join(settings.labels))
    return [{"instruction": asked, "input": text, "output": label}]


def _label(record: Record, words: Mapping[str, str]) -> str:
    name = _column(record, "classification_to_alpaca", "label")
    value = record.get(name)
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str | int | float) or not str(value).strip():
        raise Fault("missing_field", path=name or "label")
    return words.get(str(value).strip(), str(value).strip())


def _seed_task(record: Record, _settings: Settings) -> list[Record]:
    """One row for each instance."""
    seed = seed_tasks.seed_row(record)
    return [{"instruction": seed.instruction, "input": each.input, "output": each.output} for each in seed.instances]


CONVERSIONS: Mapping[str, Callable[[Record, Settings], list[Record]]] = {
    "fewshot_to_alpaca": _few_shot,
    "qa_to_alpaca": _question,
    "chat_to_alpaca": _conversation,
    "classification_to_alpaca": _classification,
    "seed_tasks_to_alpaca": _seed_task,
}
