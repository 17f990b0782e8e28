"""Whether a bundle's card and Croissant metadata say what is true of the files beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generation.types import RowError
from review.exporting.cards.card import size_category, split_name
from review.exporting.cards.croissant import CONFORMS_TO, REQUIRED
from review.exporting.cards.facts import LICENCES, DataFile

_TYPES = ("sc:Text", "sc:Integer", "sc:Float", "sc:Boolean", "sc:Date", "sc:URL")


def card_faults(text: str, *, files: Iterable[DataFile]) -> list[RowError]:
    """What is wrong with a README.md: no YAML in front, a licence missing or unknown, files or counts that differ."""
    known = {each.name: each for each in files}
    told = front_matter(text)
    if told is None:
        return [RowError(0, "card_yaml", "README.md")]
    return list(_front_faults(told, known))


def front_matter(text: str) -> dict[str, Any] | None:
    """The metadata in front of a card; None where there is none or it is no YAML mapping."""
    import yaml

    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        return None
    try:
        told = yaml.safe_load(parts[1])
    except yaml.YAMLError:
        return None
    return told if isinstance(told, dict) else None


def _front_faults(told: Mapping[str, Any], known: Mapping[str, DataFile]) -> Iterator[RowError]:
    licence = told.get("license")
    if not licence:
        yield RowError(0, "card_licence", "license")
    elif licence == "unknown":
        yield RowError(0, "card_licence_unknown", "license", severity="warning")
    elif licence not in LICENCES:
        yield RowError(0, "card_licence", "license", str(licence)[:60])
    elif licence == "other" and not (told.get("license_name") and told.get("license_link")):
        yield RowError(0, "card_licence", "license_name")
    rows = sum(each.rows for each in known.values())
    if told.get("size_categories") != [size_category(rows)]:
        yield RowError(0, "card_size", "size_categories")
    paths = [
        (part.get("path"), part.get("split"))
        for config in _list(told.get("configs"))
        for part in _list(config.get("data_files"))
    ]
    for path, split in paths:
        if path not in known:
            yield RowError(0, "card_file", "configs", str(path)[:200])
        elif split != split_name(known[path]):
            yield RowError(0, "card_split", "configs", str(split)[:60])
    if {path for path, _ in paths} != known.keys():
        yield RowError(0, "card_file", "configs")
    said = {part.get("name"): part for part in _list((told.get("dataset_info") or {}).get("splits"))}
    for each in known.values():
        part = said.get(split_name(each), {})
        if part.get("num_examples") != each.rows or part.get("num_bytes") != each.size:
            yield RowError(0, "card_counts", "dataset_info.splits", split_name(each))


def croissant_faults(text: str, *, files: Iterable[DataFile]) -> list[RowError]:
    """What is wrong with a croissant.json: required names, hashes and sizes of its files, sources of its fields."""
    try:
        told = json.loads(text)
    except ValueError:
        return [RowError(0, "croissant_json", "croissant.json")]
    if not isinstance(told, dict):
        return [RowError(0, "croissant_json", "croissant.json")]
    faults = [RowError(0, "croissant_missing", name) for name in REQUIRED if not told.get(name)]
    if told.get("@type") != "sc:Dataset" or told.get("conformsTo") != CONFORMS_TO:
        faults.append(RowError(0, "croissant_missing", "conformsTo"))
    known = {each.name: each for each in files}
    objects = {each.get("@id"): each for each in _list(told.get("distribution"))}
    odd = sorted(map(str, known.keys() ^ objects.keys()))
    faults += [RowError(0, "croissant_file", "distribution", name[:200]) for name in odd]
    for name in sorted(known.keys() & objects.keys()):
        each, real = objects[name], known[name]
        if each.get("sha256") != real.sha256 or each.get("contentSize") != f"{real.size} B":
            faults.append(RowError(0, "croissant_hash", "distribution", name))
        if not each.get("contentUrl") or not each.get("encodingFormat"):
            faults.append(RowError(0, "croissant_missing", "distribution", name))
    return faults + list(_field_faults(told, objects))


def _field_faults(told: Mapping[str, Any], objects: Mapping[Any, Any]) -> Iterator[RowError]:
    seen = set()
    for record_set in _list(told.get("recordSet")):
        for field in _list(record_set.get("field")):
            source = (field.get("source") or {}).get("fileObject", {}).get("@id")
            if source not in objects or field.get("dataType") not in _TYPES or field.get("@id") in seen:
                yield RowError(0, "croissant_field", "recordSet", str(field.get("@id"))[:200])
            seen.add(field.get("@id"))


def _list(value: Any) -> list[Any]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
