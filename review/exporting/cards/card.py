"""The dataset card: README.md with YAML in front, as the Hugging Face Hub reads it, in its template's order.

Source: huggingface_hub's dataset card template and the Hub's metadata specification.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from review.exporting.cards.facts import DataFile, Facts

_SIZES = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
)  # fmt: skip
_TASKS = {
    "sft": ["text-generation"],
    "preference": ["text-generation", "reinforcement-learning"],
    "ranking": ["text-generation", "reinforcement-learning"],
    "feedback": ["text-generation", "reinforcement-learning"],
    "text": ["text-generation"],
}
_MADE_BY = {"model": "machine-generated", "rules": "machine-generated", "template": "machine-generated",
            "person": "expert-generated", "import": "found", "human": "machine-generated", "judge": "machine-generated",
            "model_gap": "machine-generated", "score": "machine-generated", "edit": "expert-generated"}  # fmt: skip
HUB_SPLITS = {"val": "validation", "valid": "validation"}


def size_category(rows: int) -> str:
    """The Hub's class of size; exactly 1,000 rows are "1K<n<10K"."""
    return next((name for most, name in _SIZES if rows < most), "n>1T" if rows >= 10**12 else "1B<n<10B")


def split_name(data_file: DataFile) -> str:
    """A split by the Hub's name; a file without one is all training data."""
    return HUB_SPLITS.get(data_file.split, data_file.split or "train")


def front_matter(facts: Facts) -> dict[str, Any]:
    """The metadata, in the order in which the Hub documents it."""
    origins = facts.lineage.origins
    judged = {"expert-generated"} if facts.lineage.reviewers or {"human", "edit"} & origins.keys() else set()
    judged |= {"machine-generated"} if {"judge", "model_gap", "score"} & origins.keys() else set()
    creators = sorted({_MADE_BY.get(origin, "other") for origin in origins}) or ["other"]
    told: dict[str, Any] = {"language": facts.languages} if facts.languages else {}
    told["license"] = facts.licence
    if facts.licence == "other":
        told |= {
            "license_name": facts.about.licence_name or "other",
            "license_link": facts.about.licence_link or "LICENSE",
        }
    told |= {
        "annotations_creators": sorted(judged) or ["no-annotation"],
        "language_creators": creators,
        "pretty_name": facts.title,
        "size_categories": [size_category(facts.rows)],
        "source_datasets": ["original"],
        "task_categories": _TASKS.get(facts.lineage.kind, ["text-generation"]),
        "tags": ["fdc", facts.format_name, *(["synthetic"] if "machine-generated" in creators else [])],
        "configs": [
            {
                "config_name": "default",
                "default": True,
                "data_files": [{"split": split_name(each), "path": each.name} for each in facts.files],
            }
        ],
        "dataset_info": {
            "features": [{"name": name, "dtype": kind} for name, kind in facts.fields.items()],
            "splits": [
                {"name": split_name(each), "num_bytes": each.size, "num_examples": each.rows} for each in facts.files
            ],
            "download_size": sum(each.size for each in facts.files),
            "dataset_size": sum(each.size for each in facts.files),
        },
    }
    if any(kind in ("list", "struct") for kind in facts.fields.values()):
        # The Hub wants the inner types of nested columns; those differ from row to row, and it finds them itself.
        del told["dataset_info"]["features"]
    return told


def readme(facts: Facts) -> str:
    """The whole card. The same facts give the same text."""
    return f"---\n{yaml(front_matter(facts))}---\n\n" + "\n\n".join(part for part in _body(facts) if part) + "\n"


def yaml(value: Mapping[str, Any], *, indent: str = "") -> str:
    """Plain data as block YAML. Texts are quoted as JSON quotes them, which YAML 1.2 reads the same way."""
    lines = []
    for name, part in value.items():
        if isinstance(part, Mapping) and part:
            lines.append(f"{indent}{name}:\n{yaml(part, indent=indent + '  ')}")
        elif isinstance(part, list) and part:
            lines.append(f"{indent}{name}:\n" + "".join(_item(each, indent=indent) for each in part))
        else:
            lines.append(f"{indent}{name}: {_scalar(part)}\n")
    return "".join(lines)


def _item(value: Any, *, indent: str) -> str:
    if isinstance(value, Mapping):
        return f"{indent}- " + yaml(value, indent=indent + "  ").lstrip(" ")
    return f"{indent}- {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    # YAML takes neither DEL and the C1 controls nor lone marks of order raw; JSON's own escapes suit both.
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    # YAML does not put the two halves of JSON's escape for a character above U+FFFF together again.
    return f"\\U{ord(character):08x}" if ord(character) > 0xFFFF else json.dumps(character)[1:-1]


def _body(facts: Facts) -> list[str]:
    return [
        f"# {_line(facts.title)}",
        _line(facts.about.description) or f"Version {facts.version} of the dataset {_line(facts.name)}.",
        "## Dataset details",
        _list(_details(facts)),
        "## Uses",
        "### Direct use",
        _USES.get(facts.lineage.kind, _USES["sft"]),
        "### Out-of-scope use",
        "Measuring models on rows that they were trained on. Anything that the licence rules out.",
        "## Dataset structure",
        _table(("file", "split", "rows", "bytes", "SHA-256"),
               [(f"`{f.name}`", split_name(f), f"{f.rows:,}", f"{f.size:,}", f"`{f.sha256}`") for f in facts.files]),
        _table(("field", "type"), [(_code(name), kind) for name, kind in facts.fields.items()]),
        "## Dataset creation",
        "### Source data",
        _made(facts),
        _list(f"dropped before review, {_line(reason)}: {count:,}" for reason, count in facts.lineage.dropped.items()),
        "### Annotations",
        _reviewed(facts),
        "### Personal and sensitive information",
        "Nobody has searched the rows for personal data by machine. Reviewers are named only where that was asked for.",
        "## Bias, risks and limitations",
        _risks(facts),
        "## Reproducing it",
        f"Content hash of the pinned rows: `{facts.content_hash}`. `manifest.jsonl` leads every row back to the run, "
        "the calls, the prompt versions, the seeds or the imported line that it came from.",
    ]  # fmt: skip


_USES = {
    "sft": "Supervised fine-tuning: the answer is learnt, given what comes before it.",
    "preference": "Preference training (DPO, SimPO, ORPO) or a reward model: one answer was preferred to the other.",
    "ranking": "Preference training on ranked answers, or a reward model.",
    "feedback": "KTO: each answer is marked as good or bad.",
    "text": "Continued pretraining.",
}


def _details(facts: Facts) -> Iterable[str]:
    licence = facts.about.licence_name if facts.licence == "other" else facts.licence
    yield f"**Curated by:** {_line(facts.about.creator) or 'not said'}"
    yield f"**Languages:** {_line(', '.join(facts.languages)) or 'not known'}"
    yield f"**Licence:** {_line(licence)}"
    yield f"**Version:** {facts.version}, frozen on {facts.frozen_on}"
    yield f"**Format:** `{facts.format_name}`"
    for tier in facts.tiers:
        yield f"**Selected:** {_line(tier)}"
    if facts.shuffled_with is not None:
        yield f"**Shuffled and split with the random seed:** {facts.shuffled_with}"


def _made(facts: Facts) -> str:
    rows = [
        (_line(m.name), f"{m.rows:,}", _line(m.model), _line(m.provider),
         _line(", ".join(f"{slot} {number}" for slot, number in m.prompts.items()) or m.file),
         "" if m.random_seed is None else str(m.random_seed))
        for m in facts.lineage.methods
    ]  # fmt: skip
    return _table(("made by", "rows", "model", "provider", "prompts or file", "random seed"), rows)


def _reviewed(facts: Facts) -> str:
    lineage = facts.lineage
    who = ", ".join(map(_line, lineage.reviewers)) if facts.names else f"{len(lineage.reviewers)}"
    said = [f"decisions, {action}: {count:,}" for action, count in lineage.decisions.items()]
    said += [f"rejected, {_line(reason)}: {count:,}" for reason, count in lineage.rejected.items()]
    return _list([f"reviewers: {who}", *said])


def _risks(facts: Facts) -> str:
    told = []
    if facts.rows_without_model:
        told.append(
            f"{facts.rows_without_model:,} of {facts.rows:,} rows were made by rules, without a language model."
        )
    told += [f"left out of this export, {_line(reason)}: {count:,}" for reason, count in facts.left_out.items()]
    told += [f"warned of, {_line(code)}: {count:,}" for code, count in facts.warnings.items()]
    told.append("Text of language models can be wrong, and can repeat what their own training data got wrong.")
    return _list(told)


def _line(text: str) -> str:
    """A text that cannot leave its line, its table cell or its list: it may come from anybody."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return "".join("\\" + c if c in "\\`*_[]<>|#" else c for c in flat)


def _code(name: str) -> str:
    """A name as code; one that could leave it stands as a line of text."""
    return _line(name) if any(c in "`|" or not c.isprintable() for c in name) else f"`{name}`"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
