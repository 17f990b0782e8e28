"""Hostile texts in what runs draw from and leave behind: documents, vocabularies, workflows, events, batches."""

from __future__ import annotations

import hashlib
from datetime import datetime

from generation.models import (
    Batch,
    Call,
    Document,
    Draft,
    Grounding,
    Item,
    ModelAbility,
    ModelPrice,
    Run,
    RunEvent,
    Sample,
    Spend,
    Vocabulary,
    Workflow,
    WorkflowTurn,
)
from tests.hostile.corpus import HOSTILE, of_length
from tests.world import World

LINES = [text for text in of_length(120) if text.strip()]
TERMS = of_length(200)


class SourceFlood:
    """Puts `one` wherever such a row holds a single text, and the corpus where there are many."""

    def __init__(self, world: World, *, one: str, now: datetime) -> None:
        self.world, self.project, self.one, self.now = world, world.project, one, now
        self.at = world.arguments
        self.run = Run.objects.get(pk=self.at["run_id"])
        self.item = Item.objects.get(pk=self.at["item_id"])
        self.sample = Sample.objects.get(pk=self.at["sample_id"])

    def everything(self) -> None:
        """All of it."""
        self._documents()
        self._vocabularies()
        self._workflows()
        self._left_by_the_run()
        self._known_of_the_endpoint()
        self._family()

    def _documents(self) -> None:
        one, text = self.one, "\n\n".join(HOSTILE)
        headings = [[text.index(line), 1 + at % 4, line] for at, line in enumerate(LINES[:60])]
        Document.objects.filter(pk=self.at["document_id"]).update(
            name=one[:200], text=text, characters=len(text), content=text.encode("utf-8", "replace"), size=len(text),
            language=one[:10], headings=headings, media_type=one[:100],
            meta=dict.fromkeys(("title", "author", "created", "description", "encoding"), one) | {"pages": [0, 50, 99]},
        )  # fmt: skip
        Document.objects.bulk_create(
            Document(project=self.project, name=line, text=line, characters=len(line), content=b"x",
                     created_at=self.now, content_hash=hashlib.sha256(f"{at}{line}".encode()).hexdigest())
            for at, line in enumerate(LINES[:60])
        )  # fmt: skip
        Grounding.objects.bulk_create(
            Grounding(sample=self.sample, document_id=self.at["document_id"], index=at, start=at * 40, end=at * 40 + 60)
            for at in range(20)
        )

    def _vocabularies(self) -> None:
        terms = {self.one: TERMS, **{line: TERMS[at : at + 3] for at, line in enumerate(LINES)}}
        Vocabulary.objects.filter(pk=self.at["vocabulary_id"]).update(
            name=self.one[:120], language=self.one[:10], terms=terms
        )
        Vocabulary.objects.bulk_create(
            Vocabulary(project=self.project, name=line, terms={line: [line]}, created_at=self.now)
            for line in dict.fromkeys(LINES[:60])
        )

    def _workflows(self) -> None:
        one = self.one
        step = {
            "recipe": one, "params": {one: one}, "language": one[:10], "endpoint": self.at["endpoint_id"], "model": one,
            "budget_micro": 1, "random_seed": 1, "draws": one, "sources": {"seeds": {"q": one}, "take": [one]},
        }  # fmt: skip
        Workflow.objects.filter(pk=self.at["workflow_id"]).update(name=one[:120], steps=[step] * 3)
        WorkflowTurn.objects.filter(pk=self.at["turn_id"]).update(steps=[step] * 3, state="failed", message=one[:300])
        Workflow.objects.bulk_create(
            Workflow(project=self.project, name=line, steps=[step | {"recipe": line}], created_at=self.now)
            for line in LINES[:60]
        )

    def _left_by_the_run(self) -> None:
        one, run, endpoint = self.one, self.run, self.at["endpoint_id"]
        price = {"model": one, "currency": one[:3], "source": one, "input": "1", "output": "1", "tiers": []}
        Run.objects.filter(pk=run.pk).update(
            turn=self.at["turn_id"], step=0, batch="file", thinking=True, source_at=1, price=price,
            sources={"take": [one], "samples": {"q": one, "tag": one, "state": one},
                     "documents": [self.at["document_id"]], "vocabulary": self.at["vocabulary_id"], "fresh": True},
            pinned={"documents": [self.at["document_id"]], "samples": [], "vocabulary": {one: [one]}},
            fallbacks=[{"endpoint": endpoint, "model": one, "price": price, "rate": "1"}],
            template_versions={"self_instruct.invent": self.at["version_id"], one: 0}, input_price=1, output_price=1,
        )  # fmt: skip
        source = {"endpoint": endpoint, "name": one, "model": one}
        details = [{"from": source, "to": source, "reason": one, "detail": one}, {"source": source, "reason": one},
                   {"batch": 1, "requests": 2, "answered": 1, "status": one, "detail": one}]  # fmt: skip
        RunEvent.objects.bulk_create(
            RunEvent(run=run, at=self.now, kind=kind[:40], detail=detail)
            for kind in ("source.switched", "source.skipped", "batch.failed", one) for detail in details
        )  # fmt: skip
        batch = Batch.objects.create(
            run=run, endpoint_id=endpoint, model=one[:120], state="created", token=one[:40], file_id=one[:200],
            batch_id=one[:200], status=one[:40], requests=2, detail={one: one}, made_at=self.now,
        )  # fmt: skip
        Call.objects.filter(pk=self.at["call_id"]).update(
            batch=batch, endpoint=endpoint, model=one[:120], thinking=one, reused_from=self.at["call_id"]
        )
        Spend.objects.bulk_create(
            Spend(run=run, day=self.now.date(), stage=line[:80], model=line, calls=1, cost_micro=at)
            for at, line in enumerate(dict.fromkeys(LINES[:60]))
        )

    def _known_of_the_endpoint(self) -> None:
        one = self.one
        ModelAbility.objects.create(
            endpoint_id=self.at["endpoint_id"], model=one[:120], json_mode=one[:10], omits=[one], tested_at=self.now,
            facts={"usage": True, "latency_ms": 1, one: one, "json_modes": [one]}, detected={one: 1},
        )  # fmt: skip
        ModelPrice.objects.create(
            endpoint_id=self.at["endpoint_id"], provider=one[:40], model=one[:120], input_price=1, output_price=1,
            source=one[:300], valid_from=self.now.date(), tiers=[{"above": 1, "input": "1", "output": "1"}],
        )  # fmt: skip

    def _family(self) -> None:
        """Scores and a line of drafts around the sample."""
        one = self.one
        score = {"value": 2.0, "low": 1, "high": 5, "revision": 1, "run": self.run.pk}
        data = {"round": 1, "operation": one, "format": one, "root": one[:80]}
        top = Draft.objects.create(
            run=self.run, item=self.item, index=900, stage=one[:80], wave=0, kind="sample", state="admitted",
            line=one[:80], content={"instruction": one, "data": data, "scores": {one: score}},
        )  # fmt: skip
        Draft.objects.bulk_create(
            Draft(run=self.run, item=self.item, index=901 + at, stage=line[:80], wave=0, kind="sample", state="dropped",
                  parent=top, line=one[:80], reason=line[:60],
                  content={"instruction": line, "data": data | {"operation": line, "format": line}})
            for at, line in enumerate(LINES[:60])
        )  # fmt: skip
        Sample.objects.filter(pk=self.sample.pk).update(draft=top, run=self.run, scores={one: score, "quality": score})
