"""An export's files: one file of one layout, or a bundle of a file for each split with everything that describes it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, BinaryIO, cast

from generation.files import layouts
from generation.files.records import Record
from generation.formats import llama_factory
from generation.types import RowError
from review.exporting import manifest
from review.exporting.archive import Archive
from review.exporting.cards import card, check, croissant
from review.exporting.cards.facts import About, DataFile, Facts
from review.exporting.disk import HashedFile
from review.exporting.media import Medium, media_of
from review.exporting.source import Source
from review.mixes.recipe import Recipe, tiers_told
from review.models import Export
from review.reports.lineage import lineage

README, CROISSANT, MANIFEST = "README.md", "croissant.json", "manifest.jsonl"
NESTED = ("jsonl", "json", "parquet")
"""Layouts that LLaMA-Factory reads with lists and objects in them."""


def write_single(source: Source, file: HashedFile) -> list[DataFile]:
    """The one file of an export that is no bundle."""
    options = source.options
    rows = layouts.write(
        source.records(split=options.split),
        cast(BinaryIO, file),
        layout=options.layout,
        gzip=options.gzip,
        spreadsheet_safe=options.spreadsheet_safe,
    )
    name = f"data.{options.extension}"
    return [DataFile(name, file.size, file.sha256, rows, options.split, options.media_type)]


class Bundle:
    """A bundle that is being written: data first, because everything else speaks of it."""

    def __init__(self, export: Export, source: Source, file: HashedFile) -> None:
        self._export, self._source, self._file = export, source, file
        self._version = export.version
        self._types: dict[str, str] = {}
        self.files: list[DataFile] = []
        self.faults: list[RowError] = []

    def write(self, table: BinaryIO) -> None:
        """Data, `dataset_info.json` where LLaMA-Factory can load it, card, Croissant, manifest, media."""
        loaded = self._loaded_columns()
        with Archive(self._file) as archive:
            for split in [name for name, rows in self._version.splits.items() if rows] or [""]:
                self._data(archive, split, loaded)
            self._note_rows()
            if loaded:
                self._add(archive, llama_factory.INFO_FILE, _pretty(self._info(loaded)))
            media = media_of(self._export.project, self._source.media)
            self._describe(archive)
            self._manifest(archive, table)
            for medium in media:
                if archive.has_room_for(medium.name):
                    _pack(archive, medium)
                else:
                    self.faults.append(RowError(0, "medium_name_taken", message=medium.name))

    def _loaded_columns(self) -> list[str]:
        """The columns that every row gets for LLaMA-Factory; none where it does not read this format or layout."""
        name = self._source.format.name
        if name not in llama_factory.SHAPES or self._source.options.layout not in NESTED:
            return []
        return llama_factory.columns_of(name, self._source.columns())

    def _data(self, archive: Archive, split: str, loaded: Sequence[str]) -> None:
        options = self._source.options
        name = f"{split or 'train'}.{layouts.extension_of(options.layout)}"
        records: Iterable[Record] = self._source.records(split=split, file_name=name)
        if loaded:
            records = llama_factory.filled(records, loaded, format_name=self._source.format.name)
        with archive.member(name) as member:
            rows = _laid_out(self._typed(records), member, layout=options.layout, safe=options.spreadsheet_safe)
        self.files.append(
            DataFile(name, member.size, member.sha256, rows, split, layouts.media_type_of(options.layout))
        )

    def _typed(self, records: Iterable[Record]) -> Iterable[Record]:
        """The records, while their fields' types are noted."""
        types = self._types
        for record in records:
            for name, value in record.items():
                if types.get(name, "null") == "null":
                    types[name] = _TYPES.get(type(value), "null")
            yield record

    def _note_rows(self) -> None:
        self._export.rows = sum(each.rows for each in self.files)
        self._export.rows_without_model = self._source.rows_without_model
        self._export.files = [asdict(each) for each in self.files]

    def _info(self, loaded: Sequence[str]) -> dict[str, Any]:
        name = f"{self._export.project.slug}_{self._version.dataset.name}".replace(" ", "_")
        return {
            name if each.split in ("", "train") else f"{name}_{each.split}": llama_factory.entry(
                self._source.format.name, file_name=each.name, columns=loaded
            )
            for each in self.files
        }

    def _describe(self, archive: Archive) -> None:
        facts = self._facts()
        text, metadata = card.readme(facts), _pretty(croissant.metadata(facts))
        self.faults += check.card_faults(text, files=self.files)
        self.faults += check.croissant_faults(metadata.decode(), files=self.files)
        self._add(archive, README, text.encode("utf-8"))
        self._add(archive, CROISSANT, metadata)

    def _facts(self) -> Facts:
        version, dataset = self._version, self._version.dataset
        recipe = Recipe.from_config(version.config)
        found = self._source.encoder.findings
        return Facts(
            name=dataset.name,
            version=version.number,
            frozen_on=version.frozen_at.date().isoformat(),
            content_hash=version.content_hash,
            about=About.from_config(dataset.about),
            lineage=lineage(version),
            format_name=self._source.format.name,
            files=tuple(self.files),
            fields={name: "string" if kind == "null" else kind for name, kind in self._types.items()},
            left_out=dict(found.left_out),
            rows_without_model=self._source.rows_without_model,
            tiers=tiers_told(recipe),
            shuffled_with=recipe.seed if recipe.shuffle or recipe.ratios else None,
            names=self._source.options.names,
            warnings={code: count for (severity, code), count in sorted(found.counts.items()) if severity == "warning"},
        )

    def _manifest(self, archive: Archive, table: BinaryIO) -> None:
        """The manifest again, with a first line of its own: an archive cannot hold its own hash."""
        table.flush()
        with archive.member(MANIFEST) as member, open(table.name, "rb") as lines:
            contract = {"left_out": dict(self._source.encoder.findings.left_out)}
            member.write(manifest.head(self._export, contract=contract, packed=True))
            lines.seek(manifest.room(self._export))
            shutil.copyfileobj(lines, member, 1 << 20)

    def _add(self, archive: Archive, name: str, data: bytes) -> None:
        with archive.member(name) as member:
            member.write(data)


_TYPES: Mapping[type, str] = {
    str: "string", bool: "bool", int: "int64", float: "float64", list: "list", dict: "struct"
}  # fmt: skip


def _laid_out(records: Iterable[Record], file: HashedFile, *, layout: str, safe: bool) -> int:
    if layout != "parquet":
        return layouts.write(records, cast(BinaryIO, file), layout=layout, spreadsheet_safe=safe)
    # A Parquet writer wants to know where it is, which a packed stream cannot say.
    with tempfile.TemporaryFile() as whole:
        rows = layouts.write(records, whole, layout=layout)
        whole.seek(0)
        shutil.copyfileobj(whole, file, 1 << 20)
    return rows


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _pack(archive: Archive, medium: Medium) -> None:
    with archive.member(medium.name, packed=False) as member, open(medium.path, "rb") as file:
        shutil.copyfileobj(file, member, 1 << 20)
