"""The names that the tutorials teach, as plain functions and classes on lists of dicts. Needs no Django and no project.

    from generation.dataset_utils import load_dataset, DataCleaner

Everything here is a thin door to the code behind the pages and commands, so a notebook and a project agree.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from generation.alpaca.construct import Event, Settings, clean_row
from generation.alpaca.statistics import fingerprint
from generation.chat.base import UnrenderableError
from generation.chat.rendering import Settings as ChatSettings
from generation.chat.rendering import render
from generation.files.strict_json import Fault
from generation.formats import alpaca, kto
from generation.formats.base import Options
from generation.formats.detecting import read_records
from generation.plain_rows import DatasetError, as_format, composed, conversation_of, example_of, of_kind, row_of
from generation.quality.text_rules import TextRules
from generation.types import Feedback, RowError

Rows = list[dict[str, Any]]

__all__ = [
    "ChatTemplateFormatter",
    "DataCleaner",
    "DataQualityFilter",
    "DatasetConverter",
    "DatasetError",
    "KTODataGenerator",
    "load_dataset",
]


def load_dataset(path: str | Path, *, faulty: Literal["raise", "skip"] = "raise", comments: bool = False) -> Rows:
    """The rows of a JSON array, JSON lines, CSV, TSV or Parquet file, each also as gzip, told apart by their bytes.

    A row that is no sound object is a `DatasetError` unless `faulty` is "skip". `comments` reads over comments in JSON.
    """
    with Path(path).open("rb") as file:
        lines = [row for _, row in read_records(file, lenient=comments)]
    errors = [row for row in lines if isinstance(row, RowError)]
    if errors and faulty == "raise":
        raise DatasetError(errors)
    return [row for row in lines if isinstance(row, dict)]


class DataCleaner:
    """Cleans Alpaca rows and keeps those that are sound and within the size guide (characters, bounds inclusive).

    A short output passes when it is one of the labels that its instruction offers.
    """

    def __init__(
        self,
        *,
        min_instruction_length: int = 10,
        max_instruction_length: int = 1000,
        min_output_length: int = 20,
        max_output_length: int = 4000,
        drop_duplicates: bool = False,
        drop: Iterable[str] = (),
    ) -> None:
        self._instruction = (min_instruction_length, max_instruction_length)
        self._output = (min_output_length, max_output_length)
        self._drop_duplicates = drop_duplicates
        self._settings = Settings(drop=frozenset(drop))

    def process_dataset(self, data: Iterable[Mapping[str, Any]]) -> tuple[Rows, dict[str, Any]]:
        """The clean rows, and stats: total, passed, failed, failure_reasons, and what was changed or is doubtful.

        Each failed row has one reason, so these add up; fields that Alpaca does not know stay as they are.
        """
        kept: Rows = []
        reasons, changes, doubts = Counter[str](), Counter[str](), Counter[str]()
        seen: set[int] = set()
        total = 0
        for total, record in enumerate(data, 1):
            row, events = self._cleaned(record, total)
            changes.update(event.code for event in events if event.kind == "changed")
            doubts.update(event.code for event in events if event.kind == "doubt")
            reason = events[-1].code if row is None else self._size(row)
            if row is not None and not reason and self._drop_duplicates:
                mark = fingerprint(row, alike=True)
                reason = "duplicate_row" if mark in seen else ""
                seen.add(mark)
            if reason or row is None:
                reasons[reason] += 1
            else:
                kept.append(row)
        stats = {"total": total, "passed": len(kept), "failed": total - len(kept), "failure_reasons": dict(reasons)}
        return kept, stats | {"changes": dict(changes), "doubts": dict(doubts)}

    def _cleaned(self, record: Any, number: int) -> tuple[dict[str, Any] | None, list[Event]]:
        if not isinstance(record, Mapping):
            return None, [Event("dropped", number, "not_an_object")]
        whole = dict(record)
        if whole.get("input") is None:
            whole["input"] = ""
        return clean_row(whole, number, self._settings)

    def _size(self, row: dict[str, Any]) -> str:
        if not self._instruction[0] <= len(row["instruction"]) <= self._instruction[1]:
            return "instruction_size"
        size = len(row["output"])
        if size > self._output[1] or (size < self._output[0] and not alpaca.is_label(alpaca.decode(row))):
            return "output_size"
        return ""


class KTODataGenerator:
    """Feedback as KTO rows {prompt, completion, label}, good and bad apart."""

    @staticmethod
    def from_binary_feedback(data: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """Rows of a prompt, an answer (completion or response) and a verdict (label, feedback or kto_tag).

        Gives desirable, undesirable, total, and ratio: desirable over undesirable, None without any of the latter. A
        verdict that is no known word for good or bad is a `DatasetError`; it is never taken for bad.
        """
        rated, errors = [], []
        for number, record in enumerate(data, 1):
            try:
                rated.append(kto.log_row(dict(record)))
            except Fault as fault:
                errors.append(RowError(number, fault.code, fault.path, fault.message))
        if errors:
            raise DatasetError(errors)
        return _apart(rated)

    @staticmethod
    def from_ratings(
        data: Iterable[Mapping[str, Any]], *, threshold: float = 3.5, rating_field: str = "rating"
    ) -> dict[str, Any]:
        """Rows with a number for how good the answer is: from `threshold` on it is desirable. `DatasetError`."""
        judged = []
        for number, record in enumerate(data, 1):
            rating = record.get(rating_field)
            if isinstance(rating, bool) or not isinstance(rating, int | float) or rating != rating:
                raise DatasetError([RowError(number, "not_a_number", rating_field, repr(rating)[:40])])
            rest = {name: value for name, value in record.items() if name != rating_field}
            judged.append({**rest, "label": rating >= threshold})
        return KTODataGenerator.from_binary_feedback(judged)

    @staticmethod
    def balance_dataset(data: Mapping[str, Any], *, ratio: float = 1.0, seed: int = 42) -> dict[str, Any]:
        """The same with so many rows of the larger side left out, by chance, that desirable is `ratio` x undesirable.

        The order of what stays is kept; nothing is ever repeated.
        """
        good, bad = list(data["desirable"]), list(data["undesirable"])
        if ratio <= 0 or not good or not bad:
            return _counted(good, bad)
        rng = random.Random(seed)
        good = _sampled(good, min(len(good), round(len(bad) * ratio)), rng)
        bad = _sampled(bad, min(len(bad), round(len(good) / ratio)), rng)
        return _counted(good, bad)


class DataQualityFilter:
    """Drops rows whose text is too short, too long, repetitive, hardly letters, shouted, or a refusal.

    The text is put together from whatever fields a row has: Alpaca, preference, KTO, conversations, plain text. The
    thresholds are those of `TextRules`, by the same names.
    """

    def __init__(self, **thresholds: Any) -> None:
        self._rules = TextRules(**thresholds)
        self._total = 0
        self._reasons: Counter[str] = Counter()

    def filter_dataset(self, data: Iterable[Mapping[str, Any]]) -> list[Any]:
        """The rows that keep to every rule, unchanged. The report is of this call."""
        kept, self._total, self._reasons = [], 0, Counter()
        for row in data:
            self._total += 1
            text, answer = composed(row)
            reason = self._rules.fault(text, answer=answer)
            if reason:
                self._reasons[reason] += 1
            else:
                kept.append(row)
        return kept

    @property
    def report(self) -> dict[str, Any]:
        """total, kept, dropped, and the reasons with their counts."""
        dropped = sum(self._reasons.values())
        reasons = dict(self._reasons.most_common())
        return {"total": self._total, "kept": self._total - dropped, "dropped": dropped, "reasons": reasons}

    def get_report(self) -> str:
        """The same as lines of text."""
        told = self.report
        lines = [f"{name:8}{told[name]:>9,}" for name in ("total", "kept", "dropped")]
        return "\n".join([*lines, *(f"  {reason:18}{count:>7,}" for reason, count in told["reasons"].items())])


class DatasetConverter:
    """One row of a format as one of another; `DatasetError` for what a target cannot hold, never a silent loss."""

    @staticmethod
    def alpaca_to_conversation(
        example: Mapping[str, Any], *, system: str = "", separator: str = "\n"
    ) -> dict[str, Any]:
        """ShareGPT: {conversations: [{from, value}]}. `system` is written only where the row has none of its own."""
        return as_format(row_of(example, "alpaca"), "sharegpt", Options(separator, system))

    @staticmethod
    def conversation_to_alpaca(conversation: Mapping[str, Any]) -> dict[str, Any]:
        """The last exchange as instruction and output, the earlier ones as history, the system text beside them."""
        return as_format(conversation_of(conversation), "alpaca")

    @staticmethod
    def alpaca_to_messages(example: Mapping[str, Any], *, system: str = "", separator: str = "\n") -> dict[str, Any]:
        """OpenAI: {messages: [{role, content}]}."""
        return as_format(row_of(example, "alpaca"), "openai_messages", Options(separator, system))

    @staticmethod
    def messages_to_alpaca(messages: Mapping[str, Any]) -> dict[str, Any]:
        """As `conversation_to_alpaca`."""
        return as_format(conversation_of(messages), "alpaca")

    @staticmethod
    def preference_to_kto(pair: Mapping[str, Any]) -> Rows:
        """Two KTO rows. That takes the chosen answer for good in itself, which the best of two bad ones is not."""
        return [as_format(row, "kto") for row in of_kind(row_of(pair, "preference"), "feedback")]

    @staticmethod
    def preference_to_alpaca(pair: Mapping[str, Any]) -> dict[str, Any]:
        """The prompt with the chosen answer."""
        return as_format(of_kind(row_of(pair, "preference"), "sft")[0], "alpaca")


class ChatTemplateFormatter:
    """A conversation (ShareGPT, messages, Alpaca, or a list of turns) as the text that a model is trained on."""

    @staticmethod
    def format(conversation: Any, template: str, *, add_generation_prompt: bool = False) -> str:
        """The text in any template of `generation.chat` ("gemma", ...); `DatasetError` where it has no place."""
        settings = ChatSettings(generation_prompt=add_generation_prompt)
        try:
            return render(example_of(conversation), template=template, settings=settings).text
        except UnrenderableError as error:
            raise DatasetError([RowError(1, error.code, error.path, error.detail)]) from None

    @staticmethod
    def to_chatml(conversation: Any, *, add_generation_prompt: bool = False) -> str:
        """ChatML."""
        return ChatTemplateFormatter.format(conversation, "chatml", add_generation_prompt=add_generation_prompt)

    @staticmethod
    def to_llama3(conversation: Any, *, add_generation_prompt: bool = False) -> str:
        """Llama 3."""
        return ChatTemplateFormatter.format(conversation, "llama3", add_generation_prompt=add_generation_prompt)

    @staticmethod
    def to_llama2(conversation: Any) -> str:
        """Llama 2."""
        return ChatTemplateFormatter.format(conversation, "llama2")

    @staticmethod
    def to_mistral(conversation: Any) -> str:
        """Mistral v3 (the format of Mistral 7B Instruct v0.2 and v0.3)."""
        return ChatTemplateFormatter.format(conversation, "mistral_v3")


def _apart(rated: Iterable[Feedback]) -> dict[str, Any]:
    good: Rows = []
    bad: Rows = []
    for row in rated:
        (good if row.good else bad).append(as_format(row, "kto"))
    return _counted(good, bad)


def _counted(good: Rows, bad: Rows) -> dict[str, Any]:
    ratio = round(len(good) / len(bad), 4) if bad else None
    return {"desirable": good, "undesirable": bad, "total": len(good) + len(bad), "ratio": ratio}


def _sampled(rows: Rows, count: int, rng: random.Random) -> Rows:
    return [rows[at] for at in sorted(rng.sample(range(len(rows)), count))]
