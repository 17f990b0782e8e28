"""A project whose every stored text is hostile, written straight into the rows: no entrance has had a look at it.

Lists and long texts take the whole corpus; a place that holds one short text takes `one`. Lengths keep to the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from generation.formats.turns import from_exchanges, turn_as_json
from generation.models import (
    ApiToken,
    AuditEntry,
    Call,
    Draft,
    Endpoint,
    Item,
    Job,
    Membership,
    ModelPrice,
    OneTimeLink,
    Person,
    Project,
    PromptTemplate,
    PromptVersion,
    Revision,
    Run,
    RunTally,
    Sample,
    Seed,
    Tally,
)
from generation.models.people import token_hash
from review.models import Decision, Export
from tests.hostile.corpus import HOSTILE, of_length
from tests.world import World

SHORT = [text for text in of_length(60) if text.strip()]
LINE = [text for text in of_length(120) if text.strip()]
LONG_LINE = [text for text in of_length(200) if text.strip()]


class Flood:
    """Puts `one` wherever a row of a world that `make_world` made holds a single text."""

    def __init__(self, world: World, *, owner: Person, one: str) -> None:
        self.world, self.owner, self.one = world, owner, one
        self.project = world.project
        self.now = timezone.now()
        self.run = Run.objects.get(pk=world.arguments["run_id"])
        self.item = Item.objects.get(pk=world.arguments["item_id"])
        self.sample = Sample.objects.get(pk=world.arguments["sample_id"])

    def single(self) -> None:
        """The places that hold one text."""
        one, now = self.one, self.now
        Project.objects.filter(pk=self.project.pk).update(
            name=one[:120], guidelines=one, reject_reasons=[one[:60], *SHORT[:8]]
        )
        Endpoint.objects.filter(pk=self.world.arguments["endpoint_id"]).update(
            name=one[:120],
            base_url=f"https://x.example/{one}"[:500],
            models_listed=[one[:120], *LINE[:11]],
            key_hint=one[-4:],
            key_set_at=now,
        )
        self._single_of_run()
        PromptTemplate.objects.filter(pk=self.world.arguments["template_id"]).update(name=one[:120], language=one[:10])
        Job.objects.filter(pk=self.world.arguments["job_id"]).update(
            state="failed", message=one[:300], params={"name": one, "token": "0" * 32, "size": 1, "source": one},
            total=1, done=1, rejected=1,
            errors=[_row_error(at, text) for at, text in enumerate(HOSTILE)],
        )  # fmt: skip
        Export.objects.filter(pk=self.world.arguments["export_id"]).update(file_name=one[:200], sha256=one[:64])
        OneTimeLink.objects.filter(pk=self.world.arguments["link_id"]).update(note=one[:200])
        ApiToken.objects.filter(pk=self.world.arguments["token_id"]).update(name=one[:100], prefix=one[:12])
        Person.objects.filter(pk=self.owner.pk).update(
            username=one[:150], first_name=one[:150], keys={"search": one, one: one}
        )
        self.owner.refresh_from_db()

    def _single_of_run(self) -> None:
        one, now = self.one, self.now
        Run.objects.filter(pk=self.run.pk).update(
            model=one[:120], pause_detail=one, state="paused", pause_reason="broken", params={"target": one, one: 1},
            seed_filter={"q": one}, template_texts={"self_instruct.invent": one}, started_at=now, started_by=self.owner,
        )  # fmt: skip
        Item.objects.filter(pk=self.item.pk).update(failure_detail=one, payload={one: one})
        Call.objects.filter(pk=self.world.arguments["call_id"]).update(
            stage=one[:80], failure="server_error", failure_detail=one, state="failed",
            raw="\n".join(HOSTILE).encode(), text=one,
            finish_reason=one[:30], model_returned=one[:160], request_id=one[:120], fingerprint=one[:64], sent_at=now,
            request={"messages": [{"role": text[:30], "content": text} for text in HOSTILE]},
        )  # fmt: skip
        names = [f"failure.{text}" for text in ("server_error", *SHORT[:40])]
        names += [f"draft.{stage}.{text}" for stage in ("self_instruct.invent", self.one[:60]) for text in SHORT[:40]]
        tallies = (RunTally(run=self.run, name=name, count=1) for name in names)
        RunTally.objects.bulk_create(tallies, ignore_conflicts=True)


class WholeFlood(Flood):
    """A flood whose lists and long texts hold the whole corpus."""

    def many(self) -> None:
        """The lists and the long texts: every entry of the corpus."""
        self._seeds()
        self._prompts()
        self._people()
        self._endpoints_and_runs()
        self._samples()
        self._past_of_a_sample()
        self._exports()

    def _seeds(self) -> None:
        made = [
            Seed(
                project=self.project, instruction=text, instances=[{"input": text, "output": text}] * (1 + at % 3),
                fields={text[:200]: text} if at % 2 else {}, task_type=short, language=short[:10], tags=[short,
                text[:200]],
                source=line, source_id=short, source_line=at, content_hash=f"{at:064}", search="fired",
                created_at=self.now,
                updated_at=self.now, is_classification=at % 5 == 0,
            )
            for at, (text, short, line) in enumerate(zip(HOSTILE, _again(SHORT), _again(LONG_LINE), strict=False))
        ]  # fmt: skip
        Seed.objects.bulk_create(made)
        bulk = Seed.objects.get(pk=self.world.arguments["seed_id"])
        bulk.instruction, bulk.tags = "\n\n".join(HOSTILE), SHORT
        bulk.instances = [{"input": text, "output": text} for text in HOSTILE]
        bulk.fields = {text[:200]: text for text in HOSTILE}
        bulk.save()
        rows = [{"text": text, text[:60]: text, "label": text} for text in SHORT[:60]]
        Seed.objects.bulk_create(
            Seed(project=self.project, fields=row, task_type="sentiment", language="en", content_hash=f"f{at:063}",
                 search="fired", created_at=self.now, updated_at=self.now)
            for at, row in enumerate(rows)
        )  # fmt: skip

    def _prompts(self) -> None:
        version = PromptVersion.objects.get(pk=self.world.arguments["version_id"])
        for template_id in (version.template_id, self.world.arguments["template_id"]):
            last = PromptVersion.objects.filter(template_id=template_id).order_by("-number")[0]
            PromptVersion.objects.bulk_create(
                PromptVersion(
                    template_id=template_id, number=last.number + 1 + at, text=text, text_hash="0" * 64, note=note,
                    author=self.owner, created_at=self.now, declared=last.declared,
                )
                for at, (text, note) in enumerate(zip(HOSTILE, _again(LONG_LINE), strict=False))
            )  # fmt: skip
            PromptVersion.objects.create(
                template_id=template_id, number=9999, text="\n".join([last.text, *LINE]), text_hash="0" * 64,
                note=self.one[:200], author=self.owner, created_at=self.now,
                declared={"fields": ["text", *SHORT[:5]], "answer": self.one[:60]} if last.declared else {},
            )  # fmt: skip

    def _people(self) -> None:
        people = Person.objects.bulk_create(
            Person(username=f"{at}{text}"[:150], first_name=text[:150], last_name=text[:150], password="!")
            for at, text in enumerate(LINE)
        )
        Membership.objects.bulk_create(
            Membership(project=self.project, person=person, role="viewer", created_at=self.now) for person in people
        )
        OneTimeLink.objects.bulk_create(
            OneTimeLink(
                purpose="invitation", token_hash=token_hash(f"flood-{at}"), project=self.project, role="viewer",
                note=text, made_by=people[at % len(people)], created_at=self.now,
                expires_at=self.now + timedelta(days=1),
            )
            for at, text in enumerate(LONG_LINE)
        )  # fmt: skip
        ApiToken.objects.bulk_create(
            ApiToken(person=self.owner, name=text[:100], prefix=text[:12], token_hash=token_hash(f"token-{at}"),
                     created_at=self.now)
            for at, text in enumerate(LINE)
        )  # fmt: skip
        AuditEntry.objects.bulk_create(
            AuditEntry(person=people[at], project=self.project, action=text[:60], subject=text, detail={text: text},
                       created_at=self.now)
            for at, text in enumerate(LINE[:20])
        )  # fmt: skip
        projects = Project.objects.bulk_create(
            Project(slug=f"flood-{at}", name=text, created_at=self.now) for at, text in enumerate(LINE)
        )
        Membership.objects.bulk_create(
            Membership(project=project, person=self.owner, role="owner", created_at=self.now) for project in projects
        )

    def _endpoints_and_runs(self) -> None:
        endpoints = Endpoint.objects.bulk_create(
            Endpoint(project=self.project, name=text, kind="openai_compatible", base_url=f"https://x.example/{text}",
            environment=text[:60],
                     models_listed=[text, text[::-1]], created_at=self.now)
            for text in LINE
        )  # fmt: skip
        ModelPrice.objects.bulk_create(
            ModelPrice(provider="openai_compatible"[:40], model=text, input_price=1, output_price=1, source=text,
                       valid_from=self.now.date())
            for text in dict.fromkeys(LINE)
        )  # fmt: skip
        Run.objects.bulk_create(
            Run(project=self.project, recipe=text[:60], model=text, language=text[:10], pool=self.run.pool,
            endpoint=endpoint,
                state="completed", currency=text[:3], created_at=self.now, started_by=self.owner)
            for text, endpoint in zip(LINE, endpoints, strict=True)
        )  # fmt: skip
        Call.objects.bulk_create(
            Call(run=self.run, item=self.item, stage=text[:80], step=1, index=at, state="parsed", fingerprint="f",
                 raw=text.encode(), text=text, finish_reason=text[:30], model_returned=text[:160], failure=text[:30])
            for at, text in enumerate(HOSTILE)
        )  # fmt: skip

    def _samples(self) -> None:
        states = ("needs_review", "approved", "rejected", "filtered")
        Sample.objects.bulk_create(
            Sample(
                project=self.project, run=self.run, origin="model", instruction=text, output=text, input=text,
                task_type=short,
                language=short[:10], tags=[short], reason=short, state=states[at % 4], content_hash="0" * 64,
                search="fired", created_at=self.now, checks=[{"code": short, "drop": False, "detail": text}],
            )
            for at, (text, short) in enumerate(zip(HOSTILE, _again(SHORT), strict=False))
        )  # fmt: skip
        Tally.objects.bulk_create(
            Tally(project=self.project, kind="sample", state=state, shard=99, count=len(HOSTILE) // 4)
            for state in states
        )

    def _past_of_a_sample(self) -> None:
        row, pairs = self.sample, zip(HOSTILE[::2], _again(HOSTILE[1::2]), strict=False)
        draft = Draft.objects.create(
            run=self.run, item=self.item, index=0, stage=self.one[:80], wave=0, kind="example", state="admitted",
            novelty={"score": 0.5, "most_similar": self.one}, content={"instruction": self.one},
        )  # fmt: skip
        row.draft, row.run, row.origin, row.system = draft, self.run, "model", self.one
        row.instruction = row.input = row.output = self.one
        row.turns = [turn_as_json(turn) for turn in from_exchanges(pairs)]
        row.task_type, row.language, row.tags, row.reason = self.one[:60], self.one[:10], SHORT, self.one[:60]
        row.checks = [{"code": text, "drop": at % 2 == 0, "detail": text} for at, text in enumerate(SHORT)]
        row.revision, row.version, row.edited, row.flagged = len(LINE) + 1, 1000, True, True
        before = row.first_revision()
        row.save()
        before.save()
        Revision.objects.bulk_create(
            Revision(sample=row, number=at + 2, instruction=text, output=text if at % 2 else "", content_hash="0" * 64,
                     author=self.owner, created_at=self.now)
            for at, text in enumerate(LINE)
        )  # fmt: skip
        Decision.objects.bulk_create(
            Decision(
                project=self.project, sample=row, person=self.owner, action=("reject", "approve", "flag")[at % 3],
                reason=short, note=text, revision=1, version=at + 2, key=f"flood-{at}", created_at=self.now,
                before={"revision": 1},
            )
            for at, (text, short) in enumerate(zip(LONG_LINE[:95], _again(SHORT), strict=False))
        )  # fmt: skip

    def _exports(self) -> None:
        done = Export.objects.select_related("job").get(pk=self.world.arguments["export_id"])
        jobs = Job.objects.bulk_create(
            Job(project=self.project, kind=done.job.kind, state=("done", "failed")[at % 2], message=text,
            created_at=self.now)
            for at, text in enumerate(LONG_LINE[:120])
        )  # fmt: skip
        Export.objects.bulk_create(
            Export(project=self.project, version=done.version, job=job, format=done.format, file_name=job.message,
                   sha256=job.message[:64], made_by=self.owner, created_at=self.now, finished_at=self.now)
            for job in jobs
        )  # fmt: skip
        Job.objects.bulk_create(
            Job(project=self.project, kind="generation.import_seeds", state="failed", message=text, created_at=self.now,
                params={"name": text, "token": "0" * 32, "size": 1, "source": text, "rows": 1})
            for text in LONG_LINE[:20]
        )  # fmt: skip


def _row_error(at: int, text: str) -> dict[str, Any]:
    return {
        "line": at, "code": text[:40], "path": text[:100], "excerpt": text[:200], "severity": "error",
        "message": text[:99]
    }  # fmt: skip


def _again(texts: Sequence[str]) -> list[str]:
    """The texts over and over, as many as the corpus has."""
    return [texts[at % len(texts)] for at in range(len(HOSTILE))]


def sample_of(texts: Sequence[str], *, every: int) -> list[str]:
    """Some of the texts, spread over all of them."""
    return list(islice(texts, 0, None, every))
