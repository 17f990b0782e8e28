"""Vocabularies: terms by category, out of JSON of any depth, CSV, or lines that a person typed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from generation.files.delimited import sniff
from generation.files.encoding import unpacked, utf8
from generation.files.strict_json import Fault, loads
from generation.files.text import check_file_text
from generation.types import RowError

Terms = dict[str, list[str]]
"""Category -> its terms, each once. The category "" holds terms that belong to none."""

MOST_BYTES = 8 * 1024 * 1024
MOST_TERMS = 50_000
LONGEST = 200
JOINT = " / "
"""Between the levels of a category: "Medicine / Cardiology"."""

_CATEGORY = ("category", "categories", "class", "group", "department", "类别", "分类", "类", "科室", "大类")
_TERM = ("term", "terms", "entity", "entities", "name", "word", "disease", "词", "术语", "实体", "名称", "疾病", "词条")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What was read. `repeated` terms stood twice in one category and are kept once; `shared` stand in several."""

    terms: Terms
    repeated: tuple[str, ...] = ()

    @property
    def shared(self) -> dict[str, tuple[str, ...]]:
        """The terms that several categories list, with those categories."""
        return {term: names for term, names in flattened(self.terms).items() if len(names) > 1}


def flattened(terms: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Each term once, in order of appearance, with every category that lists it."""
    found: dict[str, list[str]] = {}
    for category, listed in terms.items():
        for term in dict.fromkeys(listed):
            found.setdefault(term, []).append(category)
    return {term: tuple(categories) for term, categories in found.items()}


def read(file: BinaryIO) -> Vocabulary | RowError:
    """The vocabulary in a seekable file, or the fault that it has, with its line. The file's name does not matter."""
    try:
        content = utf8(unpacked(file)[0])[0].read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Fault("too_large")
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return RowError(0, "bad_encoding", message=f"byte {error.start}")
    except Fault as fault:
        return RowError(0, fault.code, message=fault.message)
    return read_text(text)


def read_text(text: str) -> Vocabulary | RowError:
    """The same out of a text. JSON begins with a bracket, CSV names its columns, anything else is lines: a category
    begins with `#`, every other line is a term."""
    try:
        if text.lstrip().startswith(("{", "[")):
            pairs = list(_of_json(loads(text.encode("utf-8", "surrogatepass"))))
        else:
            pairs = list(_of_table(text) or _of_lines(text))
        return _collected(pairs)
    except Fault as fault:
        line = int(fault.path) if fault.code == "too_few_cells" else 0
        return RowError(line, fault.code, "" if line else fault.path[:LONGEST], fault.message)


def as_text(terms: Mapping[str, Sequence[str]]) -> str:
    """The vocabulary as the lines that `read_text` reads back."""
    ordered = sorted(terms.items(), key=lambda pair: pair[0] != "")
    blocks = ["\n".join([*([f"# {category}"] if category else []), *listed]) for category, listed in ordered]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def as_json(terms: Mapping[str, Sequence[str]]) -> str:
    """The vocabulary as a JSON object of lists."""
    return json.dumps(terms, ensure_ascii=False, indent=1) + "\n"


def _of_json(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(category, term) of every leaf: keys on the way to it are its category."""
    if isinstance(value, dict):
        names = {str(name).strip().lower(): name for name in value}
        term = next((names[each] for each in _TERM if each in names), None)
        category = next((names[each] for each in _CATEGORY if each in names), None)
        if term is not None and category is not None and isinstance(value[category], str):
            yield from _of_json(value[term], (*path, value[category].strip()))
            return
        for name, inner in value.items():
            yield from _of_json(inner, (*path, name.strip()))
    elif isinstance(value, list):
        for inner in value:
            yield from _of_json(inner, path)
    elif isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
        yield JOINT.join(part for part in path if part), str(value)
    elif value is not None:
        raise Fault("not_a_string", path=".".join(path))


def _of_table(text: str) -> list[tuple[str, str]]:
    """The rows of a table whose first line names its columns; [] for anything else."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = sniff(first)
    header = [name.strip().strip('"').lower() for name in first.split(delimiter)]
    term = next((at for at, name in enumerate(header) if name in _TERM), None)
    category = next((at for at, name in enumerate(header) if name in _CATEGORY and at != term), None)
    if term is None or (category is None and len(header) > 1):
        return []
    try:
        rows = list(csv.reader(io.StringIO(text.lstrip("\n")), delimiter=delimiter, strict=True))[1:]
    except csv.Error as error:
        raise Fault("bad_csv", message=str(error)) from None
    found = []
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(term, category or 0):
            raise Fault("too_few_cells", path=str(number))
        found.append(("" if category is None else row[category].strip(), row[term]))
    return found


def _of_lines(text: str) -> Iterator[tuple[str, str]]:
    category = ""
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            category = line.strip().lstrip("#").strip()
        elif line.strip():
            yield category, line


def _collected(pairs: Sequence[tuple[str, str]]) -> Vocabulary:
    terms: Terms = {}
    repeated: dict[str, None] = {}
    seen: set[tuple[str, str]] = set()
    for number, (category, raw) in enumerate(pairs, 1):
        term = " ".join(raw.split())
        if not term:
            continue
        if code := check_file_text(category + term):
            raise Fault(code, message=term[:60])
        if len(term) > LONGEST or len(category) > LONGEST:
            raise Fault("too_long", message=f"{max(term, category, key=len)[:60]}…")
        if number > MOST_TERMS:
            raise Fault("too_many_terms", message=f"{MOST_TERMS:,}")
        if (category, term) in seen:
            repeated[term] = None
            continue
        seen.add((category, term))
        terms.setdefault(category, []).append(term)
    if not terms:
        raise Fault("no_terms")
    return Vocabulary(terms, tuple(repeated))
