"""One row of everything in a project, for tests that walk every address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from generation.access import seat_in
from generation.actions.chat_templates import save_chat_template
from generation.actions.documents import add_text
from generation.actions.endpoints import create_endpoint
from generation.actions.jobs import start_job, work_on
from generation.actions.media import store_medium
from generation.actions.people import make_token
from generation.actions.prompts import save_version, slot_named
from generation.actions.row_imports import Choices, start_row_import
from generation.actions.row_reading import Reading
from generation.actions.seeds import save_seed
from generation.actions.task_types import save_type
from generation.actions.uploads import store_upload
from generation.actions.vocabularies import save_vocabulary
from generation.actions.workflow_steps import checked_step
from generation.formats.seed_tasks import SeedRow
from generation.models import (
    Call,
    EvaluationItem,
    EvaluationSet,
    Item,
    OneTimeLink,
    Person,
    Pool,
    Project,
    Run,
    Sample,
    Workflow,
    WorkflowTurn,
)
from generation.models.people import token_hash
from generation.preferences.bias import PairFacts, report_of
from generation.quality.report import Asked, RowFacts
from generation.quality.report import report_of as quality_of
from generation.types import Draft
from review.actions.exports import build_export, start_export
from review.actions.rounds import RoundWish, open_round
from review.models import Comparison, ConflictGroup, ConflictSearch, PairReport, QualityReport, Round, RowSelection
from tests.cast import make_samples
from tests.pairs import make_pair

SLOT, LANGUAGE = "self_instruct.classify", "en"


@dataclass
class World:
    """The arguments of addresses by name, and the key that must never be seen."""

    project: Project
    arguments: dict[str, Any]


def make_world(project: Project, *, owner: Person, key: str = "") -> World:
    """A project with a seed, a prompt, an endpoint, a run with a call, samples, a finished export, a link, a token."""
    now = timezone.now()
    seed = save_seed(project, row=SeedRow(instruction=f"A seed of {project.slug}"), now=now)
    endpoint = create_endpoint(
        project, kind="openai_compatible", by=owner, now=now, key=key, name="Mine", base_url="https://example.org/v1"
    )
    _, slot = slot_named(SLOT, language=LANGUAGE)
    text = slot.shipped(LANGUAGE) + "\nBe brief."
    version = save_version(project, slot=SLOT, language=LANGUAGE, text=text, by=owner, now=now)
    template = "{{ examples }}\nName the tone: {{ text }}"
    kind = save_type(
        project, name="tone", language=LANGUAGE, text=template, fields=["text"], answer="tone", by=owner, now=now
    )
    chat = save_chat_template(project, name="mine", text="{{ messages[0].content }}", bos="", eos="", by=owner, now=now)
    run, call = make_run(project, endpoint=endpoint)
    sample = make_samples(project, [(f"Asked in {project.slug}", "Answered")], state=Sample.State.NEEDS_REVIEW)[0]
    make_samples(project, [(f"Approved in {project.slug}", "Yes")], state=Sample.State.APPROVED)
    export = start_export(project, format_name="alpaca", layout="json", by=owner, now=now)
    clock = timezone.now
    work_on(export.job_id, owner="w", clock=clock, work=lambda job: build_export(job, clock=clock))
    link = OneTimeLink.objects.create(
        purpose="invitation", token_hash=token_hash(f"link-{project.slug}"), project=project, role="viewer",
        made_by=owner, created_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    token, _ = make_token(owner, name="a token", now=now)
    arguments = {
        "slug": project.slug,
        "seed_id": seed.pk,
        "endpoint_id": endpoint.pk,
        "slot": SLOT,
        "language": LANGUAGE,
        "version_id": version.pk,
        "template_id": kind.template_id,
        "chat_template_id": chat.template_id,
        "run_id": run.pk,
        "item_id": call.item_id,
        "call_id": call.pk,
        "sample_id": sample.pk,
        "report_id": made_report(project).pk,
        "export_id": export.pk,
        "dataset_id": export.version.dataset_id,
        "number": export.version.number,
        "link_id": link.pk,
        "token_id": token.pk,
        "person_id": owner.pk,
        "link": f"link-{project.slug}",
        "recipe": "few_shot",
    }
    return World(project, arguments | brought_in(project, owner=owner) | asked_in(project, owner=owner))


def held_against(project: Project) -> dict[str, Any]:
    """A set of evaluation texts, and samples in conflict."""
    return {"set_id": kept_for_evaluation(project).pk, "group_id": in_conflict(project).pk}


def kept_for_evaluation(project: Project) -> EvaluationSet:
    """A set of one text."""
    made = EvaluationSet.objects.create(project=project, name="exam", size=1, created_at=timezone.now())
    EvaluationItem.objects.create(set=made, number=0, text="How many legs has a spider?")
    return made


def in_conflict(project: Project) -> ConflictGroup:
    """Two samples of one question with two answers."""
    said = [("How many moons has Mars?", "Two."), ("How many moons has Mars?", "None at all, it lost them.")]
    samples = make_samples(project, said, state=Sample.State.NEEDS_REVIEW)
    search = ConflictSearch.objects.create(project=project, created_at=timezone.now(), finished_at=timezone.now())
    return ConflictGroup.objects.create(
        project=project, search=search, kind="conflict", key="k", samples=[each.pk for each in samples], size=2
    )


def made_report(project: Project) -> PairReport:
    """A report on two pairs, kept."""
    pairs = [PairFacts(number, number, "Why?", f"Because of {number}.", "No.") for number in (1, 2)]
    told = report_of(pairs, random_seed=42).told
    return PairReport.objects.create(project=project, told=told, pairs=2, created_at=timezone.now())


def made_quality(project: Project) -> QualityReport:
    """A report on the quality of two rows, kept."""
    drafts = [Draft("sample", f"Why is {n} a number?", output="As an AI language model I cannot say.") for n in (1, 2)]
    facts = [RowFacts(number, draft) for number, draft in enumerate(drafts, 1)]
    told = quality_of(facts, asked=Asked()).told
    now = timezone.now()
    return QualityReport.objects.create(project=project, told=told, rows=2, created_at=now, finished_at=now)


def brought_in(project: Project, *, owner: Person) -> dict[str, Any]:
    """A job, a file that waits to be confirmed, an import that waits for a worker, and a picture."""
    now, rows = timezone.now(), [b'{"instruction": "x", "output": "y"}\n']
    job = start_job(project, kind="generation.import_seeds", params={"token": "0" * 32}, by=owner, now=now)
    unconfirmed = store_upload(project, name="seeds.jsonl", chunks=rows)
    upload = store_upload(project, name="rows.jsonl", chunks=rows)
    imported = start_row_import(project, upload=upload, choices=Choices(Reading("alpaca")), by=owner, now=now)
    document = add_text(project, name="notes", text=f"Notes of {project.slug}.", now=now).document
    store_medium(project, name="a.png", chunks=[b"\x89PNG\r\n\x1a\n"], now=now)
    terms = save_vocabulary(project, name="Terms", terms={"a": ["b"]}, by=owner, now=now)
    pair = make_pair(project, f"A question of {project.slug}", "Better", "Worse")
    made = {"pair_id": pair.pk}
    made |= {"job_id": job.pk, "upload": unconfirmed.token, "document_id": document.pk, "vocabulary_id": terms.pk}
    steps = [checked_step(project, step={"recipe": "few_shot"}, at=0, now=now)] * 2
    workflow = Workflow.objects.create(project=project, name="Nightly", steps=steps, made_by=owner, created_at=now)
    turn = WorkflowTurn.objects.create(workflow=workflow, steps=steps, created_at=now, started_by=owner)
    made |= {"workflow_id": workflow.pk, "turn_id": turn.pk}
    made |= {"quality_id": made_quality(project).pk, "code": "check.refusal"}
    made["selection_id"] = RowSelection.objects.create(project=project, name="Best", created_at=now).pk
    return made | {"import_id": imported.pk, "media_id": project.media.get().pk}


def asked_in(project: Project, *, owner: Person) -> dict[str, Any]:
    """A round of the one pair and what it asks, and what rows are held against."""
    wish = RoundWish(name=f"Round of {project.slug}", criteria=("correct",), guidelines="Correct before long.")
    asked: Round = open_round(seat_in(owner, project.slug), wish=wish, now=timezone.now())
    ours = {"round_id": asked.pk, "comparison_id": Comparison.objects.get(round=asked).pk}
    return ours | held_against(project)


def make_run(project: Project, *, endpoint: Any) -> tuple[Run, Call]:
    """A completed run with one answered call."""
    now = timezone.now()
    pool, _ = Pool.objects.get_or_create(project=project, name="main")
    run = Run.objects.create(
        project=project, recipe="self_instruct", pool=pool, endpoint=endpoint, model="m", state="completed",
        created_at=now,
    )  # fmt: skip
    stage = "self_instruct.invent"
    item = Item.objects.create(run=run, stage=stage, wave=0, number=0, random_seed=1, state="done")
    call = Call.objects.create(
        run=run, item=item, stage=stage, step=0, state="parsed", fingerprint="f", raw=b"{}", text="said"
    )
    return run, call
