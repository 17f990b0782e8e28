"""Every way to make pairs with every kind of judge, started from the form by somebody at a browser.

The whole of it on recorded answers is `make preferences`; here three prompts tell whether each form leads to its pairs.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections

from generation.models import Person, Run
from tests.chat_server import chat_server
from tests.journeys.conftest import session_of
from tests.judging_server import JUDGE
from tests.recorded import answers, paging, playing
from tests.recorded.answers import HIGH, LOW, Row
from tests.recorded.form import RunForm, Told, fields_of
from tests.recorded.playing import COMPARED, RANKED, WRITTEN
from tests.runs import work_through

pytestmark = pytest.mark.django_db(transaction=True)

ICE = "Ice floats because it is less dense than the water around it."
OSLO = "The capital of Norway is the city of Oslo."
SPIDER = "A spider has eight legs, four on each side of it."
ROWS = [
    Row("Why does ice float on water?", "", ICE, {HIGH: ICE, LOW: "Many trains run late when winter comes to town."}),
    Row("Name the capital of Norway.", "", OSLO, {HIGH: OSLO, LOW: "Bread."}),
    Row("How many legs has a spider?", "", SPIDER, {HIGH: "Nobody ever counted them on a rainy day.", LOW: SPIDER}),
]
"""The stronger model is right twice, the weaker one once. Only "Bread." looks bad to rules that see form alone."""
G_EVAL = ("--judge", "g_eval", "--samples", "2")
CASES: tuple[tuple[tuple[str, ...], tuple[int, int]], ...] = (
    ((*COMPARED, "--judge", "pairwise"), (2, 0)),
    ((*COMPARED, "--judge", "pairwise", "--with-scores", "--reference"), (2, 0)),
    ((*COMPARED, "--judge", "single"), (2, 0)),
    ((*COMPARED, "--judge", "aspects"), (2, 0)),
    ((*COMPARED, "--judge", "heuristics"), (1, 2)),
    ((*WRITTEN, *G_EVAL), (3, 0)),
    ((*RANKED, "--judge", "pairwise"), (3, 0)),
    ((*RANKED, "--judge", "uploaded", "--scale", "0", "10"), (3, 0)),
    ((*RANKED, "--judge", "heuristics"), (1, 2)),
)
"""What is filled in, as the command's arguments, and how many pairs may leave and are held back."""


def test_every_judge_runs_whole_from_the_page(live_server, page, tmp_path: Path):
    prompts, ranked = tmp_path / "prompts.jsonl", tmp_path / "ranked.jsonl"
    answers.write_prompts(ROWS, prompts)
    answers.write_ranked(ROWS, ranked)
    desk = answers.desk(ROWS)
    with chat_server(desk, models=[HIGH, LOW, JUDGE]) as server:
        for at, (arguments, _wanted) in enumerate(CASES):
            project = playing.prepare(server, slug=f"judged-{at}")
            paging.bring(project, arguments, prompts=prompts, ranked=ranked)
        owner = session_of(Person.objects.get(username="recorded"))
        page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in owner.items()])
        forms = [RunForm(page, f"{live_server.url}/p/judged-{at}") for at in range(len(CASES))]
        runs = [started(form, arguments) for form, (arguments, _wanted) in zip(forms, CASES, strict=True)]
        with ThreadPoolExecutor(1) as worker:
            worker.submit(worked, runs).result()
        told = [form.see(run) for form, run in zip(forms, runs, strict=True)]
    assert told == [Told(run, *wanted) for run, (_arguments, wanted) in zip(runs, CASES, strict=True)]
    assert desk.names_seen == []


def started(form: RunForm, arguments: tuple[str, ...]) -> int:
    recipe, values = fields_of(arguments, JUDGE)
    form.fill(recipe, values, endpoint="Recorded")
    return form.start()


def worked(runs: list[int]) -> None:
    """The workers' part, beside the browser."""
    try:
        for run in Run.objects.filter(pk__in=runs):
            assert work_through(run, turns=400).state == Run.State.COMPLETED
    finally:
        connections.close_all()
