"""From a verdict to drafts: pairs with the gate's word and all that a judge said, scores, and planted attacks.

What is written of a pair here is all that admission and reports know of it, so that nothing is judged twice.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from generation.preferences.gate import held_back
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.judging import Judge, Question, Verdict, judge
from generation.recipes.judging.canaries import canary_count, face, planted
from generation.recipes.judging.g_eval import Steps
from generation.recipes.judging.params import least_margin, rubric_hash
from generation.recipes.judging.standing import case_of, duel_of, facts_of, margin_of, standings
from generation.types import Draft, PoolView, Prompt, Reply, Score, Task

ASPECT = "judge"
"""Under which a judge's score of an answer is kept."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on `texts` with the model that gave it and the hash of what it was told to look for."""

    texts: Sequence[str]
    verdict: Verdict
    kind: str
    model: str
    rubric: str

    @property
    def values(self) -> list[float | None]:
        """A number for each text, higher is better."""
        return standings(self.verdict)

    @property
    def source(self) -> str:
        """Where a preference that follows from it comes from: a judge, or scores that no model gave."""
        return "judge" if self.rubric else "score"

    def ranks(self) -> list[int | None]:
        """The rank of each text, 1 the best, equals alike."""
        known = [value for value in self.values if value is not None]
        return [None if each is None else 1 + sum(other > each for other in known) for each in self.values]

    def scores(self, place: int) -> dict[str, Score]:
        """What the judge gave the text: its score, its aspects; of duels the wins, out of as many as there were."""
        if self.verdict.duels:
            value = self.values[place]
            return {} if value is None else {ASPECT: Score(value, 0.0, float(len(self.texts) - 1))}
        given = self.verdict.scores[place]
        aspects = dict(self.verdict.aspects[place]) if self.verdict.aspects else {}
        return aspects | ({ASPECT: given} if given is not None else {})

    def side(self) -> str:
        """Which of two texts the judge prefers: "first", "second", "tie", "inconsistent" or "invalid"."""
        duel = duel_of(self.verdict, 0, 1)
        if duel is not None:
            if duel.invalid:
                return "invalid"
            return {0: "first", 1: "second", None: "tie" if duel.tie else "inconsistent"}[duel.winner]
        margin = margin_of(self.verdict, 0, 1)
        if margin is None:
            return "invalid"
        return "first" if margin > 0 else "second" if margin < 0 else "tie"


Judgement = Generator["Prompt | list[Prompt]", "Reply | list[Reply]", Judged]


def have_judged(
    question: Question, texts: Sequence[str], context: Context, *, part: str, scored: bool = False
) -> Judgement:
    """The verdict of the run's judge; with `scored` that of the judge of single answers beside its duels."""
    params, heard = context.params, _Heard()
    chosen = judge(params.judge)
    verdict = yield from heard.to(chosen.judge(question, texts, context, part=part))
    slots = [slot.name for slot in chosen.slots]
    if scored and chosen.compares:
        single = judge("single")
        scores = yield from heard.to(single.judge(question, texts, context, part=part))
        verdict = Verdict(scores.scores, scores.aspects, verdict.duels, (*verdict.faults, *scores.faults))
        slots += [slot.name for slot in single.slots]
    rubric = rubric_hash(context, slots, steps=question.steps) if chosen.asks_model else ""
    return Judged(texts, verdict, chosen.name, heard.model, rubric)


def pair_data(
    judged: Judged, context: Context, *, chosen: int, rejected: int, source: str, told: dict[str, Any]
) -> dict[str, Any]:
    """The `data` of a pair draft of two judged texts: the gate's word, the margin, and `meta` with the verdict."""
    duel, margin = duel_of(judged.verdict, chosen, rejected), margin_of(judged.verdict, chosen, rejected)
    given = judged.verdict.scores[chosen]
    scale = (given.low, given.high) if given else (0.0, 1.0)
    case = case_of(judged.verdict, judged.texts, chosen=chosen, rejected=rejected)
    facts = facts_of(judged.verdict, chosen=chosen, rejected=rejected)
    return {
        "pair_source": source, "margin": margin, "rubric": judged.rubric,
        "consistent": None if duel is None or duel.invalid else duel.consistent,
        "held": held_back(case, least_margin=least_margin(context.params, scale)),
        "meta": {"judge": {"kind": judged.kind, "model": judged.model, **facts}, **told},
    }  # fmt: skip


def no_pair(judged: Judged, reason: str) -> str:
    """Why a strategy found no pair: of too few that could be ranked what stood in the way, of equals whether the judge
    called them so or changed its mind."""
    if reason == "too_few":
        return next((code for _at, code in judged.verdict.faults), "invalid_verdict")
    duels = judged.verdict.duels
    if reason == "tie" and duels and not all(duel.tie for duel in duels):
        return "position_inconsistent"
    return reason


def spread_of(judged: Judged, params: Any) -> float:
    """The margin in force between the values of a verdict: in wins where answers met, else in points of the score."""
    if judged.verdict.duels:
        return least_margin(params, (0.0, float(len(judged.texts) - 1)))
    scale = next(((each.low, each.high) for each in judged.verdict.scores if each is not None), (0.0, 1.0))
    return least_margin(params, scale)


@dataclass(slots=True)
class Canaries:
    """The stage of planted attacks, before the stage that judges: as many as go with the tasks of a wave.

    `due` says how many tasks the judging stage plans now, `steps` are those of the run's G-Eval.
    """

    name: str
    due: Callable[[PoolView, Any], int]
    steps: Steps
    part: str = "judge"
    prompts: tuple[PromptSlot, ...] = ()  # the slots belong to the stage that judges
    checks: tuple[str, ...] = field(default=())
    novel: bool = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The canaries of this wave, each with the steps that the judge goes by."""
        steps = self.steps.written(pool) or ()
        found = planted(self.due(pool, context.params), context, first=not pool.planned.get(self.name, 0))
        return [{**payload, "steps": list(steps)} for payload in found]

    def work(self, task: Task, context: Context) -> Work:
        """A draft that says what came of it, never shown to anybody as data."""
        payload = task.payload
        faced = yield from face(payload, context, part=self.part, steps=tuple(payload.get("steps", ())))
        told = {"kind": faced.kind, "outcome": faced.outcome, "fooled": faced.outcome == "fooled"}
        return [
            Draft(
                "instruction", instruction=payload["task"], output=payload["texts"][payload["planted"]],
                language=payload["language"], data={"canary": told}, counted={"canary": faced.outcome},
            )
        ]  # fmt: skip


def ready_to_judge(steps: Steps, pool: PoolView, params: Any) -> bool:
    """Whether tasks may be planned: those of G-Eval wait for its steps."""
    return not steps.wanted(params) or bool(steps.written(pool))


def stuck(steps: Steps, pool: PoolView, params: Any) -> bool:
    """Whether the run wanted steps and could not write them: then there is nothing to judge by."""
    return steps.wanted(params) and steps.written(pool) == ()


def judging_calls(params: Any, tasks: int) -> int:
    """The calls that a run makes besides those of its `tasks`: planted attacks, wave by wave, and G-Eval's steps."""
    chosen = judge(params.judge)
    if not chosen.asks_model or not tasks:
        return 0
    whole, rest = divmod(tasks, params.wave_size)
    waves = [params.wave_size] * whole + ([rest] if rest else [])
    counts = [canary_count(size, share=params.canary_share, first=not at) for at, size in enumerate(waves)]
    return sum(counts) * chosen.calls(2, params) + (params.judge == "g_eval" and not params.steps)


def showing(slot: str) -> dict[str, Any]:
    """Params under which a run uses a judge's prompt slot."""
    name = slot.partition(".")[2]
    return {"judge": "g_eval" if name == "steps" else name}


class _Heard:
    """Listens to a judge's questions for the model that answered."""

    def __init__(self) -> None:
        self.model = ""

    def to(
        self, judging: Generator[Prompt | list[Prompt], Reply | list[Reply], Verdict]
    ) -> Generator[Prompt | list[Prompt], Reply | list[Reply], Verdict]:
        """The same questions and the same verdict."""
        try:
            asked = next(judging)
            while True:
                reply = yield asked
                replies = reply if isinstance(reply, list) else [reply]
                self.model = next((each.model for each in replies if each.model), self.model)
                asked = judging.send(reply)
        except StopIteration as end:
            verdict: Verdict = end.value
            return verdict


__all__ = [
    "ASPECT", "Canaries", "Judge", "Judged", "have_judged", "judging_calls", "pair_data", "ready_to_judge", "showing",
    "stuck",
]  # fmt: skip
