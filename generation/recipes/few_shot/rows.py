"""The table as a recipe sees it: each seed a row with its roles filled, or with the reason why it cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from generation.quality.language import detect
from generation.recipes.few_shot import fields, labels
from generation.recipes.few_shot.params import Params
from generation.types import SeedView


@dataclass(frozen=True, slots=True)
class Row:
    """What is shown (`values`) and what is asked for (`answer`). `fault` is a drop reason, `detail` what caused it."""

    seed_id: int
    values: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    fault: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a run, direction after direction for each seed, and the label set ([] for open tasks)."""

    rows: tuple[Row, ...]
    labels: tuple[str, ...]


def read_table(seeds: Sequence[SeedView], params: Params, *, language: str) -> Table:
    """Fills the roles of every row. A table whose columns cannot be told has every row at fault."""
    columns = [_columns(seed) for seed in seeds]
    if params.task_type == "custom":
        return _custom(seeds, columns, params)
    names = dict.fromkeys(name for row in columns for name in row)
    given = dict(pair.split("=", 1) for pair in params.columns)
    given = {role.strip(): name.strip() for role, name in given.items()}
    try:
        roles = fields.detect(names, task_type=params.task_type, given=given)
    except fields.ColumnsError as problem:
        detail = ", ".join([problem.role, *problem.columns])
        return Table(tuple(Row(seed.id, fault=problem.code, detail=detail) for seed in seeds), ())
    cells = [{role: row.get(name, "").strip() for role, name in roles.items()} for row in columns]
    if params.task_type in ("sentiment", "classification"):
        return _closed(seeds, cells, params, language)
    if params.task_type == "qa":
        return Table(tuple(_question(seed, row) for seed, row in zip(seeds, cells, strict=True)), ())
    return Table(tuple(_translations(seeds, cells, params, roles, language)), ())


def _columns(seed: SeedView) -> dict[str, str]:
    """The columns of a seed; one with an instruction also has it and its first instance as columns."""
    if not seed.instruction:
        return dict(seed.fields)
    first = {"input": seed.instances[0].input, "output": seed.instances[0].output} if seed.instances else {}
    return {"instruction": seed.instruction, **{name: text for name, text in first.items() if text}, **seed.fields}


def _closed(seeds: Sequence[SeedView], cells: list[dict[str, str]], params: Params, language: str) -> Table:
    """Sentiment and classification: the answer is one of a fixed set of labels."""
    raw = {row["label"] for row in cells if row["label"]}
    if params.task_type == "sentiment":
        known = {value: labels.sentiment(value, language=language, values=raw) for value in raw}
        allowed = labels.sentiment_words(raw, language=language)
        unknown = "unknown_label"
    else:
        allowed = list(dict.fromkeys(params.labels)) or sorted(raw)
        known = {value: value if value in allowed else None for value in raw}
        unknown = "label_outside_set"
    rows = []
    for seed, row in zip(seeds, cells, strict=True):
        if not row["text"] or not row["label"]:
            rows.append(Row(seed.id, fault="missing_field", detail="text" if not row["text"] else "label"))
        elif known[row["label"]] is None:
            rows.append(Row(seed.id, fault=unknown, detail=row["label"]))
        else:
            rows.append(Row(seed.id, {"text": row["text"]}, known[row["label"]] or ""))
    return Table(tuple(rows), tuple(allowed))


def _question(seed: SeedView, row: Mapping[str, str]) -> Row:
    if not row["question"]:
        return Row(seed.id, fault="missing_field", detail="question")
    if not row["answer"]:
        return Row(seed.id, fault="missing_answer")
    shown = {role: row[role] for role in ("context", "question") if row.get(role)}
    return Row(seed.id, shown, row["answer"])


def _translations(
    seeds: Sequence[SeedView], cells: list[dict[str, str]], params: Params, roles: Mapping[str, str], language: str
) -> list[Row]:
    """A row for each wanted direction; both sides alike is no translation."""
    ways = {"forward": (False,), "backward": (True,), "both": (False, True)}[params.directions]
    rows = []
    for seed, row in zip(seeds, cells, strict=True):
        source, target = row["source"], row["target"]
        from_code = params.source_language or _language(roles["source"], source)
        to_code = params.target_language or _language(roles["target"], target)
        fault = detail = ""
        if not source or not target:
            fault, detail = "missing_field", "source" if not source else "target"
        elif source == target:
            fault = "same_text_both_sides"
        elif not from_code or not to_code or from_code == to_code:
            fault, detail = "languages_unclear", f"{from_code}, {to_code}"
        names = [labels.language_name(code, language=language) for code in (from_code, to_code)]
        for backward in ways:
            shown, answer = (target, source) if backward else (source, target)
            here, there = names[::-1] if backward else names
            values = {"source": shown, "source_language": here, "target_language": there}
            rows.append(Row(seed.id, fault=fault, detail=detail) if fault else Row(seed.id, values, answer))
    return rows


def _language(column: str, text: str) -> str:
    """A language by the name of its column, else by the script of its text; "" when neither tells."""
    return labels.column_language(column) or detect(text)


def _custom(seeds: Sequence[SeedView], columns: list[dict[str, str]], params: Params) -> Table:
    rows = []
    for seed, row in zip(seeds, columns, strict=True):
        missing = [name for name in params.custom_fields if not row.get(name, "").strip()]
        if missing:
            rows.append(Row(seed.id, fault="missing_field", detail=missing[0]))
        elif not row.get(params.custom_answer, "").strip():
            rows.append(Row(seed.id, fault="missing_answer", detail=params.custom_answer))
        else:
            values = {name: row[name].strip() for name in params.custom_fields}
            rows.append(Row(seed.id, values, row[params.custom_answer].strip()))
    return Table(tuple(rows), tuple(params.labels))
