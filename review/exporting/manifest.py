"""Where every exported row came from: one JSON line a row, below one line about the whole file.

A row's line leads back to its revision, the run and item that made it, the calls with the models that answered,
the seeds, the samples and the words in documents that it descends from, and the people who decided on it up to the
moment when the version was frozen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from generation.models import Call, Draft, Job, PromptVersion, Run, Sample
from review.models import DatasetVersion, Decision, Export
from review.reports.grounds import Grounds, told_of
from review.rows import PinnedRow

BATCH = 4000
"""Rows whose lines are made at once."""
MEDIA_TYPE = "application/x-ndjson"
_ROOM = 4096
_SUBJECTS = {"preference": "pair", "feedback": "feedback", "text": "text"}

Fact = dict[str, Any]


def room(export: Export) -> int:
    """Bytes kept free for the first line, which is written last because it holds the file's hash."""
    told = len(orjson.dumps([export.version.config, export.options])) + 400 * (len(export.version.splits) + 1)
    return _ROOM * (1 + (told + _ROOM // 2) // _ROOM)


def head(export: Export, *, contract: Mapping[str, Any], packed: bool = False) -> bytes:
    """The first line, filled up with blanks to `room(export)`: the version, the file, its rows, what was left out.

    With `packed` it goes into a bundle, which cannot know its own hash, and names the files there.
    """
    version = export.version
    about: Fact = {
        "manifest": 1,
        "project": export.project.slug,
        "dataset": version.dataset.name,
        "kind": version.dataset.kind,
        "version": version.number,
        "frozen_at": version.frozen_at.isoformat(),
        "selection": version.config,
        "content_hash": version.content_hash,
        "format": export.format,
        "options": export.options,
        "rows": export.rows,
        "rows_without_model": export.rows_without_model,
        "left_out": contract.get("left_out", {}),
    }
    if contract.get("bad_rows"):
        about["refused_rows"] = contract["bad_rows"]
    if not packed:
        about |= {"file": export.file_name, "size": export.size, "sha256": export.sha256}
    if len(export.files) > 1 or packed:
        about["files"] = export.files
    if export.statement:
        about["statement"] = export.statement
    line = orjson.dumps(about)
    if len(line) >= room(export):
        raise ValueError("the manifest's first line outgrew its room")
    return line.ljust(room(export) - 1) + b"\n"


class Tracer:
    """Writes the lines of one version's rows. Runs are looked up once, everything else once for each batch."""

    def __init__(self, version: DatasetVersion) -> None:
        self._frozen_at = version.frozen_at
        # Most projects have neither documents nor samples made of samples, and most versions many rows.
        of_project = Sample.objects.filter(project=version.dataset.project_id)
        self._descends = of_project.exclude(parent=None).exists() or of_project.exclude(grounds=None).exists()
        self._subject = _SUBJECTS.get(version.dataset.kind, "")
        self._runs: dict[int, Fact] = {}
        self._imports: dict[int, str] = {}
        self._people: dict[str, str] = {}

    def lines(self, rows: Sequence[PinnedRow], *, first: int = 1, file_name: str = "", names: bool = True) -> bytes:
        """One line for each row, in order. `first` is the place of the first one in its file; without `names` people
        are numbers, in the order in which they appear."""
        self._learn_runs({row.run for row in rows if row.run is not None})
        drafts = _drafts([row.draft for row in rows if row.draft is not None])
        calls = _calls({item for draft in drafts.values() for item in draft["items"]})
        samples = [row.sample for row in rows if row.sample is not None]
        decisions = self._decisions(samples, names=names)
        grounds = told_of(samples) if self._descends else {}
        self._learn_imports({row.job for row in rows if row.job is not None})
        place: Fact = {"file": file_name} if file_name else {}
        return b"".join(
            self._line(row, place | {"row": at} | _descent(grounds.get(row.sample or 0)), drafts, calls, decisions)
            for at, row in enumerate(rows, first)
        )

    def _line(
        self,
        row: PinnedRow,
        place: Fact,
        drafts: Mapping[int, Fact],
        calls: Mapping[int, list[Fact]],
        decisions: Mapping[int, list[Fact]],
    ) -> bytes:
        line: Fact = place | {"position": row.position}
        if self._subject:
            line[self._subject] = row.subject
        line |= {
            "sample": row.sample,
            "revision": row.revision,
            "content_hash": row.content_hash,
            "origin": row.origin,
        }
        if row.run is not None:
            line |= self._runs[row.run]
        if row.job is not None:
            line |= {"import": row.job, "import_file": self._imports[row.job], "import_line": row.source_line}
        if row.split:
            line["split"] = row.split
        if row.source:
            line["source"] = row.source
        draft = drafts.get(row.draft) if row.draft is not None else None
        if draft:
            line |= {"items": draft["items"], "calls": [call for item in draft["items"] for call in calls[item]]}
        line["seeds"] = (draft["seeds"] if draft else None) or ([row.seed] if row.seed else [])
        line["decisions"] = decisions.get(row.sample, []) if row.sample is not None else []
        return orjson.dumps(line) + b"\n"

    def _learn_runs(self, wanted: set[int]) -> None:
        for run in Run.objects.select_related("endpoint").filter(pk__in=wanted - self._runs.keys()):
            self._runs[run.pk] = {
                "run": run.pk,
                "recipe": run.recipe,
                "model_asked": run.model,
                "endpoint": run.endpoint.name if run.endpoint else "",
                "prompts": _prompts(run.template_versions),
            }

    def _learn_imports(self, wanted: set[int]) -> None:
        for pk, params in Job.objects.filter(pk__in=wanted - self._imports.keys()).values_list("pk", "params"):
            self._imports[pk] = str(params.get("name", ""))

    def _person(self, name: str, *, named: bool) -> str:
        return name if named else self._people.setdefault(name, f"reviewer {len(self._people) + 1}")

    def _decisions(self, samples: list[int], *, names: bool) -> Mapping[int, list[Fact]]:
        found = Decision.objects.filter(**_within("sample_id", samples), created_at__lte=self._frozen_at).order_by("id")
        told = defaultdict(list)
        for sample, person, action, revision, at in found.values_list(
            "sample_id", "person__username", "action", "revision", "created_at"
        ):
            told[sample].append(
                {"by": self._person(person, named=names), "action": action, "revision": revision, "at": at.isoformat()}
            )
        return told


def _prompts(versions: Mapping[str, int]) -> dict[str, Any]:
    """Slot -> the number of the version used and the hash of its text; version 0 is the shipped text."""
    known = PromptVersion.objects.in_bulk([pk for pk in versions.values() if pk])
    told: dict[str, Any] = {}
    for slot, pk in sorted(versions.items()):
        told[slot] = {"version": 0}
        if version := known.get(pk):
            told[slot] = {"version": version.number, "id": pk, "text_hash": version.text_hash}
    return told


def _descent(grounds: Grounds | None) -> Fact:
    """The samples that a row's sample was made from, its parent first, and the words in documents at their end."""
    if grounds is None:
        return {}
    told: Fact = {"ancestors": list(grounds.line)} if grounds.line else {}
    if grounds.places:
        told["documents"] = [
            {"document": each.document, "name": each.name, **({"page": each.page} if each.page else {}),
             "start": each.start, "end": each.end, "quote": each.quote, "by_sample": grounds.by}
            for each in grounds.places
        ]  # fmt: skip
    return told


def _within(name: str, ids: Sequence[int]) -> dict[str, Any]:
    """A look-up of these ids. Where they lie close together it is a range, which costs nothing to ask for; it may find
    a few others too."""
    if not ids:
        return {f"{name}__in": []}
    first, last = min(ids), max(ids)
    return {f"{name}__gte": first, f"{name}__lte": last} if last - first < 2 * len(ids) else {f"{name}__in": ids}


def _drafts(wanted: list[int]) -> dict[int, Fact]:
    """Draft -> its items, the one that invented its instruction first, and the seeds that it descends from."""
    found = Draft.objects.filter(**_within("pk", wanted)).values_list(
        "pk", "item_id", "content__seed_ids", "item__payload__instruction_id"
    )
    rows = list(found)
    parents = dict(Draft.objects.filter(pk__in={row[3] for row in rows if row[3]}).values_list("pk", "item_id"))
    return {
        pk: {"items": [*([parents[parent]] if parent in parents else []), item], "seeds": seeds or []}
        for pk, item, seeds, parent in rows
    }


def _calls(items: Iterable[int]) -> Mapping[int, list[Fact]]:
    """Item -> the calls that speak for it, with the model that answered."""
    told: dict[int, list[Fact]] = defaultdict(list)
    found = Call.objects.filter(item_id__in=items, superseded=False, voided=False).order_by("item_id", "step", "index")
    for item, pk, stage, model in found.values_list("item_id", "pk", "stage", "model_returned"):
        told[item].append({"call": pk, "stage": stage, "model": model})
    return told
