"""Where every exported row came from: one JSON line a row, below one line about the whole file.

A row's line leads back to its revision, the run and item that made it, the calls with the models that answered,
the seeds, and the people who decided on it up to the moment when the version was frozen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from generation.models import Call, Draft, PromptVersion, Run
from review.models import DatasetVersion, Decision, Export
from review.selection import PinnedRow

HEAD_BYTES = 4096
"""Room for the first line, which is written last because it holds the file's hash."""
MEDIA_TYPE = "application/x-ndjson"

Fact = dict[str, Any]


def head(export: Export) -> bytes:
    """The first line, filled up with blanks to `HEAD_BYTES`: the version, the file, its rows."""
    version = export.version
    about: Fact = {
        "manifest": 1,
        "project": export.project.slug,
        "dataset": version.dataset.name,
        "version": version.number,
        "frozen_at": version.frozen_at.isoformat(),
        "selection": version.config,
        "content_hash": version.content_hash,
        "format": export.format,
        "file": export.file_name,
        "size": export.size,
        "sha256": export.sha256,
        "rows": export.rows,
        "rows_without_model": export.rows_without_model,
    }
    if export.statement:
        about["statement"] = export.statement
    line = orjson.dumps(about)
    if len(line) >= HEAD_BYTES:
        raise ValueError("the manifest's first line outgrew its room")
    return line.ljust(HEAD_BYTES - 1) + b"\n"


class Tracer:
    """Writes the lines of one version's rows. Runs are looked up once, everything else once for each batch."""

    def __init__(self, version: DatasetVersion) -> None:
        self._frozen_at = version.frozen_at
        self._runs: dict[int, Fact] = {}

    def lines(self, rows: Sequence[PinnedRow]) -> bytes:
        """One line for each row, in order."""
        self._learn_runs({row.run for row in rows if row.run is not None})
        drafts = _drafts([row.draft for row in rows if row.draft is not None])
        calls = _calls({item for draft in drafts.values() for item in draft["items"]})
        decisions = self._decisions([row.sample for row in rows])
        return b"".join(self._line(row, drafts, calls, decisions) for row in rows)

    def _line(
        self,
        row: PinnedRow,
        drafts: Mapping[int, Fact],
        calls: Mapping[int, list[Fact]],
        decisions: Mapping[int, list[Fact]],
    ) -> bytes:
        line: Fact = {
            "position": row.position,
            "sample": row.sample,
            "revision": row.revision,
            "content_hash": row.content_hash,
            "origin": row.origin,
        }
        if row.run is not None:
            line |= self._runs[row.run]
        draft = drafts.get(row.draft) if row.draft is not None else None
        if draft:
            line |= {"items": draft["items"], "calls": [call for item in draft["items"] for call in calls[item]]}
        line["seeds"] = (draft["seeds"] if draft else None) or ([row.seed] if row.seed else [])
        line["decisions"] = decisions.get(row.sample, [])
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

    def _decisions(self, samples: list[int]) -> Mapping[int, list[Fact]]:
        found = Decision.objects.filter(sample_id__in=samples, created_at__lte=self._frozen_at).order_by("id")
        told = defaultdict(list)
        for sample, person, action, revision, at in found.values_list(
            "sample_id", "person__username", "action", "revision", "created_at"
        ):
            told[sample].append({"by": person, "action": action, "revision": revision, "at": at.isoformat()})
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


def _drafts(wanted: list[int]) -> dict[int, Fact]:
    """Draft -> its items, the one that invented its instruction first, and the seeds that it descends from."""
    found = Draft.objects.filter(pk__in=wanted).values_list(
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
