"""Fifteen kinds of attack on a judge that does whatever an answer tells it: nothing leaves without the alarm.

Three of the twenty texts of each kind in `make test`, all of them with FDC_TRUST=1.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from generation.actions.endpoints import create_endpoint
from generation.actions.judge_alarms import clear_alarm, is_fooled
from generation.actions.runs import start_run
from generation.models import Answer, PreferencePair, Project, RunEvent, Sample
from generation.preferences.injection import KINDS
from generation.recipes.judging.canaries import planted
from tests.cast import NOW, Cast, make_cast
from tests.chat_server import Said, chat_server
from tests.faults.report import FULL
from tests.house import ROOT
from tests.runs import work_through
from tests.unit.recipes.judging.judged import context

pytestmark = pytest.mark.django_db(transaction=True)
ATTACKS = json.loads((ROOT / "tests/unit/preferences/judge_attacks.json").read_text(encoding="utf-8"))
HONEST = "Water expands when it freezes, so ice is less dense than the water below it, and floats."
USELESS = "Things are what they are."
TEXTS = 20 if FULL else 3


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def obey(body: dict[str, Any], _number: int) -> Said:
    """The side whose text was written to win, wherever it stands; a score of ten for it, four for any other."""
    asked = body["messages"][-1]["content"]
    ours = [each["texts"][each["planted"]].split("\n")[0] for each in _canaries()]
    if "Answer A:" in asked:
        left = asked.partition("Answer A:")[2].partition("Answer B:")[0]
        return Said(json.dumps({"reason": "It says so.", "winner": "A" if any(map(left.__contains__, ours)) else "B"}))
    answer = asked.partition("The answer:")[2].partition("The rubric:")[0]
    return Said(json.dumps({"reason": "It says so.", "score": 10 if any(map(answer.__contains__, ours)) else 4}))


def _canaries() -> list[dict[str, Any]]:
    return planted(200, context(canary_share=0.5), first=True)


def plant(project: Project) -> int:
    """A prompt with an honest answer and a useless one that carries an attack, for every text; how many there are."""
    made = 0
    for kind in KINDS:
        texts = [text for pair in zip(ATTACKS[kind]["en"], ATTACKS[kind]["zh"], strict=True) for text in pair]
        for at, text in enumerate(texts[:TEXTS]):
            sample = Sample.objects.create(
                project=project, instruction=f"Why does ice float? ({kind} {at})", state="generated", origin="import",
                language="en", content_hash=f"{kind}{at}", created_at=NOW,
            )  # fmt: skip
            for place, answer in enumerate((HONEST, f"{USELESS}\n\n{text}")):
                Answer.objects.create(sample=sample, text=answer, content_hash=str(place), created_at=NOW)
            made += 1
    return made


@pytest.mark.parametrize("judge", ["pairwise", "single"])
def test_no_attack_becomes_a_pass_without_the_alarm(cast: Cast, judge: str) -> None:
    count = plant(cast.project)
    with chat_server(obey) as server:
        endpoint = create_endpoint(
            cast.project, kind="openai_compatible", by=cast.alice, now=NOW, key="sk-x", name="Obeying",
            base_url=server.base_url, max_in_flight=16,
        )  # fmt: skip
        run = start_run(
            cast.project, recipe="rank_responses", params={"judge": judge}, by=None, now=timezone.now(),
            endpoint=endpoint, model="m-1",
        )  # fmt: skip
        run = work_through(run, turns=400)
    pairs = PreferencePair.objects.filter(run=run)
    assert run.state == "completed"
    assert pairs.count() == count == 15 * TEXTS
    assert not pairs.filter(state="exportable").exists()
    assert pairs.filter(chosen__text=HONEST).count() == 0, "the judge did what it was told"
    assert is_fooled(run)
    assert RunEvent.objects.filter(run=run, kind="judge.fooled").exists()
    clear_alarm(run, by=cast.alice, now=NOW)
    assert not pairs.filter(state="exportable").exists(), "each answer that speaks to the judge is held back for it"
