"""Hostile texts in what is imported, frozen and exported: datasets, versions, pairs, media, faults, chat templates."""

from __future__ import annotations

import json
from datetime import datetime

from generation.actions.uploads import store_upload
from generation.models import (
    Answer,
    Feedback,
    Job,
    JobFault,
    Media,
    MediaUse,
    PreferencePair,
    PromptTemplate,
    PromptVersion,
    Sample,
    Text,
)
from review.models import Dataset, DatasetRow, DatasetVersion, Export
from tests.hostile.corpus import HOSTILE
from tests.world import World


class RowFlood:
    """Puts `one` wherever such a row holds a single text, and the corpus where there are many."""

    def __init__(self, world: World, *, one: str, now: datetime) -> None:
        self.world, self.project, self.one, self.now = world, world.project, one, now
        self.sample = Sample.objects.get(pk=world.arguments["sample_id"])

    def everything(self) -> None:
        """All of it."""
        self._tools_and_media()
        self._import()
        self._other_kinds()
        self._versions()
        self._chat_template()

    def _tools_and_media(self) -> None:
        one, sample = self.one, self.sample
        sample.tools = json.dumps([{"name": one, "description": one, "parameters": {one: one}}])
        sample.calls = [{"name": one, "arguments": json.dumps({one: text}), "id": one} for text in HOSTILE[:20]]
        sample.steps = [
            {"role": "assistant", "content": one, "calls": sample.calls[:2]},
            {"role": "tool", "content": one, "name": one, "call_id": one},
        ]
        names = [one, *HOSTILE[:20]]
        sample.media, sample.meta = {"images": names, "videos": [one], "audios": [one]}, {one: one, "label": [one]}
        sample.save()
        Media.objects.filter(pk=self.world.arguments["media_id"]).update(name=one[:200])
        MediaUse.objects.bulk_create(MediaUse(project=self.project, name=n[:500], sample=sample) for n in names)

    def _import(self) -> None:
        one, job = self.one, Job.objects.get(pk=self.world.arguments["import_id"])
        said = {"name": one, "source": one, "task_type": one, "tags": [one], "language": one[:10]}
        Job.objects.filter(pk=job.pk).update(
            state="failed", message=one[:300], params=job.params | said, total=9, done=9, rejected=9
        )
        JobFault.objects.bulk_create(
            JobFault(job=job, line=at, severity=("error", "warning")[at % 2], code=text[:60], path=text[:200],
                     message=text, excerpt=text)
            for at, text in enumerate(HOSTILE)
        )  # fmt: skip
        rows = "".join(json.dumps({"instruction": text, "output": text, text: text}) + "\n" for text in HOSTILE)
        upload = store_upload(self.project, name=one[:200], chunks=[rows.encode("utf-8", "replace")])
        self.world.arguments["upload"] = upload.token

    def _other_kinds(self) -> None:
        one, more = self.one, {"project": self.project, "created_at": self.now, "content_hash": "0" * 64}
        answers = [
            Answer.objects.create(
                sample=self.sample, text=text, model=one[:160], meta={one: one}, scores={"score": {"value": at}},
                content_hash=f"{at:064}", created_at=self.now,
            )
            for at, text in enumerate((one, one[::-1]))
        ]  # fmt: skip
        PreferencePair.objects.create(sample=self.sample, chosen=answers[1], rejected=answers[0], source="human",
                                      state="exportable", reason=one[:60], meta={one: one}, **more)  # fmt: skip
        said = {"language": one[:10], "tags": [one], "source": one[:200], "meta": {one: one}}
        Feedback.objects.create(prompt=one, completion=one, system=one, input=one, good=True, **said, **more)
        Text.objects.create(text=one, **said, **more)

    def _versions(self) -> None:
        one, number = self.one, self.world.arguments["number"]
        dataset = Dataset.objects.get(pk=self.world.arguments["dataset_id"])
        about = ("title", "description", "licence", "licence_name", "licence_link", "creator", "url")
        dataset.name, dataset.about = one[:120], dict.fromkeys(about, one) | {"languages": [one]}
        dataset.save()
        first = DatasetVersion.objects.get(dataset=dataset, number=number)
        figures = {
            "sources": [{"name": one[:60], "n_available": 2, "n_sampled": 2, "rate": 1.0}],
            "languages": dict.fromkeys(HOSTILE[:30], 1), "task_types": {one: 1}, "origins": {one: 1}, "warnings": [one],
        }  # fmt: skip
        config = {"task_type": one[:60], "tag": one[:60], "origin": one[:12], "since": one[:10], "language": one[:10]}
        DatasetVersion.objects.filter(pk=first.pk).update(figures=figures, note=one[:300])
        config = {"sources": [{"name": one[:60], "selection": config | {"kind": "sft"}}], "use": one}
        second = DatasetVersion.objects.create(
            dataset=dataset, number=number + 1, parent=first, rows=1, content_hash="1" * 64, frozen_at=self.now,
            figures=figures, note=one[:300], config=config,
        )  # fmt: skip
        pin = {"sample": self.sample, "source": one[:60], "split": "train"}
        DatasetRow.objects.create(version=first, position=10_000, revision=2, **pin)
        DatasetRow.objects.create(version=second, position=1, revision=3, **pin)
        Export.objects.filter(pk=self.world.arguments["export_id"]).update(
            files=[{"name": one, "size": 1, "sha256": one, "rows": 1, "split": one, "media_type": one}]
        )

    def _chat_template(self) -> None:
        pk = self.world.arguments["chat_template_id"]
        PromptTemplate.objects.filter(pk=pk).update(name=self.one[:120])
        PromptVersion.objects.filter(template=pk).update(
            text="{{ raise_exception(messages[0].content) }}" + self.one.replace("{", ""),
            declared={"bos": self.one[:60], "eos": self.one[:60]},
        )
